"""The pool of a revision's instances, with processes that only exist here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox.runtime.instances import Instance, Limits, NoInstance, Pool, StartFailed


class FakeProcess:
    """Runs until it is stopped."""

    def __init__(self) -> None:
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def running(self) -> bool:
        return not self.exited.done()

    async def stop(self, grace: float = 0) -> int:
        if self.running:
            self.exited.set_result(0)
        return 0


class Launcher:
    """Counts the starts; they wait for `gate`, and fail while `failing`."""

    def __init__(self) -> None:
        self.starts = 0
        self.failing = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> Instance:
        self.starts += 1
        await self.gate.wait()
        if self.failing:
            raise StartFailed("it ended with exit code 1")
        process: Any = FakeProcess()
        return Instance(process, 1000 + self.starts)


async def test_requests_share_an_instance_up_to_its_concurrency() -> None:
    launch = Launcher()
    pool = Pool(Limits(concurrency=2, most=5), launch)
    taken = [await pool.acquire(1) for _ in range(3)]
    assert taken[0] is taken[1] is not taken[2]
    assert launch.starts == 2
    await pool.close(0)


async def test_requests_that_come_together_start_no_more_than_they_need() -> None:
    launch = Launcher()
    launch.gate.clear()
    pool = Pool(Limits(concurrency=4, most=10), launch)
    waiting = [asyncio.create_task(pool.acquire(5)) for _ in range(6)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    launch.gate.set()
    await asyncio.gather(*waiting)
    assert launch.starts == 2
    await pool.close(0)


async def test_request_beyond_the_most_instances_waits_for_room_and_gives_up() -> None:
    pool = Pool(Limits(concurrency=1, most=1), Launcher())
    first = await pool.acquire(1)
    with pytest.raises(NoInstance):
        await pool.acquire(0.01)
    waiting = asyncio.create_task(pool.acquire(5))
    await asyncio.sleep(0)
    pool.release(first)
    assert await waiting is first
    await pool.close(0)


async def test_start_that_fails_fails_the_request_and_the_next_one_tries_again() -> None:
    launch = Launcher()
    launch.failing = True
    pool = Pool(Limits(), launch)
    with pytest.raises(StartFailed):
        await pool.acquire(5)
    launch.failing = False
    assert (await pool.acquire(5)).active == 1
    await pool.close(0)


async def test_idle_instances_end_beyond_the_least() -> None:
    pool = Pool(Limits(concurrency=1, least=1, most=3), Launcher(), idle_seconds=10)
    taken = [await pool.acquire(1) for _ in range(3)]
    for instance in taken[:2]:
        pool.release(instance)
    await pool.shrink(taken[0].idle_since + 5)
    assert len(pool.instances) == 3
    await pool.shrink(taken[1].idle_since + 11)
    assert pool.instances == taken[2:]
    await pool.close(0)


async def test_least_instances_are_started_without_a_request() -> None:
    launch = Launcher()
    pool = Pool(Limits(least=2), launch)
    await pool.warm()
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(pool.instances) == 2
    await pool.close(0)


async def test_cancelled_request_gives_its_place_back() -> None:
    pool = Pool(Limits(concurrency=1, most=1), Launcher())
    first = await pool.acquire(1)
    waiting = asyncio.create_task(pool.acquire(5))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    pool.release(first)
    assert (await pool.acquire(1)).active == 1
    await pool.close(0)

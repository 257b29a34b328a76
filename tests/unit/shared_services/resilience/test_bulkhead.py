"""The bulkhead with threads and tasks at once."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from shared_services import Bulkhead, BulkheadFull, deadline


async def test_threads_and_tasks_together_stay_below_the_limit() -> None:
    bulkhead = Bulkhead(limit=3, waiting=200, wait_seconds=20)
    most, lock, running = 0, threading.Lock(), 0

    def change(by: int) -> None:
        nonlocal most, running
        with lock:
            running += by
            most = max(most, running)

    def plain() -> None:
        change(1)
        time.sleep(0.001)
        change(-1)

    async def task() -> None:
        change(1)
        await asyncio.sleep(0.001)
        change(-1)

    threads = [threading.Thread(target=bulkhead.call, args=(plain,)) for _ in range(40)]
    for thread in threads:
        thread.start()
    await asyncio.gather(*(bulkhead.call_async(task) for _ in range(80)))
    await asyncio.to_thread(lambda: [thread.join() for thread in threads])
    assert (most, running, bulkhead.active, bulkhead.waiting) == (3, 0, 0, 0)


async def test_what_finds_no_room_is_refused_at_once() -> None:
    bulkhead = Bulkhead("kite", limit=1)

    async def outer() -> None:
        with pytest.raises(BulkheadFull, match="kite has no room"):
            bulkhead.call(lambda: None)

    await bulkhead.call_async(outer)
    assert bulkhead.refused == 1


async def test_waiting_ends_with_the_deadline() -> None:
    bulkhead = Bulkhead(limit=1, waiting=5, wait_seconds=60)

    async def outer() -> None:
        with deadline(0.02), pytest.raises(BulkheadFull):
            await bulkhead.call_async(asyncio.sleep, 0)
        with deadline(0.02), pytest.raises(BulkheadFull):
            await asyncio.to_thread(bulkhead.call, time.sleep, 0)

    await bulkhead.call_async(outer)
    assert (bulkhead.active, bulkhead.waiting) == (0, 0)


async def test_a_cancelled_wait_takes_no_place() -> None:
    bulkhead = Bulkhead(limit=1, waiting=5, wait_seconds=60)
    let_go = asyncio.Event()
    first = asyncio.create_task(bulkhead.call_async(let_go.wait))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(bulkhead.call_async(asyncio.sleep, 0, number)) for number in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    let_go.set()
    waiting[1].cancel()
    await asyncio.gather(first, *waiting, return_exceptions=True)
    assert waiting[2].result() == 2
    assert (bulkhead.active, bulkhead.waiting) == (0, 0)


async def test_first_come_first_served() -> None:
    bulkhead = Bulkhead(limit=1, waiting=50, wait_seconds=60)
    order: list[int] = []

    async def work(number: int) -> None:
        order.append(number)
        await asyncio.sleep(0)

    await asyncio.gather(*(bulkhead.call_async(work, number) for number in range(20)))
    assert order == list(range(20))

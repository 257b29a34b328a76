"""One timer for all requests of a loop: each is cut off at its own time, and only by that."""

from __future__ import annotations

import asyncio

from shared_services.service.overdue import Limit, Overdue


async def request(overdue: Overdue, seconds: float, takes: float) -> str:
    """What became of a request: `answered`, `cut off`, or `cancelled` by somebody else."""
    limit = overdue.begin(seconds)
    try:
        await asyncio.sleep(takes)
    except asyncio.CancelledError:
        return "cut off" if limit.over and limit.release() else "cancelled"
    finally:
        overdue.answered(limit)
    return "answered"


async def test_each_is_cut_off_at_its_own_time() -> None:
    overdue = Overdue(asyncio.get_running_loop())
    limits = [(30.0, 0.0), (0.02, 30.0), (30.0, 0.1), (0.01, 30.0), (0.0, 30.0)]
    became = await asyncio.wait_for(asyncio.gather(*(request(overdue, *each) for each in limits)), 10)
    assert became == ["answered", "cut off", "answered", "cut off", "cut off"]


async def test_a_task_that_somebody_else_ends_is_not_kept_alive() -> None:
    overdue = Overdue(asyncio.get_running_loop())
    running = asyncio.create_task(request(overdue, 30, 30))
    await asyncio.sleep(0)
    running.cancel()
    assert await running == "cancelled"

    both = asyncio.create_task(request(overdue, 0, 30))
    await asyncio.sleep(0)
    overdue._look()
    both.cancel()  # before the task has noticed that its time is over
    assert await both == "cancelled"


async def test_an_answer_that_began_in_time_may_go_on() -> None:
    overdue = Overdue(asyncio.get_running_loop())

    async def streamed() -> Limit:
        limit = overdue.begin(0.01)
        overdue.answered(limit)
        await asyncio.sleep(0.05)
        return limit

    assert not (await asyncio.create_task(streamed())).over

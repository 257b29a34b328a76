"""To wait for something to happen, or for its time."""

from __future__ import annotations

import asyncio
import contextlib


async def woken(event: asyncio.Event, seconds: float | None) -> None:
    """Until an event is set, or so many seconds have passed; None is for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may lose the cancellation
            await event.wait()

"""Waiting in a test for what another thread, task or process does: as long as a busy machine takes, and no longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], seconds: float = 60) -> T:
    """What a look finds as soon as that is true; what it found last where it doesn't become so."""
    until = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


async def eventually_async(look: Callable[[], T | Awaitable[T]], seconds: float = 60) -> T:
    """As `eventually`, while the loop goes on; a look may itself be asynchronous."""
    until = time.monotonic() + seconds
    while True:
        looked = look()
        found: T = await looked if isinstance(looked, Awaitable) else looked
        if found or time.monotonic() >= until:
            return found
        await asyncio.sleep(0.005)

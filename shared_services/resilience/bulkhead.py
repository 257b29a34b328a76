"""`Bulkhead`: so many calls at a time and no more, so that one slow dependency can't take everything."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from .deadline import remaining
from .errors import BulkheadFull
from .policy import P, Policy, R


class _Waiter(Protocol):
    def grant(self) -> None: ...


class _Thread:
    """A thread that waits for its turn."""

    def __init__(self) -> None:
        self._turn = threading.Event()

    def grant(self) -> None:
        self._turn.set()

    def wait(self, seconds: float | None) -> bool:
        return self._turn.wait(seconds)


class _Task:
    """A task that waits for its turn; it may be granted from another thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[None] = self._loop.create_future()

    def grant(self) -> None:
        self._loop.call_soon_threadsafe(self._set)

    def _set(self) -> None:
        if not self.turn.done():
            self.turn.set_result(None)


class Bulkhead(Policy):
    """Lets so many calls run at a time, threads and tasks counted together; a few may wait, first come first served.

    >>> bulkhead = Bulkhead("kite", limit=8)
    >>> bulkhead.call(lambda: bulkhead.active)
    1
    >>> bulkhead.active
    0

    Args:
        name: stands in errors and metrics.
        limit: calls at a time.
        waiting: calls that may wait; more are refused at once.
        wait_seconds: how long one waits at most; the deadline that is bound shortens it.
    """

    def __init__(self, name: str = "dependency", *, limit: int = 10, waiting: int = 0, wait_seconds: float = 1) -> None:
        self.name = name
        self.limit, self._most_waiting, self._wait_seconds = limit, waiting, wait_seconds
        self._active = 0
        self._waiters: deque[_Waiter] = deque()
        self._lock = threading.Lock()
        self.refused = 0

    @property
    def active(self) -> int:
        """Calls that run."""
        return self._active

    @property
    def waiting(self) -> int:
        """Calls that wait."""
        return len(self._waiters)

    def call(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function.

        Raises:
            BulkheadFull: there is no room.
        """
        if not self._enter():
            waiter = _Thread()
            if not self._queue(waiter) and not waiter.wait(remaining(self._wait_seconds)):
                self._give_up(waiter)
        try:
            return function(*args, **kwargs)
        finally:
            self._leave()

    async def call_async(self, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an async function.

        Raises:
            BulkheadFull: there is no room.
        """
        if not self._enter():
            waiter = _Task()
            if not self._queue(waiter):
                await self._turn(waiter)
        try:
            return await function(*args, **kwargs)
        finally:
            self._leave()

    async def _turn(self, waiter: _Task) -> None:
        try:
            async with asyncio.timeout(remaining(self._wait_seconds)):
                await waiter.turn
        except TimeoutError:
            self._give_up(waiter)
        except asyncio.CancelledError:
            if not self._withdraw(waiter):
                self._leave()  # its turn came while it was cancelled
            raise

    def _enter(self) -> bool:
        with self._lock:
            if self._active < self.limit and not self._waiters:
                self._active += 1
                return True
            return False

    def _queue(self, waiter: _Waiter) -> bool:
        """Whether there was room after all; otherwise it waits from now on."""
        with self._lock:
            if self._active < self.limit and not self._waiters:
                self._active += 1
                return True
            if len(self._waiters) >= self._most_waiting:
                self.refused += 1
                raise BulkheadFull(self.name, self.limit)
            self._waiters.append(waiter)
            return False

    def _give_up(self, waiter: _Waiter) -> None:
        """It waited too long; unless its turn came at the last moment."""
        if self._withdraw(waiter):
            self.refused += 1
            raise BulkheadFull(self.name, self.limit)

    def _withdraw(self, waiter: _Waiter) -> bool:
        with self._lock:
            try:
                self._waiters.remove(waiter)
            except ValueError:
                return False
            return True

    def _leave(self) -> None:
        with self._lock:
            if self._waiters:
                waiter = self._waiters.popleft()  # takes over the place
            else:
                self._active -= 1
                return
        waiter.grant()

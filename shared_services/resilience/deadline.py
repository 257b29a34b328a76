"""How much time is left: a deadline that everything called inside sees, and limits for single calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextvars import ContextVar, copy_context

from .errors import TimedOut
from .policy import P, Policy, R

_until: ContextVar[float | None] = ContextVar("deadline", default=None)


class deadline:  # noqa: N801 - used as a function, and a class since every request pays for it
    """Give everything inside this many seconds; a deadline inside another only shortens it.

    >>> with deadline(10):
    ...     with deadline(60):
    ...         remaining() <= 10
    True
    """

    __slots__ = ("_seconds", "_token")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        mine, outer = self._seconds, _until.get()
        if mine is not None:
            mine = time.monotonic() + (mine if mine > 0 else 0.0)
        self._token = _until.set(outer if mine is None or (outer is not None and outer < mine) else mine)

    def __exit__(self, *error: object) -> None:
        _until.reset(self._token)


def remaining(at_most: float | None = None) -> float | None:
    """Seconds left until the deadline, never below 0; None where there is none.

    >>> remaining() is None, remaining(5)
    (True, 5)

    Args:
        at_most: a limit of the call's own; the lesser of the two is given.
    """
    until = _until.get()
    if until is None:
        return at_most
    left = max(0.0, until - time.monotonic())
    return left if at_most is None else min(left, at_most)


class TimeLimit(Policy):
    """Calls that take too long end in `TimedOut`; the deadline that is bound shortens the limit.

    An async call is cancelled. A plain one can't be: it runs on in its thread, and its result is thrown away.

    >>> TimeLimit(2).call(lambda: "in time")
    'in time'

    Args:
        seconds: the limit.
        threads: plain calls that run at a time, those that were given up included.
    """

    def __init__(self, seconds: float, *, threads: int = 16) -> None:
        self.seconds = seconds
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None

    def call(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function in a thread, with the context of here.

        Raises:
            TimedOut: it took too long.
        """
        seconds = self._left()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="time-limit")
        future = self._pool.submit(copy_context().run, lambda: function(*args, **kwargs))
        try:
            return future.result(seconds)
        except FutureTimeout as error:
            if future.done():  # the function itself raised it
                raise
            future.cancel()
            raise TimedOut(seconds) from error

    async def call_async(self, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an async function.

        Raises:
            TimedOut: it took too long, and was cancelled.
        """
        seconds = self._left()
        try:
            async with asyncio.timeout(seconds) as limit:
                return await function(*args, **kwargs)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise TimedOut(seconds) from error

    def _left(self) -> float:
        left = remaining(self.seconds)
        if not left:
            raise TimedOut(0.0)
        return left

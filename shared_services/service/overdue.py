"""Requests that take too long are cut off: as `asyncio.timeout` does it, with one timer for all of them.

A timer for each request would cost every request what only the slow ones need.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any


class Limit:
    """How long one request may take until its answer begins."""

    __slots__ = ("_cancelling", "_task", "over", "until")

    def __init__(self, task: asyncio.Task[Any], until: float) -> None:
        self._task, self.until = task, until
        self._cancelling = task.cancelling()
        self.over = False

    def cut(self) -> None:
        """End the request."""
        self.over = True
        self._task.cancel()

    def release(self) -> bool:
        """Take the cancellation back; whether nobody else wants the task to end, so that it may go on."""
        return self._task.uncancel() <= self._cancelling


class Overdue:
    """The requests of one event loop that have no answer yet.

    Args:
        loop: theirs.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: dict[Limit, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._next = math.inf

    def begin(self, seconds: float) -> Limit:
        """Give the task that runs so many seconds."""
        task = asyncio.current_task(self.loop)
        if task is None:
            raise RuntimeError("a request runs in a task")
        limit = Limit(task, self.loop.time() + seconds)
        self._waiting[limit] = None
        if limit.until < self._next:
            self._arm(limit.until)
        return limit

    def answered(self, limit: Limit) -> None:
        """An answer that has begun may take its time."""
        self._waiting.pop(limit, None)

    def _arm(self, until: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next, self._timer = until, self.loop.call_at(until, self._look)

    def _look(self) -> None:
        self._timer, self._next = None, math.inf
        now = self.loop.time()
        for limit in [each for each in self._waiting if each.until <= now]:
            del self._waiting[limit]
            limit.cut()
        if self._waiting:
            self._arm(min(each.until for each in self._waiting))

"""One computation of a value at a time in this process; whoever else asks waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any


class Flight:
    """A computation under way."""

    __slots__ = ("future", "stale")

    def __init__(self) -> None:
        self.future: Future[Any] = Future()
        self.stale = False
        """Whether the key was invalidated since it began: then its result is given, but not kept."""


class Flights:
    """The computations under way, by key; of threads and tasks alike."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}
        self._lock = threading.Lock()

    def invalidate(self, matches: Callable[[str], bool]) -> None:
        """What is computed now of these keys is not kept; who asks from now on gets a new computation."""
        with self._lock:
            for key in [key for key in self._flights if matches(key)]:
                self._flights.pop(key).stale = True

    def run(self, key: str, compute: Callable[[Flight], Any]) -> Any:
        """Compute, or wait for who does. An error is everyone's who waits."""
        flight, mine = self._join(key)
        if not mine:
            return flight.future.result()
        try:
            result = compute(flight)
        except BaseException as error:
            self._land(key, flight)
            flight.future.set_exception(error)
            raise
        self._land(key, flight)
        flight.future.set_result(result)
        return result

    async def run_async(self, key: str, compute: Callable[[Flight], Awaitable[Any]]) -> Any:
        """The same for tasks. When the one that computes is cancelled, one of those that wait computes."""
        while True:
            flight, mine = self._join(key)
            if mine:
                break
            try:
                return await asyncio.shield(asyncio.wrap_future(flight.future))
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not flight.future.done() or (task is not None and task.cancelling()):
                    raise
        try:
            result = await compute(flight)
        except BaseException as error:
            self._land(key, flight)
            cancelled = isinstance(error, asyncio.CancelledError)
            flight.future.cancel() if cancelled else flight.future.set_exception(error)
            raise
        self._land(key, flight)
        flight.future.set_result(result)
        return result

    def _join(self, key: str) -> tuple[Flight, bool]:
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def _land(self, key: str, flight: Flight) -> None:
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]

"""Those who follow log entries as they are written: `entries.tail`, which gRPC alone has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.apis.logging.filter import compile_filter
from sandbox.apis.logging.scopes import Scope, scopes
from sandbox.control.context import Control

_MOST = 10_000
"""Entries that wait for one who follows; what comes beyond is counted and left out."""

Entry = dict[str, Any]


@dataclass(eq=False)
class Tail:
    """One who follows.

    Attributes:
        scopes: where the entries are that they follow.
        asked: whether they want an entry.
        suppressed: entries that were left out since they were told last, because they took none.
    """

    scopes: list[Scope]
    asked: Callable[[Entry], bool]
    suppressed: int = 0
    _waiting: list[Entry] = field(default_factory=list)
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, entry: Entry, places: str) -> None:
        """An entry that was written, and where it is kept."""
        if not any(scope.has(entry, places) for scope in self.scopes) or not self.asked(entry):
            return
        if len(self._waiting) < _MOST:
            self._waiting.append(entry)
        else:
            self.suppressed += 1
        self._some.set()

    async def next(self, window: float) -> tuple[list[Entry], int]:
        """What came in `window` seconds from the first entry on, in the order of time; and how many were left out."""
        await self._some.wait()
        await asyncio.sleep(window)
        found, suppressed = sorted(self._waiting, key=lambda entry: str(entry["timestamp"])), self.suppressed
        self._waiting, self.suppressed = [], 0
        self._some.clear()
        return found, suppressed


class Tails:
    """All who follow, of one sandbox."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._open: set[Tail] = set()

    def follow(self, names: Iterable[str], expression: str) -> Tail:
        """Begin to follow. 400 for what is no resource, or no filter; 404 for no view."""
        tail = Tail(scopes(self._control, names), compile_filter(expression))
        self._open.add(tail)
        return tail

    def end(self, tail: Tail) -> None:
        """Follow no more."""
        self._open.discard(tail)

    def tell(self, entries: Iterable[tuple[Entry, str]]) -> None:
        """Entries were written, each with where it is kept."""
        if self._open:
            for entry, places in entries:
                for tail in self._open:
                    tail.offer(entry, places)

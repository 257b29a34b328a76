"""Those who follow log entries as they are written: `entries.tail`, which gRPC alone has."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.apis.logging_filter import compile_filter
from sandbox.control.errors import invalid_argument

PARENT = r"(?:projects|folders|organizations|billingAccounts)/[^/]+"
_RESOURCE = re.compile(rf"({PARENT})(?:/locations/[^/]+/buckets/[^/]+/views/[^/]+)?")
_MOST = 10_000
"""Entries that wait for one who follows; what comes beyond is counted and left out."""

Entry = dict[str, Any]


def prefixes(names: Iterable[str]) -> list[str]:
    """How the names of the logs begin that belong to these resources. 400 where one is none."""
    given = [str(name) for name in names]
    found = [_RESOURCE.fullmatch(name) for name in given]
    if not found:
        raise invalid_argument("resourceNames must be given.", {"resourceNames": "required"})
    if None in found:
        raise invalid_argument(f"Invalid resource names: {given}", {"resourceNames": "no parent"})
    return [f"{match[1]}/logs/" for match in found if match]


@dataclass(eq=False)
class Tail:
    """One who follows.

    Attributes:
        logs: how the names of their logs begin.
        asked: whether they want an entry.
        suppressed: entries that were left out since they were told last, because they took none.
    """

    logs: tuple[str, ...]
    asked: Callable[[Entry], bool]
    suppressed: int = 0
    _waiting: list[Entry] = field(default_factory=list)
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, entry: Entry) -> None:
        """An entry that was written."""
        if not entry["logName"].startswith(self.logs) or not self.asked(entry):
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

    def __init__(self) -> None:
        self._open: set[Tail] = set()

    def follow(self, names: Iterable[str], expression: str) -> Tail:
        """Begin to follow. 400 for what is no resource, or no filter."""
        tail = Tail(tuple(prefixes(names)), compile_filter(expression))
        self._open.add(tail)
        return tail

    def end(self, tail: Tail) -> None:
        """Follow no more."""
        self._open.discard(tail)

    def tell(self, entries: Iterable[Entry]) -> None:
        """Entries were written."""
        if self._open:
            for entry in entries:
                for tail in self._open:
                    tail.offer(entry)

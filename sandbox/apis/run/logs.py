"""What Cloud Run prints and serves, gathered in memory and written to Cloud Logging a batch at a time.

Whoever prints or waits for an answer waits for none of this: it is written by a task that takes a share of the time
only. What comes in faster than that for long is counted and left out; the log files have it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from sandbox.apis.logging.book import Book, Entry
from sandbox.apis.run import log_entries
from sandbox.control.context import Control
from sandbox.runtime.output import Origin, Served

log = logging.getLogger("sandbox.runtime")

_MOST = 8 * 1024 * 1024
"""Bytes that wait to be written."""
_WINDOW = 0.25
"""Seconds in which a batch gathers."""
_BATCH = 50
"""Entries written at once: a few milliseconds, since nothing else runs meanwhile."""
_SHARE = 4
"""The writing rests this many times as long as it worked."""
_AT_THE_END = 2.0
"""Seconds to write what is left when the sandbox stops."""
_OF_A_REQUEST = 1000
"""Bytes that a request is taken to need."""

_Waiting = tuple[float, Origin, str, bytes] | tuple[float, Origin, Served]


class Intake:
    """The listener of what runs (`sandbox.runtime.output.Listener`)."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._waiting: deque[_Waiting] = deque()
        self._size = 0
        self._lost: dict[tuple[str, str], tuple[Origin, int]] = {}
        self._some = asyncio.Event()
        self._current: Iterator[Entry] = iter(())

    def printed(self, origin: Origin, stream: str, lines: bytes) -> None:
        """Remember lines."""
        if self._room(origin, len(lines), lines.count(b"\n")):
            self._waiting.append((self._control.clock(), origin, stream, lines))

    def served(self, origin: Origin, request: Served) -> None:
        """Remember a request."""
        if self._room(origin, _OF_A_REQUEST, 1):
            self._waiting.append((request.ended, origin, request))

    def _room(self, origin: Origin, size: int, count: int) -> bool:
        self._some.set()
        if self._size + size > _MOST:
            key = (origin.kind, str(sorted(origin.resource.items())))
            self._lost[key] = (origin, self._lost.get(key, (origin, 0))[1] + count)
            return False
        self._size += size
        return True

    async def keep(self) -> None:
        """Write what comes, for ever."""
        while True:
            await self._some.wait()
            await asyncio.sleep(_WINDOW)
            self._some.clear()
            for took in self._write():
                await asyncio.sleep(took * _SHARE)

    def close(self) -> None:
        """Write what is left, in a short time."""
        until = time.monotonic() + _AT_THE_END
        for _ in self._write():
            if time.monotonic() > until:
                log.warning("%d bytes of output are in the log files only", self._size)
                return

    def _write(self) -> Iterator[float]:
        """Write what waits, a batch a step. Each step tells how many seconds it took."""
        while True:
            began = time.perf_counter()
            batch = self._batch()
            if not batch:
                return
            self._keep(batch)
            yield time.perf_counter() - began

    def _keep(self, batch: list[Entry]) -> None:
        try:
            self._control.part(Book).write(batch)
        except Exception:
            if len(batch) == 1:
                log.exception("a log entry of Cloud Run could not be written")
                return
            for entry in batch:
                self._keep([entry])

    def _batch(self) -> list[Entry]:
        batch: list[Entry] = []
        while len(batch) < _BATCH:
            entry = next(self._current, None)
            if entry is not None:
                batch.append(entry)
            elif self._waiting:
                self._current = self._entries(self._waiting.popleft())
            elif self._lost:
                self._current = self._tell_lost()
            else:
                break
        return batch

    def _entries(self, what: _Waiting) -> Iterator[Entry]:
        if len(what) == 3:
            self._size -= _OF_A_REQUEST
            yield log_entries.served(what[1], what[2])
        else:
            moment, origin, stream, lines = what
            self._size -= len(lines)
            yield from log_entries.printed(origin, stream, lines, moment)

    def _tell_lost(self) -> Iterator[Entry]:
        lost, self._lost = self._lost, {}
        for origin, count in lost.values():
            text = f"The sandbox left out {count} lines that came faster than it writes entries: see the log file."
            line = f'{{"severity": "WARNING", "message": "{text}"}}\n'.encode()
            system = replace(origin, labels={})
            yield from log_entries.printed(system, "varlog/system", line, self._control.clock())

"""Sinks pass entries on in the background: a task a sink that has some, so that a slow destination delays no other.

What a destination refuses is given up and told once a day, in Google's log of sink errors; what fails otherwise is
tried again. At least once: a sandbox that is killed after a destination took a batch passes it on again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.apis.logging.destination import Destination, Entry, Refused, Unavailable
from sandbox.apis.logging.outbox import Outbox
from sandbox.apis.logging.routes import SINKS, Problem
from sandbox.apis.logging.to_bigquery import Tables
from sandbox.apis.logging.to_pubsub import Topics
from sandbox.apis.logging.to_storage import Objects
from sandbox.control.context import Control
from sandbox.control.sending import backoff
from sandbox.control.waiting import woken

log = logging.getLogger("sandbox.logging")

GRACE = 60.0
"""Seconds in which a sink that is new or changed is not refused anything: its grants may come after it."""
_AGAIN = 86_400.0
"""Seconds after which a problem is told again."""
_PATIENCE = 1.0
_LONGEST_WAIT = 30.0
_GATHER = 0.1
_ALONE, _ENOUGH = 3, 6
"""Failures in a row after which entries are passed on one by one, and after which one that fails alone is given up."""
_LOG = "logging.googleapis.com%2Fsink_error"


class Deliveries:
    """All of a sandbox. `write` takes the entries that tell of problems."""

    def __init__(
        self,
        control: Control,
        write: Callable[[Sequence[Entry]], None],
        kinds: Mapping[str, Destination] | None = None,
    ) -> None:
        self.outbox = Outbox(control.store)
        self._control = control
        self._write = write
        self._woken = asyncio.Event()
        self._busy: set[str] = set()
        self._told: dict[tuple[str, str], float] = {}
        self._kinds = kinds or {
            "bigquery.googleapis.com": Tables(),
            "pubsub.googleapis.com": Topics(),
            "storage.googleapis.com": Objects(),
        }

    def begin(self) -> None:
        """From now on entries are passed on."""
        self._control.spawn(self._work(), "log sinks")

    def take(self, sinks: dict[str, str], entry: Entry, text: str) -> None:
        """Have an entry, and its JSON, passed on by sinks, which are given with their destinations."""
        for name, destination in sinks.items():
            kind = self._kind(destination)
            if kind is not None and self.outbox.add(name, text, kind.due(entry)):
                self._woken.set()
            elif kind is not None and self._news(name, "overloaded"):
                log.warning("%s: entries come faster than %s takes them, and are left out", name, destination)

    def tell(self, problems: Sequence[Problem]) -> None:
        """Write an entry for each problem that wasn't told today."""
        entries = [_entry(problem) for problem in problems if self._news(problem.sink.name, problem.code)]
        for entry in entries:
            log.warning("%s", entry["textPayload"])
        if entries:
            self._write(entries)

    def _news(self, sink: str, code: str) -> bool:
        now = self._control.clock()
        if now - self._told.get((sink, code), -_AGAIN) < _AGAIN:
            return False
        self._told[sink, code] = now
        return True

    def _kind(self, destination: str) -> Destination | None:
        return self._kinds.get(destination.partition("/")[0])

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            now, rest = self._control.clock(), _LONGEST_WAIT
            for sink, due in self.outbox.first().items():
                if sink in self._busy:
                    continue  # its end wakes
                if due > now:
                    rest = min(rest, due - now)
                else:
                    self._busy.add(sink)
                    self._control.spawn(self._drain(sink), f"log sink {sink}")
            await woken(self._woken, rest)
            await asyncio.sleep(_GATHER)

    async def _drain(self, name: str) -> None:
        """Pass on what is due of a sink."""
        failed = 0
        try:
            while True:
                sink = self._control.store.get(SINKS, name)
                kind = self._kind(str(sink.document["destination"])) if sink is not None else None
                if sink is None or kind is None:  # it is gone, or goes elsewhere now
                    self.outbox.forget(name)
                    return
                await asyncio.sleep(kind.window)
                now = self._control.clock()
                batch = self.outbox.next(name, now, kind.most if failed < _ALONE else 1)
                if not batch:
                    return
                try:
                    await kind.deliver(self._control, sink, [json.loads(each.text) for each in batch])
                except Refused as error:
                    if now - sink.updated < GRACE:
                        await asyncio.sleep(_PATIENCE)
                        continue
                    self.tell([Problem(sink, error.code, error.detail)])
                except Exception as error:
                    failed += 1
                    log.warning("%s: %s", name, error, exc_info=not isinstance(error, Unavailable))
                    if failed < _ENOUGH or (isinstance(error, Unavailable) and not error.failed):
                        await asyncio.sleep(backoff(_PATIENCE, 60, 6, failed))
                        continue
                    # One that its destination fails on would hold up all that come after it.
                    self.tell([Problem(sink, "entry_failed", str(error))])
                    failed = _ALONE
                else:
                    failed = 0
                self.outbox.done(name, batch)
        finally:
            self._busy.discard(name)
            self._woken.set()


def _entry(problem: Problem) -> dict[str, Any]:
    """The entry that Google writes of a sink that doesn't work."""
    sink = problem.sink
    parent, destination = sink.parent, str(sink.document["destination"])
    owner = parent.partition("/")[2]
    detail = f" ({problem.detail})" if problem.detail else ""
    return {
        "logName": f"{parent}/logs/{_LOG}",
        "resource": {
            "type": "logging_sink",
            "labels": {"project_id": owner, "name": sink.id, "destination": destination},
        },
        "labels": {
            "activity_type_name": "LoggingSinkConfigErrorV2",
            "destination": destination,
            "error_code": problem.code,
            "error_detail": problem.detail,
            "log_filter": str(sink.document.get("filter") or ""),
            "sink_id": sink.id,
        },
        "severity": "ERROR",
        "textPayload": f"Cloud Logging sink configuration error in {owner}, sink {sink.id}: {problem.code}{detail}",
    }

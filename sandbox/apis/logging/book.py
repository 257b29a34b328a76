"""The log entries of a sandbox: kept as they are written, the newest of them, and read a piece at a time."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.apis.logging.counts import Counts
from sandbox.apis.logging.deliveries import Deliveries
from sandbox.apis.logging.filter import SEVERITIES
from sandbox.apis.logging.routes import Routes
from sandbox.apis.logging.scopes import PARENT, Scope
from sandbox.apis.logging.tails import Tails
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument
from sandbox.control.filters import Matches

Entry = dict[str, Any]
Key = tuple[str, str, str]
"""What an entry is found by: moment, log and insert id."""

MOST = 200_000
"""Entries that are kept; beyond, the oldest go."""
MOST_BYTES = 256 * 1024 * 1024
"""Bytes that they may have in all."""
_PIECE = 500
"""Entries that are read at once: others get their turn in between."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS log_entries (
  moment TEXT NOT NULL, log TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (moment, log, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log_size (entries INTEGER NOT NULL, bytes INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS log_entry_added AFTER INSERT ON log_entries BEGIN
  UPDATE log_size SET entries = entries + 1, bytes = bytes + length(new.document); END;
CREATE TRIGGER IF NOT EXISTS log_entry_gone AFTER DELETE ON log_entries BEGIN
  UPDATE log_size SET entries = entries - 1, bytes = bytes - length(old.document); END"""
_LOG = re.compile(rf"({PARENT})/logs/([A-Za-z0-9_.%-]+)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_PAYLOADS = ("textPayload", "jsonPayload", "protoPayload")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted.

    scopes    where they are
    matches   what is true of them
    since     the least moment, until the greatest, as `key` writes them; empty: any
    """

    scopes: Sequence[Scope]
    matches: Matches
    since: str = ""
    until: str = ""


class Book:
    """Entries are written here, whoever they are of."""

    def __init__(self, control: Control) -> None:
        self._control = control
        store = control.store
        store.schema(_SCHEMA)
        if not store.rows("SELECT 1 FROM log_size"):
            store.execute("INSERT INTO log_size SELECT count(*), coalesce(sum(length(document)), 0) FROM log_entries")
        if "places" not in [row[1] for row in store.rows("PRAGMA table_info(log_entries)")]:
            # Of a sandbox that had one place for all.
            store.execute("ALTER TABLE log_entries ADD COLUMN places TEXT NOT NULL DEFAULT ''")
            parent = "substr(log, 1, instr(log, '/logs/') - 1)"
            store.execute(f"UPDATE log_entries SET places = ' ' || {parent} || '/locations/global/buckets/_Default '")  # noqa: S608
        self._serial = 0
        self.deliveries = Deliveries(control, self.write)

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep entries where the sinks have them kept, have them passed on and counted, and tell those who follow.

        All are checked before the first is kept: raises 400. An entry that is kept already isn't passed on again.
        """
        received = self._control.now()
        made = [complete(at, entry, received) for at, entry in enumerate(entries)]
        store, routes, counts = self._control.store, Routes(self._control), Counts(self._control)
        kept: list[tuple[Entry, str]] = []
        with store.transaction():
            for entry in made:
                entry["insertId"] = str(entry.get("insertId") or self._insert_id())
                text, routed = json.dumps(entry), routes.of(entry)
                places = f" {' '.join(routed.places)} " if routed.places else ""
                if places:
                    values = (key(entry["timestamp"]), entry["logName"], entry["insertId"], text, places)
                    sql = "INSERT OR IGNORE INTO log_entries (moment, log, id, document, places) VALUES (?, ?, ?, ?, ?)"
                    if not store.execute(sql, values).rowcount:
                        continue
                    kept.append((entry, places))
                counts.add(entry, places)
                if routed.sinks:
                    self.deliveries.take(routed.sinks, entry, text)
            counts.save()
            self._trim()
        self._control.part(Tails).tell(kept)
        if routes.problems:
            self.deliveries.tell(routes.problems)

    def _insert_id(self) -> str:
        """An id that is greater than those before: entries of the same moment stay in the order they came in."""
        self._serial += 1
        return f"{int(self._control.clock()):08x}{self._serial:08x}{secrets.token_hex(4)}"

    def _trim(self) -> None:
        store = self._control.store
        ((entries, size),) = store.rows("SELECT entries, bytes FROM log_size")
        if entries <= MOST and size <= MOST_BYTES:
            return
        # What is over in bytes is taken for entries of the usual size.
        over = max(entries - MOST, (size - MOST_BYTES) * entries // size if size > MOST_BYTES else 0, 1)
        order = "SELECT moment, log, id FROM log_entries ORDER BY moment, log, id LIMIT 1 OFFSET ?"
        for first in store.rows(order, (over,)):
            store.execute("DELETE FROM log_entries WHERE (moment, log, id) < (?, ?, ?)", first)

    async def read(
        self, asked: Asked, *, descending: bool, after: Key | None = None
    ) -> AsyncIterator[tuple[Key, Entry]]:
        """The entries that are wanted, in the order of time, beyond one."""
        order, beyond = ("DESC", "<") if descending else ("ASC", ">")
        where = f"({' OR '.join(scope.sql for scope in asked.scopes)})"
        values: list[Any] = [value for scope in asked.scopes for value in scope.values]
        for bound, sign in ((asked.since, ">="), (asked.until, "<=")):
            if bound:
                where += f" AND moment {sign} ?"
                values.append(bound)
        while True:
            place, given = where, list(values)
            if after is not None:
                place += f" AND (moment, log, id) {beyond} (?, ?, ?)"
                given += after
            rows = self._control.store.rows(
                f"SELECT moment, log, id, document, places FROM log_entries WHERE {place} "  # noqa: S608 - our own words
                f"ORDER BY moment {order}, log {order}, id {order} LIMIT ?",
                (*given, _PIECE),
            )
            for *found, document, places in rows:
                entry = json.loads(document)
                after = (found[0], found[1], found[2])
                if asked.matches(entry) and any(scope.has(entry, places) for scope in asked.scopes):
                    yield after, entry
            if len(rows) < _PIECE:
                return
            await asyncio.sleep(0)

    def logs(self, parent: str) -> list[str]:
        """The names of the logs of a parent (`projects/p`) that have entries."""
        start = f"{parent}/logs/"
        sql = "SELECT DISTINCT log FROM log_entries WHERE substr(log, 1, ?) = ? ORDER BY log"
        return [row[0] for row in self._control.store.rows(sql, (len(start), start))]

    def delete(self, log: str) -> None:
        """Delete all entries of a log."""
        with self._control.store.transaction():
            self._control.store.execute("DELETE FROM log_entries WHERE log = ?", (log,))


def complete(at: int, entry: Entry, received: str) -> Entry:
    """An entry with what Google fills in, but for its id. Raises 400 for what is none; `at` says which it is."""
    made = dict(entry)
    if not _LOG.fullmatch(str(made.get("logName", ""))):
        raise invalid_argument(
            f"Log name '{made.get('logName', '')}' is none: PARENT/logs/LOG_ID, with a slash in the id as %2F.",
            {f"entries[{at}].logName": "no log name"},
        )
    if not isinstance(made.get("resource"), dict) or not made["resource"].get("type"):
        raise invalid_argument("A log entry must have a resource.", {f"entries[{at}].resource": "required"})
    if len([name for name in _PAYLOADS if name in made]) > 1:
        raise invalid_argument("A log entry has one payload at most.", {f"entries[{at}]": "several payloads"})
    severity = made.get("severity", "DEFAULT")
    if isinstance(severity, int):
        severity = next((name for name, number in SEVERITIES.items() if number == severity), "")
    if severity not in SEVERITIES:
        raise invalid_argument(f"'{severity}' is no severity.", {f"entries[{at}].severity": "unknown"})
    made["severity"] = severity
    made["receiveTimestamp"] = received
    made["timestamp"] = made.get("timestamp") or received
    if not _is_moment(str(made["timestamp"])):
        raise invalid_argument(f"'{made['timestamp']}' is no moment.", {f"entries[{at}].timestamp": "not RFC 3339"})
    return made


def _is_moment(text: str) -> bool:
    try:
        return _MOMENT.fullmatch(text) is not None and datetime.fromisoformat(text[:19]) is not None
    except ValueError:  # the 30th of February
        return False


def key(moment: str) -> str:
    """A moment whose order is that of its text.

    >>> key("2026-11-26T09:00:00.5Z")
    '2026-11-26T09:00:00.500000000'
    """
    whole, _, part = moment.removesuffix("Z").partition(".")
    return f"{whole}.{part.ljust(9, '0')}"

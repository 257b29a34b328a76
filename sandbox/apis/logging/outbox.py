"""What sinks have to pass on: rows that stay until their destination has taken them, so that a restart loses none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.control.store import Store

MOST = 100_000
"""Entries that wait of one sink; what comes beyond is left out."""
MOST_BYTES = 128 * 1024 * 1024
"""Bytes that they may have in all."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS log_outbox (
  id INTEGER PRIMARY KEY, sink TEXT NOT NULL, due REAL NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS log_outbox_by_sink ON log_outbox (sink, due, id)"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits. `text` is its JSON."""

    id: int
    text: str


class Outbox:
    """Of one sandbox."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.schema(_SCHEMA)
        sql = "SELECT sink, count(*), sum(length(document)) FROM log_outbox GROUP BY sink"
        self._sizes: dict[str, tuple[int, int]] = {sink: (count, size) for sink, count, size in store.rows(sql)}

    def add(self, sink: str, text: str, due: float = 0.0) -> bool:
        """Have an entry wait until `due`; whether there was room."""
        count, size = self._sizes.get(sink, (0, 0))
        if count >= MOST or size + len(text) > MOST_BYTES:
            return False
        self._sizes[sink] = (count + 1, size + len(text))
        self._store.execute("INSERT INTO log_outbox (sink, due, document) VALUES (?, ?, ?)", (sink, due, text))
        return True

    def first(self) -> dict[str, float]:
        """The sinks that have something to pass on, and when the first of it is due."""
        sql = "SELECT due FROM log_outbox WHERE sink = ? ORDER BY due LIMIT 1"
        return {sink: row[0] for sink in self._sizes for row in self._store.rows(sql, (sink,))}

    def next(self, sink: str, now: float, most: int) -> list[Waiting]:
        """What is due of a sink, the oldest first."""
        sql = "SELECT id, document FROM log_outbox WHERE sink = ? AND due <= ? ORDER BY due, id LIMIT ?"
        return [Waiting(*row) for row in self._store.rows(sql, (sink, now, most))]

    def done(self, sink: str, taken: Sequence[Waiting]) -> None:
        """They were taken, or never will be."""
        with self._store.transaction():
            for each in taken:
                self._store.execute("DELETE FROM log_outbox WHERE id = ?", (each.id,))
        count, size = self._sizes.get(sink, (0, 0))
        if count > len(taken):
            self._sizes[sink] = (count - len(taken), size - sum(len(each.text) for each in taken))
        else:
            self._sizes.pop(sink, None)

    def forget(self, sink: str) -> None:
        """Nothing of a sink waits any more."""
        self._store.execute("DELETE FROM log_outbox WHERE sink = ?", (sink,))
        self._sizes.pop(sink, None)

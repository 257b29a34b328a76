"""Soft-deleted objects and buckets: kept from their deletion until their retention is over, or there is no more room.

A row of an object names its bucket by its generation too: the name may be another bucket's by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.apis.storage.rows import COLUMNS, Object, from_row, to_row, walk
from sandbox.control.context import Control, timestamp
from sandbox.control.store import Resource, Store

BUCKETS = "storage.softDeletedBuckets"
# Google keeps what it is paid for. Here the oldest goes first: overwriting big objects must not fill a disk.
MOST_BYTES = 8 << 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS storage_soft_deleted (
  bucket TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, live INTEGER NOT NULL,
  metageneration INTEGER NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, document TEXT NOT NULL,
  owner TEXT NOT NULL, expires REAL NOT NULL, PRIMARY KEY (bucket, owner, name, generation)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS storage_soft_deleted_by_digest ON storage_soft_deleted (digest);
CREATE INDEX IF NOT EXISTS storage_soft_deleted_by_expiry ON storage_soft_deleted (expires);
"""
_OF_BUCKET = "bucket = ? AND owner = ?"


def retention(bucket: Resource) -> int:
    """For how many seconds a bucket keeps what is deleted in it; 0: not at all."""
    return int((bucket.document.get("softDeletePolicy") or {}).get("retentionDurationSeconds") or 0)


def _owner(bucket: Resource) -> str:
    return str(bucket.document.get("generation", ""))


class SoftDeleted:
    """All that is soft-deleted. `purge` drops what has expired; what has isn't shown before that either."""

    def __init__(self, control: Control, most_bytes: int = MOST_BYTES) -> None:
        self._control = control
        self._store: Store = control.store
        self._most = most_bytes
        self._store.schema(_SCHEMA)

    # Objects

    def keep(self, bucket: Resource, gone: Object) -> bool:
        """Keep an object that is being deleted, if its bucket does; in the deleter's transaction."""
        seconds = retention(bucket)
        if not seconds:
            return False
        now = self._control.clock()
        times = {"softDeleteTime": timestamp(now, 3), "hardDeleteTime": timestamp(now + seconds, 3)}
        if bucket.document.get("hierarchicalNamespace"):
            times["restoreToken"] = self._control.uid()
        row = to_row(gone)
        row = (*row[:-1], json.dumps({**gone.document, **times}), _owner(bucket), now + seconds)
        self._store.execute("INSERT INTO storage_soft_deleted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return True

    def find(self, bucket: Resource, name: str, generation: int) -> Object | None:
        """The soft-deleted generation of an object."""
        sql = f"""SELECT {COLUMNS} FROM storage_soft_deleted
          WHERE {_OF_BUCKET} AND name = ? AND generation = ? AND expires > ?"""  # noqa: S608
        rows = self._store.rows(sql, (bucket.name, _owner(bucket), name, generation, self._control.clock()))
        return from_row(rows[0]) if rows else None

    def scan(self, bucket: Resource, start: str, generation: int, prefix: str) -> Iterator[Object]:
        """Objects of a bucket after (start, generation), by name and generation."""
        where = f"storage_soft_deleted WHERE {_OF_BUCKET} AND expires > ?"
        values = (bucket.name, _owner(bucket), self._control.clock())
        return walk(self._store, where, values, start, generation, prefix)

    # Buckets

    def keep_bucket(self, bucket: Resource, policy: dict[str, Any] | None) -> None:
        """Keep a bucket that is being deleted, if it keeps what is deleted; in the deleter's transaction."""
        now, seconds = self._control.clock(), retention(bucket)
        if seconds:
            times = {"softDeleteTime": timestamp(now, 3), "hardDeleteTime": timestamp(now + seconds, 3)}
            kept = {"bucket": {**bucket.document, **times}, "policy": policy, "expires": now + seconds}
            self._store.insert(Resource(BUCKETS, f"{bucket.name}/{_owner(bucket)}", kept, now, now))
        else:
            self._store.execute(
                f"UPDATE storage_soft_deleted SET expires = ? WHERE {_OF_BUCKET}",  # noqa: S608
                (now, bucket.name, _owner(bucket)),
            )

    def bucket(self, name: str, generation: str) -> Resource | None:
        """A soft-deleted bucket: `bucket` of its document, `policy`, and when it `expires`."""
        found = self._store.get(BUCKETS, f"{name}/{generation}")
        return found if found is not None and found.document["expires"] > self._control.clock() else None

    def buckets(self, after: str = "") -> list[Resource]:
        """All soft-deleted buckets, by name and generation."""
        now = self._control.clock()
        return [found for found in self._store.select(BUCKETS, after=after) if found.document["expires"] > now]

    def restored(self, kept: Resource) -> None:
        """A bucket is there again."""
        self._store.delete(BUCKETS, kept.name)

    # The end

    def digests(self) -> list[str]:
        """Which bytes are kept."""
        return [row[0] for row in self._store.rows("SELECT DISTINCT digest FROM storage_soft_deleted")]

    def refers(self, digest: str) -> bool:
        """Whether bytes are some soft-deleted object's."""
        return bool(self._store.rows("SELECT 1 FROM storage_soft_deleted WHERE digest = ? LIMIT 1", (digest,)))

    def last_generation(self) -> int:
        """The greatest generation there is."""
        return int(self._store.rows("SELECT coalesce(max(generation), 0) FROM storage_soft_deleted")[0][0])

    def purge(self) -> set[str]:
        """Drop what has expired and what is too much; the digests that were referred to."""
        now, dropped = self._control.clock(), set()
        with self._store.transaction():
            for kept in self._store.select(BUCKETS):
                if kept.document["expires"] <= now:
                    self._store.delete(BUCKETS, kept.name)
                    self._store.execute(
                        f"UPDATE storage_soft_deleted SET expires = ? WHERE {_OF_BUCKET}",  # noqa: S608
                        (now, *kept.name.split("/")),
                    )
            dropped |= self._drop("expires <= ?", (now,))
            over = self._store.rows("SELECT coalesce(sum(size), 0) FROM storage_soft_deleted")[0][0] - self._most
            if over > 0:
                dropped |= self._drop("expires <= ?", (self._until(over),))
        return dropped

    def _until(self, over: int) -> float:
        """Up to which expiry objects of that many bytes are."""
        for size, expires in self._store.execute("SELECT size, expires FROM storage_soft_deleted ORDER BY expires"):
            over -= size
            if over <= 0:
                return float(expires)
        return 0.0

    def _drop(self, where: str, values: tuple[Any, ...]) -> set[str]:
        sql = f"DELETE FROM storage_soft_deleted WHERE {where} RETURNING digest"  # noqa: S608
        return {row[0] for row in self._store.rows(sql, values)}

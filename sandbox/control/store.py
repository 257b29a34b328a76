"""The durable store: resources, policies, operations and counters in one SQLite file.

One process, one connection, called on the event loop. What was answered is committed: the journal is a WAL, so a
killed process loses nothing that was acknowledged. A transaction must not contain an `await`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
  collection TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL, document TEXT NOT NULL,
  created REAL NOT NULL, updated REAL NOT NULL, PRIMARY KEY (collection, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS resources_by_parent ON resources (collection, parent, name);
CREATE TABLE IF NOT EXISTS policies (resource TEXT PRIMARY KEY, policy TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS operations (
  name TEXT PRIMARY KEY, parent TEXT NOT NULL, document TEXT NOT NULL, created REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS operations_by_parent ON operations (parent, name);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


class Exists(Exception):
    """A resource of that name is there already."""


@dataclass(slots=True)
class Resource:
    """A stored resource. `collection` is the key of its table (`pubsub.topics`), `name` its relative name."""

    collection: str
    name: str
    document: dict[str, Any] = field(default_factory=dict)
    created: float = 0.0
    updated: float = 0.0

    @property
    def id(self) -> str:
        """The last segment of the name."""
        return self.name.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The name without its collection and id: `projects/p` of `projects/p/topics/t`."""
        return "/".join(self.name.split("/")[:-2])


class Store:
    """Open (and create) the database at `path`, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self.db = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.execute("PRAGMA foreign_keys=ON")
        self.db.execute("PRAGMA wal_autocheckpoint=4000")
        self._depth = 0
        self.schema(_SCHEMA)

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded in."""
        self.db.close()

    def schema(self, sql: str) -> None:
        """Create tables of an API's own (`CREATE … IF NOT EXISTS`)."""
        self.db.executescript(sql)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested ones join the outermost. No `await` inside."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self.db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        else:
            self.db.execute("COMMIT")
        finally:
            self._depth = 0

    def execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """One statement, committed at once outside a transaction."""
        return self.db.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.db.execute(sql, values).fetchall()

    # Resources

    def get(self, collection: str, name: str) -> Resource | None:
        """A resource, or None."""
        row = self.db.execute(
            "SELECT document, created, updated FROM resources WHERE collection = ? AND name = ?", (collection, name)
        ).fetchone()
        return Resource(collection, name, json.loads(row[0]), row[1], row[2]) if row else None

    def insert(self, resource: Resource) -> None:
        """Add a resource; raises Exists."""
        try:
            self.db.execute(
                "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?)",
                (
                    resource.collection,
                    resource.name,
                    resource.parent,
                    _dump(resource.document),
                    resource.created,
                    resource.updated,
                ),
            )
        except sqlite3.IntegrityError as error:
            raise Exists(resource.name) from error

    def put(self, resource: Resource) -> None:
        """Replace a resource's document; nothing happens where it is gone."""
        self.db.execute(
            "UPDATE resources SET document = ?, updated = ? WHERE collection = ? AND name = ?",
            (_dump(resource.document), resource.updated, resource.collection, resource.name),
        )

    def keep(self, resource: Resource) -> None:
        """Add a resource, or replace the document of the one that is there."""
        with self.transaction():
            if self.get(resource.collection, resource.name) is None:
                self.insert(resource)
            else:
                self.put(resource)

    def delete(self, collection: str, name: str) -> bool:
        """Remove a resource; whether it was there."""
        cursor = self.db.execute("DELETE FROM resources WHERE collection = ? AND name = ?", (collection, name))
        return cursor.rowcount > 0

    def select(
        self, collection: str, parent: str | None = None, *, after: str = "", limit: int | None = None
    ) -> list[Resource]:
        """Resources in the order of their names, which come after `after`.

        `parent` None is all; `-` as a segment of it stands for any.
        """
        where, values = "collection = ? AND name > ?", [collection, after]
        if parent is not None and "-" in parent.split("/"):
            where += " AND parent GLOB ?"
            values.append("/".join("*" if part == "-" else part for part in parent.split("/")))
        elif parent is not None:
            where += " AND parent = ?"
            values.append(parent)
        sql = f"SELECT name, document, created, updated FROM resources WHERE {where} ORDER BY name LIMIT ?"  # noqa: S608
        rows = self.db.execute(sql, (*values, -1 if limit is None else limit))
        return [Resource(collection, row[0], json.loads(row[1]), row[2], row[3]) for row in rows]

    # Policies

    def policy(self, resource: str) -> dict[str, Any] | None:
        """The IAM policy of a full name (`//pubsub.googleapis.com/projects/p/topics/t`), or None."""
        row = self.db.execute("SELECT policy FROM policies WHERE resource = ?", (resource,)).fetchone()
        return json.loads(row[0]) if row else None

    def put_policy(self, resource: str, policy: dict[str, Any]) -> None:
        """Set a policy."""
        self.db.execute("INSERT OR REPLACE INTO policies VALUES (?, ?)", (resource, _dump(policy)))

    def delete_policy(self, resource: str) -> None:
        """Drop a policy with its resource."""
        self.db.execute("DELETE FROM policies WHERE resource = ?", (resource,))

    def policies(self, containing: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Policies whose text contains a string, by resource."""
        for resource, text in self.rows("SELECT resource, policy FROM policies WHERE instr(policy, ?)", (containing,)):
            yield resource, json.loads(text)

    # Operations and counters

    def put_operation(self, name: str, parent: str, document: dict[str, Any], created: float) -> None:
        """Set an operation."""
        self.db.execute(
            "INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?)", (name, parent, _dump(document), created)
        )

    def operation(self, name: str) -> dict[str, Any] | None:
        """An operation, or None."""
        row = self.db.execute("SELECT document FROM operations WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def operations(self, parent: str, after: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """Operations of a parent, by name."""
        sql = "SELECT document FROM operations WHERE parent = ? AND name > ? ORDER BY name LIMIT ?"
        return [json.loads(row[0]) for row in self.rows(sql, (parent, after, limit))]

    def delete_operation(self, name: str) -> None:
        """Forget an operation."""
        self.db.execute("DELETE FROM operations WHERE name = ?", (name,))

    def next(self, counter: str) -> int:
        """The next value of a counter, from 1."""
        sql = "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        return int(self.db.execute(sql, (counter,)).fetchone()[0])


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)

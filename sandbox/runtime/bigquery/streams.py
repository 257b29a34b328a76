"""Streams of the Storage Write API, kept in the engine's own database: a stream's rows and how many there are of them
are one transaction, so that an offset that was acknowledged is never taken twice, nor lost.

What a pending or buffered stream was given waits in a table of its own, in the order in which it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.runtime.bigquery.appends import Place, insert
from sandbox.runtime.bigquery.changes import Changes
from sandbox.runtime.bigquery.jobs import columns, identifier, transaction

SCHEMA = "_sandbox_storage"
# BigQuery's names of columns have no dot, so none is called so.
_NUMBER = identifier("row.number")
_COLUMNS = "name, kind, project, dataset, tab, born, created, taken, flushed, finalized, committed"


class StreamError(Exception):
    """Why a stream can't do what it is asked for: a status, BigQuery's own word for it (`STREAM_FINALIZED`), a text."""

    def __init__(self, status: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(slots=True)
class Stream:
    """A stream: its name and kind, its table and when that was made, how many rows it took and how many of a buffered
    one are to be seen, and when it was committed."""

    name: str
    kind: str
    project: str
    dataset: str
    table: str
    born: str
    created: str
    taken: int = 0
    flushed: int = 0
    finalized: bool = False
    committed: str = ""

    @property
    def place(self) -> Place:
        """Its table."""
        return self.project, self.dataset, self.table

    @property
    def waiting(self) -> str:
        """The table of the rows that wait, in SQL."""
        return f'"{SCHEMA}".{identifier(self.name.rpartition("/")[2])}'

    def document(self) -> dict[str, Any]:
        """For who asks over HTTP."""
        return {"kind": self.kind, "created": self.created, "taken": self.taken, "committed": self.committed}


class Streams:
    """All streams of an engine. Each method that changes something holds the engine's write lock."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        self._changes = Changes(ctx, SCHEMA)
        ctx.engine.execute(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"')
        ctx.engine.execute(
            f'CREATE TABLE IF NOT EXISTS "{SCHEMA}"."all.streams" (name VARCHAR, kind VARCHAR, project VARCHAR, '
            "dataset VARCHAR, tab VARCHAR, born VARCHAR, created VARCHAR, taken BIGINT, flushed BIGINT, "
            "finalized BOOLEAN, committed VARCHAR)"
        )
        for row in ctx.engine.execute(f'SELECT {_COLUMNS} FROM "{SCHEMA}"."all.streams"').fetchall():
            stream = Stream(*row)
            if self._born(stream.place) != stream.born:  # its table is gone
                self._forget(stream)

    async def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A stream of a `kind`, by its `name`, to the table of `project`, `dataset` and `table`."""
        place = (asked["project"], asked["dataset"], asked["table"])
        stream = Stream(asked["name"], asked["kind"], *place, self._born(place) or "", asked["created"])
        if not stream.born:
            raise StreamError("NOT_FOUND", "TABLE_NOT_FOUND", "Requested entity was not found.")
        if stream.kind == "COMMITTED":
            stream.committed = stream.created
        async with self._ctx.engine.write_lock():
            values = [getattr(stream, name if name != "tab" else "table") for name in _COLUMNS.split(", ")]
            marks = ", ".join("?" for _ in values)
            self._ctx.engine.execute(f'INSERT INTO "{SCHEMA}"."all.streams" VALUES ({marks})', values)
        return stream.document()

    def find(self, name: str) -> Stream:
        """A stream. Raises StreamError."""
        found = self._ctx.engine.execute(
            f'SELECT {_COLUMNS} FROM "{SCHEMA}"."all.streams" WHERE name = ?', [name]
        ).fetchone()
        stream = Stream(*found) if found else None
        if stream is None or self._born(stream.place) != stream.born:
            raise StreamError("NOT_FOUND", "STREAM_NOT_FOUND", "Requested entity was not found.")
        return stream

    async def append(self, asked: dict[str, Any], rows: Any) -> dict[str, Any]:
        """Take rows; the offset of the first, none for a table's default stream.

        Args:
            asked: what `bigquery_appends.insert` wants; the `stream`, empty for the default one; the `offset` that the
                stream must have, or None.
            rows: a table of Arrow.
        """
        async with self._ctx.engine.write_lock():
            if not asked["stream"]:
                place = (asked["project"], asked["dataset"], asked["table"])
                if self._born(place) is None:
                    raise StreamError("NOT_FOUND", "TABLE_NOT_FOUND", "Requested entity was not found.")
                with transaction(self._ctx):
                    insert(asked, rows, self._reference(place), self._ctx)
                    self._changes.mark(place)
                self._changes.made(place)
                return {"offset": None}
            stream = self.find(asked["stream"])
            _check(stream, asked["offset"])
            direct = stream.kind == "COMMITTED"
            with transaction(self._ctx):
                if direct:
                    insert(asked, rows, self._reference(stream.place), self._ctx)
                    self._changes.mark(stream.place)
                else:
                    self._make_waiting(stream)
                    insert(asked, rows, stream.waiting, self._ctx, {_NUMBER: stream.taken})
                self._set(stream, "taken", stream.taken + rows.num_rows)
            if direct:
                self._changes.made(stream.place)
            return {"offset": stream.taken}

    async def finalize(self, name: str) -> dict[str, Any]:
        """Let a stream take no more; how many rows it took."""
        async with self._ctx.engine.write_lock():
            stream = self.find(name)
            self._set(stream, "finalized", True)
        return {"rows": stream.taken}

    async def flush(self, name: str, offset: int) -> dict[str, Any]:
        """Let the rows of a buffered stream up to that one be seen."""
        async with self._ctx.engine.write_lock():
            stream = self.find(name)
            if stream.kind != "BUFFERED":
                message = f"Cannot flush a stream of type {stream.kind}: only BUFFERED ones are flushed."
                raise StreamError("INVALID_ARGUMENT", "INVALID_STREAM_TYPE", message)
            if offset >= stream.taken:
                message = f"Offset {offset} is beyond the end of the stream"
                raise StreamError("OUT_OF_RANGE", "OFFSET_OUT_OF_RANGE", message)
            if offset >= stream.flushed:
                with transaction(self._ctx):
                    self._move(stream, f"{_NUMBER} <= {offset}")
                    self._set(stream, "flushed", offset + 1)
                    self._changes.mark(stream.place)
                self._changes.made(stream.place)
        return {}

    async def commit(self, place: Place, names: list[str], now: str) -> dict[str, Any]:
        """Let the rows of pending streams be seen, of all or of none; what is wrong with each."""
        async with self._ctx.engine.write_lock():
            found, errors = [], []
            for name in names:
                try:
                    found.append(self._committable(name, place))
                except StreamError as error:
                    errors.append({"entity": name, "code": error.code, "message": error.message})
            if errors:
                return {"errors": errors}
            with transaction(self._ctx):
                for stream in found:
                    self._move(stream, "true")
                    self._set(stream, "committed", now)
                    self._ctx.engine.execute(f"DROP TABLE IF EXISTS {stream.waiting}")
                self._changes.mark(place)
            self._changes.made(place)
        return {"errors": []}

    def _committable(self, name: str, place: Place) -> Stream:
        stream = self.find(name)
        if stream.kind != "PENDING":
            raise StreamError("", "INVALID_STREAM_TYPE", f"Stream {name} is of type {stream.kind}, not PENDING.")
        if stream.place != place:
            raise StreamError("", "STREAM_NOT_FOUND", f"Stream {name} does not belong to the table of the request.")
        if stream.committed:
            raise StreamError("", "STREAM_ALREADY_COMMITTED", f"Stream {name} is already committed.")
        if not stream.finalized:
            raise StreamError("", "INVALID_STREAM_STATE", f"Stream {name} is not finalized.")
        return stream

    def _make_waiting(self, stream: Stream) -> None:
        target = self._reference(stream.place)
        self._ctx.engine.execute(
            f"CREATE TABLE IF NOT EXISTS {stream.waiting} AS SELECT *, 0::BIGINT AS {_NUMBER} FROM {target} LIMIT 0"
        )
        known = {name for name, _ in columns(stream.waiting, self._ctx)}
        for name, kind in columns(target, self._ctx):
            if name not in known:  # the table has it since the stream began
                self._ctx.engine.execute(f"ALTER TABLE {stream.waiting} ADD COLUMN {identifier(name)} {kind}")

    def _move(self, stream: Stream, condition: str) -> None:
        if not stream.taken:
            return
        self._ctx.engine.execute(
            f"INSERT INTO {self._reference(stream.place)} BY NAME SELECT * EXCLUDE ({_NUMBER}) FROM {stream.waiting} "
            f"WHERE {condition} ORDER BY {_NUMBER}"
        )
        self._ctx.engine.execute(f"DELETE FROM {stream.waiting} WHERE {condition}")

    def _set(self, stream: Stream, column: str, value: Any) -> None:
        self._ctx.engine.execute(
            f'UPDATE "{SCHEMA}"."all.streams" SET {column} = ? WHERE name = ?', [value, stream.name]
        )

    def _forget(self, stream: Stream) -> None:
        self._ctx.engine.execute(f"DROP TABLE IF EXISTS {stream.waiting}")
        self._ctx.engine.execute(f'DELETE FROM "{SCHEMA}"."all.streams" WHERE name = ?', [stream.name])

    def _born(self, place: Place) -> str | None:
        table = self._ctx.catalog.get_table(*place)
        return None if table is None else table.creation_time.isoformat()

    def _reference(self, place: Place) -> str:
        from bqemulator.storage.sql_identifiers import quoted_table_ref

        return str(quoted_table_ref(*place))


def _check(stream: Stream, offset: int | None) -> None:
    if stream.finalized:
        raise StreamError("INVALID_ARGUMENT", "STREAM_FINALIZED", "Stream has been finalized and cannot be appended")
    if offset is None or offset == stream.taken:
        return
    said = f"expected offset {stream.taken}, received {offset}"
    if offset < stream.taken:
        raise StreamError("ALREADY_EXISTS", "OFFSET_ALREADY_EXISTS", f"The offset is within stream, {said}")
    raise StreamError("OUT_OF_RANGE", "OFFSET_OUT_OF_RANGE", f"The offset is beyond stream, {said}")

"""`google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows`, the call behind Google's stream writers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format  # type: ignore[import-untyped]

from sandbox.apis.bigquerystorage import streams
from sandbox.apis.bigquerystorage.engine import StorageError, ask
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.operations import GRPC_CODES
from sandbox.rpc.append_rows_batch import Batch
from sandbox.rpc.methods import IMPORTING

_NAME = re.compile(r"projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)(?:/streams)?/([^/]+)")
_MOST_BYTES = 10 * 1024 * 1024
_UNSPECIFIED, _DEFAULT_VALUE = 0, 2
# What isn't the rows' fault ends the connection: clients open another and send again.
_ENDING = ("UNAVAILABLE", "INTERNAL")
_ROWS = (
    "Errors found while processing rows. Please refer to the row_errors field for details. "
    "The list may not be complete because of the size limitations."
)

Open = Callable[[str], Awaitable[dict[str, Any]]]


def load() -> tuple[type[Any], type[Any]]:
    """The messages of the call. It imports: call it in a thread."""
    with IMPORTING:
        from google.cloud.bigquery_storage_v1.types import AppendRowsRequest, AppendRowsResponse

        from sandbox.rpc import append_arrow, append_proto  # noqa: F401  they take a while as well

    return AppendRowsRequest.pb(), AppendRowsResponse.pb()


async def answers(
    control: Control, open_stream: Open, requests: AsyncIterator[Any], response: type[Any]
) -> AsyncIterator[Any]:
    """An answer to each request, in order. Raises ApiError where the connection can't go on.

    Args:
        control: the sandbox.
        open_stream: finds a stream by its name, where one comes for the first time.
        requests: what the client sends.
        response: the class of the answers.
    """
    connection = _Connection(control, open_stream)
    async for request in requests:
        made = response()
        await connection.target(request)
        made.write_stream = connection.name
        try:
            offset = await connection.append(request, made)
            if offset is None:
                made.append_result.SetInParent()
            else:
                made.append_result.offset.value = offset
        except ApiError as error:
            if error.status in _ENDING:
                raise
            _tell(made, error)
        yield made


@dataclass(slots=True)
class _Connection:
    """What a connection remembers from one request to the next."""

    control: Control
    open_stream: Open
    name: str = ""
    stream: str = ""
    place: tuple[str, str, str] = ("", "", "")
    is_default: bool = False
    schemas: dict[str, list[Any]] = field(default_factory=dict)
    writer: tuple[str, bytes] = ("", b"")
    readers: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    interpretation: int = _UNSPECIFIED

    async def target(self, request: Any) -> None:
        """Go to the stream that a request names."""
        if not request.write_stream:
            if not self.name:
                raise invalid_argument("The first request names its write_stream.", {"write_stream": "required"})
            return
        if request.write_stream == self.name:
            return
        found = _NAME.fullmatch(request.write_stream)
        if not found:
            raise invalid_argument(f"Invalid stream name: {request.write_stream}", {"write_stream": "invalid"})
        project = self.control.projects.resolve(found[1], self.control.clock())
        stream = f"projects/{project}/datasets/{found[2]}/tables/{found[3]}/streams/{found[4]}"
        if request.write_stream not in self.readers:
            await self.open_stream(stream)
        self.name, self.stream = request.write_stream, stream
        self.is_default = found[4] == streams.DEFAULT
        self.place = (project, found[2], found[3])
        self.writer = ("", b"")

    async def append(self, request: Any, made: Any) -> int | None:
        """Take the rows of a request; the offset of the first. Raises ApiError where they aren't taken."""
        if request.ByteSize() > _MOST_BYTES:
            raise invalid_argument(f"AppendRows request too large: {request.ByteSize()} limit {_MOST_BYTES}")
        if self.is_default and request.HasField("offset"):
            raise invalid_argument(f"An offset can't be given for the {streams.DEFAULT} stream. Entity: {self.name}")
        document = await streams.table(self.control, self.place, self.name)
        fields = (document.get("schema") or {}).get("fields") or []
        reader = await self._reader(request, fields)
        if self.schemas.setdefault(self.name, fields) != fields:
            self.schemas[self.name] = fields
            json_format.ParseDict(streams.schema(fields), made.updated_schema, ignore_unknown_fields=True)
        defaults = self._defaults(request, fields)
        self._check_required(reader, fields, defaults)
        batch: Batch
        batch, rows, missing = await asyncio.to_thread(_read, reader, request, set(defaults))
        if batch.errors:
            for index in sorted(batch.errors):
                made.row_errors.add(index=index, code=1, message=batch.errors[index])
            raise ApiError("INVALID_ARGUMENT", f"{_ROWS} Entity: {self.name}")
        asked = {
            **dict(zip(("project", "dataset", "table"), self.place, strict=True)),
            "stream": "" if self.is_default else self.stream,
            "offset": request.offset.value if request.HasField("offset") else None,
            "fields": batch.fields,
            "defaults": defaults,
            "missing": missing,
            "keys": self._keys(document) if batch.changes is not None else [],
        }
        done = await ask(self.control, "append", asked, self.name, rows=rows)
        return None if done["offset"] is None else int(done["offset"])

    async def _reader(self, request: Any, fields: list[Any]) -> Any:
        """What reads the rows: made anew where the writer's schema, the stream or the table's schema is another."""
        form = request.WhichOneof("rows")
        if form is None:
            raise invalid_argument("A request has rows.", {"rows": "required"})
        rows = getattr(request, form)
        if rows.HasField("writer_schema"):
            self.writer = (form, rows.writer_schema.SerializeToString(deterministic=True))
        known, reader = self.readers.get(self.name, (None, None))
        if not self.writer[1] and known is not None:
            self.writer = known[0]
        if self.writer[0] != form:
            raise invalid_argument(
                f"The schema of the rows must be given first, as {form}. Entity: {self.name}",
                {f"{form}.writer_schema": "required"},
            )
        wanted = (self.writer, fields)
        if known != wanted:
            reader = await asyncio.to_thread(_make, form, rows, self.writer[1], fields, self.name)
            self.readers[self.name] = (wanted, reader)
        return reader

    def _defaults(self, request: Any, fields: list[Any]) -> dict[str, str]:
        """The default of each column whose missing values become it."""
        if request.default_missing_value_interpretation:
            self.interpretation = request.default_missing_value_interpretation
        single = {name.lower(): value for name, value in request.missing_value_interpretations.items()}
        if _UNSPECIFIED in single.values():
            raise invalid_argument(f"Invalid missing value interpretation. Entity: {self.name}")
        return {
            each["name"]: each["defaultValueExpression"]
            for each in fields
            if each.get("defaultValueExpression")
            and single.get(each["name"].lower(), self.interpretation) == _DEFAULT_VALUE
        }

    def _check_required(self, reader: Any, fields: list[Any], defaults: dict[str, str]) -> None:
        """Raises ApiError where the writer has no field for a column that must have a value."""
        given = {each["name"] for each in reader.fields}
        lacking = [each["name"] for each in fields if each.get("mode") == "REQUIRED" and each["name"] not in given]
        lacking = [name for name in lacking if name not in defaults]
        if lacking and not reader.has_changes:
            raise invalid_argument(f"Input schema lacks the required field {lacking[0]} Entity: {self.name}")

    def _keys(self, document: dict[str, Any]) -> list[str]:
        """The primary key by which rows are changed. Raises ApiError where they can't be."""
        keys = ((document.get("tableConstraints") or {}).get("primaryKey") or {}).get("columns") or []
        if not self.is_default or not keys:
            raise invalid_argument(
                f"Change data capture needs the default stream and a table with a primary key. Entity: {self.name}"
            )
        return [str(key) for key in keys]


def _make(form: str, rows: Any, writer: bytes, fields: list[Any], entity: str) -> Any:
    from sandbox.rpc import append_arrow, append_proto

    schema = type(rows.writer_schema).FromString(writer)
    if form == "arrow_rows":
        return append_arrow.Reader(schema.serialized_schema, fields, entity)
    return append_proto.Reader(schema.proto_descriptor, fields, entity)


def _read(reader: Any, request: Any, defaults: set[str]) -> tuple[Batch, bytes, dict[str, str]]:
    import pyarrow as pa

    batch: Batch = reader.read(getattr(request, request.WhichOneof("rows")).rows)
    table, missing = batch.finish(defaults)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return batch, sink.getvalue().to_pybytes(), missing


def _tell(made: Any, error: ApiError) -> None:
    """An error as an answer: the connection goes on."""
    made.error.code = GRPC_CODES.get(error.status, 2)
    made.error.message = error.message
    if isinstance(error, StorageError):
        for each in error.details:
            json_format.ParseDict(each, made.error.details.add())

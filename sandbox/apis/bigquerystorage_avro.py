"""Rows as Avro, as the Storage Read API writes them: a schema once, then rows without any header."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sandbox.control.errors import invalid_argument
from sandbox.runtime.bigquery_cells import interval
from sandbox.runtime.bigquery_fields import Field, is_repeated, range_element, single

if TYPE_CHECKING:
    import pyarrow as pa

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCALARS: dict[str, Any] = {
    "INTEGER": "long",
    "FLOAT": "double",
    "BOOLEAN": "boolean",
    "STRING": "string",
    "BYTES": "bytes",
    "NUMERIC": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 9},
    "BIGNUMERIC": {"type": "bytes", "logicalType": "decimal", "precision": 77, "scale": 38},
    "DATE": {"type": "int", "logicalType": "date"},
    "TIME": {"type": "long", "logicalType": "time-micros"},
    "DATETIME": {"type": "string", "logicalType": "datetime"},
    "TIMESTAMP": {"type": "long", "logicalType": "timestamp-micros"},
    "GEOGRAPHY": {"type": "string", "sqlType": "GEOGRAPHY"},
    "JSON": {"type": "string", "sqlType": "JSON"},
    "INTERVAL": {"type": "string", "sqlType": "INTERVAL"},
}


def schema(fields: Sequence[Field], *, display: bool = False) -> str:
    """The schema of rows as JSON. 400 for a column whose name Avro doesn't know, unless it is to be a `displayName`.

    >>> schema([{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}])
    '{"type": "record", "name": "__root__", "fields": [{"name": "n", "type": "long"}]}'
    """
    records = itertools.count()
    return json.dumps({"type": "record", "name": "__root__", "fields": _fields(fields, display, records)})


def _fields(fields: Sequence[Field], display: bool, records: Iterator[int]) -> list[dict[str, Any]]:
    found = []
    for place, field in enumerate(fields):
        kind = _type(field, display, records)
        if is_repeated(field):
            kind = {"type": "array", "items": kind}
        elif field.get("mode") != "REQUIRED":
            kind = ["null", kind]
        shown = {"name": _name(field["name"], place, display), "type": kind}
        if display:
            shown["displayName"] = field["name"]
        found.append(shown)
    return found


def _name(name: str, place: int, display: bool) -> str:
    if _NAME.fullmatch(name):
        return name
    if not display:
        raise invalid_argument(
            f"request failed: the name of column '{name}' is not one that Avro knows; set enable_display_name_attribute"
        )
    return f"field_{place}"


def _type(field: Field, display: bool, records: Iterator[int]) -> Any:
    kind = field["type"]
    if kind == "RECORD":
        name = f"__s_{next(records)}"
        return {"type": "record", "name": name, "fields": _fields(field["fields"], display, records)}
    if kind == "RANGE":
        name = f"__r_{next(records)}"
        bounds = [{"name": bound, "type": ["null", _SCALARS[range_element(field)]]} for bound in ("start", "end")]
        return {"type": "record", "name": name, "sqlType": "RANGE", "fields": bounds}
    return _SCALARS[kind]


class Writer:
    """Encodes the rows of batches by one schema."""

    def __init__(self, fields: Sequence[Field], *, display: bool) -> None:
        from fastavro import parse_schema, schemaless_writer

        # All rows of a batch are written at once, as an array: one by one it takes several times as long.
        record = json.loads(schema(fields, display=display))
        self._schema = parse_schema({"type": "array", "items": record})
        self._write = schemaless_writer
        self._columns = [
            (_name(field["name"], place, display), _of_field(field, display)) for place, field in enumerate(fields)
        ]

    def rows(self, batch: pa.RecordBatch) -> bytes:
        """The rows, one behind the other."""
        if not batch.num_rows:
            return b""
        columns = [
            (name, [convert(value) for value in _plain(column).to_pylist()])
            for (name, convert), column in zip(self._columns, batch.columns, strict=True)
        ]
        names = [name for name, _ in columns]
        sink = io.BytesIO()
        each = zip(*(values for _, values in columns), strict=True)
        self._write(sink, self._schema, [dict(zip(names, values, strict=True)) for values in each])
        return _items(sink.getvalue())


def _plain(column: pa.Array) -> pa.Array:
    """Moments as the numbers that Avro has for them, which are quicker made than Python's."""
    import pyarrow as pa

    kind = column.type
    if (pa.types.is_timestamp(kind) and kind.tz) or pa.types.is_time(kind):
        return column.cast(pa.int64())
    return column.cast(pa.int32()) if pa.types.is_date(kind) else column


def _items(array: bytes) -> bytes:
    """The items of an array of one block: without their number before them and the end behind.

    >>> _items(bytes([0x80, 0x01, 7, 8, 0]))
    b'\\x07\\x08'
    """
    begin = 0
    while array[begin] & 0x80:
        begin += 1
    return array[begin + 1 : -1]


def _of_field(field: Field, display: bool) -> Callable[[Any], Any]:
    """What makes of a value what Avro's library takes."""
    if is_repeated(field):
        convert = _of_field(single(field), display)
        return lambda values: [convert(value) for value in values]
    kind = field["type"]
    if kind == "RECORD":
        members = [
            (inner["name"], _name(inner["name"], place, display), _of_field(inner, display))
            for place, inner in enumerate(field["fields"])
        ]
        return lambda value: value and {shown: convert(value[name]) for name, shown, convert in members}
    if kind == "RANGE":
        convert = _of_field({"name": "", "type": range_element(field)}, display)
        return lambda value: value and {bound: convert(value[bound]) for bound in ("start", "end")}
    if kind == "DATETIME":
        return lambda value: None if value is None else value.isoformat()
    if kind == "INTERVAL":
        return lambda value: None if value is None else interval(*value)
    return lambda value: value

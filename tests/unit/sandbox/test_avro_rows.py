"""Rows as Avro, as fastavro reads them: what the Storage Read API sends by the schema that it sends."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import fastavro
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.bigquerystorage.avro import schema
from sandbox.apis.bigquerystorage.avro_rows import rows

_MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59))
_KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "INTEGER": (pa.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-200, 200)),
    "FLOAT": (pa.float64(), st.floats(allow_nan=False)),
    "BOOLEAN": (pa.bool_(), st.booleans()),
    "STRING": (pa.string(), st.text(max_size=200)),
    "BYTES": (pa.binary(), st.binary(max_size=20)),
    "DATE": (pa.date32(), st.dates()),
    "TIME": (pa.time64("us"), st.times()),
    "TIMESTAMP": (pa.timestamp("us", "UTC"), _MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))),
    "DATETIME": (pa.timestamp("us"), _MOMENTS | _MOMENTS.map(lambda moment: moment.replace(microsecond=0))),
    "NUMERIC": (
        pa.decimal128(38, 9),
        (st.integers(-300, 300) | st.integers(-(10**28), 10**28)).map(lambda n: Decimal(n).scaleb(-9)),
    ),
}
Column = tuple[dict[str, Any], pa.DataType, st.SearchStrategy[Any]]


@st.composite
def _columns(draw: st.DrawFn, depth: int = 2) -> Column:
    """A column by its field, its type of Arrow, and its values."""
    name = f"c{draw(st.integers(0, 10**9))}"
    field: dict[str, Any] = {"name": name, "mode": draw(st.sampled_from(["NULLABLE", "REQUIRED", "REPEATED"]))}
    if depth and draw(st.integers(0, 3)) == 0:
        inner = draw(st.lists(_columns(depth - 1), min_size=1, max_size=3, unique_by=lambda column: column[0]["name"]))
        field |= {"type": "RECORD", "fields": [each[0] for each in inner]}
        kind: pa.DataType = pa.struct([(each[0]["name"], each[1]) for each in inner])
        values: st.SearchStrategy[Any] = st.fixed_dictionaries({each[0]["name"]: each[2] for each in inner})
    else:
        field["type"] = draw(st.sampled_from(sorted(_KINDS)))
        kind, values = _KINDS[field["type"]]
    if field["mode"] == "REPEATED":
        return field, pa.list_(kind), st.lists(values, max_size=3)
    return field, kind, values if field["mode"] == "REQUIRED" else st.none() | values


def _read(fields: list[dict[str, Any]], data: bytes, count: int) -> list[dict[str, Any]]:
    made = fastavro.parse_schema(json.loads(schema(fields)))
    source = io.BytesIO(data)
    found: Any = [fastavro.schemaless_reader(source, made, None) for _ in range(count)]
    assert not source.read(1)
    return list(found)


def _as_read(field: dict[str, Any], value: Any) -> Any:
    """A value as fastavro reads it."""
    if field["mode"] == "REPEATED":
        return [_as_read({**field, "mode": "REQUIRED"}, each) for each in value]
    if value is None:
        return None
    if field["type"] == "RECORD":
        return {each["name"]: _as_read(each, value[each["name"]]) for each in field["fields"]}
    return value.isoformat() if field["type"] == "DATETIME" else value


@given(st.data())
def test_rows_are_read_as_they_were(data: st.DataObject) -> None:
    columns = data.draw(st.lists(_columns(), min_size=1, max_size=4, unique_by=lambda column: column[0]["name"]))
    fields = [column[0] for column in columns]
    row = st.fixed_dictionaries({field["name"]: values for field, _, values in columns})
    wanted = data.draw(st.lists(row, max_size=6))
    whole = pa.RecordBatch.from_pylist(wanted, pa.schema([(field["name"], kind) for field, kind, _ in columns]))
    first = data.draw(st.integers(0, len(wanted)))
    batch = whole.slice(first)
    expected = [{field["name"]: _as_read(field, each[field["name"]]) for field in fields} for each in wanted[first:]]
    assert _read(fields, rows(fields, batch), batch.num_rows) == expected


def test_ranges_intervals_and_the_ends_of_types() -> None:
    bounds = pa.struct([("start", pa.date32()), ("end", pa.date32())])
    fields: list[dict[str, Any]] = [
        {"name": "r", "type": "RANGE", "rangeElementType": {"type": "DATE"}},
        {"name": "i", "type": "INTERVAL"},
        {"name": "t", "type": "TIME"},
        {"name": "n", "type": "NUMERIC"},
    ]
    largest, lowest = (Decimal(f"{sign}99999999999999999999999999999.999999999") for sign in ("", "-"))
    span = {"start": date(2026, 1, 31), "end": None}
    values = [
        {
            "r": {"start": date(2026, 1, 31), "end": None},
            "i": (1, 2, 3_000),
            "t": time(23, 59, 59, 999_999),
            "n": largest,
        },
        {"r": None, "i": None, "t": None, "n": lowest},
    ]
    kinds = [bounds, pa.month_day_nano_interval(), pa.time64("us"), pa.decimal128(38, 9)]
    made = pa.schema([(field["name"], kind) for field, kind in zip(fields, kinds, strict=True)])
    first, second = _read(fields, rows(fields, pa.RecordBatch.from_pylist(values, made)), 2)
    assert (first["r"], first["t"], first["n"]) == (span, time(23, 59, 59, 999_999), largest)
    assert first["i"] == "0-1 2 0:0:0.000003"
    assert second == {"r": None, "i": None, "t": None, "n": lowest}

"""BigQuery's types in Arrow, as the Storage API reads and writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.runtime.bigquery.fields import Field, is_repeated, members, range_element, single

_EXTENSION, _DETAILS = b"ARROW:extension:name", b"ARROW:extension:metadata"
# What types that share one of Arrow's are told apart by.
_METADATA: dict[str, dict[bytes, bytes]] = {
    "GEOGRAPHY": {_EXTENSION: b"google:sqlType:geography", _DETAILS: b'{"encoding": "WKT"}'},
    "DATETIME": {_EXTENSION: b"google:sqlType:datetime"},
    "JSON": {_EXTENSION: b"google:sqlType:json"},
    "INTERVAL": {_EXTENSION: b"google:sqlType:interval"},
    "RANGE": {_EXTENSION: b"google:sqlType:range"},
}
_SCALARS: dict[str, pa.DataType] = {
    "INTEGER": pa.int64(),
    "FLOAT": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "STRING": pa.string(),
    "BYTES": pa.binary(),
    "NUMERIC": pa.decimal128(38, 9),
    "BIGNUMERIC": pa.decimal256(76, 38),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "DATETIME": pa.timestamp("us"),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
    "GEOGRAPHY": pa.string(),
    "JSON": pa.string(),
    "INTERVAL": pa.month_day_nano_interval(),
}


def arrow_schema(fields: Sequence[Field]) -> pa.Schema:
    """The schema of a table's rows.

    >>> arrow_schema([{"name": "n", "type": "NUMERIC"}, {"name": "t", "type": "STRING", "mode": "REPEATED"}]).types
    [Decimal128Type(decimal128(38, 9)), ListType(list<item: string>)]
    """
    return pa.schema([_field(field) for field in fields])


def arrow_type(field: Field) -> pa.DataType:
    """The type of a column's values, of one element where it is repeated."""
    kind = field["type"]
    if kind == "RECORD":
        return pa.struct([_field(inner) for inner in field["fields"]])
    if kind == "RANGE":
        bound = _SCALARS[range_element(field)]
        return pa.struct([pa.field("start", bound), pa.field("end", bound)])
    return _SCALARS[kind]


def _field(field: Field) -> pa.Field:
    kind, repeated = arrow_type(field), is_repeated(field)
    found = pa.list_(pa.field("item", kind)) if repeated else kind
    nullable = not repeated and field.get("mode") != "REQUIRED"
    return pa.field(field["name"], found, nullable=nullable, metadata=_METADATA.get(field["type"]))


def converted(table: pa.Table, fields: Sequence[Field], well_known_text: Callable[[bytes], str]) -> pa.Table:
    """Rows as the engine has them, as BigQuery's types; columns and members of records that no field names are left.

    Args:
        table: columns by their names, in any case.
        fields: the columns that are wanted.
        well_known_text: a place's text from its bytes.
    """
    places = {name.lower(): place for place, name in enumerate(table.column_names)}
    columns = []
    for field in fields:
        column = table.column(places[field["name"].lower()]).combine_chunks()
        columns.append(_array(column, field, well_known_text))
    return pa.Table.from_arrays(columns, schema=arrow_schema(fields))


def _array(array: Any, field: Field, text: Callable[[bytes], str]) -> Any:
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if is_repeated(field):
        if pa.types.is_null(array.type):
            array = array.cast(pa.list_(arrow_type(field)))
        lengths = pc.fill_null(pc.list_value_length(array), 0).cast(pa.int64())
        offsets = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum(lengths)]).cast(pa.int32())
        values = _array(array.flatten(), single(field), text)
        return pa.ListArray.from_arrays(offsets, values).cast(pa.list_(pa.field("item", values.type)))
    kind = arrow_type(field)
    if pa.types.is_null(array.type):
        return array.cast(kind) if not pa.types.is_struct(kind) else pa.nulls(len(array), kind)
    if pa.types.is_struct(kind):
        return _struct(array, field, kind, text)
    if field["type"] == "GEOGRAPHY" and not pa.types.is_string(array.type):
        return pa.array([None if value is None else text(value) for value in array.to_pylist()], kind)
    if pa.types.is_decimal(array.type) and pa.types.is_decimal(kind) and array.type.scale > kind.scale:
        array = pc.round(array, ndigits=kind.scale, round_mode="half_towards_infinity")
    return array if array.type == kind else array.cast(kind)


def _struct(array: Any, field: Field, kind: pa.StructType, text: Callable[[bytes], str]) -> Any:
    places = {array.type.field(place).name.lower(): place for place in range(array.type.num_fields)}
    flat = array.flatten()
    found = [_array(flat[places[each["name"].lower()]], each, text) for each in members(field)]
    return pa.StructArray.from_arrays(found, fields=list(kind), mask=array.is_null())

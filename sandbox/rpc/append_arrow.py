"""Rows in Arrow: the types of the writer's columns are held against the table's, and converted to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.types as kinds

from sandbox.control.errors import ApiError, invalid_argument
from sandbox.rpc import append_values as values
from sandbox.rpc.append_rows_batch import Batch, matched, mismatch, too_many
from sandbox.runtime.bigquery.appends import CHANGE
from sandbox.runtime.bigquery.arrow import arrow_type
from sandbox.runtime.bigquery.fields import Field, is_repeated, members, single

_TAKES: dict[str, Callable[[Any], bool]] = {
    "INTEGER": lambda kind: kinds.is_integer(kind),
    "FLOAT": lambda kind: kinds.is_floating(kind),
    "BOOLEAN": kinds.is_boolean,
    "STRING": lambda kind: kinds.is_string(kind) or kinds.is_large_string(kind),
    "BYTES": lambda kind: kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_fixed_size_binary(kind),
    "NUMERIC": kinds.is_decimal,
    "BIGNUMERIC": kinds.is_decimal,
    "DATE": kinds.is_date,
    "TIME": kinds.is_time,
    "DATETIME": lambda kind: kinds.is_timestamp(kind) and kind.tz is None,
    "TIMESTAMP": lambda kind: kinds.is_timestamp(kind) and kind.tz is not None,
    "GEOGRAPHY": kinds.is_string,
    "JSON": kinds.is_string,
    "INTERVAL": kinds.is_interval,
}


class Reader:
    """Reads batches of one schema of Arrow for one of a table. Raises ApiError where they don't go together."""

    def __init__(self, serialized: bytes, fields: Sequence[Field], entity: str) -> None:
        try:
            self._schema = pa.ipc.read_schema(pa.py_buffer(serialized))
        except (pa.ArrowInvalid, OSError, ValueError) as error:
            raise invalid_argument(f"Invalid Arrow schema: {error}", {"writer_schema": "invalid"}) from error
        self._entity = entity
        columns = matched(self._schema.names, fields, entity)
        self.fields = list(columns.values())
        self._places = [self._schema.names.index(name) for name in columns]
        self._change = next((place for place, n in enumerate(self._schema.names) if n.upper() == CHANGE), None)
        for place, field in zip(self._places, self.fields, strict=True):
            self._check(self._schema.field(place).type, field, field["name"])

    @property
    def has_changes(self) -> bool:
        """Whether rows say what they do to others."""
        return self._change is not None

    def read(self, rows: Any) -> Batch:
        """The rows of a request. Raises ApiError."""
        try:
            batch = pa.ipc.read_record_batch(pa.py_buffer(rows.serialized_record_batch), self._schema)
            batch.validate(full=True)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise invalid_argument(f"Invalid Arrow record batch: {error} Entity: {self._entity}") from error
        found = Batch(self.fields, {}, batch.num_rows)
        if self._change is not None:
            found.changes = batch.column(self._change).to_pylist()
        for place, field in zip(self._places, self.fields, strict=True):
            try:
                found.columns[field["name"]] = _cast(batch.column(place), field)
            except pa.ArrowException as error:
                raise ApiError("INVALID_ARGUMENT", f"Field {field['name']}: {error} Entity: {self._entity}") from error
            self._look(found, field)
        return found

    def _look(self, batch: Batch, field: Field) -> None:
        """Errors of values that Arrow has no type for."""
        check = _CHECKS.get(field["type"])
        if check is None or is_repeated(field) or not (field["type"] == "JSON" or field.get("maxLength")):
            return
        checked = values.limited(field, check)
        for index, value in enumerate(batch.columns[field["name"]].to_pylist()):
            try:
                checked(value) if value is not None else None
            except ValueError as error:
                batch.errors.setdefault(index, f"Field {field['name']}: {error}")

    def _check(self, kind: Any, field: Field, path: str) -> None:
        if is_repeated(field):
            if not (kinds.is_list(kind) or kinds.is_large_list(kind)):
                raise mismatch(path, str(kind), f"repeated {field['type']}", "arrow", self._entity)
            self._check(kind.value_type, single(field), path)
            return
        if kinds.is_null(kind):
            return
        if field["type"] not in ("RECORD", "RANGE"):
            if not _TAKES[field["type"]](kind):
                raise mismatch(path, str(kind), field["type"], "arrow", self._entity)
            return
        if not kinds.is_struct(kind):
            raise mismatch(path, str(kind), field["type"], "arrow", self._entity)
        inner = {each["name"].lower(): each for each in members(field)}
        extra = [f"{path}.{each.name}" for each in kind if each.name.lower() not in inner]
        if extra:
            raise too_many(extra, self._entity)
        for each in kind:
            self._check(each.type, inner[each.name.lower()], f"{path}.{each.name}")


def _cast(array: Any, field: Field) -> Any:
    """The values as the column's type; members of records that the writer lacks are null, or empty."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if is_repeated(field):
        if kinds.is_null(array.type):
            array = array.cast(pa.list_(pa.null()))
        lengths = array.value_lengths().fill_null(0).to_pylist()
        offsets = [0]
        for length in lengths:
            offsets.append(offsets[-1] + length)
        inner = _cast(array.flatten(), single(field))
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), inner)
    kind = arrow_type(field)
    if not kinds.is_struct(kind):
        return array.cast(kind)
    if kinds.is_null(array.type):
        return pa.nulls(len(array), kind)
    places = {array.type.field(place).name.lower(): place for place in range(array.type.num_fields)}
    flat, found = array.flatten(), []
    for each in members(field):
        place = places.get(each["name"].lower())
        given = pa.nulls(len(array)) if place is None else flat[place]
        found.append(_cast(given, each))
    return pa.StructArray.from_arrays(found, fields=list(kind), mask=array.is_null())


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "JSON": values.json_text,
    "STRING": lambda value: value,
    "BYTES": lambda value: value,
}

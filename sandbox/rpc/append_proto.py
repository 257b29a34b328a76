"""Rows in protocol buffers: their message is described by the writer, and held against the table's schema.

https://cloud.google.com/bigquery/docs/supported-data-types has which types a column takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf import (  # type: ignore[import-untyped]
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    message_factory,
    timestamp_pb2,
    wrappers_pb2,
)
from google.protobuf.descriptor import FieldDescriptor  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from google.protobuf.unknown_fields import UnknownFieldSet  # type: ignore[import-untyped]

from sandbox.control.errors import ApiError, invalid_argument
from sandbox.rpc import append_values as values
from sandbox.rpc.append_rows_batch import Batch, matched, mismatch, too_many
from sandbox.runtime.bigquery.appends import CHANGE
from sandbox.runtime.bigquery.fields import Field, is_repeated, members, single

Convert = Callable[[Any], Any]

_WELL_KNOWN = (wrappers_pb2, timestamp_pb2, duration_pb2)
_COLUMN_NAME = 454943157  # the option google.cloud.bigquery.storage.v1.column_name
_NAMES = {
    getattr(FieldDescriptor, f"TYPE_{name.upper()}"): name
    for name in (
        *("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group", "message"),
        *("bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"),
    )
}
_PLAIN = {"sint32": "int32", "sfixed32": "int32", "sint64": "int64", "sfixed64": "int64"}
_PLAIN |= {"fixed32": "uint32", "fixed64": "uint64"}
_INTEGERS = ("int32", "int64", "uint32", "uint64")


class Reader:
    """Reads rows of one message for one schema. Raises ApiError where they don't go together."""

    def __init__(self, descriptor: Any, fields: Sequence[Field], entity: str) -> None:
        self._kind = _message_class(descriptor)
        self._entity = entity
        known = {_column(each): each for each in self._kind.DESCRIPTOR.fields}
        columns = matched(list(known), fields, entity)
        self._change = next((each for name, each in known.items() if name.upper() == CHANGE), None)
        self.fields = list(columns.values())
        self._columns = [
            (field, known[name], self._values(known[name], field, name)) for name, field in columns.items()
        ]

    @property
    def has_changes(self) -> bool:
        """Whether rows say what they do to others."""
        return self._change is not None

    def read(self, rows: Any) -> Batch:
        """The rows of a request."""
        columns: dict[str, list[Any]] = {field["name"]: [] for field in self.fields}
        batch = Batch(self.fields, columns, len(rows.serialized_rows), changes=[] if self._change else None)
        for index, data in enumerate(rows.serialized_rows):
            try:
                message = self._kind.FromString(data)
            except DecodeError as error:
                batch.errors[index] = f"The row is not a message of the writer's schema: {error}"
                message = self._kind()
            for field, _, value in self._columns:
                try:
                    found = value(message)
                except (ValueError, OverflowError) as error:
                    batch.errors.setdefault(index, f"Field {field['name']}: {error}")
                    found = [] if is_repeated(field) else None
                columns[field["name"]].append(found)
            if batch.changes is not None:
                batch.changes.append(getattr(message, self._change.name))  # type: ignore[union-attr]
        return batch

    def _values(self, proto: Any, field: Field, path: str) -> Convert:
        """What takes a column's value out of a message."""
        convert, name = self._convert(proto, single(field), path), proto.name
        if is_repeated(field):
            if proto.label == FieldDescriptor.LABEL_REPEATED:
                return lambda message: [convert(each) for each in getattr(message, name)]
            return lambda message: [convert(getattr(message, name))] if message.HasField(name) else []
        if proto.label == FieldDescriptor.LABEL_REPEATED:
            raise mismatch(path, f"repeated {_shown(proto)}", field["type"], "proto", self._entity)
        if field.get("mode") != "REQUIRED" or "." not in path:
            return lambda message: convert(getattr(message, name)) if message.HasField(name) else None

        def required(message: Any) -> Any:
            if not message.HasField(name):
                raise ValueError(f"Missing required field {path}")
            return convert(getattr(message, name))

        return required

    def _convert(self, proto: Any, field: Field, path: str) -> Convert:
        kind, given = field["type"], _PLAIN.get(_NAMES[proto.type], _NAMES[proto.type])
        if given == "message":
            found = self._of_message(proto.message_type, field, path)
        else:
            found = _converter(given, proto, field)
        if found is None:
            raise mismatch(path, _shown(proto), kind, "proto", self._entity)
        return values.limited(field, found)

    def _of_message(self, message: Any, field: Field, path: str) -> Convert | None:
        name, kind = message.full_name, field["type"]
        if name.startswith("google.protobuf.") and name.endswith("Value"):
            inner = message.fields_by_name["value"]
            found = _converter(_NAMES[inner.type], inner, field)
            return found and (lambda value: found(value.value))
        if name == "google.protobuf.Timestamp":
            return (lambda value: values.micros(value.ToMicroseconds())) if kind == "TIMESTAMP" else None
        if name == "google.protobuf.Duration":
            return (lambda value: (0, 0, value.ToNanoseconds())) if kind == "INTERVAL" else None
        if kind not in ("RECORD", "RANGE"):
            return None
        known = {_column(each).lower(): each for each in message.fields}
        inner_fields = members(field)
        extra = [f"{path}.{each}" for each in known if each not in {f["name"].lower() for f in inner_fields}]
        if extra:
            raise too_many(extra, self._entity)
        found_members: list[tuple[str, Convert]] = []
        for each in inner_fields:
            if each["name"].lower() in known:
                proto = known[each["name"].lower()]
                found_members.append((each["name"], self._values(proto, each, f"{path}.{each['name']}")))
            elif is_repeated(each):
                found_members.append((each["name"], lambda _: []))
            elif each.get("mode") == "REQUIRED":
                raise _lacks(f"{path}.{each['name']}", self._entity)
        return lambda value: {name: convert(value) for name, convert in found_members}


def _converter(given: str, proto: Any, field: Field) -> Convert | None:
    """What makes a column's value of a plain one; None where its type isn't one that the column takes."""
    kind = field["type"]
    if given in _INTEGERS:
        return _of_integer(given, field)
    if given == "enum":
        names = {each.number: each.name for each in proto.enum_type.values}
        return {"INTEGER": lambda value: value, "STRING": names.__getitem__}.get(kind)
    if given in ("double", "float"):
        return {"FLOAT": float, "NUMERIC": None, "BIGNUMERIC": None}.get(kind) or _decimal(field)
    if given == "bool":
        return bool if kind == "BOOLEAN" else None
    if given == "bytes":
        if kind in ("NUMERIC", "BIGNUMERIC"):
            return values.numeric_of_bytes(field)
        return bytes if kind == "BYTES" else None
    of_text: dict[str, Convert] = {
        "STRING": lambda value: value,
        "GEOGRAPHY": lambda value: value,
        "BYTES": lambda value: value.encode(),
        "DATE": values.day_of_text,
        "TIME": values.time_of_text,
        "DATETIME": values.datetime_of_text,
        "JSON": values.json_text,
        "INTERVAL": values.interval_of_text,
    }
    return (of_text.get(kind) or _decimal(field)) if given == "string" else None


def _of_integer(given: str, field: Field) -> Convert | None:
    kind = field["type"]
    if kind == "BOOLEAN":
        return bool
    if kind == "INTEGER":
        return None if given == "uint64" else lambda value: value
    if kind == "DATE":
        return values.day if given in ("int32", "int64") else None
    if kind == "TIMESTAMP":
        return values.micros if given != "uint64" else None
    if kind in ("TIME", "DATETIME"):
        packed = values.packed_time if kind == "TIME" else values.packed_datetime
        return packed if given == "int64" else None
    return _decimal(field)


def _decimal(field: Field) -> Convert | None:
    return values.numeric(field) if field["type"] in ("NUMERIC", "BIGNUMERIC") else None


def _lacks(path: str, entity: str) -> ApiError:
    return ApiError("INVALID_ARGUMENT", f"Input schema lacks the required field {path} Entity: {entity}")


def _column(proto: Any) -> str:
    """The column that a field is of: its name, or what its option says of a column that no field can be called like."""
    if proto.has_options:
        for option in UnknownFieldSet(proto.GetOptions()):
            if option.field_number == _COLUMN_NAME:
                return str(option.data.decode())
    return str(proto.name)


def _shown(proto: Any) -> str:
    return str(proto.message_type.full_name) if proto.message_type else _NAMES[proto.type]


def _message_class(given: Any) -> Any:
    """The class of a message from its description, in a pool of its own. 400 where that makes no sense."""
    descriptor = descriptor_pb2.DescriptorProto()
    descriptor.CopyFrom(given)
    if not descriptor.name:
        raise invalid_argument("The writer's schema has no descriptor of a message.", {"writer_schema": "required"})
    _as_proto2(descriptor)
    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name="rows.proto", message_type=[descriptor])
    try:
        for known in _WELL_KNOWN:
            pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
            file.dependency.append(known.DESCRIPTOR.name)
        pool.AddSerializedFile(file.SerializeToString())
        return message_factory.GetMessageClass(pool.FindMessageTypeByName(descriptor.name))
    except (TypeError, KeyError, ValueError) as error:
        raise invalid_argument(f"Invalid proto schema: {error}", {"writer_schema": "invalid"}) from error


def _as_proto2(descriptor: Any) -> None:
    """Rows follow proto2: what is on the wire is there, what isn't is missing."""
    optional = 0
    for field in descriptor.field:
        if field.proto3_optional:
            field.ClearField("proto3_optional")
            field.ClearField("oneof_index")
            optional += 1
    if optional:  # each had a oneof of its own, behind the true ones
        del descriptor.oneof_decl[len(descriptor.oneof_decl) - optional :]
    for inner in descriptor.nested_type:
        _as_proto2(inner)

"""Models as Avro records: the schema, and both encodings that Pub/Sub takes.

Source: Apache Avro 1.12 specification, "Binary encoding" and "JSON encoding". Money, dates and times are texts: a
double would lose paise, and Pub/Sub's JSON encoding of logical types is bytes.
"""

from __future__ import annotations

import json
import struct
from functools import cache
from typing import TYPE_CHECKING, Any

from .errors import Incomplete, UnreadableMessage
from .layout import Kind, Stored, layout
from .rows import json_value

if TYPE_CHECKING:
    from .base import Model

_DOCS = {Kind.DATE: "2025-01-31", Kind.TIMESTAMP: "RFC 3339, UTC", Kind.JSON: "JSON"}
_MOST_DEEP_VARINT = 70


def record_schema(model: type[Model]) -> dict[str, Any]:
    """The Avro schema of a model, as `envs/schemas/*.avsc` has it."""
    fields = []
    for field in sent(model):
        plain = field.avro_type
        described: dict[str, Any] = {"name": field.name, "type": plain}
        if field.repeated:
            described |= {"type": {"type": "array", "items": plain}, "default": []}
        elif not field.required:
            described |= {"type": ["null", plain], "default": None}
        doc = field.description or _DOCS.get(field.kind, "")
        if field.kind is Kind.NUMERIC:
            doc = f"{doc} Decimal as text: a float would lose paise.".strip()
        fields.append({**described, "doc": doc} if doc else described)
    schema = model.SCHEMA
    name = "".join(part.capitalize() for part in schema.name.split("_"))
    return {"type": "record", "name": name, "namespace": schema.namespace, "doc": schema.doc, "fields": fields}


@cache
def sent(model: type[Model]) -> tuple[Stored, ...]:
    """The fields that go into a message."""
    return tuple(field for field in layout(model) if field.avro)


def _values(model: Model) -> list[tuple[Stored, Any]]:
    pairs = []
    for field in sent(type(model)):
        value = getattr(model, field.name)
        if value is None and field.required:
            raise Incomplete(f"{model.SCHEMA.name}: its message needs {field.name}, and this one has none")
        if field.repeated:
            value = [json_value(field.kind, each) for each in value]
        elif value is not None:
            value = json_value(field.kind, value)
        pairs.append((field, value))
    return pairs


def json_object(text: str | bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        UnreadableMessage: anything else.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableMessage(f"not JSON: {error}") from None
    if not isinstance(values, dict):
        raise UnreadableMessage("not a JSON object")
    return values


def encode_json(model: Model) -> bytes:
    """Avro's JSON encoding: what may be null says its type, `{"double": 0.5}`."""
    shown: dict[str, Any] = {}
    for field, value in _values(model):
        branched = not field.required and not field.repeated and value is not None
        shown[field.name] = {field.avro_type: value} if branched else value
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False).encode()


def decode_json(model: type[Model], data: bytes) -> dict[str, Any]:
    """The values of a message in Avro's JSON encoding; plain values in place of `{"double": …}` are read too."""
    values = json_object(data)
    for field in sent(model):
        value = values.get(field.name)
        if not field.repeated and isinstance(value, dict) and list(value) == [field.avro_type]:
            value = values[field.name] = value[field.avro_type]
        _restore(field, values, value)
    return values


def _restore(field: Stored, values: dict[str, Any], value: Any) -> None:
    if value is None:
        values.pop(field.name, None)
    elif field.kind is Kind.JSON and isinstance(value, str):
        values[field.name] = json_object(value)
    elif field.repeated and isinstance(value, list):
        values[field.name] = tuple(value)


def encode_binary(model: Model) -> bytes:
    """Avro's binary encoding."""
    out = bytearray()
    for field, value in _values(model):
        if field.repeated:
            if value:
                out += _long(len(value))
                for each in value:
                    _put(out, field.kind, each)
            out += b"\0"
        elif field.required:
            _put(out, field.kind, value)
        elif value is None:
            out += b"\0"
        else:
            out += b"\2"
            _put(out, field.kind, value)
    return bytes(out)


def _put(out: bytearray, kind: Kind, value: Any) -> None:
    if kind is Kind.INTEGER:
        out += _long(value)
    elif kind is Kind.FLOAT:
        out += struct.pack("<d", value)
    elif kind is Kind.BOOLEAN:
        out += b"\1" if value else b"\0"
    else:
        text = value.encode()
        out += _long(len(text)) + text


def _long(number: int) -> bytes:
    zigzag = (number << 1) ^ (number >> 63)
    out = bytearray()
    while zigzag & ~0x7F:
        out.append((zigzag & 0x7F) | 0x80)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise UnreadableMessage(f"the message ends at byte {len(self.data)}, in the middle of a value")
        self.at += size
        return self.data[self.at - size : self.at]

    def long(self) -> int:
        if self.at < len(self.data) and (first := self.data[self.at]) < 0x80:  # nearly all are of one byte
            self.at += 1
            return (first >> 1) ^ -(first & 1)
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return (number >> 1) ^ -(number & 1)
            shift += 7
            if shift > _MOST_DEEP_VARINT:
                raise UnreadableMessage(f"no number at byte {self.at}")

    def value(self, kind: Kind) -> Any:
        if kind is Kind.INTEGER:
            return self.long()
        if kind is Kind.FLOAT:
            return struct.unpack("<d", self.take(8))[0]
        if kind is Kind.BOOLEAN:
            return self.take(1) != b"\0"
        try:
            return self.take(self.long()).decode()
        except UnicodeDecodeError:
            raise UnreadableMessage(f"no text at byte {self.at}") from None

    def array(self, kind: Kind) -> list[Any]:
        found: list[Any] = []
        while count := self.long():
            if count < 0:
                count = -count
                self.long()  # the block's size in bytes
            if count > len(self.data):
                raise UnreadableMessage(f"an array of {count} at byte {self.at}")
            found += [self.value(kind) for _ in range(count)]
        return found


def decode_binary(model: type[Model], data: bytes) -> dict[str, Any]:
    """The values of a message in Avro's binary encoding."""
    reader = _Reader(data)
    values: dict[str, Any] = {}
    for field in sent(model):
        value: Any = None
        if field.repeated:
            value = reader.array(field.kind)
        elif field.required or (branch := reader.long()) == 1:
            value = reader.value(field.kind)
        elif branch != 0:
            raise UnreadableMessage(f"{field.name} has the branch {branch} of a union of two")
        if value is not None:
            values[field.name] = value
            if field.repeated or field.kind is Kind.JSON:
                _restore(field, values, value)
    if reader.at != len(data):
        raise UnreadableMessage(f"{len(data) - reader.at} bytes more than the record")
    return values

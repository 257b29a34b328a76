"""Avro schemas: parsed, and messages held against them, in JSON and in binary."""

from __future__ import annotations

import io
import json
import re
import struct
from collections.abc import Mapping
from typing import Any

_PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_DEEPEST = 64


class AvroError(ValueError):
    """What is wrong with a schema or a message."""


class Schema:
    """A parsed schema; `check_json` and `check_binary` raise AvroError."""

    def __init__(self, definition: str) -> None:
        try:
            document = json.loads(definition)
        except (ValueError, RecursionError) as error:
            raise AvroError(f"not JSON: {error}") from error
        self._named: dict[str, Mapping[str, Any]] = {}
        self._root = document
        self._define(document, "", 0)
        if not isinstance(document, dict) or document.get("type") != "record":
            raise AvroError("the schema must be a record")

    def _define(self, schema: Any, space: str, depth: int) -> None:
        if depth > _DEEPEST:
            raise AvroError("nested too deeply")
        if isinstance(schema, str):
            if schema not in _PRIMITIVES and self._lookup(schema, space) is None:
                raise AvroError(f"unknown type '{schema}'")
        elif isinstance(schema, list):
            if not schema:
                raise AvroError("an empty union")
            for branch in schema:
                if isinstance(branch, list):
                    raise AvroError("a union in a union")
                self._define(branch, space, depth + 1)
        elif isinstance(schema, dict):
            self._define_object(schema, space, depth)
        else:
            raise AvroError(f"not a type: {schema!r}")

    def _define_object(self, schema: dict[str, Any], space: str, depth: int) -> None:
        kind = schema.get("type")
        if kind in ("record", "enum", "fixed"):
            name = str(schema.get("name", ""))
            if not _NAME.fullmatch(name):
                raise AvroError(f"a {kind} needs a valid name, not '{name}'")
            space = str(schema.get("namespace", space)) if "." not in name else name.rpartition(".")[0]
            short = name.rpartition(".")[2]
            full = f"{space}.{short}" if space else short
            if full in self._named:
                raise AvroError(f"'{full}' is defined twice")
            self._named[full] = schema
            if kind == "record":
                self._define_fields(schema, space, depth)
            elif kind == "enum" and not (isinstance(schema.get("symbols"), list) and schema["symbols"]):
                raise AvroError(f"enum '{full}' needs symbols")
            elif kind == "fixed" and not isinstance(schema.get("size"), int):
                raise AvroError(f"fixed '{full}' needs a size")
        elif kind == "array":
            self._define(schema.get("items"), space, depth + 1)
        elif kind == "map":
            self._define(schema.get("values"), space, depth + 1)
        else:
            self._define(kind, space, depth + 1)

    def _define_fields(self, schema: dict[str, Any], space: str, depth: int) -> None:
        fields = schema.get("fields")
        if not isinstance(fields, list):
            raise AvroError(f"record '{schema['name']}' needs fields")
        seen: set[str] = set()
        for field in fields:
            if not isinstance(field, dict) or not _NAME.fullmatch(str(field.get("name", ""))):
                raise AvroError(f"record '{schema['name']}' has a field without a valid name")
            if field["name"] in seen:
                raise AvroError(f"field '{field['name']}' is given twice")
            seen.add(field["name"])
            self._define(field.get("type"), space, depth + 1)

    def _lookup(self, name: str, space: str = "") -> Mapping[str, Any] | None:
        found = self._named.get(f"{space}.{name}") if space and "." not in name else None
        if found is None:
            found = self._named.get(name)
        if found is None:
            found = next((s for full, s in self._named.items() if full.rpartition(".")[2] == name), None)
        return found

    # JSON

    def check_json(self, data: bytes) -> None:
        """A message in Avro's JSON encoding."""
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise AvroError(f"not JSON: {error}") from error
        self._json(self._root, value, "message")

    def _json(self, schema: Any, value: Any, where: str) -> None:
        if isinstance(schema, list):
            self._json_union(schema, value, where)
            return
        kind = schema.get("type") if isinstance(schema, Mapping) else schema
        if isinstance(kind, list | dict):
            self._json(kind, value, where)
        elif kind == "record":
            self._json_record(schema, value, where)
        elif kind == "enum":
            if value not in schema["symbols"]:
                raise AvroError(f"{where}: {value!r} is none of {', '.join(schema['symbols'])}")
        elif kind == "array":
            if not isinstance(value, list):
                raise AvroError(f"{where}: a list expected")
            for index, item in enumerate(value):
                self._json(schema["items"], item, f"{where}[{index}]")
        elif kind == "map":
            if not isinstance(value, dict):
                raise AvroError(f"{where}: an object expected")
            for key, item in value.items():
                self._json(schema["values"], item, f"{where}.{key}")
        elif kind == "fixed":
            if not isinstance(value, str) or len(value) != schema["size"]:
                raise AvroError(f"{where}: {schema['size']} bytes expected")
        elif kind in _PRIMITIVES:
            if not _is_primitive(kind, value):
                raise AvroError(f"{where}: {kind} expected")
        else:
            self._json(self._lookup(str(kind)), value, where)

    def _json_record(self, schema: Mapping[str, Any], value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise AvroError(f"{where}: an object expected")
        fields = {field["name"]: field for field in schema["fields"]}
        if unknown := sorted(set(value) - set(fields)):
            raise AvroError(f"{where}: unknown field '{unknown[0]}'")
        for name, field in fields.items():
            if name in value:
                self._json(field["type"], value[name], f"{where}.{name}")
            else:
                raise AvroError(f"{where}: field '{name}' is missing")

    def _json_union(self, branches: list[Any], value: Any, where: str) -> None:
        """null is plain; other branches are `{"type": value}`."""
        if value is None:
            if "null" not in branches:
                raise AvroError(f"{where}: null is not allowed")
            return
        if isinstance(value, dict) and len(value) == 1:
            label, inner = next(iter(value.items()))
            for branch in branches:
                if label in self._labels(branch):
                    self._json(branch, inner, where)
                    return
        raise AvroError(f"{where}: an object with the branch of the union as its only key expected")

    def _labels(self, branch: Any) -> set[str]:
        if isinstance(branch, str):
            named = self._lookup(branch)
            return {branch} if named is None else self._labels(named)
        name = branch.get("name")
        if name is None:
            return {str(branch.get("type"))}
        space = branch.get("namespace")
        return {name, f"{space}.{name}" if space else name}

    # Binary

    def check_binary(self, data: bytes) -> None:
        """A message in Avro's binary encoding, all of it."""
        reader = io.BytesIO(data)
        self._binary(self._root, reader, 0)
        if reader.read(1):
            raise AvroError("bytes are left over after the message")

    def _binary(self, schema: Any, reader: io.BytesIO, depth: int) -> None:
        if depth > _DEEPEST:
            raise AvroError("nested too deeply")
        if isinstance(schema, list):
            index = _long(reader)
            if not 0 <= index < len(schema):
                raise AvroError(f"no branch {index} of a union")
            self._binary(schema[index], reader, depth + 1)
            return
        kind = schema.get("type") if isinstance(schema, Mapping) else schema
        if isinstance(kind, list | dict):
            self._binary(kind, reader, depth + 1)
        elif kind == "record":
            for field in schema["fields"]:
                self._binary(field["type"], reader, depth + 1)
        elif kind == "enum":
            if not 0 <= _long(reader) < len(schema["symbols"]):
                raise AvroError("no such symbol")
        elif kind == "fixed":
            _take(reader, schema["size"])
        elif kind in ("array", "map"):
            self._binary_blocks(schema, kind, reader, depth)
        elif kind in _PRIMITIVES:
            _binary_primitive(kind, reader)
        else:
            self._binary(self._lookup(str(kind)), reader, depth + 1)

    def _binary_blocks(self, schema: Mapping[str, Any], kind: str, reader: io.BytesIO, depth: int) -> None:
        while count := _long(reader):
            if count < 0:
                count = -count
                _long(reader)
            for _ in range(count):
                if kind == "map":
                    _binary_primitive("string", reader)
                before = reader.tell()
                self._binary(schema["items" if kind == "array" else "values"], reader, depth + 1)
                if count > 10_000 and reader.tell() == before:
                    raise AvroError("an endless block")


def _is_primitive(kind: str, value: Any) -> bool:
    if kind == "null":
        return value is None
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("int", "long"):
        bits = 31 if kind == "int" else 63
        return isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits
    if kind in ("float", "double"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _take(reader: io.BytesIO, count: int) -> bytes:
    if not 0 <= count <= len(reader.getbuffer()) - reader.tell():
        raise AvroError("the message ends too early")
    return reader.read(count)


def _long(reader: io.BytesIO) -> int:
    value = shift = 0
    while True:
        byte = _take(reader, 1)[0]
        value |= (byte & 127) << shift
        if not byte & 128:
            return (value >> 1) ^ -(value & 1)
        shift += 7
        if shift > 63:
            raise AvroError("a number is too long")


def _binary_primitive(kind: str, reader: io.BytesIO) -> None:
    if kind == "boolean":
        if _take(reader, 1)[0] > 1:
            raise AvroError("not a boolean")
    elif kind in ("int", "long"):
        _long(reader)
    elif kind in ("float", "double"):
        struct.unpack("<f" if kind == "float" else "<d", _take(reader, 4 if kind == "float" else 8))
    elif kind in ("bytes", "string"):
        data = _take(reader, _long(reader))
        if kind == "string":
            try:
                data.decode()
            except UnicodeDecodeError as error:
                raise AvroError("a string is not UTF-8") from error

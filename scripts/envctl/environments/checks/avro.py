"""Avro schemas, as far as Pub/Sub would refuse them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared_services.yaml.reader import describe

_PRIMITIVES = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FULL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


def avro_faults(content: Any) -> Iterator[str]:
    """What is wrong with an Avro schema. Pub/Sub takes a record at the top, nothing else."""
    if not isinstance(content, dict) or content.get("type") != "record":
        yield 'is not an Avro record: {"type": "record", "name": …, "fields": […]}'
        return
    yield from _faults(content, "the record", set())


def _faults(schema: Any, where: str, named: set[str]) -> Iterator[str]:
    if isinstance(schema, str):
        if schema not in _PRIMITIVES and schema not in named and schema.rpartition(".")[2] not in named:
            yield f'{where} has the type "{schema}", which is neither primitive nor defined before it'
    elif isinstance(schema, list):
        if not schema:
            yield f"{where} is a union of nothing"
        for arm in schema:
            if isinstance(arm, list):
                yield f"{where} is a union in a union"
            else:
                yield from _faults(arm, where, named)
    elif isinstance(schema, dict):
        yield from _complex(schema, where, named)
    else:
        yield f"{where} has a type that is {describe(schema)}"


def _complex(schema: dict[str, Any], where: str, named: set[str]) -> Iterator[str]:
    kind = schema.get("type")
    if kind in {"record", "enum", "fixed"}:
        name = schema.get("name")
        if not isinstance(name, str) or not _FULL_NAME.fullmatch(name):
            yield f"{where} needs a name of letters, digits and _: got {describe(name)}"
        else:
            named.add(name.rpartition(".")[2])
    if kind == "record":
        yield from _fields(schema.get("fields"), where, named)
    elif kind == "enum":
        symbols = schema.get("symbols")
        if not isinstance(symbols, list) or not symbols or len({str(s) for s in symbols}) != len(symbols):
            yield f"{where} is an enum without symbols, or with one twice"
    elif kind == "fixed":
        if not isinstance(schema.get("size"), int):
            yield f"{where} is fixed without a size"
    elif kind == "array":
        yield from _faults(schema.get("items"), f"{where}'s items", named)
    elif kind == "map":
        yield from _faults(schema.get("values"), f"{where}'s values", named)
    else:
        yield from _faults(kind, where, named)


def _fields(fields: Any, where: str, named: set[str]) -> Iterator[str]:
    if not isinstance(fields, list):
        yield f"{where} has no list of fields"
        return
    seen: set[str] = set()
    for number, field in enumerate(fields, 1):
        name = field.get("name") if isinstance(field, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield f"field {number} of {where} needs a name of letters, digits and _: got {describe(name)}"
        elif name in seen:
            yield f'{where} has the field "{name}" twice'
        else:
            seen.add(name)
            yield from _faults(field.get("type"), f'field "{name}"', named)

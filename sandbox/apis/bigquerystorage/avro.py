"""The schema of rows as Avro, as the Storage Read API writes it once; then come rows without any header."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.control.errors import invalid_argument
from sandbox.runtime.bigquery.fields import Field, is_repeated, range_element

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

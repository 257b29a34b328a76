"""Log entries as rows of BigQuery, with the columns that they need.

Columns of the entry itself have its names. What users name is in lower case, and what is neither letter nor digit in it
is an underscore. A payload's numbers are FLOAT; what is null or empty has no column.
https://cloud.google.com/logging/docs/export/bigquery
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

Entry = dict[str, Any]
Field = dict[str, Any]

_LONGEST_NAME = 128
# Those of the entry's own fields whose columns aren't text.
_TYPES = {
    "timestamp": "TIMESTAMP",
    "receiveTimestamp": "TIMESTAMP",
    "traceSampled": "BOOLEAN",
    "httpRequest.requestSize": "INTEGER",
    "httpRequest.status": "INTEGER",
    "httpRequest.responseSize": "INTEGER",
    "httpRequest.latency": "FLOAT",
    "httpRequest.cacheLookup": "BOOLEAN",
    "httpRequest.cacheHit": "BOOLEAN",
    "httpRequest.cacheValidatedWithOriginServer": "BOOLEAN",
    "httpRequest.cacheFillBytes": "INTEGER",
    "operation.first": "BOOLEAN",
    "operation.last": "BOOLEAN",
    "sourceLocation.line": "INTEGER",
    "split.index": "INTEGER",
    "split.totalSplits": "INTEGER",
}
_PLAIN = ("logName", "textPayload", "timestamp", "receiveTimestamp", "severity", "insertId", "trace", "spanId")
_RECORDS = ("httpRequest", "operation", "sourceLocation", "split")
_AUDIT = "type.googleapis.com/google.cloud.audit.AuditLog"
# Those of an audit log that may be of any form.
_AS_JSON = ("request", "response", "metadata")


class Mismatch(ValueError):
    """A row needs a column of another type than the table has."""


def table_id(entry: Entry, *, partitioned: bool) -> str:
    """The table of an entry: called after its log, and in a table a day after its day too.

    >>> table_id({"logName": "projects/p/logs/run.googleapis.com%2Fstdout", "timestamp": "2026-01-31T09:00:00Z"},
    ...          partitioned=False)
    'run_googleapis_com_stdout_20260131'
    """
    log = re.sub(r"\W", "_", unquote(str(entry["logName"]).partition("/logs/")[2]), flags=re.ASCII)
    return log if partitioned else f"{log}_{str(entry['timestamp'])[:10].replace('-', '')}"


def row(entry: Entry) -> tuple[dict[str, Any], list[Field]]:
    """The row of an entry, and the columns that it needs.

    >>> row({"logName": "projects/p/logs/l", "jsonPayload": {"Order-Id": 7}})[0]
    {'logName': 'projects/p/logs/l', 'jsonPayload': {'order_id': 7.0}}
    """
    values: dict[str, Any] = {}
    fields: list[Field] = []

    def add(made: tuple[Any, Field] | None) -> None:
        if made is not None:
            values[made[1]["name"]] = made[0]
            fields.append(made[1])

    for name in (*_PLAIN, "traceSampled"):
        if entry.get(name) not in (None, ""):
            add(_own(name, name, entry[name]))
    for name in _RECORDS:
        if isinstance(entry.get(name), dict):
            parts = [_own(key, f"{name}.{key}", value) for key, value in entry[name].items() if value is not None]
            add(_record(name, parts))
    resource = entry.get("resource") or {}
    if resource:
        kind = _own("type", "resource.type", resource.get("type", ""))
        add(_record("resource", [kind, _labels("labels", resource.get("labels") or {})]))
    add(_labels("labels", entry.get("labels") or {}))
    for name in ("jsonPayload", "protoPayload"):
        if isinstance(entry.get(name), dict):
            add(_payload(name, entry[name]))
    return values, fields


def merged(known: Sequence[Field], new: Sequence[Field], where: str = "") -> list[Field]:
    """The columns of both. Raises Mismatch where they are of different types."""
    found = {field["name"].lower(): field for field in known}
    for field in new:
        key, place = field["name"].lower(), f"{where}{field['name']}"
        old = found.get(key)
        if old is None:
            found[key] = field
            continue
        if (old["type"], _repeated(old)) != (field["type"], _repeated(field)):
            raise Mismatch(f"Field {place} is {_said(old)} in the table, and {_said(field)} in the entry.")
        if field["type"] == "RECORD":
            inner = merged(old["fields"], field["fields"], f"{place}.")
            if len(inner) > len(old["fields"]) or inner != old["fields"]:
                found[key] = {**old, "fields": inner}
    return list(found.values())


def _repeated(field: Field) -> bool:
    return field.get("mode") == "REPEATED"


def _said(field: Field) -> str:
    return f"a list of {field['type']}" if _repeated(field) else str(field["type"])


def _own(name: str, path: str, value: Any) -> tuple[Any, Field] | None:
    kind = _TYPES.get(path, "STRING")
    try:
        if path == "httpRequest.latency":
            value = float(str(value).removesuffix("s"))
        elif kind == "INTEGER":
            value = int(value)
        elif kind == "TIMESTAMP":
            value = _microseconds(str(value))
        elif kind == "STRING" and not isinstance(value, str):
            value = json.dumps(value)
    except (TypeError, ValueError):
        return None
    return value, {"name": name, "type": kind, "mode": "NULLABLE"}


def _microseconds(moment: str) -> str:
    """BigQuery keeps no nanoseconds."""
    whole, _, part = moment.removesuffix("Z").partition(".")
    datetime.fromisoformat(whole)
    return f"{whole}.{part[:6].ljust(6, '0')}Z"


def _record(name: str, parts: Sequence[tuple[Any, Field] | None]) -> tuple[Any, Field] | None:
    given = {made[1]["name"]: made for made in parts if made is not None}
    if not given:
        return None
    fields = [field for _, field in given.values()]
    return {key: value for key, (value, _) in given.items()}, _field(name, "RECORD", fields)


def _field(name: str, kind: str, fields: list[Field] | None = None, mode: str = "NULLABLE") -> Field:
    made: Field = {"name": name, "type": kind, "mode": mode}
    return {**made, "fields": fields} if fields is not None else made


def _labels(name: str, labels: Mapping[str, Any]) -> tuple[Any, Field] | None:
    parts = [(str(value), _field(column, "STRING")) for key, value in labels.items() if (column := _name(key))]
    return _record(name, parts)


def _payload(name: str, payload: dict[str, Any]) -> tuple[Any, Field] | None:
    """A payload whose type is stated has a column called after it, and keeps its names."""
    kind = str(payload.get("@type", ""))
    if not kind:
        return _value(name, payload, lower=True, keep=True)
    rest = {key: value for key, value in payload.items() if key != "@type"}
    if kind == _AUDIT:
        column = "protopayload_auditlog"
        for key in _AS_JSON:
            if key in rest:
                rest[f"{key}Json"] = json.dumps(rest.pop(key))
    else:
        column = _name(f"{name}_{'_'.join(kind.rpartition('/')[2].split('.')[-2:])}")
    return _value(column, rest, lower=False, keep=True)


def _name(text: str, *, lower: bool = True) -> str:
    """A name as a column has it; nothing where none is left.

    >>> _name("@Foo-bar%%"), _name("__"), _name("5xx")
    ('foo_bar__', '', '_5xx')
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", text).lstrip("_")[:_LONGEST_NAME]
    name = name.lower() if lower else name
    return f"_{name}" if name[:1].isdigit() else name


def _value(name: str, value: Any, *, lower: bool, keep: bool = False) -> tuple[Any, Field] | None:
    """A value of a payload with its column, or None where it has none. `keep`: the name is a column's already."""
    column = name if keep else _name(name, lower=lower)
    if not column or value is None:
        return None
    if isinstance(value, bool):
        return value, _field(column, "BOOLEAN")
    if isinstance(value, int | float):
        return float(value), _field(column, "FLOAT")
    if isinstance(value, str):
        return value, _field(column, "STRING")
    if isinstance(value, dict):
        return _record(column, [_value(key, item, lower=lower) for key, item in value.items()])
    made = [one for item in value if (one := _value(column, item, lower=lower, keep=True)) is not None]
    if not made:
        return None
    fields: list[Field] = []
    try:
        for _, field in made:
            fields = merged(fields, [field])
    except Mismatch:  # a list of this and that
        fields = []
    if len(fields) != 1 or _repeated(fields[0]):
        return [json.dumps(item) for item in value], _field(column, "STRING", mode="REPEATED")
    return [item for item, _ in made], {**fields[0], "mode": "REPEATED"}

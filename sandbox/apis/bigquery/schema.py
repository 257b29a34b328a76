"""Schemas of tables: their normal form, and which changes BigQuery allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.runtime.bigquery.fields import ALIASES, Field, shape

_TYPES = frozenset(ALIASES.values()) | {
    "STRING",
    "BYTES",
    "TIMESTAMP",
    "DATE",
    "TIME",
    "DATETIME",
    "GEOGRAPHY",
    "NUMERIC",
    "BIGNUMERIC",
    "JSON",
    "INTERVAL",
    "RANGE",
}
_STANDARD = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}
_NAME = re.compile(r"[^\W\d][\w &%=:'+-]{0,299}|_[\w &%=:'+-]{0,299}")
_PARTITIONED = ("TIMESTAMP", "DATE", "DATETIME")


def normal(fields: object, where: str = "") -> list[Field]:
    """Checked fields with their types by BigQuery's old names and a mode each.

    >>> normal([{"name": "n", "type": "INT64"}])
    [{'name': 'n', 'type': 'INTEGER', 'mode': 'NULLABLE'}]
    """
    if not isinstance(fields, list):
        raise invalid_argument("schema.fields must be a list.")
    found: list[Field] = []
    seen: set[str] = set()
    for field in fields:
        name = str(field.get("name", "")) if isinstance(field, dict) else ""
        place = f"{where}{name}"
        if not _NAME.fullmatch(name):
            text = f'Invalid field name "{place}". Fields must contain the allowed characters, and be at most 300 '
            raise invalid_argument(text + "characters long.")
        if name.lower() in seen:
            raise invalid_argument(f"Field {place} already exists in schema")
        seen.add(name.lower())
        kind = str(field.get("type", "")).upper()
        kind = ALIASES.get(kind, kind)
        mode = str(field.get("mode") or "NULLABLE").upper()
        if kind not in _TYPES:
            raise invalid_argument(f"Invalid value for type: {field.get('type')} is not a valid value")
        if mode not in ("NULLABLE", "REQUIRED", "REPEATED"):
            raise invalid_argument(f"Invalid value for mode: {field.get('mode')} is not a valid value")
        item = {**field, "name": name, "type": kind, "mode": mode}
        if not (item.get("policyTags") or {}).get("names"):
            item.pop("policyTags", None)
        if kind == "RECORD":
            if not field.get("fields"):
                raise invalid_argument(f"Field {place} is type RECORD but has no schema")
            item["fields"] = normal(field["fields"], f"{place}.")
        found.append(item)
    return found


def check_layout(document: dict[str, Any], fields: Sequence[Field]) -> None:
    """400 for partitions and clusters by columns that are not there or of no such type."""
    types = {field["name"].lower(): field["type"] for field in fields}
    partition = document.get("timePartitioning")
    if partition is not None:
        if partition.get("type") not in ("DAY", "HOUR", "MONTH", "YEAR"):
            raise invalid_argument(f"Invalid value for timePartitioning.type: {partition.get('type')}")
        column = partition.get("field")
        if column and column.lower() not in types:
            raise invalid_argument("The field specified for partitioning cannot be found in the schema.")
        if column and types[column.lower()] not in _PARTITIONED:
            text = "The field specified for time partitioning has type {}; it must be DATE, TIMESTAMP or DATETIME."
            raise invalid_argument(text.format(types[column.lower()]))
    ranged = document.get("rangePartitioning")
    if ranged is not None and types.get(str(ranged.get("field", "")).lower()) != "INTEGER":
        raise invalid_argument("The field specified for range partitioning must be an INTEGER column of the schema.")
    if partition is not None and ranged is not None:
        raise invalid_argument("Only one of timePartitioning and rangePartitioning may be given.")
    clusters = (document.get("clustering") or {}).get("fields") or []
    if len(clusters) > 4:
        raise invalid_argument("At most 4 columns may be clustered by.")
    for column in clusters:
        if column.lower() not in types:
            text = f"The field specified for clustering cannot be found in the schema. Invalid field: {column}."
            raise invalid_argument(text)
    key = ((document.get("tableConstraints") or {}).get("primaryKey") or {}).get("columns") or []
    for column in key:
        if column.lower() not in types:
            raise invalid_argument(f"Primary key column {column} cannot be found in the schema.")


def check_stored(fields: Sequence[Field], where: str = "") -> None:
    """501 for a column that the engine can't keep: its decimals have 38 digits."""
    for field in fields:
        if field["type"] == "BIGNUMERIC":
            raise unimplemented(
                f"The sandbox does not implement columns of BIGNUMERIC ({where}{field['name']}): use NUMERIC."
            )
        check_stored(field.get("fields") or [], f"{where}{field['name']}.")


def additions(old: Sequence[Field], new: Sequence[Field], table: str, where: str = "") -> list[Field]:
    """The new columns of the top level; what records get is told by `grown`. 400 for a change that BigQuery refuses."""
    current = {field["name"].lower(): field for field in old}
    wanted = {field["name"].lower(): field for field in new}
    for name, field in current.items():
        if name not in wanted:
            raise _mismatch(table, f"Field {where}{field['name']} is missing in new schema")
        _check_same(field, wanted[name], table, where)
    added = [field for name, field in wanted.items() if name not in current]
    for field in added:
        if field["mode"] == "REQUIRED":
            place = f"{where}{field['name']}"
            raise _mismatch(table, f"Cannot add required fields to an existing schema. (field: {place})")
    return added


def grown(old: Sequence[Field], new: Sequence[Field]) -> list[Field]:
    """The records that have new fields, at any depth: all their fields, those that they had first.

    >>> old = [{"name": "r", "type": "RECORD", "mode": "NULLABLE", "fields": [{"name": "a", "type": "STRING"}]}]
    >>> new = [{**old[0], "fields": [{"name": "b", "type": "STRING"}, {"name": "A", "type": "STRING"}]}]
    >>> [field["name"] for field in grown(old, new)[0]["fields"]]
    ['a', 'b']
    """
    wanted = {field["name"].lower(): field for field in new}
    found = []
    for field in old:
        if field["type"] != "RECORD":
            continue
        inner = wanted[field["name"].lower()]["fields"]
        ours = {each["name"].lower() for each in field["fields"]}
        added = [each for each in inner if each["name"].lower() not in ours]
        deeper = {each["name"]: each for each in grown(field["fields"], inner)}
        if added or deeper:
            kept = [deeper.get(each["name"], each) for each in field["fields"]]
            found.append({**field, "fields": [*kept, *added]})
    return found


def _check_same(old: Field, new: Field, table: str, where: str) -> None:
    place = f"{where}{old['name']}"
    if old["type"] != new["type"]:
        raise _mismatch(table, f"Field {place} has changed type from {old['type']} to {new['type']}")
    if old["mode"] != new["mode"] and (old["mode"], new["mode"]) != ("REQUIRED", "NULLABLE"):
        raise _mismatch(table, f"Field {place} has changed mode from {old['mode']} to {new['mode']}")
    if old["type"] == "RECORD":
        additions(old["fields"], new["fields"], table, f"{place}.")


def _mismatch(table: str, text: str) -> ApiError:
    return invalid_argument(f"Provided Schema does not match Table {table}. {text}")


def sql_type(field: Field) -> str:
    """The type of a column in a statement.

    >>> sql_type({"name": "x", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "k", "type": "INTEGER"}]})
    'ARRAY<STRUCT<`k` INT64>>'
    """
    kind = str(field["type"])
    if kind == "RECORD":
        text = "STRUCT<" + ", ".join(f"`{inner['name']}` {sql_type(inner)}" for inner in field["fields"]) + ">"
    elif kind == "RANGE":
        text = f"RANGE<{(field.get('rangeElementType') or {}).get('type', 'DATE')}>"
    else:
        text = _STANDARD.get(kind, kind)
    return f"ARRAY<{text}>" if field.get("mode") == "REPEATED" else text


def same_shape(one: Sequence[Field], other: Sequence[Field]) -> bool:
    """Whether two schemas have the same columns of the same types, in any order."""
    return shape(one) == shape(other)


def decorated(theirs: Sequence[Field], ours: Sequence[Field]) -> list[Field]:
    """The engine's columns, with what we know of those of the same name and type."""
    known = {field["name"].lower(): field for field in ours}
    found = []
    for field in theirs:
        mine = known.get(field["name"].lower())
        found.append(mine if mine is not None and same_shape([mine], [field]) else field)
    return found

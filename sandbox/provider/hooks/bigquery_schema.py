"""Table schemas: when two say the same, and which changes a table survives."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.suppress import rule

Column = dict[str, Any]
_TYPES = {
    "INTEGER": "INT64",
    "FLOAT": "FLOAT64",
    "BOOLEAN": "BOOL",
    "RECORD": "STRUCT",
    "DECIMAL": "NUMERIC",
    "BIGDECIMAL": "BIGNUMERIC",
}
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def normal(columns: list[Column]) -> list[Column]:
    """Columns by name, types by one name each, defaults left out."""
    return sorted((_column(column) for column in columns if isinstance(column, dict)), key=lambda c: str(c.get("name")))


def _column(column: Column) -> Column:
    made = {key: value for key, value in column.items() if value not in _EMPTY}
    if "name" in made:
        made["name"] = str(made["name"]).lower()
    if "type" in made:
        kind = str(made["type"]).upper()
        made["type"] = _TYPES.get(kind, kind)
    if str(made.get("mode", "")).upper() == "NULLABLE":
        del made["mode"]
    for key in ("precision", "scale", "maxLength"):
        if key in made:
            made[key] = str(made[key])
    if isinstance(made.get("policyTags"), dict) and not made["policyTags"].get("names"):
        del made["policyTags"]
    if "fields" in made:
        made["fields"] = normal(made["fields"])
    return made


@rule("bigquery_schema")
def _same(old: Any, new: Any, _: str) -> bool:
    return same_schema(old, new)


def same_schema(old: Any, new: Any) -> bool:
    """Whether two schemas, as JSON, mean the same."""
    try:
        before, after = json.loads(old or "[]"), json.loads(new or "[]")
    except (TypeError, ValueError):
        return False
    if not isinstance(before, list) or not isinstance(after, list) or not old:
        return False
    return normal(before) == normal(after)


def drops(old: list[Column], new: list[Column]) -> list[str]:
    """The top-level columns that go."""
    kept = {column["name"] for column in normal(new)}
    return [column["name"] for column in old if str(column["name"]).lower() not in kept]


def replaces(old: list[Column], new: list[Column], top: bool = True) -> bool:
    """Whether the change cannot be made to a table that stands: a new type, a stricter mode, a nested column gone."""
    after = {column["name"]: column for column in normal(new)}
    before = normal(old)
    shared = [column for column in before if column["name"] in after]
    if len(shared) < len(before) and (not top or not shared):
        return True
    return any(_replaced(column, after[column["name"]]) for column in shared)


def _replaced(old: Column, new: Column) -> bool:
    if old.get("type") != new.get("type"):
        return True
    modes = (str(old.get("mode", "NULLABLE")).upper(), str(new.get("mode", "NULLABLE")).upper())
    if modes[0] != modes[1] and modes != ("REQUIRED", "NULLABLE"):
        return True
    return replaces(old.get("fields", []), new.get("fields", []), top=False)

"""Fields of BigQuery's schemas as REST writes them: `name`, `type` by its old name (`INTEGER`), `mode`, `fields`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Field = dict[str, Any]

ALIASES = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}
"""The old names of types by their new ones."""


def is_repeated(field: Field) -> bool:
    """Whether a column has lists."""
    return field.get("mode") == "REPEATED"


def single(field: Field) -> Field:
    """The field of one element of a repeated one."""
    return {**field, "mode": "NULLABLE"}


def range_element(field: Field) -> str:
    """The type that a RANGE is of."""
    return str((field.get("rangeElementType") or {}).get("type", "DATE"))


def shape(fields: Sequence[Field], *, ordered: bool = False) -> tuple[Any, ...]:
    """Names and types of columns, as what is the same of two schemas that have the same; `ordered` minds their order.

    >>> shape([{"name": "b", "type": "INT64"}, {"name": "a", "type": "STRING", "mode": "REPEATED"}])
    (('a', 'STRING', True, ()), ('b', 'INTEGER', False, ()))
    """
    found = []
    for field in fields:
        kind = str(field["type"]).upper()
        inner = shape(field.get("fields") or [], ordered=ordered)
        found.append((field["name"].lower(), ALIASES.get(kind, kind), is_repeated(field), inner))
    return tuple(found if ordered else sorted(found))


def members(field: Field) -> list[Field]:
    """What a RECORD or a RANGE is made of.

    >>> [each["name"] for each in members({"name": "r", "type": "RANGE"})]
    ['start', 'end']
    """
    if field["type"] == "RANGE":
        return [{"name": name, "type": range_element(field)} for name in ("start", "end")]
    return list(field["fields"])

"""Fields of BigQuery's schemas as REST writes them: `name`, `type` by its old name (`INTEGER`), `mode`, `fields`."""

from __future__ import annotations

from typing import Any

Field = dict[str, Any]


def is_repeated(field: Field) -> bool:
    """Whether a column has lists."""
    return field.get("mode") == "REPEATED"


def single(field: Field) -> Field:
    """The field of one element of a repeated one."""
    return {**field, "mode": "NULLABLE"}


def range_element(field: Field) -> str:
    """The type that a RANGE is of."""
    return str((field.get("rangeElementType") or {}).get("type", "DATE"))


def members(field: Field) -> list[Field]:
    """What a RECORD or a RANGE is made of.

    >>> [each["name"] for each in members({"name": "r", "type": "RANGE"})]
    ['start', 'end']
    """
    if field["type"] == "RANGE":
        return [{"name": name, "type": range_element(field)} for name in ("start", "end")]
    return list(field["fields"])

"""BigQuery table schemas, held against each other column by column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .model import Difference, Thing, World

_SAME_TYPE = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}
# Of a column, beside its name and its own columns: what is compared, and what absence means.
_ATTRIBUTES = {
    "type": "",
    "mode": "NULLABLE",
    "description": "",
    "precision": "",
    "scale": "",
    "maxLength": "",
    "defaultValueExpression": "",
    "collation": "",
}


def compare_schema(thing: Thing, document: Mapping[str, Any]) -> list[Difference]:
    """Columns that are missing, undeclared, or not as declared; nested ones are named by path."""
    declared = json.loads(thing.fields["schema"])
    found = (document.get("schema") or {}).get("fields") or []
    return list(_compare(declared, found, ""))


def _compare(declared: list[Mapping[str, Any]], found: list[Mapping[str, Any]], above: str) -> Iterator[Difference]:
    # Names of columns are the same in any case.
    live = {str(column["name"]).lower(): column for column in found}
    for column in declared:
        name = f"{above}{column['name']}"
        other = live.pop(str(column["name"]).lower(), None)
        if other is None:
            yield Difference(name, f"column {name} is missing", expected=_attribute(column, "type"))
            continue
        for attribute in _ATTRIBUTES:
            expected, actual = _attribute(column, attribute), _attribute(other, attribute)
            if expected != actual:
                message = f"column {name} has another {attribute}"
                yield Difference(f"{name} {attribute}", message, expected or None, actual or None)
        tags = [_tags(column), _tags(other)]
        if tags[0] != tags[1]:
            yield Difference(f"{name} policyTags", f"column {name} has other policy tags", tags[0], tags[1])
        yield from _compare(column.get("fields") or [], other.get("fields") or [], f"{name}.")
    for column in live.values():
        name = f"{above}{column['name']}"
        yield Difference(name, f"column {name} is not declared", actual=_attribute(column, "type"))


def with_policy_tags(thing: Thing, world: World) -> Thing:
    """A table whose schema has the names that Google gave the policy tags, where it names them by path."""
    schema = str(thing.fields["schema"])
    if "${policy_tag:" not in schema:
        return thing
    named = re.sub(r"\$\{policy_tag:([^}]*)\}", lambda match: world.policy_tag(match[1]), schema)
    return replace(thing, fields={**thing.fields, "schema": named})


def _tags(column: Mapping[str, Any]) -> list[str]:
    return [tag_name(name) for name in (column.get("policyTags") or {}).get("names") or []]


def tag_name(name: str) -> str:
    """A policy tag's name without its project, which may stand there by id or by number.

    >>> tag_name("projects/p/locations/us/taxonomies/1/policyTags/2")
    'locations/us/taxonomies/1/policyTags/2'
    """
    return re.sub(r"^projects/[^/]+/", "", name)


def _attribute(column: Mapping[str, Any], name: str) -> str:
    value = str(column.get(name) or _ATTRIBUTES[name])
    if name in ("type", "mode"):
        value = value.upper()
    return _SAME_TYPE.get(value, value) if name == "type" else value

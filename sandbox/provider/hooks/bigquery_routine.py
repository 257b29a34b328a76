"""Routines: types are JSON, written in one spelling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.jsontext import go_json

_ROUTINE = "google_bigquery_routine"
_TYPES = {"return_type": "returnType", "return_table_type": "returnTableType"}


@hook("plan", _ROUTINE)
def plan_routine(ctx: Context) -> None:
    """Types in one spelling."""
    for holder, name in _holders(ctx.planned):
        value = holder.get(name)
        if isinstance(value, str) and value:
            try:
                holder[name] = go_json(json.loads(value))
            except ValueError:
                continue


def _holders(state: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place of a type: the maps and their keys."""
    for name in _TYPES:
        yield state, name
    arguments = state.get("arguments")
    for argument in arguments if isinstance(arguments, list) else []:
        if isinstance(argument, dict):
            yield argument, "data_type"
            yield from _columns(argument.get("table_type") or [])


def _columns(tables: Any) -> Iterator[tuple[dict[str, Any], str]]:
    for table in tables if isinstance(tables, list) else []:
        columns = table.get("columns") if isinstance(table, dict) else None
        found = columns if isinstance(columns, list) else []
        yield from ((column, "type") for column in found if isinstance(column, dict))


@hook("expand", _ROUTINE)
def routine_document(ctx: Context, document: Json) -> Json:
    """The reference, and types as objects."""
    document["routineReference"]["projectId"] = ctx.planned["project"]
    for key in _TYPES.values():
        if key in document:
            document[key] = json.loads(document[key])
    for argument in document.get("arguments", []):
        if "dataType" in argument:
            argument["dataType"] = json.loads(argument["dataType"])
        for column in argument.get("tableType", {}).get("columns", []):
            if "type" in column:
                column["type"] = json.loads(column["type"])
    return document


@hook("flatten", _ROUTINE)
def routine_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Types in the spelling that was planned."""
    for holder, name in _holders(state):
        if holder.get(name):
            holder[name] = go_json(json.loads(holder[name]))
    return state

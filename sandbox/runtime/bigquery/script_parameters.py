"""Parameters: the engine binds those of single statements only, counts those by their places as they stand in its own
translation, and takes a range for NULL.

Those of scripts, and ranges, are written into the text as constants, which is what they are while it runs; others that
are given by their places get names.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.jobs import TEXTS, constant

_PLACE = re.compile(rf"{TEXTS}|`[^`]*`|@@[\w.]+|@(?P<name>\w+)|(?P<positional>\?)", re.S)
_QUOTED = ("DATE", "DATETIME", "TIME", "TIMESTAMP", "NUMERIC", "BIGNUMERIC", "JSON")


def bind_scripts() -> None:
    """Let the engine do so."""
    executor: Any = import_module("bqemulator.jobs.executor")
    run = executor._run_query_body

    async def run_body(
        *, bq_sql: str, query_params: list[dict[str, Any]] | None, is_scripted: bool, **more: Any
    ) -> Any:
        ranges = [each for each in query_params or () if _has_range(each["parameterType"])]
        written = query_params if is_scripted or not all(each.get("name") for each in ranges) else ranges
        if query_params and written:
            bq_sql = bound(bq_sql, written)
            query_params = [each for each in query_params if each not in written] or None
        elif query_params:
            bq_sql, query_params = with_names(bq_sql, query_params)
        return await run(bq_sql=bq_sql, query_params=query_params, is_scripted=is_scripted, **more)

    executor._run_query_body = run_body


def _has_range(kind: dict[str, Any]) -> bool:
    inner = [kind.get("arrayType"), *(field["type"] for field in kind.get("structTypes") or ())]
    return str(kind.get("type", "")).upper() == "RANGE" or any(_has_range(each) for each in inner if each)


def bound(script: str, parameters: list[dict[str, Any]]) -> str:
    """The script with its parameters as constants; what has no value stays.

    >>> day = {"name": "day", "parameterType": {"type": "DATE"}, "parameterValue": {"value": "2026-01-31"}}
    >>> bound("SELECT @day, '@day' -- of @day", [day])
    "SELECT DATE '2026-01-31', '@day' -- of @day"
    """
    named = {str(each["name"]).lower(): each for each in parameters if each.get("name")}
    positional = iter([each for each in parameters if not each.get("name")])

    def filled(place: re.Match[str]) -> str:
        if place["name"]:
            found = named.get(place["name"].lower())
        else:
            found = next(positional, None) if place["positional"] else None
        return place[0] if found is None else literal(found["parameterType"], found.get("parameterValue") or {})

    return _PLACE.sub(filled, script)


def with_names(sql: str, parameters: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """A statement whose parameters by their places have names: the translator may say one twice, or another first.

    >>> with_names("SELECT ?, '?', ?", [{}, {}])
    ("SELECT @place_0, '?', @place_1", [{'name': 'place_0'}, {'name': 'place_1'}])
    """
    if any(each.get("name") for each in parameters):
        return sql, parameters
    places = iter(range(len(parameters)))

    def named(place: re.Match[str]) -> str:
        number = next(places, None) if place["positional"] else None
        return place[0] if number is None else f"@place_{number}"

    return _PLACE.sub(named, sql), [{**each, "name": f"place_{number}"} for number, each in enumerate(parameters)]


def literal(kind: dict[str, Any], value: dict[str, Any]) -> str:
    """A value of a parameter in BigQuery's SQL.

    >>> literal({"type": "ARRAY", "arrayType": {"type": "INT64"}}, {"arrayValues": [{"value": "1"}, {}]})
    'ARRAY<INT64>[CAST(1 AS INT64), CAST(NULL AS INT64)]'
    """
    name = str(kind["type"]).upper()
    if name == "ARRAY":
        inner = [literal(kind["arrayType"], each) for each in value.get("arrayValues") or []]
        return f"{_spelt(kind)}[{', '.join(inner)}]"
    if name == "STRUCT":
        values = value.get("structValues") or {}
        fields = [literal(field["type"], values.get(field["name"]) or {}) for field in kind["structTypes"]]
        return f"{_spelt(kind)}({', '.join(fields)})"
    if name == "RANGE" and value.get("rangeValue") is not None:
        bounds = [value["rangeValue"].get(end) or {} for end in ("start", "end")]
        return f"RANGE({', '.join(literal(kind['rangeElementType'], each) for each in bounds)})"
    text = value.get("value")
    if text is None:
        return f"CAST(NULL AS {_spelt(kind)})"
    if name in _QUOTED:
        return f"{name} {constant(str(text))}"
    if name == "STRING":
        return constant(str(text))
    if name == "BYTES":
        return f"FROM_BASE64({constant(str(text))})"
    number = re.fullmatch(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?", str(text))
    return f"CAST({text if number else constant(str(text))} AS {name})"


def _spelt(kind: dict[str, Any]) -> str:
    name = str(kind["type"]).upper()
    if name == "ARRAY":
        return f"ARRAY<{_spelt(kind['arrayType'])}>"
    if name == "STRUCT":
        fields = [f"`{each['name']}` {_spelt(each['type'])}" for each in kind["structTypes"]]
        return f"STRUCT<{', '.join(fields)}>"
    if name == "RANGE":
        return f"RANGE<{_spelt(kind['rangeElementType'])}>"
    return name

"""A query's parameters have the types that they are said to be of.

The engine hands over values, and DuckDB takes a type from each: an INT64 had 32 bits, a NUMERIC the digits that it was
written with, BYTES were their text in base64; and what looks like a parameter's name in a text was one.
"""

from __future__ import annotations

import base64
import re
from importlib import import_module
from typing import Any

_BIGNUMERIC = "DECIMAL(38,19)"
_PLACE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[@$](?P<name>\w+)")


def bind_by_type() -> None:
    """Let the engine bind them so."""
    parameters: Any = import_module("bqemulator.sql.parameters")
    parameters._SCALAR_CONVERTERS["BYTES"] = base64.b64decode
    parameters._bind_named = bound


def bound(sql: str, parameters: list[dict[str, Any]]) -> tuple[str, list[Any]]:
    """DuckDB's SQL with places for values, and the values in their order. All have names by now.

    >>> day = {"name": "d", "parameterType": {"type": "DATE"}, "parameterValue": {"value": "2026-01-31"}}
    >>> bound("SELECT $d, '$d', $d", [day])[0]
    "SELECT CAST(? AS DATE), '$d', CAST(? AS DATE)"
    """
    read: Any = import_module("bqemulator.sql.parameters")._extract_value
    named = {str(each["name"]).lower(): each for each in parameters}
    values: list[Any] = []

    def place(found: re.Match[str]) -> str:
        parameter = named.get((found["name"] or "").lower())
        if parameter is None:
            return found[0]
        kind, value = type_of(parameter["parameterType"]), read(parameter)
        # Its digits are checked where a text becomes one.
        values.append(str(value) if kind == _BIGNUMERIC and value is not None else value)
        if kind == _BIGNUMERIC:
            return "bq_bignumeric(CAST(? AS VARCHAR))"
        return f"CAST(? AS {kind})" if kind else "?"

    return _PLACE.sub(place, sql), values


def type_of(kind: dict[str, Any]) -> str:
    """DuckDB's type of a parameter's; empty where it has none of its own.

    >>> struct = {"type": "STRUCT", "structTypes": [{"name": "a b", "type": {"type": "INT64"}}]}
    >>> type_of({"type": "ARRAY", "arrayType": struct})
    'STRUCT("a b" BIGINT)[]'
    """
    name = str(kind.get("type") or "").upper()
    if name == "ARRAY":
        inner = type_of(kind["arrayType"])
        return inner and f"{inner}[]"
    if name == "STRUCT":
        fields = [(str(each.get("name") or ""), type_of(each["type"])) for each in kind.get("structTypes") or ()]
        named = [f'"{field.replace(chr(34), chr(34) * 2)}" {inner}' for field, inner in fields]
        return f"STRUCT({', '.join(named)})" if fields and all(all(field) for field in fields) else ""
    if name == "BIGNUMERIC":
        return _BIGNUMERIC
    scalars: dict[str, str] = import_module("bqemulator.sql.parameters")._BQ_SCALAR_TO_DUCKDB
    return "" if name == "GEOGRAPHY" else {**scalars, "INTERVAL": ""}.get(name, "")

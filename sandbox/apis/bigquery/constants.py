"""Rows that a query is given as a table of constants: one text in JSON, since the engine reads a large one at once.

An expression for each value would take it some tenths of a second a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sandbox.runtime.bigquery.jobs import constant

Columns = Sequence[tuple[str, str]]
_FIELD = re.compile(r"(\w+) STRING")


async def substituted(
    pattern: re.Pattern[str], text: str, write: Callable[[re.Match[str]], Awaitable[str | None]]
) -> str:
    """A query's text with what is written for the places that a pattern finds; None leaves a place as it is.

    Nothing else of it changes: the engine's INFORMATION_SCHEMA depends on how the rest is spelt.
    """
    parts, end = [], 0
    for found in pattern.finditer(text):
        written = await write(found)
        if written is not None:
            parts += [text[end : found.start()], written]
            end = found.end()
    return "".join([*parts, text[end:]])


def rows_as_table(columns: Columns, rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a table in SQL, in parentheses.

    Args:
        columns: name and type of each: STRING, INT64, BOOL, TIMESTAMP, and structs and arrays of STRING.
        rows: their values: text, int, bool, milliseconds, dicts and lists of them; None for NULL.

    >>> print(rows_as_table([("name", "STRING"), ("n", "INT64")], [("x", None)]).replace(" FROM", "\\nFROM"))
    (SELECT JSON_VALUE(r, '$.name') AS name, CAST(JSON_VALUE(r, '$.n') AS INT64) AS n
    FROM UNNEST(JSON_QUERY_ARRAY('[{"name":"x"}]')) AS r)
    """
    names = [name for name, _ in columns]
    given = [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows]
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    shown = ", ".join(f"{_value(kind, 'r', f'$.{name}')} AS {name}" for name, kind in columns)
    return f"(SELECT {shown} FROM UNNEST(JSON_QUERY_ARRAY({constant(text)})) AS r)"  # noqa: S608 - constants


def _value(kind: str, document: str, path: str) -> str:
    """What stands at a path of a document, as a type."""
    if kind.startswith("ARRAY<"):
        item = _value(kind.removeprefix("ARRAY<").removesuffix(">"), "x", "$")
        return f"ARRAY(SELECT {item} FROM UNNEST(JSON_QUERY_ARRAY({document}, '{path}')) AS x)"  # noqa: S608 - the same
    if kind.startswith("STRUCT<"):
        fields = (f"{_value('STRING', document, f'{path}.{name}')} AS {name}" for name in _FIELD.findall(kind))
        made = f"STRUCT({', '.join(fields)})"
        return made if path == "$" else f"IF(JSON_QUERY({document}, '{path}') IS NULL, NULL, {made})"
    text = f"JSON_VALUE({document}, '{path}')"
    if kind == "STRING":
        return text
    if kind == "TIMESTAMP":
        return f"TIMESTAMP_MILLIS(CAST({text} AS INT64))"
    return f"CAST({text} AS {kind})"

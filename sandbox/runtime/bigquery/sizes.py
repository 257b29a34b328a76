"""How many bytes BigQuery says that values have: what a query reads is counted and paid by them.

The rule is the table "Data type size calculation" of https://cloud.google.com/bigquery/pricing: NULL has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.jobs import identifier
from sandbox.runtime.bigquery.typed import RANGE

# By the ids of DuckDB's types; its integers, floats and times have 8, but for those.
_FIXED = {"boolean": 1, "interval": 16, "decimal": 16, "struct": 16}


def value_bytes(expression: str, kind: Any, field: Any = None, depth: int = 0) -> str:
    """The bytes of a value, in DuckDB's SQL.

    Args:
        expression: the value, in SQL.
        kind: DuckDB's type of it.
        field: the engine's field of a schema, which tells types of BigQuery apart that are one in DuckDB.
        depth: of lists in lists, whose elements need names of their own.
    """
    name = kind.id
    if name == "list":
        element = f"e{depth}"
        inner = value_bytes(element, dict(kind.children)["child"], field, depth + 1)
        return f"coalesce(list_sum(list_transform({expression}, lambda {element}: {inner})), 0)"
    if name == "struct" and [member for member, _ in kind.children] != RANGE:
        fields = {each.name: each for each in field.fields} if field is not None else {}
        members = (
            value_bytes(f"{expression}.{identifier(member)}", each, fields.get(member), depth)
            for member, each in kind.children
        )
        return f"({' + '.join(members)})"
    if name == "geometry":
        return f"coalesce(16 + 24 * ST_NPoints({expression}), 0)"
    if name == "blob":
        return f"coalesce(2 + octet_length({expression}), 0)"
    if name == "varchar":
        return f"coalesce(2 + strlen(CAST({expression} AS VARCHAR)), 0)"
    size = 32 if field is not None and field.type == "BIGNUMERIC" else _FIXED.get(name, 8)
    return f"(CASE WHEN {expression} IS NULL THEN 0 ELSE {size} END)"


def table_bytes(place: tuple[str, str, str], ctx: Any, columns: Iterable[str] | None = None, where: str = "") -> int:
    """The bytes of a table's columns, by default of all, in the rows that `where` tells of, in DuckDB's SQL.

    Args:
        place: the project, the dataset, the table.
        ctx: the engine.
        columns: their names, in lower case.
        where: a condition.
    """
    identifiers: Any = import_module("bqemulator.storage.sql_identifiers")
    source = identifiers.quoted_table_ref(*place)
    fields = {each.name.lower(): each for each in ctx.catalog.get_table(*place).schema_.fields}
    wanted = None if columns is None else set(columns)
    described = ctx.engine.execute(f"SELECT * FROM {source} LIMIT 0").description  # noqa: S608
    sizes = [
        value_bytes(identifier(name), kind, fields.get(name.lower()))
        for name, kind, *_ in described
        if wanted is None or name.lower() in wanted
    ]
    if not sizes:
        return 0
    condition = f" WHERE {where}" if where else ""
    (found,) = ctx.engine.execute(f"SELECT sum({' + '.join(sizes)}) FROM {source}{condition}").fetchone()  # noqa: S608
    return int(found or 0)


def size(asked: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """The rows and bytes of the `table` of a `dataset` and `project`. Raises LookupError where there is none."""
    place = (asked["project"], asked["dataset"], asked["table"])
    if ctx.catalog.get_table(*place) is None:
        raise LookupError
    identifiers: Any = import_module("bqemulator.storage.sql_identifiers")
    (rows,) = ctx.engine.execute(f"SELECT count(*) FROM {identifiers.quoted_table_ref(*place)}").fetchone()  # noqa: S608
    return {"rows": rows, "bytes": table_bytes(place, ctx) if rows else 0}

"""Rows of Arrow into a table of the engine: places from their text, defaults of what is missing, changes by a key."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.fields import Field, is_repeated, single
from sandbox.runtime.bigquery.jobs import identifier

Place = tuple[str, str, str]
CHANGE = "_CHANGE_TYPE"


def insert(asked: dict[str, Any], rows: Any, target: str, ctx: Any, numbered: dict[str, int] | None = None) -> None:
    """Insert rows, in a transaction that the caller holds.

    Args:
        asked: the `fields` that the rows have; `defaults`, the expression of a column by its name; `missing`, by the
            column's name the name of the rows' column that says where the default is to stand, empty for everywhere;
            `keys`, of a table whose rows are upserted and deleted by their `_CHANGE_TYPE`.
        rows: a table of Arrow, of BigQuery's types.
        target: the table, in SQL.
        ctx: the engine.
        numbered: a column to number the rows in, and the first number.
    """
    for column, first in (numbered or {}).items():
        numbers = import_module("pyarrow").array(range(first, first + rows.num_rows))
        rows = rows.append_column(column.strip('"'), numbers)
    values = [*_values(asked, ctx), *(numbered or {})]
    ctx.engine.connection.register("appended", rows)
    try:
        if asked["keys"]:
            _change(asked["keys"], values, target, ctx)
        else:
            ctx.engine.execute(f"INSERT INTO {target} BY NAME SELECT {', '.join(values)} FROM appended")
    finally:
        ctx.engine.connection.unregister("appended")


def _values(asked: dict[str, Any], ctx: Any) -> list[str]:
    found = []
    for field in asked["fields"]:
        name = identifier(field["name"])
        value = _stored(name, field)
        if field["name"] in asked["defaults"]:
            where = identifier(asked["missing"][field["name"]])
            value = f"CASE WHEN {where} THEN {_default(asked, field['name'], ctx)} ELSE {value} END"
        found.append(f"{value} AS {name}")
    for name, where in asked["missing"].items():
        if not where:
            found.append(f"{_default(asked, name, ctx)} AS {identifier(name)}")
    return found


def _default(asked: dict[str, Any], name: str, ctx: Any) -> str:
    """A column's default, in the engine's SQL; for each row by itself, as it may be random."""
    executor: Any = import_module("bqemulator.jobs.executor")
    translated = executor._translator.translate(f"SELECT {asked['defaults'][name]}")
    if hasattr(translated, "error"):
        raise translated.error
    return f"({str(translated.value).removeprefix('SELECT ')})"


def _stored(value: str, field: Field) -> str:
    """A value as the engine keeps it: places aren't texts there."""
    if not _has_places(field):
        return value
    if is_repeated(field):
        return f"list_transform({value}, lambda each: {_stored('each', single(field))})"
    if field["type"] == "RECORD":
        inner = [(identifier(each["name"]), each) for each in field["fields"]]
        members = ", ".join(f"{name} := {_stored(f'{value}.{name}', each)}" for name, each in inner)
        return f"CASE WHEN {value} IS NOT NULL THEN struct_pack({members}) END"
    # Each branch may see all values: a text that isn't JSON mustn't reach its reader.
    geojson = f"ST_GeomFromGeoJSON(CASE WHEN starts_with(ltrim({value}), '{{') THEN {value} END)"
    return f"CASE WHEN starts_with(ltrim({value}), '{{') THEN {geojson} ELSE ST_GeomFromText({value}) END"


def _has_places(field: Field) -> bool:
    return field["type"] == "GEOGRAPHY" or any(_has_places(each) for each in field.get("fields") or [])


def _change(keys: list[str], values: list[str], target: str, ctx: Any) -> None:
    """Upsert and delete: of several changes of one key the last is what remains."""
    names = ", ".join(identifier(key) for key in keys)
    appended = ctx.engine.connection
    appended.execute(
        f"CREATE OR REPLACE TEMP TABLE changes AS SELECT {', '.join(values)}, {identifier(CHANGE)} AS change, "
        f"row_number() OVER () AS place FROM appended"
    )
    try:
        appended.execute(f"DELETE FROM changes WHERE place NOT IN (SELECT max(place) FROM changes GROUP BY {names})")
        same = " AND ".join(f"{target}.{identifier(key)} = changes.{identifier(key)}" for key in keys)
        appended.execute(f"DELETE FROM {target} USING changes WHERE {same}")
        appended.execute(
            f"INSERT INTO {target} BY NAME SELECT * EXCLUDE (change, place) FROM changes "
            "WHERE change = 'UPSERT' ORDER BY place"
        )
    finally:
        appended.execute("DROP TABLE IF EXISTS changes")

"""One partition of a table by its own name: `table$20260131`."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.jobs import identifier, transaction

# By a partitioning's unit: how many digits an id has, and its form in strftime.
_UNITS = {"HOUR": (10, "%Y%m%d%H"), "DAY": (8, "%Y%m%d"), "MONTH": (6, "%Y%m"), "YEAR": (4, "%Y")}


def split(table: str) -> tuple[str, str]:
    """The table and the partition that an id names; the partition may be empty.

    >>> split("ticks$20260131"), split("ticks")
    (('ticks', '20260131'), ('ticks', ''))
    """
    name, _, partition = table.partition("$")
    return name, partition


def key(table: Any) -> tuple[str, str]:
    """The column that a table is partitioned by, and what tells partitions apart, in SQL; empty where there is none.

    `table` is the engine's document.
    """
    if (times := table.time_partitioning) is not None and times.field:
        form = _UNITS[str(times.type).upper()][1]
        return times.field, f"strftime(CAST({identifier(times.field)} AS TIMESTAMP), '{form}')"
    if (whole := table.range_partitioning) is not None:
        return whole.field, f"floor(({identifier(whole.field)} - {whole.start}) / {whole.interval})"
    return "", ""


def condition(table: Any, partition: str) -> str:
    """What rows of a partition have in common, in SQL; `table` is the engine's document.

    Raises ValueError for a table that isn't partitioned by a column of time, and for an id that isn't one of its.
    """
    settings = table.time_partitioning
    if settings is None or not settings.field:
        message = f"Table {table.table_id} is not partitioned by a column of time, so ${partition} names no partition"
        raise ValueError(f"{message} that the sandbox has.")
    if partition == "__NULL__":
        return f"{identifier(settings.field)} IS NULL"
    digits = _UNITS[str(settings.type).upper()][0]
    if not re.fullmatch(rf"\d{{{digits}}}", partition):
        raise ValueError(f"The partition id '{partition}' of {table.table_id} must have {digits} digits.")
    return f"coalesce({key(table)[1]} = '{partition}', false)"


def rows(asked: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """Rows of a partition in BigQuery's form, and how many it has.

    Args:
        asked: the `project`, `dataset`, `table` and `partition`, the `columns` (empty: all), `offset` and `limit`.
    """
    bridge: Any = import_module("bqemulator.storage.arrow_bridge")
    source = _source(asked, ctx)
    chosen = ", ".join(map(identifier, asked["columns"])) or "*"
    limits = f"LIMIT {int(asked['limit'])} OFFSET {int(asked['offset'])}"
    found = ctx.engine.fetch_arrow(f"SELECT {chosen} FROM {source} {limits}")
    (total,) = ctx.engine.execute(f"SELECT count(*) FROM {source}").fetchone()
    return {"rows": bridge.arrow_table_to_bq_rows(found), "total": total}


async def delete(asked: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """Delete a partition's rows."""
    place = (asked["project"], asked["dataset"], asked["table"])
    async with ctx.engine.write_lock():
        with transaction(ctx):
            ctx.engine.execute(f"DELETE FROM {_source(asked, ctx)}")
        ctx.snapshots.record_change(*place)
    return {}


def _source(asked: dict[str, Any], ctx: Any) -> str:
    """A partition in SQL. Raises ValueError where it is none."""
    identifiers: Any = import_module("bqemulator.storage.sql_identifiers")
    place = (asked["project"], asked["dataset"], asked["table"])
    where = condition(ctx.catalog.get_table(*place), asked["partition"])
    return f"{identifiers.quoted_table_ref(*place)} WHERE {where}"

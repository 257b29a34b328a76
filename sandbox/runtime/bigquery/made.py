"""What a statement that makes a table says of it: its partitions, clusters, labels, names, and what its columns are.

The engine noted its description, and partitions by a column alone. `IF NOT EXISTS` made it forget what it knew of a
table or view that was there: all that a client had said of it was gone.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib import import_module
from typing import Any

_TRUNCATED = {"DateTrunc", "TimestampTrunc", "DatetimeTrunc"}
_Sync = Callable[[str, str, Any], None]


def note_what_is_made() -> None:
    """Let the engine do so, for statements by themselves and in scripts."""
    sync: Any = import_module("bqemulator.catalog.ddl_sync")
    tables, views = sync.sync_created_table, sync.sync_created_view
    for module in ("bqemulator.jobs.executor", "bqemulator.scripting.interpreter"):
        users: Any = import_module(module)
        users.sync_created_table = _synced(tables, sync, complete=True)
        users.sync_created_view = _synced(views, sync, complete=False)
    routes: Any = import_module("bqemulator.api.routes.tables")
    shown = routes._table_to_rest
    routes._table_to_rest = lambda meta: {**shown(meta), **_left_out(meta)}


def _left_out(meta: Any) -> dict[str, Any]:
    """What a table's document has besides what the engine shows of its record."""
    found: dict[str, Any] = {}
    if meta.range_partitioning is not None:
        ranges = meta.range_partitioning
        span = {"start": str(ranges.start), "end": str(ranges.end), "interval": str(ranges.interval)}
        found["rangePartitioning"] = {"field": ranges.field, "range": span}
    if meta.expiration_time is not None:
        found["expirationTime"] = str(int(meta.expiration_time.timestamp() * 1000))
    if meta.view_query and meta.table_type == "VIEW":
        found["view"] = {"query": meta.view_query, "useLegacySql": False}
    return found


def _synced(noted: _Sync, sync: Any, *, complete: bool) -> _Sync:
    def synced(sql: str, project: str, ctx: Any) -> None:
        tree = _statement(sql)
        target = sync._unwrap_table_target(tree.this) if tree is not None else None
        place = sync._split_target(target, project) if target is not None else ("", "", "")
        if all(place) and tree.args.get("exists") and ctx.catalog.get_table(*place) is not None:
            return
        noted(sql, project, ctx)
        meta = ctx.catalog.get_table(*place) if complete and all(place) else None
        if meta is not None and (more := said(tree, meta)):
            ctx.catalog.update_table(meta.model_copy(update=more))

    return synced


def _statement(sql: str) -> Any:
    """The tree of a statement that makes a table or view, None for any other."""
    sqlglot = import_module("sqlglot")
    if "create" not in sql.lower():
        return None
    try:
        tree = sqlglot.parse_one(sql, read="bigquery")
    except sqlglot.errors.SqlglotError:
        return None
    made = isinstance(tree, sqlglot.exp.Create) and (tree.kind or "").upper() in ("TABLE", "VIEW")
    return tree if made and tree.args.get("clone") is None else None


def said(tree: Any, meta: Any) -> dict[str, Any]:
    """The fields of the engine's record of a table that a statement's tree tells, and the engine left out."""
    models: Any = import_module("bqemulator.catalog.models")
    exp = import_module("sqlglot").exp
    found: dict[str, Any] = {}
    properties = tree.args.get("properties")
    for each in properties.expressions if properties is not None else ():
        if isinstance(each, exp.PartitionedByProperty):
            found.update(_partitions(each.this, meta, models))
        elif type(each).__name__ == "ClusterProperty":
            found["clustering"] = models.Clustering(fields=tuple(column.name for column in each.expressions))
        elif isinstance(each, exp.Property):
            found.update(_option(each.name.lower(), each.args.get("value"), exp))
    described = {
        column.name: text
        for column in (tree.this.expressions if isinstance(tree.this, exp.Schema) else ())
        if isinstance(column, exp.ColumnDef) and (text := _description(column, exp))
    }
    if described:
        fields = tuple(
            field.model_copy(update={"description": described[field.name]}) if field.name in described else field
            for field in meta.schema_.fields
        )
        found["schema_"] = meta.schema_.model_copy(update={"fields": fields})
    return found


def _partitions(by: Any, meta: Any, models: Any) -> dict[str, Any]:
    kind, column = type(by).__name__, by.find(import_module("sqlglot").exp.Column)
    if column is None:
        return {}
    if kind == "RangeBucket":
        series = by.expression
        step = series.args.get("step")
        start, end, interval = (
            int(part.sql()) if part is not None else 1 for part in (series.args["start"], series.args["end"], step)
        )
        ranges = models.RangePartitioning(field=column.name, start=start, end=end, interval=interval)
        return {"range_partitioning": ranges}
    unit = str(by.args["unit"].name).upper() if kind in _TRUNCATED else "DAY"
    if kind not in (*_TRUNCATED, "Date", "TsOrDsToDate") or column.name.upper().startswith("_PARTITION"):
        return {}
    known = meta.time_partitioning or models.TimePartitioning()
    return {"time_partitioning": known.model_copy(update={"type": unit, "field": column.name})}


def labels(pairs: Any) -> dict[str, str]:
    """The labels that an array of pairs says."""
    return {pair.expressions[0].name: pair.expressions[1].name for pair in pairs.expressions}


def _option(name: str, value: Any, exp: Any) -> dict[str, Any]:
    if name == "labels" and isinstance(value, exp.Array):
        return {"labels": labels(value)}
    if name == "friendly_name" and isinstance(value, exp.Literal):
        return {"friendly_name": value.name}
    if name == "expiration_timestamp" and isinstance(value, exp.Cast) and isinstance(value.this, exp.Literal):
        text = value.this.name.removesuffix(" UTC")
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError:
            return {}
        return {"expiration_time": moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)}
    return {}


def _description(column: Any, exp: Any) -> str:
    for constraint in column.args.get("constraints") or ():
        for option in constraint.kind.expressions if isinstance(constraint.kind, exp.Properties) else ():
            if option.name.lower() == "description":
                return str(option.args["value"].name)
    return ""

"""BigQuery: tables' schemas, the columns that partition and cluster them, and the tables that views read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared_services.yaml.reader import describe

from ..models.bigquery import Table
from ..paths import Path
from ..problems import did_you_mean

_TYPES = {
    "STRING": "STRING",
    "BYTES": "BYTES",
    "INTEGER": "INTEGER",
    "INT64": "INTEGER",
    "FLOAT": "FLOAT",
    "FLOAT64": "FLOAT",
    "NUMERIC": "NUMERIC",
    "BIGNUMERIC": "BIGNUMERIC",
    "BOOLEAN": "BOOLEAN",
    "BOOL": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMP",
    "DATE": "DATE",
    "TIME": "TIME",
    "DATETIME": "DATETIME",
    "INTERVAL": "INTERVAL",
    "GEOGRAPHY": "GEOGRAPHY",
    "JSON": "JSON",
    "RANGE": "RANGE",
    "RECORD": "RECORD",
    "STRUCT": "RECORD",
}
_MODES = ("NULLABLE", "REQUIRED", "REPEATED")
_KEYS = {
    "name", "type", "mode", "description", "fields", "policyTags", "dataPolicies", "maxLength", "precision", "scale",
    "roundingMode", "collation", "defaultValueExpression", "rangeElementType", "foreignTypeDefinition",
    "timestampPrecision", "generatedColumn",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,299}")
_RESERVED = ("_table_", "_file_", "_partition", "_row_timestamp", "__root__", "_colidentifier")
_PARTITIONS = {"DATE", "TIMESTAMP", "DATETIME"}
_CLUSTERS = {
    "BIGNUMERIC", "BOOLEAN", "DATE", "DATETIME", "GEOGRAPHY", "INTEGER", "NUMERIC", "RANGE", "STRING", "TIMESTAMP",
}  # fmt: skip
_KEYED = _CLUSTERS - {"GEOGRAPHY", "RANGE"}
_MOST_COLUMNS = 10_000
_MOST_LEVELS = 15
_TABLE = re.compile(r"`\$\{project_id\}\.([A-Za-z0-9_]+)\.([^`.]+)`")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, with its type as BigQuery stores it (`INT64` is `INTEGER`)."""

    name: str
    type: str
    mode: str


def columns(content: Any, found: list[Column]) -> Iterator[tuple[str, str]]:
    """What is wrong with a table's schema, as (message, hint); its top-level columns are added to `found`."""
    if not isinstance(content, list) or not content:
        yield "is not a list of columns", 'write [{"name": "symbol", "type": "STRING", "mode": "REQUIRED"}, …]'
        return
    total = [0]
    yield from _level(content, "", 1, total, found)
    if total[0] > _MOST_COLUMNS:
        yield f"has {total[0]} columns; BigQuery takes {_MOST_COLUMNS}", ""


def _level(
    content: list[Any], above: str, depth: int, total: list[int], found: list[Column]
) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, column in enumerate(content, 1):
        total[0] += 1
        if not isinstance(column, dict) or not isinstance(column.get("name"), str):
            yield f"column {number}{f' of {above[:-1]}' if above else ''} is not an object with a name", ""
            continue
        name = column["name"]
        shown = f'column "{above}{name}"'
        if not _NAME.fullmatch(name) or name.lower().startswith(_RESERVED):
            yield (
                f"{shown} has a name that BigQuery refuses",
                "letters, digits and _, at most 300, not begun by a digit",
            )
        if name.lower() in seen:
            yield f"{shown} stands twice", "BigQuery's column names differ in more than case"
        seen.add(name.lower())
        for key in column.keys() - _KEYS:
            yield f'{shown} has an unknown key "{key}"', did_you_mean(key, _KEYS)
        given, mode = column.get("type"), column.get("mode", "NULLABLE")
        kind = _TYPES.get(given.upper()) if isinstance(given, str) else None
        if kind is None:
            hint = did_you_mean(given.upper(), _TYPES) if isinstance(given, str) else 'add "type"'
            yield f"{shown} has no type that BigQuery knows: {describe(given)}", hint
        if mode not in _MODES:
            yield f"{shown} has the mode {describe(mode)}", "one of " + ", ".join(_MODES)
        if kind is not None and (kind == "RECORD") != bool(column.get("fields")):
            yield f"{shown} has fields if it is a RECORD, and only then", ""
        elif kind == "RECORD" and isinstance(column["fields"], list):
            if depth >= _MOST_LEVELS:
                yield f"{shown} is nested more than {_MOST_LEVELS} levels deep", ""
            else:
                yield from _level(column["fields"], f"{above}{name}.", depth + 1, total, [])
        elif kind == "RECORD":
            yield f"{shown} has fields that are not a list", ""
        if kind is not None:
            found.append(Column(name, kind, str(mode)))


def partition_faults(table: Table, found: Iterable[Column]) -> Iterator[tuple[Path, str, str]]:
    """What is wrong with partitioning and clustering, as (path below the table, message, hint)."""
    by_name = {column.name: column for column in found}
    by_time, by_range = table.time_partitioning, table.range_partitioning
    if by_time is not None and by_time.field is not None:
        path: Path = ("time_partitioning", "field")
        allowed = _PARTITIONS - ({"DATE"} if by_time.type == "HOUR" else set())
        yield from _column(path, by_time.field, by_name, allowed, "partition by time")
    if by_range is not None:
        yield from _column(("range_partitioning", "field"), by_range.field, by_name, {"INTEGER"}, "partition by range")
    for index, name in enumerate(table.clustering):
        yield from _column(("clustering", index), name, by_name, _CLUSTERS, "cluster")
        if name in table.clustering[:index]:
            yield ("clustering", index), f'"{name}" stands twice', "remove one of the two"
    for index, name in enumerate(table.primary_key):
        yield from _column(("primary_key", index), name, by_name, _KEYED, "key")


def key_faults(tables: Mapping[str, Table], known: Mapping[str, list[Column]]) -> Iterator[tuple[Path, str, str]]:
    """What is wrong with the foreign keys of a dataset's tables, as (path below the tables, message, hint)."""
    for name, table in tables.items():
        for key, declared in table.foreign_keys.items():
            path: Path = (name, "foreign_keys", key)
            mine = {column.name: column for column in known[name]}
            if mine:
                yield from _column((*path, "column"), declared.column, mine, _KEYED, "key")
            other = tables.get(declared.table)
            if other is None:
                hint = did_you_mean(declared.table, tables, otherwise="a foreign key stays in its dataset")
                yield (*path, "table"), f'"{declared.table}" is no table of this dataset', hint
                continue
            if other.primary_key != [declared.references]:
                has = ", ".join(other.primary_key) or "nothing"
                message = f'"{declared.references}" is not the primary key of {declared.table}, which is {has}'
                hint = f"give {declared.table} primary_key: [{declared.references}]"
                yield (*path, "references"), message, hint
            if other.foreign_keys:
                message = f"{declared.table} has foreign keys itself, so the two would be made at the same time"
                yield (*path, "table"), message, "take one of the two keys out"
            there = {column.name: column.type for column in known[declared.table]}
            types = {mine[declared.column].type if declared.column in mine else None, there.get(declared.references)}
            if None not in types and len(types) == 2:
                message = f'"{declared.column}" and {declared.table}.{declared.references} are of different types'
                yield (*path, "column"), message, ""


def _column(
    path: Path, name: str, by_name: dict[str, Column], allowed: set[str], purpose: str
) -> Iterator[tuple[Path, str, str]]:
    column = by_name.get(name)
    if column is None:
        yield path, f'the schema has no column "{name}"', did_you_mean(name, by_name)
    elif column.mode == "REPEATED":
        yield path, f'"{name}" is repeated, and BigQuery can\'t {purpose} by that', ""
    elif column.type not in allowed:
        yield (
            path,
            f'"{name}" is {column.type}, and BigQuery can\'t {purpose} by that',
            "one of " + ", ".join(sorted(allowed)),
        )


def view_faults(query: str, tables: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Tables of this project that a view reads and nobody declares, as (message, hint)."""
    known = set(tables)
    for dataset, table in _TABLE.findall(query):
        if "*" not in table and f"{dataset}.{table}" not in known and dataset.upper() != "INFORMATION_SCHEMA":
            yield f"reads {dataset}.{table}, which is not declared", did_you_mean(f"{dataset}.{table}", known)

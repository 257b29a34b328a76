"""`DATASET.__TABLES__` and `__TABLES_SUMMARY__`, the older lists of a dataset's tables, which dbt and others ask for.

The engine has none: a query of one is given what it has now, as constants.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from sandbox.apis import bigquery_child as child
from sandbox.apis import bigquery_datasets as datasets
from sandbox.apis import bigquery_table_documents as tables
from sandbox.control.context import Control

_LIST = re.compile(r"__TABLES(?:_SUMMARY)?__", re.I)
_TYPES = {"TABLE": 1, "VIEW": 2, "EXTERNAL": 3, "MATERIALIZED_VIEW": 4}
_SUMMARY = ("project_id", "dataset_id", "table_id", "creation_time", "type")
_WHOLE = (
    "project_id",
    "dataset_id",
    "table_id",
    "creation_time",
    "last_modified_time",
    "row_count",
    "size_bytes",
    "type",
)


async def written_out(control: Control, project: str, query: dict[str, Any]) -> str:
    """A query's text, with constants for the lists that it names. Raises 404 for a dataset that isn't there."""
    text = str(query.get("query", ""))
    if not _LIST.search(text):
        return text
    sqlglot = import_module("sqlglot")
    try:
        trees = sqlglot.parse(text, read="bigquery")
    except sqlglot.errors.SqlglotError:
        return text  # the engine says what is wrong with it
    default = query.get("defaultDataset") or {}
    for tree in trees:
        for node in list(tree.find_all(sqlglot.exp.Table)) if tree is not None else ():
            if not _LIST.fullmatch(node.name):
                continue
            owner = node.catalog or str(default.get("projectId") or project)
            dataset = node.db or str(default.get("datasetId") or "")
            columns = _SUMMARY if "SUMMARY" in node.name.upper() else _WHOLE
            rows = await _rows(control, owner, dataset)
            listed = sqlglot.parse_one(_constants(rows, columns), read="bigquery").subquery(node.alias or node.name)
            node.replace(listed)
    return ";\n".join(tree.sql(dialect="bigquery") for tree in trees if tree is not None)


async def _rows(control: Control, project: str, dataset: str) -> list[dict[str, Any]]:
    await datasets.load(control, project, dataset)
    answer = await child.ask(
        control, "GET", f"{child.BASE}/{child.dataset_path(project, dataset)}/tables?maxResults=1000000"
    )
    found = []
    for each in answer.get("tables", []):
        name = str(each["tableReference"]["tableId"])
        document = await tables.load(control, project, dataset, name)
        await tables.count_rows(control, document)
        found.append(
            {
                "project_id": project,
                "dataset_id": dataset,
                "table_id": name,
                "creation_time": int(document["creationTime"]),
                "last_modified_time": int(document.get("lastModifiedTime") or document["creationTime"]),
                "row_count": int(document.get("numRows") or 0),
                "size_bytes": int(document.get("numBytes") or 0),
                "type": _TYPES[document["type"]],
            }
        )
    return found


def _constants(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
    """Rows as a query.

    >>> _constants([{"table_id": "ticks", "type": 1}], ("table_id", "type"))
    "SELECT 'ticks' AS table_id, 1 AS type"
    """
    empty = {column: "" if column.endswith("_id") else 0 for column in columns}
    selects = [
        "SELECT " + ", ".join(f"{_constant(row[column])} AS {column}" for column in columns) for row in rows or [empty]
    ]
    return " UNION ALL ".join(selects) + ("" if rows else " LIMIT 0")


def _constant(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

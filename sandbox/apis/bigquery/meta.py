"""`DATASET.__TABLES__` and `__TABLES_SUMMARY__`, the older lists of a dataset's tables, which dbt and others ask for.

The engine has none: a query of one is given what it has now, as constants.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.bigquery import datasets
from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.bigquery.constants import rows_as_table, substituted
from sandbox.apis.bigquery.statements import place_of
from sandbox.control.context import Control

_LIST = re.compile(
    r"(?<![\w'\"`.-])(?:(?:`[^`]+`|[\w-]+)\s*\.\s*)*`?(?:[\w-]+\.)*__TABLES(?:_SUMMARY)?__`?(?![\w'\"])", re.I
)
_TYPES = {"TABLE": 1, "VIEW": 2, "EXTERNAL": 3, "MATERIALIZED_VIEW": 4}
_WHOLE = (
    *((name, "STRING") for name in ("project_id", "dataset_id", "table_id")),
    *((name, "INT64") for name in ("creation_time", "last_modified_time", "row_count", "size_bytes", "type")),
)
_SUMMARY = tuple(each for each in _WHOLE if each[0] not in ("last_modified_time", "row_count", "size_bytes"))


async def written_out(control: Control, project: str, query: dict[str, Any]) -> str:
    """A query's text, with constants for the lists that it names. Raises 404 for a dataset that isn't there."""

    async def written(found: re.Match[str]) -> str:
        owner, dataset, name = place_of(named(found[0]), query, project)
        columns = _SUMMARY if "SUMMARY" in name.upper() else _WHOLE
        rows = [[row[column] for column, _ in columns] for row in await _rows(control, owner, dataset)]
        return rows_as_table(columns, rows)

    return await substituted(_LIST, str(query.get("query", "")), written)


def named(reference: str) -> list[str]:
    """The parts of a table's name as SQL writes it.

    >>> named("`atm-local`.market_data.__TABLES__"), named("`market_data.__TABLES__`")
    (['atm-local', 'market_data', '__TABLES__'], ['market_data', '__TABLES__'])
    """
    return [part.strip() for part in reference.replace("`", "").split(".")]


async def _rows(control: Control, project: str, dataset: str) -> list[dict[str, Any]]:
    await datasets.load(control, project, dataset)
    found = []
    for document in await tables.of_dataset(control, project, dataset):
        await tables.count_rows(control, document)
        found.append(
            {
                "project_id": project,
                "dataset_id": dataset,
                "table_id": document["tableReference"]["tableId"],
                "creation_time": int(document["creationTime"]),
                "last_modified_time": int(document.get("lastModifiedTime") or document["creationTime"]),
                "row_count": int(document.get("numRows") or 0),
                "size_bytes": int(document.get("numBytes") or 0),
                "type": _TYPES[document["type"]],
            }
        )
    return found

"""`table$__PARTITIONS_SUMMARY__`: what partitions a table has, as `bq` and Google's clients ask for them."""

from __future__ import annotations

from typing import Any

from sandbox.apis import bigquery_child as child
from sandbox.apis import bigquery_table_documents as tables
from sandbox.apis.bigquery_results import written
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.runtime.bigquery_fields import Field

SUFFIX = "$__PARTITIONS_SUMMARY__"
_FIELDS: list[Field] = [
    *({"name": name, "type": "STRING"} for name in ("project_id", "dataset_id", "table_id", "partition_id")),
    {"name": "creation_time", "type": "INTEGER"},
    {"name": "creation_timestamp", "type": "TIMESTAMP"},
    {"name": "last_modified_time", "type": "INTEGER"},
    {"name": "last_modified_timestamp", "type": "TIMESTAMP"},
]


async def summary(call: Call, dataset: str, table: str) -> Response:
    """The table of partitions, as a table. 400 where the table has none."""
    base = await _base(call, dataset, table)
    reference = {"projectId": call.project, "datasetId": dataset, "tableId": f"{table}{SUFFIX}"}
    document = {**base, "id": f"{call.project}:{dataset}.{table}{SUFFIX}", "tableReference": reference}
    return Response.of({**document, "schema": {"fields": _FIELDS}})


async def rows(call: Call, dataset: str, table: str) -> Response:
    """Its rows: one a partition."""
    base = await _base(call, dataset, table)
    query = (
        f"SELECT partition_id FROM `{dataset}`.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = '{table}' ORDER BY 1"  # noqa: S608 - names that were found
    )
    answer = await child.run(call.control, call.project, query)
    selected = [name for name in call.query("selectedFields").split(",") if name]
    fields = [field for field in _FIELDS if not selected or field["name"] in selected]
    created, changed = (str(base.get(name, "0")) for name in ("creationTime", "lastModifiedTime"))
    shown = []
    for row in answer.get("rows") or []:
        values = {
            "project_id": call.project,
            "dataset_id": dataset,
            "table_id": table,
            "partition_id": row["f"][0]["v"],
            "creation_time": created,
            "creation_timestamp": f"{created}000",
            "last_modified_time": changed,
            "last_modified_timestamp": f"{changed}000",
        }
        shown.append({"f": [{"v": values[field["name"]]} for field in fields]})
    document = {"kind": "bigquery#tableDataList", "totalRows": str(len(shown)), "rows": shown}
    return written(call, document, fields)


async def _base(call: Call, dataset: str, table: str) -> dict[str, Any]:
    found = await tables.load(call.control, call.project, dataset, table)
    if "timePartitioning" not in found and "rangePartitioning" not in found:
        raise invalid_argument(f"Cannot read partition information from a table that is not partitioned: {table}")
    return dict(found)

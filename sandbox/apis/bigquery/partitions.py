"""A partition as a table, `ticks$20260131`; and `ticks$__PARTITIONS_SUMMARY__`, the partitions that a table has."""

from __future__ import annotations

from typing import Any

from sandbox.apis.bigquery import child
from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.bigquery.results import written
from sandbox.apis.bigquerystorage.engine import StorageError, ask
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.runtime.bigquery.fields import Field

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


async def document(call: Call, dataset: str, named: str) -> dict[str, Any]:
    """A partition's document: its table's, with the number of its own rows. 400 where it is none."""
    table, _, partition = named.partition("$")
    found = await tables.load(call.control, call.project, dataset, table)
    answer = await _ask(call, "partition", dataset, table, partition, columns=[], offset=0, limit=0)
    reference = {"projectId": call.project, "datasetId": dataset, "tableId": named}
    whole = {**found, "id": f"{call.project}:{dataset}.{named}", "tableReference": reference}
    return {**whole, "numRows": str(answer["total"])}


async def rows_of(call: Call, dataset: str, named: str) -> Response:
    """A page of a partition's rows."""
    table, _, partition = named.partition("$")
    found = await tables.load(call.control, call.project, dataset, table)
    selected = [name.partition(".")[0] for name in call.query("selectedFields").split(",") if name]
    fields = (found.get("schema") or {}).get("fields") or []
    fields = [field for field in fields if not selected or field["name"] in selected]
    token = call.query("pageToken")
    offset = int(token) if token.isdigit() else call.integer("startIndex", 0)
    window = {"offset": offset, "limit": call.integer("maxResults", 10_000, 1_000_000)}
    columns = [field["name"] for field in fields]
    answer = await _ask(call, "partition", dataset, table, partition, columns=columns, **window)
    shown: dict[str, Any] = {"kind": "bigquery#tableDataList", "totalRows": str(answer["total"])}
    following = offset + len(answer["rows"])
    if answer["rows"] and following < answer["total"]:
        shown["pageToken"] = str(following)
    return written(call, {**shown, "rows": answer["rows"]}, fields)


async def delete(call: Call, dataset: str, named: str) -> None:
    """Delete a partition's rows; the table stays."""
    table, _, partition = named.partition("$")
    await tables.load(call.control, call.project, dataset, table)
    await _ask(call, "delete", dataset, table, partition)


async def _ask(call: Call, verb: str, dataset: str, table: str, partition: str, **more: Any) -> dict[str, Any]:
    place = {"project": call.project, "dataset": dataset, "table": table, "partition": partition}
    try:
        return await ask(call.control, verb, {**place, **more}, f"{table}${partition}")
    except StorageError as error:
        raise invalid_argument(error.message.rpartition(" Entity: ")[0]) from error


async def _base(call: Call, dataset: str, table: str) -> dict[str, Any]:
    found = await tables.load(call.control, call.project, dataset, table)
    if "timePartitioning" not in found and "rangePartitioning" not in found:
        raise invalid_argument(f"Cannot read partition information from a table that is not partitioned: {table}")
    return dict(found)

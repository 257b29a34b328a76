"""The tables that queries without a destination write into, as BigQuery has them: they can be looked at and read.

The engine keeps such a result with its job, and names a table that it has for none but itself.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.bigquery import child, locations
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, not_found
from sandbox.runtime.bigquery.fields import Field
from sandbox.runtime.bigquery.process import ANONYMOUS


async def make_home(control: Control, project: str, asked: bytes) -> None:
    """Make the dataset of results, which no list shows, where a job means to write a table of its own into it."""
    if f'"{ANONYMOUS}"'.encode() not in asked:
        return
    if await child.find(control, child.dataset_path(project, ANONYMOUS)) is None:
        made = {"datasetReference": {"projectId": project, "datasetId": ANONYMOUS}}
        await child.ask(control, "POST", f"{child.BASE}/{project}/datasets", made)


async def document(control: Control, project: str, table: str) -> dict[str, Any]:
    """Such a table. 404 where its job is not there."""
    found = await _find(control, project, table, 0, 0)
    path = f"projects/{project}/datasets/{ANONYMOUS}/tables/{table}"
    return {
        "kind": "bigquery#table",
        "id": f"{project}:{ANONYMOUS}.{table}",
        "selfLink": f"https://bigquery.googleapis.com/bigquery/v2/{path}",
        "tableReference": {"projectId": project, "datasetId": ANONYMOUS, "tableId": table},
        "type": "TABLE",
        "location": locations.of_job(control, project, table.removeprefix("anon"), {}),
        "numRows": str(found["total"]),
        "schema": {"fields": found["fields"]},
    }


async def rows(call: Call, table: str) -> tuple[dict[str, Any], list[Field]]:
    """A page of its rows, and its columns."""
    offset = call.integer("startIndex", 0)
    if token := call.query("pageToken"):
        offset = int(token) if token.isdigit() else 0
    found = await _find(call.control, call.project, table, offset, call.integer("maxResults", 100_000, 100_000))
    document: dict[str, Any] = {
        "kind": "bigquery#tableDataList",
        "totalRows": str(found["total"]),
        "rows": found["rows"],
    }
    following = offset + len(found["rows"])
    if following < found["total"] and found["rows"]:
        document["pageToken"] = str(following)
    return document, found["fields"]


async def _find(control: Control, project: str, table: str, offset: int, limit: int) -> dict[str, Any]:
    asked = {"table": table, "offset": offset, "limit": limit}
    try:
        return await ask(control, "results", asked, table)
    except ApiError as error:
        if error.status == "NOT_FOUND":
            raise not_found(f"Not found: Table {project}:{ANONYMOUS}.{table}") from error
        raise

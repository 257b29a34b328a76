"""Log entries as rows of BigQuery's tables, which are made and get new columns as entries need them.

A row that doesn't fit its table goes to `export_errors_DATE` of the dataset, or to the partitioned `export_errors`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sandbox.apis.logging import rows as logging_rows
from sandbox.apis.logging.destination import OWNERS, Destination, Entry, Unavailable, ask, denied, writer
from sandbox.apis.logging.rows import Field, Mismatch, merged
from sandbox.control import iam
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.store import Resource

_PREFIX = "bigquery.googleapis.com/"
_WRITES = OWNERS | {"roles/bigquery.dataEditor", "roles/bigquery.dataOwner", "roles/bigquery.admin"}
# The same roles by the names that they have in a dataset's access.
_IN_ACCESS = _WRITES | {"WRITER", "OWNER"}
_GROUPS = {"projectWriters": "roles/editor", "projectOwners": "roles/owner"}
_ERRORS: list[Field] = [
    {"name": name, "type": kind, "mode": "NULLABLE"}
    for name, kind in {
        "logName": "STRING",
        "timestamp": "TIMESTAMP",
        "receiveTimestamp": "TIMESTAMP",
        "severity": "STRING",
        "insertId": "STRING",
        "trace": "STRING",
        "resourceType": "STRING",
        "sink": "STRING",
        "schemaErrorDetail": "STRING",
        "logEntry": "STRING",
    }.items()
]

_Row = tuple[str, dict[str, Any]]
"""What tells a row from others, and its values."""


class Tables(Destination):
    """Datasets as destinations."""

    most = 500
    window = 1.0

    async def deliver(self, control: Control, sink: Resource, entries: Sequence[Entry]) -> None:
        """Insert them."""
        dataset = str(sink.document["destination"]).removeprefix(_PREFIX)
        await _check(control, sink, dataset)
        options = sink.document.get("bigqueryOptions") or {}
        partitioned = bool(options.get("usePartitionedTables"))
        column = "timestamp" if options.get("usesTimestampColumnPartitioning") else ""
        layout = {"type": "DAY", **({"field": column} if column else {})} if partitioned else None
        tables: dict[str, list[Entry]] = {}
        for entry in entries:
            tables.setdefault(logging_rows.table_id(entry, partitioned=partitioned), []).append(entry)
        wrong: dict[str, list[Entry]] = {}
        for table, some in tables.items():
            for entry, problem in await _insert(control, f"{dataset}/tables/{table}", some, layout):
                error = _error(sink, entry, problem)
                name = "export_errors" if partitioned else f"export_errors_{str(entry['timestamp'])[:10]}"
                wrong.setdefault(name.replace("-", ""), []).append(error)
        for table, errors in wrong.items():
            rows = [(f"{error['insertId']} error", error) for error in errors]
            path = f"{dataset}/tables/{table}"
            known = await _known(control, path)
            await _grow(control, path, known, merged(known, _ERRORS), layout)
            await _append(control, path, rows)


async def _insert(
    control: Control, table: str, entries: Sequence[Entry], layout: dict[str, str] | None
) -> list[tuple[Entry, str]]:
    """Insert entries into a table. Returns those that don't fit it, and why."""
    known = fields = await _known(control, table)
    rows: list[_Row] = []
    fitting: list[Entry] = []
    wrong: list[tuple[Entry, str]] = []
    for entry in entries:
        values, needed = logging_rows.row(entry)
        try:
            fields = merged(fields, needed)
        except Mismatch as error:
            wrong.append((entry, str(error)))
        else:
            rows.append((f"{entry['insertId']} {entry['timestamp']}", values))
            fitting.append(entry)
    if rows:
        await _grow(control, table, known, fields, layout)
        refused = await _append(control, table, rows)
        wrong += [(fitting[index], problem) for index, problem in refused.items()]
    return wrong


async def _known(control: Control, table: str) -> list[Field]:
    """The columns of a table; none where it isn't there. Asked each time: whoever owns the dataset may drop it."""
    response = await control.dispatch(Request("GET", f"/bigquery/v2/{table}"))
    if response.status == 404:
        return []
    if response.status != 200:
        raise Unavailable(response.problem())
    found: list[Field] = response.json().get("schema", {}).get("fields", [])
    return found


async def _grow(
    control: Control, table: str, known: list[Field], fields: list[Field], layout: dict[str, str] | None
) -> None:
    """Have a table with the columns, of which it has those that are known; none: there is no table."""
    if known == fields:
        return
    path = f"/bigquery/v2/{table}"
    if known:
        await ask(control, "table", Request.of("PATCH", path, {"schema": {"fields": fields}}))
        return
    _, project, _, dataset, _, name = table.split("/")
    reference = {"projectId": project, "datasetId": dataset, "tableId": name}
    document: dict[str, Any] = {"tableReference": reference, "schema": {"fields": fields}}
    if layout is not None:
        document["timePartitioning"] = layout
    await ask(control, "table", Request.of("POST", path.rpartition("/")[0], document))


async def _append(control: Control, table: str, rows: Sequence[_Row]) -> dict[int, str]:
    """Append rows. Returns what is wrong with those that weren't taken, by their index."""
    sent = [{"insertId": key, "json": values} for key, values in rows]
    body = {"rows": sent, "skipInvalidRows": True}
    answer = await ask(control, "table", Request.of("POST", f"/bigquery/v2/{table}/insertAll", body))
    return {each["index"]: json.dumps(each["errors"]) for each in answer.json().get("insertErrors") or []}


def _error(sink: Resource, entry: Entry, problem: str) -> dict[str, Any]:
    values, _ = logging_rows.row(entry)
    kept = {field["name"]: values[field["name"]] for field in _ERRORS if field["name"] in values}
    more = {"resourceType": (entry.get("resource") or {}).get("type", ""), "sink": sink.name}
    return {**kept, **more, "schemaErrorDetail": problem, "logEntry": json.dumps(entry)}


async def _check(control: Control, sink: Resource, dataset: str) -> None:
    """Raises Refused where the dataset isn't there, or the sink's writer may not write to it."""
    project = control.projects.resolve(dataset.split("/")[1], control.clock())
    name = f"projects/{project}/datasets/{dataset.rpartition('/')[2]}"
    found = control.store.get("bigquery.datasets", name)
    if found is None:  # one that SQL made has no document yet
        document = (await ask(control, "dataset", Request("GET", f"/bigquery/v2/{name}"))).json()
    else:
        document = found.document
    member = writer(sink)
    email = member.partition(":")[2]
    for access in document.get("access") or []:
        if access.get("role") not in _IN_ACCESS:
            continue
        if (email and email == access.get("userByEmail")) or member == access.get("iamMember"):
            return
        above = _GROUPS.get(str(access.get("specialGroup", "")))
        if above and iam.holds(control, member, {above}, [iam.project(project)]):
            return
    if not iam.holds(control, member, _WRITES, [iam.project(project)], "bigquery.tables.updateData"):
        raise denied(sink, "dataset", "roles/bigquery.dataEditor", name)

"""BigQuery v2: tables and views. Rows and columns are the engine's; the rest of a table's document is kept here."""

from __future__ import annotations

import copy
import re
from typing import Any

from sandbox.apis.bigquery import child, datasets, documents, files, policies
from sandbox.apis.bigquery import partitions as bigquery_partitions
from sandbox.apis.bigquery import schema as schemas
from sandbox.apis.bigquery import table_documents as tables
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route

_COLLECTION = "v2/projects/{project}/datasets/{dataset}/tables"
_NAME = f"{_COLLECTION}/{{table}}"
_KINDS = {"view": "VIEW", "materializedView": "MATERIALIZED_VIEW", tables.EXTERNAL: "EXTERNAL"}
# What a list tells of each.
_LISTED = (
    "kind",
    "id",
    "tableReference",
    "friendlyName",
    "type",
    "labels",
    "timePartitioning",
    "rangePartitioning",
    "clustering",
    "creationTime",
    "expirationTime",
)


async def _list(call: Call) -> Response:
    control, dataset = call.control, call.params["dataset"]
    await datasets.load(control, call.project, dataset)
    path = f"{child.BASE}/{child.dataset_path(call.project, dataset)}/tables?maxResults=1000000"
    found = []
    answer = await child.ask(control, "GET", path)
    for theirs in answer.get("tables", []):
        ours = control.store.get(tables.TABLES, tables.name(call.project, dataset, theirs["tableReference"]["tableId"]))
        document = dict(theirs)
        if ours is not None and ours.document["creationTime"] == theirs.get("creationTime"):
            document.update({key: ours.document[key] for key in _LISTED if key in ours.document})
            if "view" in ours.document:
                document["view"] = {"useLegacySql": False}
        found.append(document)
    found.sort(key=lambda item: str(item["tableReference"]["tableId"]))
    items, token = documents.page(call, found, 50)
    page: dict[str, Any] = {"kind": "bigquery#tableList", "totalItems": len(found)}
    if items:
        page["tables"] = items
    if token:
        page["nextPageToken"] = token
    return Response.of(page)


async def _insert(call: Call) -> Response:
    control, body, project, dataset = call.control, documents.body(call), call.project, call.params["dataset"]
    table = str((body.get("tableReference") or {}).get("tableId", ""))
    if not re.fullmatch(r"[\w\- ]{1,1024}", table):
        raise invalid_argument(f'Invalid table ID "{table}".')
    place = await datasets.load(control, project, dataset)
    document = await tables.checked(control, project, body)
    key = tables.name(project, dataset, table)
    kind = next((kind for field, kind in _KINDS.items() if field in document), "TABLE")
    path = child.table_path(project, dataset, table)
    if tables.external(control, key) is not None:
        raise _exists(project, dataset, table)
    await _check_keys(control, project, document)
    if kind == "EXTERNAL":
        if await child.find(control, path) is not None:
            raise _exists(project, dataset, table)
        created = await files.make(control, project, dataset, table, document)
    elif kind == "MATERIALIZED_VIEW":
        target = child.quoted(project, dataset, table)
        if await child.find(control, path) is not None:
            raise _exists(project, dataset, table)
        await child.run(
            control, project, f"CREATE MATERIALIZED VIEW {target} AS {document['materializedView']['query']}"
        )
        created = await child.ask(control, "GET", f"{child.BASE}/{path}")
    else:
        reference = {"tableReference": {"projectId": project, "datasetId": dataset, "tableId": table}}
        collection = f"{child.BASE}/{child.dataset_path(project, dataset)}/tables"
        try:
            created = await child.ask(control, "POST", collection, {**reference, **tables.engine_fields(document)})
        except ApiError as error:
            raise (_exists(project, dataset, table) if error.code == 409 else error) from error
    document = {
        "kind": "bigquery#table",
        "id": f"{project}:{dataset}.{table}",
        "selfLink": f"https://bigquery.googleapis.com/bigquery/v2/{tables.name(project, dataset, table)}",
        **document,
        "tableReference": {"projectId": project, "datasetId": dataset, "tableId": table},
        "type": kind,
        "location": place.document["location"],
        "creationTime": created["creationTime"],
        "lastModifiedTime": created["creationTime"],
    }
    _expire(document, place.document)
    document["etag"] = documents.etag(document)
    tables.store(control, key, document)
    if kind == "EXTERNAL":
        return Response.of(document)
    return Response.of(await tables.merged(control, project, dataset, table, created))


async def _check_keys(control: Control, project: str, document: dict[str, Any]) -> None:
    """Foreign keys refer to a primary key that is there."""
    for key in (document.get("tableConstraints") or {}).get("foreignKeys") or []:
        reference = key.get("referencedTable") or {}
        if not reference.get("datasetId") or not reference.get("tableId"):
            raise invalid_argument("A foreign key's referencedTable needs a datasetId and a tableId.")
        found = await tables.load(control, project, str(reference.get("datasetId")), str(reference.get("tableId")))
        columns = [column.get("referencedColumn") for column in key.get("columnReferences") or []]
        primary = ((found.get("tableConstraints") or {}).get("primaryKey") or {}).get("columns") or []
        if columns != primary:
            text = f"Foreign key {key.get('name', '')} must refer to the primary key of {reference.get('tableId')}."
            raise invalid_argument(text)


def _expire(document: dict[str, Any], dataset: dict[str, Any]) -> None:
    """The dataset's default expirations: the one of partitions goes before the one of tables."""
    partition, partitions = document.get("timePartitioning"), dataset.get("defaultPartitionExpirationMs")
    lasting = dataset.get("defaultTableExpirationMs")
    if partition is not None and partitions:
        partition.setdefault("expirationMs", partitions)
    elif lasting and "expirationTime" not in document:
        document["expirationTime"] = str(int(document["creationTime"]) + int(lasting))


def _exists(project: str, dataset: str, table: str) -> ApiError:
    return ApiError("ALREADY_EXISTS", f"Already Exists: Table {project}:{dataset}.{table}", reason="duplicate")


async def _get(call: Call) -> Response:
    dataset, table = call.params["dataset"], call.params["table"]
    if table.endswith(bigquery_partitions.SUFFIX):
        return await bigquery_partitions.summary(call, dataset, table.removesuffix(bigquery_partitions.SUFFIX))
    if "$" in table:
        return Response.of(await bigquery_partitions.document(call, dataset, table))
    document = await tables.load(call.control, call.project, dataset, table)
    await tables.count_rows(call.control, document)
    return Response.of(document)


async def _change(call: Call) -> Response:
    """PATCH merges, PUT replaces; columns can be added and made nullable, nothing else of them changes."""
    control, project, dataset, table = call.control, call.project, call.params["dataset"], call.params["table"]
    old = await tables.load(control, project, dataset, table)
    documents.check_match(call, old)
    dropped = (*tables.SERVER, "tableReference")
    asked = {key: value for key, value in documents.body(call).items() if key not in dropped}
    current = {key: copy.deepcopy(value) for key, value in old.items() if key not in dropped}
    if call.request.method == "PATCH":
        if asked.get("schema", {}) is None:  # bq sends it so when nothing about the columns is asked
            del asked["schema"]
        asked = documents.patched(current, asked)
    elif "schema" not in asked and "schema" in current:
        asked["schema"] = current["schema"]
    for field in _KINDS:
        if (old.get(field) is None) != (asked.get(field) is None):
            raise invalid_argument(f"Cannot change the type of table {project}:{dataset}.{table}.")
    document = await tables.checked(control, project, asked)
    for field in ("timePartitioning", "rangePartitioning"):
        before, after = old.get(field) or {}, document.get(field) or {}
        if (before.get("field"), before.get("type")) != (after.get("field"), after.get("type")):
            raise invalid_argument("Cannot change partitioning spec for an existing table.")
    await _check_keys(control, project, document)
    if old["type"] == "EXTERNAL":
        if any(old.get(key) != document.get(key) for key in (tables.EXTERNAL, "schema")):
            old["creationTime"] = (await files.make(control, project, dataset, table, document))["creationTime"]
    elif old["type"] == "TABLE":
        await _alter(control, old, document)
    elif old["type"] == "VIEW":
        await child.ask(
            control,
            "PATCH",
            f"{child.BASE}/{child.table_path(project, dataset, table)}",
            tables.engine_fields(document),
        )
    elif (document.get("materializedView") or {}).get("query") != old.get("materializedView", {}).get("query"):
        raise invalid_argument("The query of a materialized view can't be changed.")
    kept = {key: old[key] for key in dropped if key in old and key not in tables.COUNTS}
    document = {**document, **kept, "lastModifiedTime": documents.milliseconds(call)}
    document["etag"] = documents.etag(document)
    tables.store(control, tables.name(project, dataset, table), document)
    return Response.of({**document, **{key: old[key] for key in tables.COUNTS if key in old}})


async def _alter(control: Control, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Add the new columns to the engine's table, and tell it what else it keeps."""
    reference = old["tableReference"]
    project, dataset, table = reference["projectId"], reference["datasetId"], reference["tableId"]
    path = child.table_path(project, dataset, table)
    before = (old.get("schema") or {}).get("fields") or []
    after = (new.get("schema") or {}).get("fields") or []
    theirs = {key: new.get(key) for key in tables.ENGINE}
    theirs["labels"] = theirs["labels"] or {}
    if not before and after:
        # A table without columns has none in the engine either, and no rows: it is made anew.
        await child.ask(control, "DELETE", f"{child.BASE}/{path}")
        body = {"tableReference": reference, **tables.engine_fields(new)}
        created = await child.ask(control, "POST", f"{child.BASE}/{child.dataset_path(project, dataset)}/tables", body)
        old["creationTime"] = created["creationTime"]
        return
    added = schemas.additions(before, after, f"{project}:{dataset}.{table}")
    for field in added:
        target = child.quoted(project, dataset, table)
        await child.run(
            control, project, f"ALTER TABLE {target} ADD COLUMN `{field['name']}` {schemas.sql_type(field)}"
        )
    for field in schemas.grown(before, after):
        target, kind = child.quoted(project, dataset, table), schemas.sql_type(field)
        await child.run(control, project, f"ALTER TABLE {target} ALTER COLUMN `{field['name']}` SET DATA TYPE {kind}")
    # The engine inserts rows by position: its columns stay in its own order, new ones last.
    columns = await child.ask(control, "GET", f"{child.BASE}/{path}")
    order = [field["name"].lower() for field in (columns.get("schema") or {}).get("fields") or []]
    by_name = {field["name"].lower(): field for field in after}
    ordered = [by_name[key] for key in order if key in by_name] + [
        field for field in added if field["name"].lower() not in order
    ]
    await child.ask(control, "PATCH", f"{child.BASE}/{path}", {**theirs, "schema": {"fields": ordered}})


async def _delete(call: Call) -> Response:
    control, project, dataset, table = call.control, call.project, call.params["dataset"], call.params["table"]
    if "$" in table:
        await bigquery_partitions.delete(call, dataset, table)
        return Response(204)
    document = await tables.load(control, project, dataset, table)
    documents.check_match(call, document)
    path = f"{child.BASE}/{child.table_path(project, dataset, table)}"
    if document["type"] == "EXTERNAL":
        await files.drop(control, project, dataset, table)
        _forget(control, tables.name(project, dataset, table))
        return Response(204)
    answer = await child.send(control, "DELETE", path)
    if answer.status_code == 500 and document["type"] == "VIEW":
        # One that SQL made is a view of the engine too, which it does not drop as a table.
        await child.run(control, project, f"DROP VIEW {child.quoted(project, dataset, table)}")
    elif answer.status_code >= 400:
        raise child.refusal(answer)
    _forget(control, tables.name(project, dataset, table))
    return Response(204)


def _forget(control: Control, key: str) -> None:
    control.store.delete(tables.TABLES, key)
    control.store.delete_policy(f"//bigquery.googleapis.com/{key}")


async def _found(call: Call) -> str:
    project, dataset, table = call.project, call.params["dataset"], call.params["table"]
    await tables.load(call.control, project, dataset, table)
    return tables.name(project, dataset, table)


ROUTES = [
    Route("GET", _COLLECTION, _list),
    Route("POST", _COLLECTION, _insert),
    Route("GET", _NAME, _get),
    Route("PATCH", _NAME, _change),
    Route("PUT", _NAME, _change),
    Route("DELETE", _NAME, _delete),
    *policies.routes(_NAME, _found),
]

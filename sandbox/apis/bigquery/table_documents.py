"""Documents of BigQuery's tables: what the engine keeps and what is kept here, as one."""

from __future__ import annotations

from typing import Any

from sandbox.apis.bigquery import anonymous, child, datasets, documents
from sandbox.apis.bigquery import schema as schemas
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.control import names
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, not_found, unimplemented
from sandbox.control.store import Resource
from sandbox.runtime.bigquery.process import is_result

TABLES = datasets.TABLES

COUNTS = (
    "numRows",
    "numBytes",
    "numLongTermBytes",
    "numActiveLogicalBytes",
    "numTotalLogicalBytes",
    "numLongTermLogicalBytes",
)
SERVER = (
    *COUNTS,
    "kind",
    "etag",
    "id",
    "selfLink",
    "creationTime",
    "lastModifiedTime",
    "type",
    "location",
    "streamingBuffer",
)
ENGINE = ("friendlyName", "description", "labels", "timePartitioning", "clustering")
EXTERNAL = "externalDataConfiguration"
_REFUSED = ("cloneDefinition", "snapshotDefinition")
_FORMATS = ("CSV", "NEWLINE_DELIMITED_JSON", "PARQUET", "AVRO", "ORC", "ICEBERG", "GOOGLE_SHEETS", "BIGTABLE")


def name(project: str, dataset: str, table: str) -> str:
    """A table's relative name."""
    return f"{datasets.name(project, dataset)}/tables/{table}"


async def load(control: Control, project: str, dataset: str, table: str) -> dict[str, Any]:
    """A table's document: ours where the engine has the same table, made from the engine's otherwise. Raises 404."""
    if is_result(dataset, table):
        return await anonymous.document(control, project, table)
    key = name(project, dataset, table)
    if (files := external(control, key)) is not None:
        return files
    theirs = await child.find(control, child.table_path(project, dataset, table))
    if theirs is None:
        control.store.delete(TABLES, key)
        control.store.delete_policy(f"//bigquery.googleapis.com/{key}")
        place = await datasets.load(control, project, dataset)
        raise not_found(f"Not found: Table {project}:{place.id}.{table}")
    return await merged(control, project, dataset, table, theirs)


async def of_dataset(control: Control, project: str, dataset: str) -> list[dict[str, Any]]:
    """The documents of all tables of a dataset, by name."""
    path = f"{child.BASE}/{child.dataset_path(project, dataset)}/tables?maxResults=1000000"
    answer = await child.ask(control, "GET", path)
    names_found = sorted(str(each["tableReference"]["tableId"]) for each in answer.get("tables", []))
    return [await load(control, project, dataset, each) for each in names_found]


def external(control: Control, key: str) -> dict[str, Any] | None:
    """The document of a table whose rows are files: of the engine's there is a view (`files`)."""
    ours = control.store.get(TABLES, key)
    return ours.document if ours is not None and EXTERNAL in ours.document else None


async def merged(control: Control, project: str, dataset: str, table: str, theirs: dict[str, Any]) -> dict[str, Any]:
    """Our document and the engine's as one."""
    ours = control.store.get(TABLES, name(project, dataset, table))
    if ours is not None and ours.document["creationTime"] == theirs["creationTime"]:
        document = ours.document
        columns = (theirs.get("schema") or {}).get("fields") or []
        known = (document.get("schema") or {}).get("fields") or []
        if columns and not schemas.same_shape(columns, known):
            document["schema"] = {**document.get("schema", {}), "fields": schemas.decorated(columns, known)}
    else:
        # SQL made it: there is no more to know than the engine knows.
        place = await datasets.load(control, project, dataset)
        document = {key: value for key, value in theirs.items() if key not in COUNTS}
        document["location"] = place.document["location"]
        document["selfLink"] = f"https://bigquery.googleapis.com/bigquery/v2/{name(project, dataset, table)}"
    counts = {key: theirs[key] for key in COUNTS if key in theirs}
    return {**document, **counts}


async def count_rows(control: Control, document: dict[str, Any]) -> None:
    """Put the numbers of rows and bytes into a table's document; the engine's own miss what statements insert."""
    reference = document["tableReference"]
    if document["type"] != "TABLE" or is_result(reference["datasetId"], reference["tableId"]):
        return
    place = {"project": reference["projectId"], "dataset": reference["datasetId"], "table": reference["tableId"]}
    counted = await ask(control, "size", place, place["table"], reads=True)
    document["numRows"] = str(counted["rows"])
    if counted["rows"]:
        size = str(counted["bytes"])
        document.update(numBytes=size, numLongTermBytes="0", numTotalLogicalBytes=size, numActiveLogicalBytes=size)


async def checked(control: Control, project: str, body: dict[str, Any]) -> dict[str, Any]:
    """A request's fields in their normal form; 400 for what BigQuery refuses, 501 for what the engine can't do."""
    document: dict[str, Any] = documents.normal({key: value for key, value in body.items() if key not in SERVER})
    for field in _REFUSED:
        if field in document:
            raise unimplemented(f"The sandbox does not implement BigQuery tables with {field}.")
    names.check_labels(document.get("labels"))
    fields: list[dict[str, Any]] = []
    if "schema" in document:
        fields = schemas.normal(document["schema"].get("fields") or [])
        document["schema"] = {**document["schema"], "fields": fields}
    view, materialized = document.get("view"), document.get("materializedView")
    if view is not None:
        if view.get("useLegacySql", True):
            raise unimplemented("The sandbox does not run legacy SQL: a view needs useLegacySql false.")
        columns = await query_columns(control, project, str(view.get("query", "")))
        document["schema"] = {"fields": schemas.decorated(columns, fields)}
    elif materialized is not None:
        columns = await query_columns(control, project, str(materialized.get("query", "")))
        document["schema"] = {"fields": schemas.decorated(columns, fields)}
    else:
        schemas.check_layout(document, fields)
        if EXTERNAL not in document:
            schemas.check_stored(fields)
    if EXTERNAL in document:
        _check_files(document)
    return document


def _check_files(document: dict[str, Any]) -> None:
    files = document[EXTERNAL]
    if files.get("sourceFormat") not in _FORMATS:
        raise invalid_argument(f"Invalid value for externalDataConfiguration.sourceFormat: {files.get('sourceFormat')}")
    if not files.get("sourceUris"):
        raise invalid_argument("externalDataConfiguration.sourceUris must not be empty.")
    for uri in files["sourceUris"]:
        if str(uri).startswith("gs://") and str(uri).count("*") > 1:
            raise invalid_argument(f"Wildcard can be used only once in a source URI: {uri}")
    textual = files["sourceFormat"] in ("CSV", "NEWLINE_DELIMITED_JSON")
    if textual and not files.get("autodetect") and not (document.get("schema") or files.get("schema")):
        raise invalid_argument("No schema specified on job or table.")
    if "schema" in files:  # it is the table's
        document["schema"] = {"fields": schemas.normal(files.pop("schema").get("fields") or [])}


async def query_columns(control: Control, project: str, query: str) -> list[dict[str, Any]]:
    """The columns of a query, which fails here if it can't be run."""
    if not query.strip():
        raise invalid_argument("A view needs a query.")
    # The query is the caller's, who may run any.
    answer = await child.run(control, project, f"SELECT * FROM (\n{query.strip().rstrip(';')}\n) LIMIT 0")  # noqa: S608
    fields: list[dict[str, Any]] = (answer.get("schema") or {}).get("fields") or []
    return fields


def engine_fields(document: dict[str, Any]) -> dict[str, Any]:
    """What the engine is told of a table."""
    found = {key: document[key] for key in (*ENGINE, "schema", "view") if key in document}
    return found if "view" not in document else {key: value for key, value in found.items() if key != "schema"}


def store(control: Control, key: str, document: dict[str, Any]) -> None:
    moment = control.clock()
    with control.store.transaction():
        control.store.delete(TABLES, key)
        control.store.insert(Resource(TABLES, key, document, moment, moment))

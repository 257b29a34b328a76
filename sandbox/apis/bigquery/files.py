"""Tables whose rows are files in Cloud Storage.

The engine has each as a view of a table in a dataset of its own, which holds what the files held when a query last
asked for them: they are read again only when the objects are others than then.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sandbox.apis.bigquery import buckets, child, datasets
from sandbox.apis.bigquery import schema as schemas
from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.store import Resource
from sandbox.runtime.bigquery import hive as bigquery_hive

FORMATS = ("CSV", "NEWLINE_DELIMITED_JSON", "PARQUET", "AVRO", "ORC")
"""What is read. Other tables are kept, and a query of one is refused."""

_CSV = (
    "fieldDelimiter",
    "quote",
    "skipLeadingRows",
    "allowJaggedRows",
    "allowQuotedNewlines",
    "encoding",
    "nullMarker",
    "nullMarkers",
)
_SAME = (
    "sourceFormat",
    "sourceUris",
    "autodetect",
    "ignoreUnknownValues",
    "maxBadRecords",
    "compression",
    "hivePartitioningOptions",
    "parquetOptions",
    "decimalTargetTypes",
)


class Reading:
    """One reading of a table at a time."""

    def __init__(self) -> None:
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


async def make(control: Control, project: str, dataset: str, table: str, document: dict[str, Any]) -> dict[str, Any]:
    """Make what the engine has of a table, whose columns come into its document; the engine's document of the view.

    Raises:
        ApiError: 400 where the columns must be found out and the files can't be read.
    """
    await drop(control, project, dataset, table)
    place = {"datasetReference": {"projectId": project, "datasetId": datasets.HIDDEN + dataset}}
    try:
        await child.ask(control, "POST", f"{child.BASE}/{project}/datasets", place)
    except ApiError as error:
        if error.code != 409:
            raise
    files, fields = document[tables.EXTERNAL], (document.get("schema") or {}).get("fields") or []
    path = child.table_path(project, datasets.HIDDEN + dataset, table)
    key, seen = tables.name(project, dataset, table), ""
    if files["sourceFormat"] not in FORMATS:
        fields = fields or [{"name": "unread", "type": "STRING", "mode": "NULLABLE"}]
    elif not fields:
        seen = _seen(control, document)
        await _read(control, project, dataset, table, document)
        made = await child.ask(control, "GET", f"{child.BASE}/{path}")
        document["schema"] = {"fields": schemas.normal(made["schema"]["fields"])}
    elif (layout := files.get("hivePartitioningOptions")) is not None:
        document["schema"] = {"fields": fields + _keys(control, document, layout, fields)}
        fields = document["schema"]["fields"]
    if not seen:
        reference = {"projectId": project, "datasetId": datasets.HIDDEN + dataset, "tableId": table}
        collection = f"{child.BASE}/{child.dataset_path(project, datasets.HIDDEN + dataset)}/tables"
        await child.ask(control, "POST", collection, {"tableReference": reference, "schema": {"fields": fields}})
    _remember(control, key, seen)
    hidden = child.quoted(project, datasets.HIDDEN + dataset, table)
    view = {"query": f"SELECT * FROM {hidden}", "useLegacySql": False}  # noqa: S608
    reference = {"projectId": project, "datasetId": dataset, "tableId": table}
    collection = f"{child.BASE}/{child.dataset_path(project, dataset)}/tables"
    return await child.ask(control, "POST", collection, {"tableReference": reference, "view": view})


async def drop(control: Control, project: str, dataset: str, table: str) -> None:
    """Drop what the engine has of a table."""
    control.store.delete(datasets.FILES, tables.name(project, dataset, table))
    for place in (dataset, datasets.HIDDEN + dataset):
        answer = await child.send(control, "DELETE", f"{child.BASE}/{child.table_path(project, place, table)}")
        if answer.status_code not in (200, 204, 404):
            raise child.refusal(answer)


async def refresh(control: Control, query: dict[str, Any]) -> None:
    """Have the rows of the tables that a query reads, itself or by views and functions, as their files are now.

    `query` has the text and a default dataset.

    Raises:
        ApiError: files that can't be read, or a format that the sandbox doesn't read.
    """
    standing = control.store.select(datasets.FILES)
    if not standing:
        return
    statement = f"{query.get('query', '')} {(query.get('defaultDataset') or {}).get('datasetId', '')}"
    texts = [statement, *_behind(control, statement)]
    for marker in standing:
        _, project, _, dataset, _, table = marker.name.split("/")
        if not any(_names(text, table) and _names(text, dataset) for text in texts):
            continue
        async with control.part(Reading).locks[marker.name]:
            document = tables.external(control, marker.name)
            if document is None:
                control.store.delete(datasets.FILES, marker.name)
                continue
            _check_read(document, f"{dataset}.{table}")
            seen = _seen(control, document)
            known = control.store.get(datasets.FILES, marker.name)
            if known is None or known.document["seen"] != seen:
                await _read(control, project, dataset, table, document)
                _remember(control, marker.name, seen)


@asynccontextmanager
async def temporary(control: Control, project: str, query: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """The tables of files that a query brings itself are there while it runs: as those of its default dataset."""
    definitions: dict[str, Any] = query.get("tableDefinitions") or {}
    if not definitions:
        yield query
        return
    if query.get("defaultDataset"):
        raise unimplemented("The sandbox does not implement tableDefinitions beside a defaultDataset.")
    dataset = f"temporary_{control.hex(16)}"
    reference = {"projectId": project, "datasetId": datasets.HIDDEN + dataset}
    await child.ask(control, "POST", f"{child.BASE}/{project}/datasets", {"datasetReference": reference})
    try:
        for name, definition in definitions.items():
            document = await tables.checked(control, project, {tables.EXTERNAL: definition})
            _check_read(document, str(name))
            await _read(control, project, dataset, str(name), document)
        yield {**query, "defaultDataset": reference}
    finally:
        place = child.dataset_path(project, datasets.HIDDEN + dataset)
        await child.send(control, "DELETE", f"{child.BASE}/{place}?deleteContents=true")


def _check_read(document: dict[str, Any], name: str) -> None:
    kind = document[tables.EXTERNAL]["sourceFormat"]
    if kind not in FORMATS:
        raise unimplemented(f"The sandbox does not read tables of the format {kind} ({name}).")


def _names(text: str, name: str) -> bool:
    """Whether a text has a name, as a word of its own.

    >>> _names("SELECT * FROM `p.d.ticks_old`", "ticks")
    False
    """
    return name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _behind(control: Control, statement: str) -> list[str]:
    """The texts of the views and functions that a statement names, and of those that they name."""
    found: dict[str, str] = {}
    for one in [*control.store.select(datasets.TABLES), *control.store.select(datasets.ROUTINES)]:
        query = (one.document.get("view") or one.document.get("materializedView") or {}).get("query")
        if text := query or one.document.get("definitionBody"):
            found[one.id] = str(text)
    texts, left = [statement], found
    for text in texts:
        named = [name for name in left if _names(text, name)]
        texts += [left[name] for name in named]
        left = {name: body for name, body in left.items() if name not in named}
    return texts[1:]


def _seen(control: Control, document: dict[str, Any]) -> str:
    """What tells the files of a table, and how they are read, from others."""
    objects = [(each.bucket, each.name, each.generation) for each in _objects(control, document)]
    text = json.dumps([document[tables.EXTERNAL], document.get("schema"), objects], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _objects(control: Control, document: dict[str, Any]) -> list[Object]:
    return [each for uri in document[tables.EXTERNAL]["sourceUris"] for each in buckets.named(control, str(uri))]


def _remember(control: Control, key: str, seen: str) -> None:
    now = control.clock()
    with control.store.transaction():
        control.store.delete(datasets.FILES, key)
        control.store.insert(Resource(datasets.FILES, key, {"seen": seen}, now, now))


def _keys(
    control: Control, document: dict[str, Any], layout: dict[str, Any], fields: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The columns that paths say, but for those that the schema has already."""
    known = {str(field["name"]).lower() for field in fields}
    if said := bigquery_hive.declared(layout):
        more = [{"name": name, "type": kind, "mode": "NULLABLE"} for name, kind in said.items()]
    else:  # found out, so there must be files
        uris = [f"gs://{each.bucket}/{each.name}" for each in _objects(control, document)]
        try:
            values = bigquery_hive.partitions(uris, layout)
        except ValueError as error:
            raise invalid_argument(str(error)) from error
        more = bigquery_hive.fields(dict(zip(uris, values, strict=True)))
    return [field for field in more if field["name"].lower() not in known]


async def _read(control: Control, project: str, dataset: str, table: str, document: dict[str, Any]) -> None:
    """Load the files in place of what is there."""
    files = document[tables.EXTERNAL]
    load = {key: files[key] for key in _SAME if key in files}
    load |= {key: value for key, value in (files.get("csvOptions") or {}).items() if key in _CSV}
    load |= {"useAvroLogicalTypes": (files.get("avroOptions") or {}).get("useAvroLogicalTypes", False)}
    load |= {"writeDisposition": "WRITE_TRUNCATE", "createDisposition": "CREATE_IF_NEEDED"}
    load["destinationTable"] = {"projectId": project, "datasetId": datasets.HIDDEN + dataset, "tableId": table}
    if fields := (document.get("schema") or {}).get("fields"):
        load["schema"] = {"fields": fields}
    job = f"files_{control.hex(24)}"
    body = {"jobReference": {"projectId": project, "jobId": job}, "configuration": {"load": load}}
    with buckets.reading(control, job, load):
        answer = await child.ask(control, "POST", f"{child.BASE}/{project}/jobs", body)
    await child.send(control, "DELETE", f"{child.BASE}/{project}/jobs/{job}/delete")  # nobody asked for it
    error = answer["status"].get("errorResult")
    if error:
        said = str(error["message"]).removeprefix("Error while reading data, error message: ")
        text = f"Error while reading table: {dataset}.{table}, error message: {said}"
        raise child.failure(str(error["reason"]), text)

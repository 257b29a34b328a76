"""The views of `information`: their columns, and their rows from BigQuery's documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.apis.bigquery import schema as schemas
from sandbox.apis.bigquery.constants import Columns
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.apis.oauth2 import EMAIL
from sandbox.control import projects
from sandbox.control.context import Control
from sandbox.control.store import Resource

Document = dict[str, Any]
Row = tuple[Any, ...]
_MOST_JOBS = 1000
_DAY_MS = 86_400_000


def _texts(*names: str) -> list[tuple[str, str]]:
    return [(name, "STRING") for name in names]


def _place(document: Document) -> tuple[str, str, str]:
    reference = document["tableReference"]
    return reference["projectId"], reference["datasetId"], reference["tableId"]


_TABLE = ("table_catalog", "table_schema", "table_name")
_CONSTRAINT = ("constraint_catalog", "constraint_schema", "constraint_name")
_PATHS = [
    *_texts(*_TABLE, "column_name", "field_path", "data_type", "description", "collation_name", "rounding_mode"),
    ("policy_tags", "ARRAY<STRING>"),
]
_STORAGE = [
    *_texts("project_id"),
    ("project_number", "INT64"),
    *_texts(*_TABLE),
    ("creation_time", "TIMESTAMP"),
    ("deleted", "BOOL"),
    ("storage_last_modified_time", "TIMESTAMP"),
    *((name, "INT64") for name in ("total_rows", "total_partitions", "total_logical_bytes")),
    *((name, "INT64") for name in ("active_logical_bytes", "long_term_logical_bytes", "total_physical_bytes")),
    *_texts("table_type"),
]
_JOBS = [
    ("creation_time", "TIMESTAMP"),
    ("project_id", "STRING"),
    ("project_number", "INT64"),
    *_texts("user_email", "job_id", "job_type", "statement_type", "priority"),
    ("start_time", "TIMESTAMP"),
    ("end_time", "TIMESTAMP"),
    *_texts("query", "state", "reservation_id"),
    ("total_bytes_processed", "INT64"),
    ("total_bytes_billed", "INT64"),
    ("total_slot_ms", "INT64"),
    ("cache_hit", "BOOL"),
    ("error_result", "STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>"),
    ("destination_table", "STRUCT<project_id STRING, dataset_id STRING, table_id STRING>"),
    ("labels", "ARRAY<STRUCT<key STRING, value STRING>>"),
    *_texts("parent_job_id"),
]
_OPTIONS = _texts("catalog_name", "schema_name", "option_name", "option_type", "option_value")


def _paths(document: Document) -> Iterator[Row]:
    for column in (document.get("schema") or {}).get("fields") or []:
        for path, field in _nested(column, ""):
            tags = (field.get("policyTags") or {}).get("names") or []
            yield (
                *_place(document),
                column["name"],
                path,
                schemas.sql_type(field).replace("`", ""),
                field.get("description"),
                field.get("collation") or None,
                field.get("roundingMode"),
                tags,
            )


def _nested(field: Document, above: str) -> Iterator[tuple[str, Document]]:
    path = f"{above}{field['name']}"
    yield path, field
    for inner in field.get("fields") or []:
        yield from _nested(inner, f"{path}.")


def _keys(document: Document) -> Iterator[tuple[str, str, list[str], Document]]:
    """The constraints of a table: name, kind, columns, and what a foreign key has more."""
    found = document.get("tableConstraints") or {}
    table = document["tableReference"]["tableId"]
    if columns := (found.get("primaryKey") or {}).get("columns"):
        yield f"{table}.pk$", "PRIMARY KEY", columns, {}
    for number, key in enumerate(found.get("foreignKeys") or [], 1):
        columns = [each["referencingColumn"] for each in key["columnReferences"]]
        yield f"{table}.{key.get('name') or f'fk${number}'}", "FOREIGN KEY", columns, key


def _constraints(document: Document) -> Iterator[Row]:
    catalog, schema, table = _place(document)
    for name, kind, _, _ in _keys(document):
        yield catalog, schema, name, catalog, schema, table, kind, "NO", "NO", "NO"


def _key_columns(document: Document) -> Iterator[Row]:
    catalog, schema, table = _place(document)
    for name, kind, columns, _ in _keys(document):
        for place, column in enumerate(columns, 1):
            yield catalog, schema, name, catalog, schema, table, column, place, place if kind[0] == "F" else None


def _used_columns(document: Document) -> Iterator[Row]:
    catalog, schema, _ = place = _place(document)
    for name, kind, columns, key in _keys(document):
        used = place
        if kind[0] == "F":
            used = _place({"tableReference": key["referencedTable"]})
            columns = [each["referencedColumn"] for each in key["columnReferences"]]
        for column in columns:
            yield *used, column, catalog, schema, name


def _stored(document: Document) -> Iterator[Row]:
    project, dataset, table = _place(document)
    if document["type"] == "VIEW":
        return
    size = int(document.get("numBytes") or 0)
    yield (
        project,
        int(projects.number(project)),
        *(project, dataset, table),
        document["creationTime"],
        False,
        document.get("lastModifiedTime") or document["creationTime"],
        int(document.get("numRows") or 0),
        None,
        *(size, size, 0, None),
        "BASE TABLE" if document["type"] == "TABLE" else str(document["type"]).replace("_", " "),
    )


def options(dataset: Resource) -> Iterator[Row]:
    """SCHEMATA_OPTIONS of a dataset."""
    document = dataset.document
    reference = document["datasetReference"]
    labels = [f"STRUCT({json.dumps(key)}, {json.dumps(value)})" for key, value in document.get("labels", {}).items()]
    days = {
        name: str(int(document[field]) / _DAY_MS)
        for name, field in (
            ("default_partition_expiration_days", "defaultPartitionExpirationMs"),
            ("default_table_expiration_days", "defaultTableExpirationMs"),
        )
        if document.get(field)
    }
    said = (
        ("description", "STRING", json.dumps(document["description"]) if document.get("description") else None),
        ("friendly_name", "STRING", json.dumps(document["friendlyName"]) if document.get("friendlyName") else None),
        *((name, "FLOAT64", value) for name, value in days.items()),
        ("labels", "ARRAY<STRUCT<STRING, STRING>>", f"[{', '.join(labels)}]" if labels else None),
    )
    for name, kind, value in said:
        if value is not None:
            yield reference["projectId"], reference["datasetId"], name, kind, value


async def jobs(control: Control, project: str) -> list[Row]:
    """JOBS of a project, the newest first."""
    found = await ask(control, "jobs", {"project": project, "most": _MOST_JOBS}, project)
    return [_job(project, each) for each in found["jobs"]]


def _job(project: str, job: Document) -> Row:
    configuration = job["configuration"].get(str(job["job_type"]).lower()) or {}
    statistics = job["statistics"].get("query") or {}
    error, target = job["error_result"] or {}, configuration.get("destinationTable") or {}
    labels = job["configuration"].get("labels") or {}
    return (
        job["creation_time"],
        project,
        int(projects.number(project)),
        job["user_email"] or EMAIL,
        job["job_id"],
        job["job_type"],
        statistics.get("statementType"),
        configuration.get("priority") or "INTERACTIVE",
        *(job["start_time"], job["end_time"]),
        configuration.get("query"),
        job["state"],
        None,
        int(statistics.get("totalBytesProcessed") or 0),
        int(statistics.get("totalBytesBilled") or 0),
        *(0, False),
        {name: error[name] for name in ("reason", "location", "debug_info", "message") if error.get(name)} or None,
        {f"{name}_id": target[f"{name}Id"] for name in ("project", "dataset", "table")} if target else None,
        [{"key": key, "value": value} for key, value in labels.items()],
        job["statistics"].get("parentJobId"),
    )


def _none(document: Document) -> Iterator[Row]:
    return iter(())


VIEWS: dict[str, tuple[Columns, Callable[[Document], Iterator[Row]]]] = {
    "COLUMN_FIELD_PATHS": (_PATHS, _paths),
    "TABLE_CONSTRAINTS": (
        _texts(*_CONSTRAINT, *_TABLE, "constraint_type", "is_deferrable", "initially_deferred", "enforced"),
        _constraints,
    ),
    "KEY_COLUMN_USAGE": (
        [
            *_texts(*_CONSTRAINT, *_TABLE, "column_name"),
            ("ordinal_position", "INT64"),
            ("position_in_unique_constraint", "INT64"),
        ],
        _key_columns,
    ),
    "CONSTRAINT_COLUMN_USAGE": (_texts(*_TABLE, "column_name", *_CONSTRAINT), _used_columns),
    "TABLE_STORAGE": (_STORAGE, _stored),
    "SCHEMATA_OPTIONS": (_OPTIONS, _none),
    "JOBS": (_JOBS, _none),
}
"""By name: the columns, and the rows that a table's document makes; of the last two they are made otherwise."""

"""Statements on files in Cloud Storage: `CREATE EXTERNAL TABLE`, `DROP EXTERNAL TABLE` and `LOAD DATA`.

The engine knows none of them. They are carried out here, as the request or the job that means the same; the engine is
then given a query without rows, so that its job is there. By
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_external_table_statement
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.apis.bigquery import child
from sandbox.apis.bigquery.statements import Reader, allowed, carried_out, options, place_of
from sandbox.control.asking import ask
from sandbox.control.context import Control
from sandbox.control.errors import unimplemented

MEANT = re.compile(r"\b(?:(?:CREATE|DROP)\s+(?:OR\s+REPLACE\s+)?EXTERNAL\s+TABLE|LOAD\s+DATA)\b", re.I)

# Options of a statement by what they are of a request: of csvOptions, avroOptions, …, or of the whole.
_OPTIONS = {
    "format": "sourceFormat",
    "uris": "sourceUris",
    "compression": "compression",
    "ignore_unknown_values": "ignoreUnknownValues",
    "max_bad_records": "maxBadRecords",
    "decimal_target_types": "decimalTargetTypes",
    "allow_jagged_rows": "csvOptions.allowJaggedRows",
    "allow_quoted_newlines": "csvOptions.allowQuotedNewlines",
    "encoding": "csvOptions.encoding",
    "field_delimiter": "csvOptions.fieldDelimiter",
    "null_marker": "csvOptions.nullMarker",
    "null_markers": "csvOptions.nullMarkers",
    "quote": "csvOptions.quote",
    "skip_leading_rows": "csvOptions.skipLeadingRows",
    "enable_logical_types": "avroOptions.useAvroLogicalTypes",
    "enable_list_inference": "parquetOptions.enableListInference",
    "enum_as_string": "parquetOptions.enumAsString",
    "hive_partition_uri_prefix": "hivePartitioningOptions.sourceUriPrefix",
    "require_hive_partition_filter": "hivePartitioningOptions.requirePartitionFilter",
    "description": "description",
}


@dataclass
class Statement:
    """One of them, in its parts. `columns` and `keys` are the texts between their parentheses."""

    verb: str
    table: tuple[str, ...]
    lenient: bool = False
    replace: bool = False
    columns: str = ""
    keys: str | None = None
    connection: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def parsed(text: str) -> Statement | None:
    """A statement in its parts, None where it is none of these.

    >>> parsed("DROP EXTERNAL TABLE IF EXISTS d.t").table
    ('d', 't')

    Raises:
        ApiError: it is one of a script, has an option that is not served, or can't be read.
    """
    if not MEANT.search(text):
        return None
    reader = Reader(text)
    if not MEANT.match(reader.rest()):
        if any(MEANT.match(reader.from_(position)) for position in range(1, len(reader))):
            raise unimplemented("The sandbox runs statements on files only by themselves, not in a script.")
        return None
    return _read(reader)


def _read(reader: Reader) -> Statement:
    found = Statement(reader.word(), ())
    if found.verb == "LOAD":
        reader.take("DATA")
        found.replace = reader.take("OVERWRITE")
        reader.take("INTO")
        if reader.words("TEMP", "TEMPORARY"):
            raise unimplemented("The sandbox does not load temporary tables.")
    else:
        found.replace = reader.take("OR", "REPLACE")
        reader.take("EXTERNAL", "TABLE")
        found.lenient = reader.take("IF", "NOT", "EXISTS") or reader.take("IF", "EXISTS")
    found.table = reader.name()
    while not reader.ended():
        _clause(reader, found)
    return found


def _clause(reader: Reader, found: Statement) -> None:
    if reader.words("("):
        found.columns = reader.parentheses()
    elif reader.take("WITH", "PARTITION", "COLUMNS"):
        found.keys = reader.parentheses() if reader.words("(") else ""
    elif reader.take("WITH", "CONNECTION"):
        found.connection = ".".join(reader.name())
    elif reader.take("OPTIONS") or reader.take("FROM", "FILES"):
        found.options |= _known(options(reader.parentheses()))
    elif reader.take(";"):
        if reader.rest():
            raise unimplemented("The sandbox runs statements on files only by themselves, not in a script.")
    else:
        raise unimplemented(f"The sandbox does not implement this part of the statement: {reader.rest()[:60]}")


def _known(options: dict[str, Any]) -> dict[str, Any]:
    for name in options:
        if name not in _OPTIONS:
            raise unimplemented(f"The sandbox does not implement the option {name} of statements on files.")
    return options


async def carry_out(control: Control, project: str, query: dict[str, Any]) -> str:
    """Do what a query's statement says, if it is one of these. Returns what the engine is to run, which may be nothing.

    Raises:
        ApiError: as the request or the job that means the same.
    """
    text = str(query.get("query", ""))
    statement = parsed(text)
    if statement is None:
        return text
    if not query.get("dryRun"):
        await _do(control, project, statement, query)
    return carried_out(text)


async def _do(control: Control, project: str, statement: Statement, query: dict[str, Any]) -> None:
    owner, dataset, table = place_of(statement.table, query, project)
    place = {"projectId": owner, "datasetId": dataset, "tableId": table}
    collection = f"/bigquery/v2/projects/{owner}/datasets/{dataset}/tables"
    if statement.verb == "DROP":
        with allowed(404 if statement.lenient else 0):
            await ask(control, "DELETE", f"{collection}/{table}")
        return
    settings: dict[str, Any] = {}
    for name, value in statement.options.items():
        block, _, key = _OPTIONS[name].rpartition(".")
        (settings.setdefault(block, {}) if block else settings)[key] = value
    if settings.get("sourceFormat") == "JSON":
        settings["sourceFormat"] = "NEWLINE_DELIMITED_JSON"
    if statement.keys is not None:
        layout = settings.setdefault("hivePartitioningOptions", {})
        keys = [column.split() for column in statement.keys.split(",") if column.strip()]
        layout["mode"] = "CUSTOM" if keys else "AUTO"
        prefix = str(layout.get("sourceUriPrefix") or "").rstrip("/")
        layout["sourceUriPrefix"] = "/".join([prefix, *(f"{{{name}:{kind.upper()}}}" for name, kind, *_ in keys)])
    fields = await _fields(control, owner, dataset, statement.columns) if statement.columns else []
    schema = {"schema": {"fields": fields}} if fields else {}
    if statement.verb == "LOAD":
        csv, avro = settings.pop("csvOptions", {}), settings.pop("avroOptions", {})
        load = {**settings, **csv, **avro, **schema, "destinationTable": place, "autodetect": not fields}
        load["writeDisposition"] = "WRITE_TRUNCATE" if statement.replace else "WRITE_APPEND"
        await _load(control, project, load)
        return
    if statement.connection:
        settings["connectionId"] = statement.connection
    settings["autodetect"] = not fields
    if statement.replace:
        with allowed(404):
            await ask(control, "DELETE", f"{collection}/{table}")
    described = {"description": settings.pop("description")} if "description" in settings else {}
    body = {"tableReference": place, "externalDataConfiguration": settings, **schema, **described}
    with allowed(409 if statement.lenient else 0):
        await ask(control, "POST", collection, body)


async def _load(control: Control, project: str, load: dict[str, Any]) -> None:
    body = {"configuration": {"load": load}}
    answer = await ask(control, "POST", f"/bigquery/v2/projects/{project}/jobs", body)
    if error := answer["status"].get("errorResult"):
        raise child.failure(str(error["reason"]), str(error["message"]))


async def _fields(control: Control, project: str, dataset: str, columns: str) -> list[dict[str, Any]]:
    """The fields of columns in SQL, which the engine knows of a table that has them."""
    name = f"columns_{control.hex(16)}"
    target = child.quoted(project, dataset, name)
    await child.run(control, project, f"CREATE TABLE {target} ({columns})")
    try:
        made = await child.ask(control, "GET", f"{child.BASE}/{child.table_path(project, dataset, name)}")
    finally:
        await child.run(control, project, f"DROP TABLE {target}")
    fields: list[dict[str, Any]] = made["schema"]["fields"]
    return fields

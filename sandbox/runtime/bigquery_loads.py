"""Load jobs as BigQuery does them, in place of the engine's: all or nothing, by what the job says of its files.

The engine takes the first line of every CSV file for a header, whatever the job says, Parquet's columns by their order,
and members of JSON that no column has for nothing; it empties a table before it knows whether what replaces it can be
read, and refuses uploads whose media type isn't one of a few. What is meant by a job's settings: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sandbox.control.multipart import related
from sandbox.runtime import bigquery_partition
from sandbox.runtime.bigquery_jobs import columns, ended, identifier

_ENCODINGS = {"UTF-8": "utf-8", "ISO-8859-1": "latin-1", "UTF-16LE": "utf-16", "UTF-16": "utf-16"}
_TRUE, _FALSE = ("true", "t", "1", "yes", "y"), ("false", "f", "0", "no", "n")


def replace_loads(folder: Path) -> None:
    """Give the engine these loads. Files of a job that names some are in `folder`, below its id."""
    executor: Any = import_module("bqemulator.jobs.executor")
    upload: Any = import_module("bqemulator.api.routes.upload")
    jobs: Any = import_module("bqemulator.api.routes.jobs")

    async def execute_load_job(project: str, job_id: str, config: dict[str, Any], ctx: Any) -> Any:
        files = sorted(map(str, (folder / job_id).glob("*")))
        return await _execute(executor, project, job_id, config, ctx, files)

    for module in (executor, upload, jobs):
        module.execute_load_job = execute_load_job
    upload._parse_multipart_related = _parts


def _parts(content_type: str, body: bytes) -> tuple[Any, bytes]:
    from bqemulator.domain.errors import InvalidQueryError

    try:
        envelope, _, data = related(content_type, body)
        return json.loads(envelope), data
    except ValueError as error:
        raise InvalidQueryError(str(error)) from error


async def _execute(executor: Any, project: str, job_id: str, config: dict[str, Any], ctx: Any, paths: list[str]) -> Any:
    started = ctx.clock.now()
    destination = config["load"]["destinationTable"]
    name, partition = bigquery_partition.split(destination.get("tableId", ""))
    load = {**config["load"], "destinationTable": {**destination, "tableId": name}}
    job = executor._parse_load_job_config(project, {**config, "load": load})
    place = (job.project_id, job.dataset_id, job.table_id)
    paths = paths or [executor._resolve_uri(uri, ctx) for uri in job.source_uris]
    made = job.create_disposition == "CREATE_IF_NEEDED" and ctx.catalog.get_table(*place) is None
    if made:
        settings = {**job.raw_config, "sourceUris": paths}
        if (
            settings.get("autodetect")
            and job.source_format == "CSV"
            and not (settings.get("schema") or {}).get("fields")
        ):
            settings["schema"] = {"fields": _detected(paths[0], ctx)}
        executor._maybe_create_load_destination(
            dest_project=job.project_id,
            dest_dataset=job.dataset_id,
            dest_table_id=job.table_id,
            load_config=settings,
            now=started,
            ctx=ctx,
        )
    try:
        async with ctx.engine.write_lock():
            with _transaction(ctx), _within(partition, job, place, ctx) as where:
                if job.write_disposition == "WRITE_TRUNCATE":
                    ctx.engine.execute(f"DELETE FROM {job.target_ref} WHERE {where}")
                elif job.write_disposition == "WRITE_EMPTY" and not partition:
                    executor._apply_load_write_disposition(job, ctx)
                elif job.write_disposition == "WRITE_EMPTY" and _count(job, where, ctx):
                    raise ValueError(
                        f"Partition {destination['tableId']} is not empty and writeDisposition is WRITE_EMPTY"
                    )
                before = executor._refresh_load_row_count(job, ctx)
                for path in paths:
                    _load(_LOADS.get(job.source_format, executor._load_path_into_target), path, job, ctx)
    except BaseException:
        if made and ctx.catalog.get_table(*place) is not None:
            ctx.catalog.delete_table(*place)
            ctx.engine.execute(f"DROP TABLE IF EXISTS {job.target_ref}")
        raise
    rows = executor._refresh_load_row_count(job, ctx)
    table = ctx.catalog.get_table(*place)
    if table is not None:
        ctx.catalog.update_table(table.model_copy(update={"num_rows": rows}))
        async with ctx.engine.write_lock():
            ctx.snapshots.record_change(*place)
    statistics = {"inputFiles": str(len(paths)), "outputRows": str(rows - before)}
    return ended(executor, project, job_id, "LOAD", config, statistics, started, ctx)


@contextmanager
def _within(partition: str, job: Any, place: tuple[str, str, str], ctx: Any) -> Iterator[str]:
    """The condition of a partition's rows. Raises ValueError where other ones have come at the end."""
    if not partition:
        yield "true"
        return
    where = bigquery_partition.condition(ctx.catalog.get_table(*place), partition)
    others = _count(job, f"NOT {where}", ctx)
    yield where
    if _count(job, f"NOT {where}", ctx) != others:
        raise ValueError(f"Some rows belong to different partitions rather than destination partition {partition}")


def _count(job: Any, where: str, ctx: Any) -> int:
    return int(ctx.engine.execute(f"SELECT count(*) FROM {job.target_ref} WHERE {where}").fetchone()[0])


def _load(load: Callable[[str, Any, Any], None], path: str, job: Any, ctx: Any) -> None:
    import duckdb

    try:
        load(path, job, ctx)
    except duckdb.Error as error:  # without the place of the file and DuckDB's own advice
        said = str(error).split("\nPossible ")[0].split("\nTry ")[0].split("\n\n")[0]
        raise ValueError(said.replace(f'file "{path}"', "the file").replace(path, "the file")) from error


def _detected(path: str, ctx: Any) -> list[dict[str, Any]]:
    """The fields of a CSV file; where it has no header, named by type and position, as BigQuery names them."""
    from bqemulator.storage.type_map import duckdb_type_to_bq_field

    described = ctx.engine.execute("DESCRIBE SELECT * FROM read_csv(?)", [path]).fetchall()
    fields = [dict(duckdb_type_to_bq_field(name, kind)) for name, kind, *_ in described]
    if _has_header(path, ctx):
        return fields
    standard = {"INTEGER": "int64", "FLOAT": "double", "BOOLEAN": "bool"}
    return [
        {**field, "name": f"{standard.get(field['type'], field['type'].lower())}_field_{position}"}
        for position, field in enumerate(fields)
    ]


@contextmanager
def _transaction(ctx: Any) -> Iterator[None]:
    ctx.engine.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        ctx.engine.execute("ROLLBACK")
        raise
    ctx.engine.execute("COMMIT")


def _csv(path: str, job: Any, ctx: Any) -> None:
    settings, fields = job.raw_config, columns(job.target_ref, ctx)
    for name, kind in fields:
        if kind.endswith("[]") or kind.startswith("STRUCT"):
            raise ValueError(f"CSV has no place for the nested or repeated field {name}; load JSON, Avro or Parquet.")
    bad = int(settings.get("maxBadRecords") or 0)
    options = _options(path, settings, fields, ctx)
    reader = ", ".join(f"{key} = {value}" for key, value in options.items())
    if bad:
        reader += ", ignore_errors = true, store_rejects = true"
        ctx.engine.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    # Read as text first: what can't become its column's type is then told by its name.
    ctx.engine.execute(f"CREATE OR REPLACE TEMP TABLE loading AS SELECT * FROM read_csv(?, {reader})", [path])
    try:
        wrong = " OR ".join(f"({identifier(n)} IS NOT NULL AND {_as(n, k, attempt=True)} IS NULL)" for n, k in fields)
        rejected = ctx.engine.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchone()[0] if bad else 0
        failing = ctx.engine.execute(f"SELECT count(*) FROM loading WHERE {wrong}").fetchone()[0]
        if failing + rejected > bad:
            raise ValueError(_told(fields, failing + rejected, bad, ctx))
        values = ", ".join(_as(name, kind) for name, kind in fields)
        ctx.engine.execute(
            f"INSERT INTO {job.target_ref} SELECT {values} FROM loading WHERE NOT coalesce({wrong}, false)"
        )
    finally:
        ctx.engine.execute("DROP TABLE IF EXISTS loading")


def _options(path: str, settings: dict[str, Any], fields: list[tuple[str, str]], ctx: Any) -> dict[str, str]:
    """DuckDB's options of a CSV file for a job's settings."""
    delimiter = str(settings.get("fieldDelimiter") or ",")
    quote = str(settings.get("quote", '"'))
    encoding = str(settings.get("encoding") or "UTF-8").upper()
    if encoding not in _ENCODINGS:
        raise ValueError(f"The encoding {encoding} is not one that the sandbox reads: {', '.join(_ENCODINGS)}.")
    skip = int(settings.get("skipLeadingRows") or 0)
    if settings.get("autodetect") and "skipLeadingRows" not in settings:
        skip = int(_has_header(path, ctx))
    nulls = settings.get("nullMarkers") or [settings.get("nullMarker") or ""]
    return {
        "auto_detect": "false",
        "header": "false",
        "columns": "{" + ", ".join(f"{_text(name)}: 'VARCHAR'" for name, _ in fields) + "}",
        "skip": str(skip),
        "delim": _text("\t" if delimiter.lower() in ("tab", "\\t") else delimiter),
        "quote": _text(quote),
        "escape": _text(quote),
        "nullstr": "[" + ", ".join(_text(str(null)) for null in nulls) + "]",
        "allow_quoted_nulls": "false",
        "null_padding": str(bool(settings.get("allowJaggedRows"))).lower(),
        "strict_mode": str(not settings.get("ignoreUnknownValues")).lower(),
        "encoding": _text(_ENCODINGS[encoding]),
    }


def _as(name: str, kind: str, *, attempt: bool = False) -> str:
    """The value of a column's text; `attempt` gives NULL for what is none."""
    text, cast = identifier(name), "TRY_CAST" if attempt else "CAST"
    if kind == "BLOB":
        return f"TRY(from_base64({text}))" if attempt else f"from_base64({text})"
    if kind == "BOOLEAN":
        true, false = (", ".join(_text(word) for word in words) for words in (_TRUE, _FALSE))
        return f"CASE WHEN lower({text}) IN ({true}) THEN true WHEN lower({text}) IN ({false}) THEN false END"
    return f"{cast}({text} AS {kind})"


def _told(fields: list[tuple[str, str]], failing: int, bad: int, ctx: Any) -> str:
    """What is wrong with the first value that is none of its column."""
    from bqemulator.storage.type_map import duckdb_type_to_bq_field

    counted = f"{failing} bad record{'s' if failing != 1 else ''}, {bad} allowed"
    for position, (name, kind) in enumerate(fields):
        wrong = f"{identifier(name)} IS NOT NULL AND {_as(name, kind, attempt=True)} IS NULL"
        found = ctx.engine.execute(f"SELECT {identifier(name)} FROM loading WHERE {wrong} LIMIT 1").fetchone()
        if found:
            type_ = duckdb_type_to_bq_field(name, kind)["type"]
            return f"Could not parse '{found[0]}' as {type_} for field {name} (position {position}); {counted}."
    return f"Too many errors encountered: {counted}."


def _json(path: str, job: Any, ctx: Any) -> None:
    if not job.raw_config.get("ignoreUnknownValues"):
        known = {name.lower() for name, _ in columns(job.target_ref, ctx)}
        keys = "SELECT DISTINCT unnest(json_keys(json)) FROM read_ndjson_objects(?)"
        for (key,) in ctx.engine.execute(keys, [path]).fetchall():
            if key.lower() not in known:
                raise ValueError(f"JSON parsing error: No such field: {key}.")
    ctx.engine.execute(f"COPY {job.target_ref} FROM ? (FORMAT JSON)", [path])


def _parquet(path: str, job: Any, ctx: Any) -> None:
    ctx.engine.execute(f"INSERT INTO {job.target_ref} BY NAME SELECT * FROM read_parquet(?)", [path])


def _has_header(path: str, ctx: Any) -> bool:
    return bool(ctx.engine.execute("SELECT HasHeader FROM sniff_csv(?)", [path]).fetchone()[0])


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_LOADS: dict[str, Callable[[str, Any, Any], None]] = {
    "CSV": _csv,
    "NEWLINE_DELIMITED_JSON": _json,
    "JSON": _json,
    "PARQUET": _parquet,
}

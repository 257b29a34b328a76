"""Load jobs as BigQuery does them, in place of the engine's: all or nothing, by what the job says of its files.

The engine takes the first line of every CSV file for a header, whatever the job says, Parquet's columns by their order
and no table that isn't there yet, Avro and ORC not at all, and members of JSON that no column has for nothing; it
empties a table before it knows whether what replaces it can be read, and refuses uploads whose media type isn't one of
a few. What is meant by a job's settings: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from sandbox.control.multipart import related
from sandbox.runtime.bigquery import formats, hive, text
from sandbox.runtime.bigquery import load_tables as tables
from sandbox.runtime.bigquery import partition as bigquery_partition
from sandbox.runtime.bigquery.jobs import columns, ended, identifier, transaction

_LOADS: dict[str, Callable[[str, Any, Any], None]] = {
    "CSV": text.csv,
    "NEWLINE_DELIMITED_JSON": text.json_lines,
    "JSON": text.json_lines,
    **dict.fromkeys(formats.FORMATS, formats.insert),
}


def replace_loads(folder: Path) -> None:
    """Give the engine these loads. Files of a job that names some are in `folder`, below its id."""
    executor: Any = import_module("bqemulator.jobs.executor")
    upload: Any = import_module("bqemulator.api.routes.upload")
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    errors: Any = import_module("bqemulator.domain.errors")

    async def execute_load_job(project: str, job_id: str, config: dict[str, Any], ctx: Any) -> Any:
        try:
            return await _execute(executor, project, job_id, config, ctx, folder / job_id)
        except errors.NotFoundError as error:
            return jobs._failed_job_meta(
                project_id=project,
                job_id=job_id,
                job_type="LOAD",
                config=config,
                error_result={"reason": "notFound", "message": str(error)},
                now=ctx.clock.now(),
            )

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


async def _execute(executor: Any, project: str, job_id: str, config: dict[str, Any], ctx: Any, folder: Path) -> Any:
    from bqemulator.domain.errors import NotFoundError

    started = ctx.clock.now()
    destination = config["load"]["destinationTable"]
    name, partition = bigquery_partition.split(destination.get("tableId", ""))
    load = {**config["load"], "destinationTable": {**destination, "tableId": name}}
    job = executor._parse_load_job_config(project, {**config, "load": load})
    place = (job.project_id, job.dataset_id, job.table_id)
    if job.source_format not in _LOADS:
        raise ValueError(f"The sandbox does not load {job.source_format}; it loads {', '.join(_LOADS)}.")
    files = _files(folder) or [executor._resolve_uri(uri, ctx) for uri in job.source_uris]
    values = hive.of_files(folder, job.raw_config.get("hivePartitioningOptions") or {})
    more = hive.fields(values)
    table = ctx.catalog.get_table(*place)
    if table is None and job.create_disposition == "CREATE_NEVER":
        raise NotFoundError(f"Not found: Table {place[0]}:{place[1]}.{place[2]}")
    if ctx.catalog.get_dataset(*place[:2]) is None:
        raise NotFoundError(f"Not found: Dataset {place[0]}:{place[1]}")
    changes = job.write_disposition == "WRITE_TRUNCATE" or job.raw_config.get("schemaUpdateOptions")
    asked = []
    if table is None or (changes and not partition and tables.known(job)):
        with _told(files, job):
            asked = tables.fields(job, files, more, ctx)
    made = table is None
    if made:
        tables.make(job, asked, started, ctx)
        table = ctx.catalog.get_table(*place)
    schema = table.schema_
    try:
        async with ctx.engine.write_lock():
            with transaction(ctx):
                if asked and not made:
                    schema = tables.fit(job, asked, table, ctx)
                with _within(partition, job, place, ctx) as where:
                    if job.write_disposition == "WRITE_TRUNCATE":
                        ctx.engine.execute(f"DELETE FROM {job.target_ref} WHERE {where}")
                    elif job.write_disposition == "WRITE_EMPTY" and not partition:
                        executor._apply_load_write_disposition(job, ctx)
                    elif job.write_disposition == "WRITE_EMPTY" and _count(job, where, ctx):
                        raise ValueError(
                            f"Partition {destination['tableId']} is not empty and writeDisposition is WRITE_EMPTY"
                        )
                    before = executor._refresh_load_row_count(job, ctx)
                    for path in files:
                        with _told(files, job):
                            _append(path, values.get(Path(path).name) or [], job, ctx)
    except BaseException:
        if made and ctx.catalog.get_table(*place) is not None:
            ctx.catalog.delete_table(*place)
            ctx.engine.execute(f"DROP TABLE IF EXISTS {job.target_ref}")
        raise
    rows = executor._refresh_load_row_count(job, ctx)
    now = ctx.clock.now()
    ctx.catalog.update_table(
        ctx.catalog.get_table(*place).model_copy(
            update={"num_rows": rows, "schema_": schema, "last_modified_time": now}
        )
    )
    async with ctx.engine.write_lock():
        ctx.snapshots.record_change(*place)
    statistics = {"inputFiles": str(len(files)), "outputRows": str(rows - before)}
    return ended(executor, project, job_id, "LOAD", config, statistics, started, ctx)


def _files(folder: Path) -> list[str]:
    return sorted(map(str, folder.glob("*")))


def _append(path: str, values: list[hive.Value], job: Any, ctx: Any) -> None:
    """Append the rows of a file, with what its path says of all of them."""
    load = _LOADS[job.source_format]
    if not values:
        load(path, job, ctx)
        return
    said = {value.name.lower() for value in values}
    own = ", ".join(identifier(name) for name, _ in columns(job.target_ref, ctx) if name.lower() not in said)
    ctx.engine.execute(f"CREATE OR REPLACE TEMP TABLE of_one_path AS SELECT {own} FROM {job.target_ref} LIMIT 0")
    try:
        load(path, replace(job, target_ref="of_one_path"), ctx)
        constants = ", ".join(f"{value.sql} AS {identifier(value.name)}" for value in values)
        ctx.engine.execute(f"INSERT INTO {job.target_ref} BY NAME SELECT *, {constants} FROM of_one_path")
    finally:
        ctx.engine.execute("DROP TABLE IF EXISTS of_one_path")


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


@contextmanager
def _told(paths: list[str], job: Any) -> Iterator[None]:
    """What goes wrong with files as ValueError: without where the sandbox has them, and without DuckDB's own advice."""
    import duckdb
    import pyarrow

    try:
        yield
    except (duckdb.Error, pyarrow.ArrowException, OSError) as error:
        said = str(error).split("\nPossible ")[0].split("\nTry ")[0].split("\n\n")[0]
        for path in paths:
            said = said.replace(f'file "{path}"', "the file").replace(path, "the file")
        raise ValueError(said.replace("file_to_load", f"the {job.source_format} file")) from error

"""Query jobs that write into a table: the engine answers them, and writes nothing."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from sandbox.runtime.bigquery import partition as bigquery_partition
from sandbox.runtime.bigquery.jobs import columns, identifier, transaction


def replace_destinations() -> None:
    """Let the engine keep what a query job is to keep."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    appended, may_create = jobs._apply_write_append, jobs._check_create_disposition

    async def apply(*, job_meta: Any, job_id: str, query_config: dict[str, Any], ctx: Any, **more: Any) -> Any:
        rows = jobs.JOB_RESULTS.get(job_id)  # of the query alone; what follows may put the table's own before them
        plain = _undecorated(query_config)
        answer = await appended(job_meta=job_meta, job_id=job_id, query_config=plain, ctx=ctx, **more)
        kind = job_meta.statistics.get("query", {}).get("statementType")
        destination = query_config.get("destinationTable") or {}
        if kind == "SELECT" and rows is not None and destination.get("tableId"):
            place = (destination.get("projectId") or more["request_project_id"], destination["datasetId"])
            async with ctx.engine.write_lock():
                _write((*place, destination["tableId"]), query_config, rows, answer, ctx)
        return answer

    def check(settings: dict[str, Any], **more: Any) -> None:
        _refuse_statements(settings)
        may_create(_undecorated(settings), **more)

    _know_unions()
    jobs._apply_write_append, jobs._check_create_disposition = apply, check
    # It looks for the columns in the statement, where `SELECT *` has none; here they are those of the result.
    jobs._validate_destination_layout_columns = lambda *_: None


def _know_unions() -> None:
    """A query is one also where it is a union, or in brackets: the engine has no word for those, and wrote nothing."""
    classify = _executor()._classify_parsed_tree

    def classified(tree: Any) -> str:
        from sqlglot import exp

        return str(classify(tree)) or ("SELECT" if isinstance(tree, exp.Query) else "")

    _executor()._classify_parsed_tree = classified


def _refuse_statements(settings: dict[str, Any]) -> None:
    """Only a query may have a destination."""
    statement = str(settings.get("query", ""))
    if not (settings.get("destinationTable") or {}).get("tableId"):
        return
    script = _executor()._parse_script_or_raise(statement).statements
    if len(script) != 1 or not isinstance(script[0], _executor().SqlStmt):
        raise _invalid("configuration.query.destinationTable cannot be set for scripts")
    if _executor().classify_statement_type(statement) not in ("SELECT", ""):
        raise _invalid("Cannot set destination table in jobs with DDL or DML statements")


def _undecorated(settings: dict[str, Any]) -> dict[str, Any]:
    """A query's settings without the partition of its destination."""
    destination = settings.get("destinationTable") or {}
    if "$" not in str(destination.get("tableId", "")):
        return settings
    return {**settings, "destinationTable": {**destination, "tableId": destination["tableId"].partition("$")[0]}}


def _write(place: tuple[str, str, str], settings: dict[str, Any], rows: Any, job: Any, ctx: Any) -> None:
    """Write the rows, and that the job has ended, as one transaction: who asks after a crash learns if it was done."""
    project, dataset, named = place
    table, partition = bigquery_partition.split(named)
    place = (project, dataset, table)
    target = _executor().quoted_table_ref(*place)
    if ctx.catalog.get_dataset(project, dataset) is None:
        raise _executor().resource_not_found(_executor().ResourceRef("dataset", project, dataset))
    existing = ctx.catalog.get_table(*place)
    layout = _layout(settings, existing, rows)
    disposition = str(settings.get("writeDisposition") or "WRITE_EMPTY")
    ctx.engine.connection.register("written", rows)
    try:
        values = ", ".join(_as_it_was(field) for field in rows.schema)
        with transaction(ctx):
            if existing is None:
                ctx.engine.execute(f"CREATE TABLE {target} AS SELECT {values} FROM written LIMIT 0")
            partitioned = SimpleNamespace(**{"table_id": table, "time_partitioning": None, **layout})
            where = _condition(partitioned if existing is None else existing, partition)
            if disposition == "WRITE_EMPTY" and _count(target, where, ctx):
                raise _invalid(f"Already Exists: Table {project}:{dataset}.{named}")
            if partition or existing is None or disposition == "WRITE_APPEND":
                if disposition == "WRITE_TRUNCATE":
                    ctx.engine.execute(f"DELETE FROM {target} WHERE {where}")
                others = _count(target, f"NOT {where}", ctx)
                ctx.engine.execute(f"INSERT INTO {target} BY NAME SELECT {values} FROM written")
                if _count(target, f"NOT {where}", ctx) != others:
                    message = "Some rows belong to different partitions rather than destination partition"
                    raise _invalid(f"{message} {named}")
            else:
                ctx.engine.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT {values} FROM written")
            _tell(place, target, existing, layout, ctx)
            ctx.catalog.upsert_job(job)
    except BaseException:
        # The catalog has a memory beside the database, which no transaction takes back.
        if existing is None and ctx.catalog.get_table(*place) is not None:
            ctx.catalog.delete_table(*place)
        raise
    finally:
        ctx.engine.connection.unregister("written")
    ctx.snapshots.record_change(*place)


def _layout(settings: dict[str, Any], existing: Any, rows: Any) -> dict[str, Any]:
    """How a query's destination is partitioned and clustered, in the words of the engine's catalog; nothing where it
    doesn't say. Raises the engine's error for columns that the rows lack, and for another layout than the table has.
    """
    tables: Any = import_module("bqemulator.api.routes.tables")
    if settings.get("rangePartitioning"):
        raise _invalid(
            "The sandbox does not implement rangePartitioning of a query's destination: make the table first."
        )
    found: dict[str, Any] = {}
    columns = {field.name.lower() for field in rows.schema}
    if partitioning := tables._rest_to_time_partitioning(settings.get("timePartitioning"), None):
        if not partitioning.field:
            raise _invalid("The sandbox does not implement destinations partitioned by ingestion time: name a column.")
        if partitioning.field.lower() not in columns:
            raise _invalid("The field specified for partitioning cannot be found in the schema.")
        found["time_partitioning"] = partitioning
    if clustering := tables._rest_to_clustering(settings.get("clustering"), None):
        for field in clustering.fields:
            if field.lower() not in columns:
                message = "The field specified for clustering cannot be found in the schema. Invalid field:"
                raise _invalid(f"{message} {field}")
        found["clustering"] = clustering
    if existing is None:
        return found
    wanted, has = found.get("time_partitioning"), existing.time_partitioning
    if wanted and (has is None or (wanted.type, wanted.field) != (has.type, has.field)):
        raise _invalid(
            f"Incompatible table partitioning specification. Expected {_spelt(has)}, but input is {_spelt(wanted)}"
        )
    return {}


def _spelt(partitioning: Any) -> str:
    if partitioning is None:
        return "none"
    return f"interval(type:{str(partitioning.type).lower()},field:{partitioning.field})"


def _condition(table: Any, partition: str) -> str:
    try:
        return bigquery_partition.condition(table, partition) if partition else "true"
    except ValueError as error:
        raise _invalid(str(error)) from error


def _count(target: str, where: str, ctx: Any) -> int:
    return int(ctx.engine.execute(f"SELECT count(*) FROM {target} WHERE {where}").fetchone()[0])


def _invalid(message: str) -> Any:
    errors: Any = import_module("bqemulator.domain.errors")
    return errors.InvalidQueryError(message)


def _tell(place: tuple[str, str, str], target: str, existing: Any, layout: dict[str, Any], ctx: Any) -> None:
    """The catalog has the table as it is now."""
    tables: Any = import_module("bqemulator.api.routes.tables")
    types: Any = import_module("bqemulator.storage.type_map")
    models: Any = import_module("bqemulator.catalog.models")
    now = ctx.clock.now()
    told = [types.duckdb_type_to_bq_field(name, kind) for name, kind in columns(target, ctx)]
    fields = tables._parse_schema_fields(told)
    changed = {
        "schema_": models.TableSchema(fields=fields),
        "num_rows": _count(target, "true", ctx),
        "last_modified_time": now,
    }
    if existing is not None:
        ctx.catalog.update_table(existing.model_copy(update=changed))
        return
    ctx.catalog.create_table(
        models.TableMeta(
            project_id=place[0],
            dataset_id=place[1],
            table_id=place[2],
            table_type="TABLE",
            schema=changed["schema_"],
            labels={},
            creation_time=now,
            last_modified_time=now,
            num_rows=changed["num_rows"],
            num_bytes=0,
            etag=_executor().generate_etag(*place, "TABLE", str(now)),
            **layout,
        )
    )


def _as_it_was(field: Any) -> str:
    """A column of the result, of the type that Arrow has no word for."""
    name = identifier(field.name)
    kind = (field.metadata or {}).get(b"bqemu.duckdb_type", b"").decode()
    return f"CAST({name} AS {kind}) AS {name}" if kind == "JSON" else name


def _executor() -> Any:
    return import_module("bqemulator.jobs.executor")

"""Query jobs that write into a table: the engine answers them, and writes nothing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery_jobs import columns, identifier


def replace_destinations() -> None:
    """Let the engine keep what a query job is to keep."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    appended = jobs._apply_write_append

    async def apply(*, job_meta: Any, job_id: str, query_config: dict[str, Any], ctx: Any, **more: Any) -> Any:
        rows = jobs.JOB_RESULTS.get(job_id)  # of the query alone; what follows may put the table's own before them
        answer = await appended(job_meta=job_meta, job_id=job_id, query_config=query_config, ctx=ctx, **more)
        kind = job_meta.statistics.get("query", {}).get("statementType")
        destination = query_config.get("destinationTable") or {}
        if kind == "SELECT" and rows is not None and destination.get("tableId"):
            place = (destination.get("projectId") or more["request_project_id"], destination["datasetId"])
            async with ctx.engine.write_lock():
                _write((*place, destination["tableId"]), query_config, rows, ctx)
        return answer

    jobs._apply_write_append = apply


def _write(place: tuple[str, str, str], settings: dict[str, Any], rows: Any, ctx: Any) -> None:
    project, dataset, table = place
    errors: Any = import_module("bqemulator.domain.errors")
    target = _executor().quoted_table_ref(*place)
    if ctx.catalog.get_dataset(project, dataset) is None:
        raise _executor().resource_not_found(_executor().ResourceRef("dataset", project, dataset))
    existing = ctx.catalog.get_table(*place)
    disposition = str(settings.get("writeDisposition") or "WRITE_EMPTY")
    if existing is not None and disposition == "WRITE_EMPTY":
        if ctx.engine.execute(f"SELECT count(*) FROM {target}").fetchone()[0]:
            raise errors.InvalidQueryError(f"Already Exists: Table {project}:{dataset}.{table}")
        disposition = "WRITE_TRUNCATE"
    ctx.engine.connection.register("written", rows)
    try:
        values = ", ".join(_as_it_was(field) for field in rows.schema)
        if existing is not None and disposition == "WRITE_APPEND":
            ctx.engine.execute(f"INSERT INTO {target} BY NAME SELECT {values} FROM written")
        else:
            ctx.engine.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT {values} FROM written")
    finally:
        ctx.engine.connection.unregister("written")
    _tell(place, target, existing, ctx)


def _tell(place: tuple[str, str, str], target: str, existing: Any, ctx: Any) -> None:
    """The catalog has the table as it is now."""
    tables: Any = import_module("bqemulator.api.routes.tables")
    types: Any = import_module("bqemulator.storage.type_map")
    models: Any = import_module("bqemulator.catalog.models")
    now = ctx.clock.now()
    told = [types.duckdb_type_to_bq_field(name, kind) for name, kind in columns(target, ctx)]
    fields = tables._parse_schema_fields(told)
    count = ctx.engine.execute(f"SELECT count(*) FROM {target}").fetchone()[0]
    changed = {"schema_": models.TableSchema(fields=fields), "num_rows": count, "last_modified_time": now}
    if existing is not None:
        ctx.catalog.update_table(existing.model_copy(update=changed))
    else:
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
                num_rows=count,
                num_bytes=0,
                etag=_executor().generate_etag(*place, "TABLE", str(now)),
            )
        )
    ctx.snapshots.record_change(*place)


def _as_it_was(field: Any) -> str:
    """A column of the result, of the type that Arrow has no word for."""
    name = identifier(field.name)
    kind = (field.metadata or {}).get(b"bqemu.duckdb_type", b"").decode()
    return f"CAST({name} AS {kind}) AS {name}" if kind == "JSON" else name


def _executor() -> Any:
    return import_module("bqemulator.jobs.executor")

"""Copies of tables and of partitions, all sources of a job as one transaction.

The engine copies the first source only, knows no partition (`ticks$20260131`), goes by the places of columns, and
appends where a job doesn't say, which BigQuery refuses where there are rows.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import partition as bigquery_partition
from sandbox.runtime.bigquery.jobs import ended, transaction


def replace_copies() -> None:
    """Give the engine these copies; snapshots, clones and what is made of them again stay its own."""
    executor: Any = import_module("bqemulator.jobs.executor")
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    others = executor.execute_copy_job

    async def execute_copy_job(project: str, job_id: str, config: dict[str, Any], ctx: Any) -> Any:
        kind = config["copy"].get("operationType") or "COPY"
        if kind not in ("COPY", "OPERATION_TYPE_UNSPECIFIED"):
            return await others(project, job_id, config, ctx)
        async with ctx.engine.write_lock():
            return _execute(executor, project, job_id, config, ctx)

    for module in (executor, jobs):
        module.execute_copy_job = execute_copy_job


def _execute(executor: Any, project: str, job_id: str, config: dict[str, Any], ctx: Any) -> Any:
    settings, started = config["copy"], ctx.clock.now()
    sources = [_place(each, project) for each in settings.get("sourceTables") or [settings.get("sourceTable") or {}]]
    *place, table, partition = _place(settings.get("destinationTable") or {}, project)
    target = (*place, table)
    metas = [ctx.catalog.get_table(*source[:3]) for source in sources]
    for source, meta in zip(sources, metas, strict=True):
        if meta is None:
            raise executor.resource_not_found(executor.ResourceRef("table", *source[:3]))
    if ctx.catalog.get_dataset(*place) is None:
        raise executor.resource_not_found(executor.ResourceRef("dataset", *place))
    existing = ctx.catalog.get_table(*target)
    if existing is None and settings.get("createDisposition") == "CREATE_NEVER":
        raise executor.resource_not_found(executor.ResourceRef("table", *target))
    reference, copied = executor.quoted_table_ref(*target), 0
    try:
        with transaction(ctx):
            if existing is None:
                first = executor.quoted_table_ref(*sources[0][:3])
                empty = f"(SELECT * FROM {first} LIMIT 0)"
                names = {"dst_proj": place[0], "dst_ds": place[1], "dst_table_id": table, "dst_ref": reference}
                executor._create_copy_destination(src_meta=metas[0], src_ref=empty, ctx=ctx, **names)
            where = _condition(executor, existing or metas[0], partition)
            has = ctx.engine.execute(f"SELECT count(*) FROM {reference} WHERE {where}").fetchone()[0]
            disposition = settings.get("writeDisposition") or "WRITE_EMPTY"
            if has and disposition == "WRITE_EMPTY":
                raise executor.InvalidQueryError(f"Already Exists: Table {place[0]}:{place[1]}.{table}")
            # What is copied is read before its place is emptied: it may be a part of the same table.
            ctx.engine.execute(f"CREATE OR REPLACE TEMP TABLE copied AS SELECT * FROM {reference} LIMIT 0")
            for source, meta in zip(sources, metas, strict=True):
                of = _condition(executor, meta, source[3])
                rows = f"SELECT * FROM {executor.quoted_table_ref(*source[:3])} WHERE {of}"
                ctx.engine.execute(f"INSERT INTO copied BY NAME {rows}")
            if disposition == "WRITE_TRUNCATE":
                ctx.engine.execute(f"DELETE FROM {reference} WHERE {where}")
            counts = f"SELECT count(*), count(*) FILTER (WHERE NOT {where}) FROM copied"
            copied, strays = ctx.engine.execute(counts).fetchone()
            if strays:
                message = "Some rows belong to different partitions rather than destination partition"
                raise executor.InvalidQueryError(f"{message} {table}${partition}")
            ctx.engine.execute(f"INSERT INTO {reference} BY NAME SELECT * FROM copied")
            count = ctx.engine.execute(f"SELECT count(*) FROM {reference}").fetchone()[0]
            now = ctx.clock.now()
            changed = {"num_rows": count, "last_modified_time": now}
            ctx.catalog.update_table(ctx.catalog.get_table(*target).model_copy(update=changed))
            told = {"copiedRows": str(copied)}
            job = ended(executor, project, job_id, "COPY", config, told, started, ctx)
            ctx.catalog.upsert_job(job)
    except BaseException:
        # The catalog has a memory beside the database, which no transaction takes back.
        if existing is None and ctx.catalog.get_table(*target) is not None:
            ctx.catalog.delete_table(*target)
        raise
    ctx.engine.execute("DROP TABLE IF EXISTS copied")
    ctx.snapshots.record_change(*target)
    return job


def _place(reference: dict[str, Any], project: str) -> tuple[str, str, str, str]:
    """Project, dataset, table and partition that a reference names; the partition may be empty."""
    table, partition = bigquery_partition.split(str(reference.get("tableId", "")))
    return reference.get("projectId") or project, reference.get("datasetId", ""), table, partition


def _condition(executor: Any, meta: Any, partition: str) -> str:
    try:
        return bigquery_partition.condition(meta, partition) if partition else "true"
    except ValueError as error:
        raise executor.InvalidQueryError(str(error)) from error

"""The table that a load writes: made for it, widened by it, or with other columns from then on.

The engine makes one only of a schema or of text, without partitions, and never changes one that stands.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery import formats
from sandbox.runtime.bigquery import text as texts
from sandbox.runtime.bigquery.fields import shape
from sandbox.runtime.bigquery.jobs import identifier

Fields = list[dict[str, Any]]


def fields(job: Any, paths: list[str], more: Fields, ctx: Any) -> Fields:
    """The columns that a job says its rows have, or that are found in its files; then those that `more` adds.

    Raises the engine's ValidationError where neither is to be had, ValueError for a type that the sandbox lacks.
    """
    from bqemulator.domain.errors import ValidationError

    settings = job.raw_config
    found: Fields = list((settings.get("schema") or {}).get("fields") or [])
    if found:
        pass
    elif job.source_format in formats.FORMATS:
        found = formats.detected(paths[-1], job, ctx)
    elif not settings.get("autodetect"):
        raise ValidationError("No schema specified on job or table.")
    else:
        found = texts.detected_csv(paths[0], ctx) if job.source_format == "CSV" else texts.detected_json(paths[0], ctx)
    for field in found:
        if str(field["type"]).upper() == "BIGNUMERIC":  # the engine would round it
            raise ValueError(f"The sandbox does not implement columns of BIGNUMERIC ({field['name']}): use NUMERIC.")
    here = {field["name"].lower() for field in found}
    return found + [field for field in more if field["name"].lower() not in here]


def known(job: Any) -> bool:
    """Whether a job's rows have columns of their own, which may be others than the table's."""
    settings = job.raw_config
    return bool(
        (settings.get("schema") or {}).get("fields")
        or settings.get("autodetect")
        or job.source_format in formats.FORMATS
    )


def make(job: Any, columns: Fields, now: Any, ctx: Any) -> None:
    """Make the job's table. Raises the engine's error where its dataset isn't there."""
    executor: Any = import_module("bqemulator.jobs.executor")
    tables: Any = import_module("bqemulator.api.routes.tables")
    settings = job.raw_config
    executor._maybe_create_load_destination(
        dest_project=job.project_id,
        dest_dataset=job.dataset_id,
        dest_table_id=job.table_id,
        load_config={**settings, "schema": {"fields": columns}},
        now=now,
        ctx=ctx,
    )
    properties = settings.get("destinationTableProperties") or {}
    layout = {
        "time_partitioning": tables._rest_to_time_partitioning(settings.get("timePartitioning"), None),
        "clustering": tables._rest_to_clustering(settings.get("clustering"), None),
        "friendly_name": properties.get("friendlyName"),
        "description": properties.get("description"),
        "labels": properties.get("labels") or {},
    }
    table = ctx.catalog.get_table(job.project_id, job.dataset_id, job.table_id)
    ctx.catalog.update_table(table.model_copy(update=layout))


def fit(job: Any, asked: Fields, table: Any, ctx: Any) -> Any:
    """Give a table that stands the columns of a job, as far as the job may: the schema that it has then.

    Raises ValueError for what it may not. Within a transaction; the catalog is to be told after it.
    """
    tables: Any = import_module("bqemulator.api.routes.tables")
    standing: Fields = [tables._field_to_rest(field) for field in table.schema_.fields]
    if job.write_disposition == "WRITE_TRUNCATE":
        if shape(standing, ordered=True) == shape(asked, ordered=True):
            return table.schema_
        ctx.engine.execute(f"DROP TABLE {job.target_ref}")
        executor: Any = import_module("bqemulator.jobs.executor")
        return executor._build_explicit_schema(ctx, job.target_ref, asked)
    options = job.raw_config.get("schemaUpdateOptions") or []
    here = {field["name"].lower(): field for field in standing}
    for field in asked:
        before = here.get(field["name"].lower())
        if before is None:
            if "ALLOW_FIELD_ADDITION" not in options:
                raise formats.added(field["name"], job)
            standing.append({**field, "mode": "NULLABLE" if field.get("mode") == "REQUIRED" else field.get("mode")})
            _add(job, standing[-1], ctx)
        elif "ALLOW_FIELD_RELAXATION" in options and field.get("mode", "NULLABLE") == "NULLABLE":
            before["mode"] = "NULLABLE" if before["mode"] == "REQUIRED" else before["mode"]
    models: Any = import_module("bqemulator.catalog.models")
    return models.TableSchema(fields=tables._parse_schema_fields(standing))


def _add(job: Any, field: dict[str, Any], ctx: Any) -> None:
    types: Any = import_module("bqemulator.storage.type_map")
    ((name, kind),) = types.bq_schema_to_duckdb_columns([field])
    ctx.engine.execute(f"ALTER TABLE {job.target_ref} ADD COLUMN {identifier(name)} {kind}")

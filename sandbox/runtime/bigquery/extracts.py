"""Extract jobs by what they say of their files, which the engine takes no notice of."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from sandbox.runtime.bigquery import partition as bigquery_partition
from sandbox.runtime.bigquery.jobs import columns, ended, identifier


def replace_extracts() -> None:
    """Give the engine these extracts."""
    executor: Any = import_module("bqemulator.jobs.executor")
    jobs: Any = import_module("bqemulator.api.routes.jobs")

    async def execute_extract_job(project: str, job_id: str, config: dict[str, Any], ctx: Any) -> Any:
        return _execute(executor, project, job_id, config, ctx)

    for module in (executor, jobs):
        module.execute_extract_job = execute_extract_job


def _execute(executor: Any, project: str, job_id: str, config: dict[str, Any], ctx: Any) -> Any:
    settings, started = config["extract"], ctx.clock.now()
    source = settings.get("sourceTable") or {}
    name, partition = bigquery_partition.split(str(source.get("tableId", "")))
    table = (source.get("projectId", project), source.get("datasetId", ""), name)
    if ctx.catalog.get_table(*table) is None:
        raise executor.resource_not_found(executor.ResourceRef("table", *table))
    try:
        where = bigquery_partition.condition(ctx.catalog.get_table(*table), partition) if partition else "true"
    except ValueError as error:
        raise executor.InvalidQueryError(str(error)) from error
    uris = settings.get("destinationUris") or [settings.get("destinationUri")]
    kind = str(settings.get("destinationFormat") or "CSV").upper()
    if kind not in executor._EXPORT_FORMATS:
        raise executor.InvalidQueryError(f"Unknown destination format: {kind}")
    delimiter = settings.get("fieldDelimiter")
    if delimiter == "tab":
        delimiter = "\t"
    if delimiter is not None and (len(delimiter) != 1 or delimiter in "'\"\n\r"):
        raise executor.InvalidQueryError(f"Invalid field delimiter: {delimiter!r}")
    path = executor._resolve_uri(str(uris[0]), ctx)
    executor._validate_local_path(path)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    executor._copy_relation_to_file(
        f"SELECT {_values(table, kind, executor, ctx)} FROM {executor.quoted_table_ref(*table)} WHERE {where}",
        path,
        kind,
        ctx,
        header=settings.get("printHeader", True) is not False,
        field_delimiter=delimiter,
        compression=settings.get("compression"),
    )
    return ended(executor, project, job_id, "EXTRACT", config, {"destinationUriFileCounts": ["1"]}, started, ctx)


def _values(table: tuple[str, str, str], kind: str, executor: Any, ctx: Any) -> str:
    """The columns, as BigQuery writes them in text."""
    if kind not in ("CSV", "JSON", "NEWLINE_DELIMITED_JSON"):
        return "*"
    return ", ".join(_text(name, type_) for name, type_ in columns(executor.quoted_table_ref(*table), ctx))


def _text(name: str, kind: str) -> str:
    column = identifier(name)
    if kind == "TIMESTAMP WITH TIME ZONE":
        digits = f"strftime({column}, '%Y-%m-%d %H:%M:%S.%f')"
        return f"regexp_replace({digits}, '\\.0+$', '') || ' UTC' AS {column}"
    return f"to_base64({column}) AS {column}" if kind == "BLOB" else column

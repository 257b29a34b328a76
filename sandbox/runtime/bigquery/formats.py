"""Files that say what they hold: Parquet, ORC and Avro, and the columns of a table that is made of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.runtime.bigquery import avro
from sandbox.runtime.bigquery.jobs import columns, text

FORMATS = ("PARQUET", "ORC", "AVRO")

_WIDE = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def insert(path: str, job: Any, ctx: Any) -> None:
    """Append the rows of a file to the job's table, by names. Raises ValueError for a column that the table lacks."""
    here = dict(columns(job.target_ref, ctx))
    known = {name.lower() for name in here}
    with _opened(path, job, ctx, here) as (relation, _):
        found = [name for name, _ in columns(f"SELECT * FROM {relation}", ctx)]
        if more := [name for name in found if name.lower() not in known]:
            raise added(more[0], job)
        ctx.engine.execute(f"INSERT INTO {job.target_ref} BY NAME SELECT * FROM {relation}")


def added(column: str, job: Any) -> ValueError:
    """What to say of a column that the job's table lacks and may not get."""
    table = f"{job.project_id}:{job.dataset_id}.{job.table_id}"
    return ValueError(f"Provided Schema does not match Table {table}. Cannot add fields (field: {column})")


def detected(path: str, job: Any, ctx: Any) -> list[dict[str, Any]]:
    """The fields of a table for a file's rows."""
    with _opened(path, job, ctx, {}) as (relation, arrow):
        described = columns(f"SELECT * FROM {relation}", ctx)
    # ORC says of no column that it is never NULL.
    required = {field.name for field in arrow if not field.nullable}
    return [_field(name, kind, name in required) for name, kind in described]


def _field(name: str, kind: str, required: bool) -> dict[str, Any]:
    from bqemulator.storage.type_map import duckdb_type_to_bq_field

    field = dict(duckdb_type_to_bq_field(name, kind))
    if (wide := _WIDE.fullmatch(kind)) and (int(wide[2]) > 9 or int(wide[1]) - int(wide[2]) > 29):
        field["type"] = "BIGNUMERIC"
    if required and field["mode"] == "NULLABLE":
        field["mode"] = "REQUIRED"
    return field


@contextmanager
def _opened(path: str, job: Any, ctx: Any, here: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """What stands for a file's rows in a statement, for a table of those columns; and Arrow's schema of them."""
    if job.source_format == "PARQUET":
        from pyarrow import parquet

        yield f"read_parquet({text(path)})", parquet.read_schema(path)
        return
    table = _arrow(path, job, here)
    ctx.engine.connection.register("file_to_load", table)
    try:
        yield "file_to_load", table.schema
    finally:
        ctx.engine.connection.unregister("file_to_load")


def _arrow(path: str, job: Any, here: dict[str, str]) -> Any:
    if job.source_format == "AVRO":
        asked = bool(job.raw_config.get("useAvroLogicalTypes"))
        # A column that stands says itself what its values are.
        return avro.read(path, lambda name: asked or here.get(name, "BIGINT") not in ("BIGINT", "BLOB"))
    import pyarrow
    from pyarrow import orc

    table = orc.read_table(path)
    for position, field in enumerate(table.schema):
        if pyarrow.types.is_timestamp(
            field.type
        ):  # with or without a zone: https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-orc
            column = table.column(position).cast(pyarrow.timestamp("us")).cast(pyarrow.timestamp("us", "UTC"))
            table = table.set_column(position, field.name, column)
    return table

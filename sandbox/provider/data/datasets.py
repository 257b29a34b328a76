"""Data sources of BigQuery: the datasets of a project, and the tables of a dataset."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.provider.data import listing
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_bigquery_datasets": (
        "bigquery/v2",
        "projects/{project}/datasets",
        """
project string
datasets list computed
  dataset_id string computed api=datasetReference.datasetId
  friendly_name string computed
  labels map(string) computed
  location string computed
""",
    ),
    "google_bigquery_tables": (
        "bigquery/v2",
        "projects/{project}/datasets/{dataset_id}/tables",
        """
dataset_id string required
project string
tables list computed
  labels map(string) computed
  table_id string computed api=tableReference.tableId
""",
    ),
}


async def _datasets(ctx: Context) -> State:
    name = f"projects/{listing.project(ctx)}/datasets"
    return ctx.planned | {"id": name, "datasets": await listing.every(ctx, name, "datasets")}


async def _tables(ctx: Context) -> State:
    name = f"projects/{listing.project(ctx)}/datasets/{ctx.planned['dataset_id']}/tables"
    return ctx.planned | {"id": name, "tables": await listing.every(ctx, name, "tables")}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_bigquery_datasets": _datasets,
    "google_bigquery_tables": _tables,
}

"""BigQuery: jobs, which begin when they are made and stay when they are destroyed; full names of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook

_JOB = "google_bigquery_job"
_TABLE = re.compile(r"projects/(.+)/datasets/(.+)/tables/(.+)")
_DATASET = re.compile(r"projects/(.+)/datasets/(.+)")
_KINDS = ("copy", "extract", "load", "query")
# Blocks that name a table or a dataset, and what they are in the API.
_NAMED = {
    "destination_table": "destinationTable",
    "source_table": "sourceTable",
    "source_tables": "sourceTables",
    "default_dataset": "defaultDataset",
}


@hook("expand", _JOB)
def expand(ctx: Context, document: Json) -> Json:
    """Full names taken apart; standard SQL where nothing is said."""
    for kind in _KINDS:
        config = (document.get("configuration") or {}).get(kind)
        if config is None:
            continue
        for field in _NAMED.values():
            given = config.get(field) or []
            for one in given if isinstance(given, list) else [given]:
                _apart(one)
    if query := document["configuration"].get("query"):
        query.setdefault("useLegacySql", False)
    document["jobReference"]["projectId"] = ctx.planned["project"]
    return document


def _apart(one: Json) -> None:
    if parts := _TABLE.fullmatch(str(one.get("tableId") or "")):
        one["projectId"], one["datasetId"], one["tableId"] = parts.groups()
    elif parts := _DATASET.fullmatch(str(one.get("datasetId") or "")):
        one["projectId"], one["datasetId"] = parts.groups()


@hook("flatten", _JOB)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Names as they were given."""
    for known, told in _pairs(ctx.planned, state):
        if _TABLE.fullmatch(str(known.get("table_id") or "")):
            names = (told["project_id"], told["dataset_id"], told["table_id"])
            told["table_id"] = "projects/{}/datasets/{}/tables/{}".format(*names)
        elif "table_id" not in told and _DATASET.fullmatch(str(known.get("dataset_id") or "")):
            told["dataset_id"] = f"projects/{told['project_id']}/datasets/{told['dataset_id']}"
    return state


def _pairs(planned: dict[str, Any], state: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for kind in _KINDS:
        for before, now in zip(planned.get(kind) or [], state.get(kind) or [], strict=False):
            for name in _NAMED:
                if isinstance(before.get(name), list):
                    yield from zip(before[name], now.get(name) or [], strict=False)


@hook("delete", _JOB)
async def forget(ctx: Context) -> None:
    """What ran has run."""

"""Views of INFORMATION_SCHEMA that BigQuery's engine lacks, and views of a whole region.

A query that names one is given what it has now, as constants. A view that neither has is refused by its name.
"""

from __future__ import annotations

import re
from typing import Any

import httpx

from sandbox.apis.bigquery import child, datasets, routines
from sandbox.apis.bigquery import information_routines as of_routines
from sandbox.apis.bigquery import information_views as views
from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.bigquery.constants import rows_as_table, substituted
from sandbox.apis.bigquery.meta import named
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.runtime.bigquery.jobs import TEXTS

_PLACE = re.compile(
    rf"{TEXTS}|(?<![\w.-])(?P<name>(?:(?:`[^`\n]+`|[\w-]+)\s*\.\s*)*`?(?:[\w-]+\.)*"
    r"INFORMATION_SCHEMA`?\s*\.\s*`?\w+`?)|`[^`]*`",
    re.I | re.S,
)
_ENGINE = (
    *("TABLES", "COLUMNS", "TABLE_OPTIONS", "VIEWS", "PARTITIONS"),
    *("MATERIALIZED_VIEWS", "ROW_ACCESS_POLICIES", "SCHEMATA"),
)
# Of a project and not of a dataset.
_PROJECT = ("SCHEMATA", "SCHEMATA_OPTIONS", "JOBS")
_NO_DATASET = "information_schema_of_none"


async def written_out(control: Control, project: str, query: dict[str, Any]) -> str:
    """A query's text, with constants for the views that it names. Raises 404 for a dataset that isn't there, 501 for
    a view that isn't.
    """
    text = str(query.get("query", ""))
    if "information_schema" not in text.lower():
        return text

    async def written(found: re.Match[str]) -> str | None:
        if not found["name"]:
            return None
        return await _view(control, project, query.get("defaultDataset") or {}, named(found["name"]))

    return await substituted(_PLACE, text, written)


async def as_written(
    control: Control, project: str, asked: dict[str, Any], sent: dict[str, Any], answer: httpx.Response
) -> httpx.Response:
    """The engine's answer to a query that was sent otherwise than it was asked: its job has the text that was asked."""
    text = asked.get("query")
    job = answer.json().get("jobReference", {}).get("jobId") if answer.status_code == 200 else None
    if job is None or text == sent.get("query"):
        return answer
    await ask(control, "written", {"project": project, "job": job, "query": text}, str(job))
    document = answer.json()
    if "query" in document.get("configuration", {}):
        document["configuration"]["query"]["query"] = text
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    return httpx.Response(answer.status_code, headers=headers, json=document)


async def _view(control: Control, project: str, default: dict[str, Any], name: list[str]) -> str | None:
    """What stands for a view; None where the engine has it as it is written."""
    *above, _, view = name
    view = re.sub(r"^(JOBS|TABLE_STORAGE)_BY_\w+$", r"\1", view.upper())
    if view not in (*views.VIEWS, *of_routines.VIEWS, *_ENGINE):
        raise unimplemented(f"The sandbox does not implement INFORMATION_SCHEMA.{view}.")
    dataset, owner = (*reversed(above), "", "")[:2]
    owner = owner or project
    if not dataset and view not in _PROJECT and view != "TABLE_STORAGE":
        owner, dataset = str(default.get("projectId") or owner), str(default.get("datasetId") or "")
        if not dataset:
            text = f"INFORMATION_SCHEMA.{view} must be qualified with a dataset or a region."
            raise invalid_argument(text, reason="invalid")
        above = []
    whole = not dataset or dataset.lower().startswith("region-")
    if not whole:
        await datasets.load(control, owner, dataset)
    if view in _ENGINE:
        if view == "SCHEMATA":
            return None
        if not whole:
            return None if above else f"`{owner}`.`{dataset}`.INFORMATION_SCHEMA.{view}"
        there = [each.id for each in await _datasets(control, owner)] or [_NO_DATASET]
        return f"({' UNION ALL '.join(f'SELECT * FROM `{owner}`.`{one}`.INFORMATION_SCHEMA.{view}' for one in there)})"  # noqa: S608 - names that were found
    columns, rows_of = (of_routines.VIEWS if view in of_routines.VIEWS else views.VIEWS)[view]
    if view == "JOBS":
        return rows_as_table(columns, await views.jobs(control, owner))
    if view == "SCHEMATA_OPTIONS":
        return rows_as_table(columns, [row for each in await _datasets(control, owner) for row in views.options(each)])
    wanted = [each.id for each in await _datasets(control, owner)] if whole else [dataset]
    parts = routines.of_dataset if view in of_routines.VIEWS else tables.of_dataset
    found = [each for one in wanted for each in await parts(control, owner, one)]
    if view == "TABLE_STORAGE":
        for each in found:
            await tables.count_rows(control, each)
    return rows_as_table(columns, [row for each in found for row in rows_of(each)])


async def _datasets(control: Control, project: str) -> list[Any]:
    answer = await child.ask(control, "GET", f"{child.BASE}/{project}/datasets?maxResults=1000000")
    names = sorted(str(each["datasetReference"]["datasetId"]) for each in answer.get("datasets", []))
    return [await datasets.load(control, project, each) for each in names if not each.startswith("_")]

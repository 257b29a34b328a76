"""Where a job runs: as it is asked for, or where its datasets are, which the engine knows nothing of; else in US.

A dataset that is elsewhere is not found there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from sandbox.apis.bigquery import datasets
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.control.store import Resource
from sandbox.runtime.bigquery import reading
from sandbox.runtime.bigquery.datasets_made import normal_location
from sandbox.runtime.bigquery.process import ANONYMOUS

DEFAULT = "US"
"""Where a job runs of which nothing says otherwise."""
_COLLECTION = "bigquery.locations"
_NAMED = ("defaultDataset", "destinationTable", "sourceTable")


def keep(control: Control, project: str, reference: dict[str, Any], configuration: dict[str, Any]) -> str:
    """Where a job runs that begins; it is kept where it can't be told from its document later."""
    location = normal_location(str(reference.get("location") or ""))
    if location:
        if location != DEFAULT:
            now = control.clock()
            named = _name(project, str(reference["jobId"]))
            control.store.keep(Resource(_COLLECTION, named, {"location": location}, now, now))
        return location
    return _of_data(control, project, {"configuration": configuration})


async def check(control: Control, shown: dict[str, Any], asked: str, configuration: dict[str, Any]) -> None:
    """Let a job that is `shown` run as it is `asked` to, or where its first dataset is.

    Raises ApiError 404 where another of its datasets is elsewhere.
    """
    project = str(shown["jobReference"]["projectId"])
    places = {known.name: str(known.document["location"]) for known in control.store.select(datasets.DATASETS)}
    location = normal_location(asked)
    if len({location or DEFAULT, *places.values()}) < 2:
        return
    for found in await _used(project, configuration):
        owner, dataset = str(found.get("projectId") or project), str(found.get("datasetId") or "")
        place = places.get(datasets.name(owner, dataset))
        if place is None or dataset == ANONYMOUS:
            continue
        location = location or place
        if place != location:
            message = f"Not found: Dataset {owner}:{dataset} was not found in location {location}"
            raise ApiError("NOT_FOUND", message, reason="notFound")
    if location not in ("", shown["jobReference"]["location"]):
        shown["jobReference"] = {**shown["jobReference"], "location": location}
        if shown["jobReference"]["jobId"]:  # a dry run has none
            keep(control, project, shown["jobReference"], configuration)
        shown["id"] = f"{project}:{location}.{shown['jobReference']['jobId']}"


async def _used(project: str, configuration: dict[str, Any]) -> list[dict[str, Any]]:
    """What of a job that begins names a dataset, its statements too."""
    found = [*_references({"configuration": configuration})]
    found += (configuration.get("copy") or {}).get("sourceTables") or ()
    query = configuration.get("query") or {}
    if text := query.get("query"):
        named = await asyncio.to_thread(reading.datasets, str(text), project)
        found += [{"projectId": owner, "datasetId": dataset} for owner, dataset in named]
    return found


def forget(control: Control, project: str, job: str) -> None:
    """A job is deleted."""
    control.store.delete(_COLLECTION, _name(project, job))


def of_job(control: Control, project: str, job: str, document: dict[str, Any]) -> str:
    """Where a job ran, by its name and what is known of it."""
    kept = control.store.get(_COLLECTION, _name(project, job))
    if kept is None and (parent := (document.get("statistics") or {}).get("parentJobId")):
        kept = control.store.get(_COLLECTION, _name(project, str(parent)))
    return str(kept.document["location"]) if kept is not None else _of_data(control, project, document)


def told(control: Control, document: dict[str, Any]) -> dict[str, Any]:
    """A job's document, with its place."""
    reference = document["jobReference"]
    project, job = reference["projectId"], reference["jobId"]
    location = of_job(control, project, job, document)
    return {**document, "id": f"{project}:{location}.{job}", "jobReference": {**reference, "location": location}}


def _name(project: str, job: str) -> str:
    return f"projects/{project}/jobs/{job.replace('-', '')}"  # as a result's table is called by its job


def _of_data(control: Control, project: str, document: dict[str, Any]) -> str:
    for found in _references(document):
        if found.get("datasetId") == ANONYMOUS:
            continue
        dataset = datasets.name(str(found.get("projectId") or project), str(found.get("datasetId") or ""))
        if (known := control.store.get(datasets.DATASETS, dataset)) is not None:
            return str(known.document["location"])
    return DEFAULT


def _references(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What of a job's document names a dataset."""
    for configured in document.get("configuration", {}).values():
        if isinstance(configured, dict):
            yield from (configured[name] for name in _NAMED if configured.get(name))
    yield from ((document.get("statistics") or {}).get("query") or {}).get("referencedTables") or ()

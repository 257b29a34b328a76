"""Where a job runs: as it is asked for, or where its datasets are, which the engine knows nothing of; else in US.

A place that is asked for and isn't its datasets' is not refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.apis.bigquery import datasets
from sandbox.control.context import Control
from sandbox.control.store import Resource
from sandbox.runtime.bigquery.process import ANONYMOUS

DEFAULT = "US"
"""Where a job runs of which nothing says otherwise."""
_COLLECTION = "bigquery.locations"
_NAMED = ("defaultDataset", "destinationTable", "sourceTable")


def normal(location: str) -> str:
    """As BigQuery writes it.

    >>> normal("us"), normal("Asia-South1")
    ('US', 'asia-south1')
    """
    return location.upper() if location.lower() in ("us", "eu") else location.lower()


def keep(control: Control, project: str, reference: dict[str, Any], configuration: dict[str, Any]) -> str:
    """Where a job runs that begins; it is kept where it can't be told from its document later."""
    location = normal(str(reference.get("location") or ""))
    if location:
        if location != DEFAULT:
            now = control.clock()
            named = _name(project, str(reference["jobId"]))
            control.store.keep(Resource(_COLLECTION, named, {"location": location}, now, now))
        return location
    return _of_data(control, project, {"configuration": configuration})


def forget(control: Control, project: str, job: str) -> None:
    """A job is deleted."""
    control.store.delete(_COLLECTION, _name(project, job))


def of_job(control: Control, project: str, job: str, document: dict[str, Any]) -> str:
    """Where a job ran, by its name and what is known of it."""
    kept = control.store.get(_COLLECTION, _name(project, job))
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

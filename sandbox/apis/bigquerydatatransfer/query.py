"""A run of a scheduled query as a query job of BigQuery: what it is asked for, and how it ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.control import projects
from sandbox.control.context import timestamp
from sandbox.control.http import Response
from sandbox.control.operations import GRPC_CODES

_PLACE = re.compile(
    r"\\(?P<brace>[{}])|(?P<date>\{run_date\})"
    r"|\{run_time(?:(?P<sign>[+-])(?P<h>\d+(?:\.\d+)?h)?(?P<m>\d+(?:\.\d+)?m)?(?P<s>\d+(?:\.\d+)?s)?)?"
    r'\|"(?P<format>(?:\\.|[^"\\|])+)"\}|(?P<stray>[{}])'
)
_DISPOSITIONS = ("WRITE_TRUNCATE", "WRITE_APPEND", "WRITE_EMPTY")
_PARTITIONS = ("HOUR", "DAY", "MONTH", "YEAR")
_CODES = {
    "notFound": "NOT_FOUND",
    "duplicate": "ALREADY_EXISTS",
    "accessDenied": "PERMISSION_DENIED",
    "quotaExceeded": "RESOURCE_EXHAUSTED",
    "internalError": "INTERNAL",
    "backendError": "UNAVAILABLE",
    "notImplemented": "UNIMPLEMENTED",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: what is wrong with it, as a code of google.rpc (0: nothing) and in words, and its rows."""

    code: int = 0
    problem: str = ""
    rows: int = 0


def check(parameters: Mapping[str, Any], dataset: object) -> str | None:
    """What is wrong with the parameters of a scheduled query; None where nothing is."""
    if not parameters.get("query"):
        return "Missing parameter: query"
    template = str(parameters.get("destination_table_name_template") or "")
    if template and not dataset:
        return "A destination table needs a destination dataset."
    disposition = parameters.get("write_disposition") or _DISPOSITIONS[0]
    if disposition not in _DISPOSITIONS:
        return f"write_disposition is one of {', '.join(_DISPOSITIONS)}, not '{disposition}'."
    kind = parameters.get("partitioning_type") or _PARTITIONS[0]
    if kind not in _PARTITIONS:
        return f"partitioning_type is one of {', '.join(_PARTITIONS)}, not '{kind}'."
    try:
        rendered(template, 0.0)
    except ValueError as error:
        return str(error)
    return None


def rendered(template: str, run_time: float) -> str:
    """The name of a table, its places filled in by the time of a run.

    Raises ValueError for a place that is none.

    >>> rendered('mytable_{run_time+1.5h|"%Y%m%d%H"}', 1518652800.0), rendered("t_{run_date}", 1518652800.0)
    ('mytable_2018021501', 't_20180215')
    """

    def filled(place: re.Match[str]) -> str:
        if place["brace"]:
            return place["brace"]
        if place["stray"]:
            form = '{run_date} or {run_time+1h|"%Y%m%d"}'
            raise ValueError(f"destination_table_name_template has a brace that is not of {form}: '{template}'.")
        at = datetime.fromtimestamp(run_time, UTC)
        if place["date"]:
            return f"{at:%Y%m%d}"
        hours, minutes, seconds = (float(place[unit][:-1]) if place[unit] else 0.0 for unit in "hms")
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        at = at - offset if place["sign"] == "-" else at + offset
        return at.strftime(re.sub(r"\\(.)", r"\1", place["format"]))

    return _PLACE.sub(filled, template)


def job_id(run: str) -> str:
    """The id of a run's job: always the same, so that a run is one job however often it is begun."""
    return f"scheduled_query_{run.rpartition('/')[2]}"


def job(run: str, document: Mapping[str, Any], run_time: float) -> dict[str, Any]:
    """The job of a run, from the run's document."""
    project, parameters = run.split("/")[1], document.get("params") or {}
    at = datetime.fromtimestamp(run_time, UTC)
    query: dict[str, Any] = {
        "query": str(parameters["query"]),
        "useLegacySql": False,
        "parameterMode": "NAMED",
        "queryParameters": [
            _parameter("run_time", "TIMESTAMP", timestamp(run_time)),
            _parameter("run_date", "DATE", f"{at:%Y-%m-%d}"),
        ],
    }
    if template := str(parameters.get("destination_table_name_template") or ""):
        query["destinationTable"] = {
            "projectId": project,
            "datasetId": document["destinationDatasetId"],
            "tableId": rendered(template, run_time),
        }
        if parameters.get("write_disposition"):
            query["writeDisposition"] = parameters["write_disposition"]
        if field := parameters.get("partitioning_field"):
            kind = parameters.get("partitioning_type") or "DAY"
            query["timePartitioning"] = {"type": kind, "field": field}
    labels = {"data_source_id": "scheduled_query"}
    reference = {"projectId": project, "jobId": job_id(run)}
    return {"jobReference": reference, "configuration": {"query": query, "labels": labels}}


def _parameter(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"name": name, "parameterType": {"type": kind}, "parameterValue": {"value": value}}


def outcome(run: str, document: Mapping[str, Any]) -> Outcome:
    """How a job that is done ended, by its document."""
    failed = (document.get("status") or {}).get("errorResult")
    if not failed:
        statistics = (document.get("statistics") or {}).get("query") or {}
        rows = statistics.get("numDmlAffectedRows") or statistics.get("totalRows") or 0
        return Outcome(rows=int(rows))
    return refused(run, str(failed.get("reason", "")), str(failed.get("message", "")))


def error(answer: Response) -> tuple[str, str]:
    """The word and the text of an answer of BigQuery that is an error."""
    said = answer.json().get("error", {})
    reason = (said.get("errors") or [{}])[0].get("reason")
    return "notImplemented" if answer.status == 501 else str(reason), answer.problem()


def refused(run: str, reason: str, message: str) -> Outcome:
    """A job that BigQuery didn't take, or that failed, by BigQuery's word for why."""
    code = GRPC_CODES[_CODES.get(reason, "INVALID_ARGUMENT")]
    owner = projects.number(run.split("/")[1])
    return Outcome(code, f"Query error: {message}; JobID: {owner}:{job_id(run)}")

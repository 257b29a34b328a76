"""A subproject's standard dashboard, made from what it declares.

What Monitoring takes for granted, such as a position of 0, is left out: it tells none of it back, and Terraform would
plan it again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_COLUMNS = 48
_WIDTH, _HEIGHT = 16, 14
_RUN = "run.googleapis.com"

Widget = dict[str, Any]


def standard_dashboard(title: str, subproject: Mapping[str, Any]) -> dict[str, Any]:
    """The dashboard of a subproject: its services, subscriptions, jobs and workflows, three charts in a row.

    Args:
        title: what it is called.
        subproject: its resolved values.
    """
    widgets = [*_services(subproject), *_subscriptions(subproject), *_jobs(subproject), *_workflows(subproject)]
    if not widgets:
        widgets = [{"title": title, "text": {"content": "Nothing runs here yet.", "format": "MARKDOWN"}}]
    return {"displayName": title, "mosaicLayout": {"columns": _COLUMNS, "tiles": list(_tiles(widgets))}}


def _tiles(widgets: list[Widget]) -> Iterator[dict[str, Any]]:
    in_a_row = _COLUMNS // _WIDTH
    for at, widget in enumerate(widgets):
        place = {"xPos": at % in_a_row * _WIDTH, "yPos": at // in_a_row * _HEIGHT}
        shown = {key: value for key, value in place.items() if value}
        yield {**shown, "width": _WIDTH, "height": _HEIGHT, "widget": widget}


def _services(subproject: Mapping[str, Any]) -> Iterator[Widget]:
    for name in subproject["services"]:
        where = f'resource.type="cloud_run_revision" AND resource.label.service_name="{name}"'
        requests = f'metric.type="{_RUN}/request_count" AND {where}'
        latency = f'metric.type="{_RUN}/request_latencies" AND {where}'
        instances = f'metric.type="{_RUN}/container/instance_count" AND {where}'
        yield _chart(f"{name}: requests/s", requests, "ALIGN_RATE", "REDUCE_SUM", ["metric.label.response_code_class"])
        yield _chart(f"{name}: 95 % of answers within (ms)", latency, "ALIGN_DELTA", "REDUCE_PERCENTILE_95")
        yield _chart(f"{name}: instances", instances, "ALIGN_MAX", "REDUCE_SUM", ["metric.label.state"])


def _subscriptions(subproject: Mapping[str, Any]) -> Iterator[Widget]:
    kinds = ("subscriptions", "push_subscriptions", "export_subscriptions")
    known = [name for kind in kinds for name in subproject[kind]]
    if not known:
        return
    where = f'resource.type="pubsub_subscription" AND resource.label.subscription_id={_one_of(known)}'
    for title, metric in (
        ("oldest message nobody took (s)", "oldest_unacked_message_age"),
        ("messages nobody took", "num_undelivered_messages"),
    ):
        text = f'metric.type="pubsub.googleapis.com/subscription/{metric}" AND {where}'
        yield _chart(f"Subscriptions: {title}", text, "ALIGN_MAX", "REDUCE_MAX", ["resource.label.subscription_id"])


def _jobs(subproject: Mapping[str, Any]) -> Iterator[Widget]:
    if subproject["jobs"]:
        where = f'resource.type="cloud_run_job" AND resource.label.job_name={_one_of(subproject["jobs"])}'
        text = f'metric.type="{_RUN}/job/completed_execution_count" AND {where}'
        by = ["resource.label.job_name", "metric.label.result"]
        yield _chart("Jobs: executions", text, "ALIGN_DELTA", "REDUCE_SUM", by)


def _workflows(subproject: Mapping[str, Any]) -> Iterator[Widget]:
    if subproject["workflows"]:
        kind, known = "workflows.googleapis.com/Workflow", _one_of(subproject["workflows"])
        where = f'resource.type="{kind}" AND resource.label.workflow_id={known}'
        text = f'metric.type="workflows.googleapis.com/finished_execution_count" AND {where}'
        by = ["resource.label.workflow_id", "metric.label.status"]
        yield _chart("Workflows: executions", text, "ALIGN_DELTA", "REDUCE_SUM", by)


def _one_of(names: Iterable[str]) -> str:
    listed = sorted(names)
    if len(listed) == 1:
        return f'"{listed[0]}"'
    return "one_of(" + ",".join(f'"{name}"' for name in listed) + ")"


def _chart(title: str, text: str, aligner: str, reducer: str, by: Iterable[str] = ()) -> Widget:
    aggregation: dict[str, Any] = {
        "alignmentPeriod": "60s",
        "perSeriesAligner": aligner,
        "crossSeriesReducer": reducer,
    }
    if fields := list(by):
        aggregation["groupByFields"] = fields
    query = {"timeSeriesFilter": {"filter": text, "aggregation": aggregation}}
    return {"title": title, "xyChart": {"dataSets": [{"plotType": "LINE", "timeSeriesQuery": query}]}}

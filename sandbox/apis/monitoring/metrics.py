"""Cloud Monitoring v3: descriptors of metrics, and of the resources that they are measured at."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.apis.monitoring import filter
from sandbox.control import paging
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

KINDS = ("METRIC_KIND_UNSPECIFIED", "GAUGE", "DELTA", "CUMULATIVE")
VALUES = ("VALUE_TYPE_UNSPECIFIED", "BOOL", "INT64", "DOUBLE", "STRING", "DISTRIBUTION", "MONEY")
_LABELS = ("STRING", "BOOL", "INT64")
_KEY = "monitoring.metricDescriptors"
_TYPE = re.compile(r"(custom|workload|external)\.googleapis\.com(/[A-Za-z0-9_.%-]+)+")
_LABELS_MOST = 30
# The labels of each kind of resource, besides project_id.
RESOURCES = {
    "bigquery_dataset": "dataset_id",
    "cloud_run_job": "job_name location",
    "cloud_run_revision": "service_name revision_name location configuration_name",
    "cloud_run_worker_pool": "worker_pool_name revision_name location",
    "cloud_scheduler_job": "location job_id",
    "cloudsql_database": "database_id region",
    "gce_instance": "instance_id zone",
    "gcs_bucket": "bucket_name location",
    "generic_node": "location namespace node_id",
    "generic_task": "location namespace job task_id",
    "global": "",
    "k8s_cluster": "location cluster_name",
    "k8s_container": "location cluster_name namespace_name pod_name container_name",
    "k8s_node": "location cluster_name node_name",
    "k8s_pod": "location cluster_name namespace_name pod_name",
    "pubsub_subscription": "subscription_id",
    "pubsub_topic": "topic_id",
    "redis_instance": "region instance_id node_id",
    "uptime_url": "host",
}


def by_number(value: object, names: tuple[str, ...]) -> str:
    """An enum's name, which clients also give as its number."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
        return names[value]
    return str(value or names[0])


def _name(project: str, kind: str) -> str:
    return f"projects/{project}/metricDescriptors/{quote(kind, safe='')}"


def find(control: Control, project: str, kind: str) -> dict[str, Any] | None:
    """The descriptor of a metric's type, or None."""
    found = control.store.get(_KEY, _name(project, kind))
    return found.document if found else None


def keep(control: Control, project: str, document: dict[str, Any]) -> dict[str, Any]:
    """Checked and stored; of one that stands only labels and words can change."""
    kind = str(document.get("type", ""))
    if not _TYPE.fullmatch(kind) or len(kind) > 200:
        raise _wrong("type", f'"{kind}": such as custom.googleapis.com/NAME, of at most 200 characters')
    metric, value = by_number(document.get("metricKind"), KINDS), by_number(document.get("valueType"), VALUES)
    if metric not in ("GAUGE", "CUMULATIVE"):
        raise _wrong("metricKind", f"{metric}: metrics of one's own are GAUGE or CUMULATIVE")
    if value not in VALUES[1:6] or (metric == "CUMULATIVE" and value in ("BOOL", "STRING")):
        raise _wrong("valueType", f"{value} with {metric}")
    labels = [_label(label) for label in document.get("labels") or []]
    standing = find(control, project, kind)
    if standing is not None:
        if (standing["metricKind"], standing["valueType"]) != (metric, value):
            raise _wrong("metricKind", f"{kind} is {standing['metricKind']} of {standing['valueType']} already")
        given = {label["key"] for label in labels}
        labels += [label for label in standing.get("labels", []) if label["key"] not in given]
    if len(labels) > _LABELS_MOST or len({label["key"] for label in labels}) < len(labels):
        raise _wrong("labels", f"at most {_LABELS_MOST} different ones")
    made = {
        "name": f"projects/{project}/metricDescriptors/{kind}",
        "type": kind,
        "metricKind": metric,
        "valueType": value,
        **{
            field: document[field]
            for field in ("unit", "description", "displayName", "metadata", "launchStage")
            if document.get(field)
        },
    }
    if labels:
        made["labels"] = labels
    put(control, project, made)
    return made


def put(control: Control, project: str, document: dict[str, Any]) -> None:
    """Store a descriptor as it is, in place of one of its type."""
    moment, name = control.clock(), _name(project, document["type"])
    resource = Resource(_KEY, name, document, moment, moment)
    (control.store.put if control.store.get(_KEY, name) else control.store.insert)(resource)


def drop(control: Control, project: str, kind: str) -> None:
    """Delete a descriptor, and what was measured."""
    store, values = control.store, (project, kind)
    with store.transaction():
        store.delete(_KEY, _name(project, kind))
        where = "SELECT id FROM monitoring_series WHERE project = ? AND type = ?"
        store.execute(f"DELETE FROM monitoring_points WHERE series IN ({where})", values)  # noqa: S608
        store.execute("DELETE FROM monitoring_series WHERE project = ? AND type = ?", values)


def _label(label: dict[str, Any]) -> dict[str, Any]:
    key = str(label.get("key", ""))
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,99}", key):
        raise _wrong("labels", f'"{key}": letters, digits and underscores, a letter first')
    made = {"key": key, "valueType": by_number(label.get("valueType"), _LABELS)}
    if label.get("description"):
        made["description"] = label["description"]
    return made


def _wrong(field: str, why: str) -> Exception:
    return invalid_argument(f"Field metricDescriptor.{field} had an invalid value of {why}.", {field: why})


async def _create(call: Call) -> Response:
    """`metricDescriptors.create`."""
    return Response.of(keep(call.control, call.project, call.body()))


def _must(call: Call) -> dict[str, Any]:
    found = find(call.control, call.project, call.params["type"])
    if found is None:
        raise not_found(f"Could not find descriptor for metric '{call.params['type']}'.")
    return found


async def _get(call: Call) -> Response:
    """`metricDescriptors.get`."""
    return Response.of(_must(call))


async def _delete(call: Call) -> Response:
    """`metricDescriptors.delete`: what was measured is gone too."""
    drop(call.control, call.project, _must(call)["type"])
    return Response.of({})


def _page(call: Call, field: str, documents: list[dict[str, Any]]) -> Response:
    size = call.integer("pageSize", 1000, 10_000) or 1000
    after = paging.after(call.query("pageToken"))
    rest = [document for document in documents if document["name"] > after]
    return Response.of(paging.page(field, rest[: size + 1], size, lambda document: str(document["name"])))


async def _list(call: Call) -> Response:
    """`metricDescriptors.list`: of what was measured or declared here."""
    accepts = filter.compile_filter(call.query("filter")).matches
    found = [each.document for each in call.store.select(_KEY, f"projects/{call.project}")]
    chosen = [each for each in found if accepts({"metric": each, "project": call.project})]
    return _page(call, "metricDescriptors", sorted(chosen, key=lambda each: str(each["name"])))


def _resource(project: str, kind: str) -> dict[str, Any]:
    return {
        "name": f"projects/{project}/monitoredResourceDescriptors/{kind}",
        "type": kind,
        "displayName": kind.replace("_", " ").capitalize(),
        "labels": [{"key": key} for key in ("project_id", *RESOURCES[kind].split())],
    }


async def _get_resource(call: Call) -> Response:
    """`monitoredResourceDescriptors.get`."""
    kind = call.params["type"]
    if kind not in RESOURCES:
        raise not_found(f"Could not find descriptor for monitored resource '{kind}'.")
    return Response.of(_resource(call.project, kind))


async def _list_resources(call: Call) -> Response:
    """`monitoredResourceDescriptors.list`."""
    accepts = filter.compile_filter(call.query("filter")).matches
    kinds = [kind for kind in RESOURCES if accepts({"resource": {"type": kind}, "project": call.project})]
    return _page(call, "resourceDescriptors", [_resource(call.project, kind) for kind in kinds])


_METRICS, _RESOURCES = "v3/projects/{project}/metricDescriptors", "v3/projects/{project}/monitoredResourceDescriptors"
ROUTES = [
    Route("GET", _METRICS, _list),
    Route("POST", _METRICS, _create),
    Route("GET", f"{_METRICS}/{{type*}}", _get),
    Route("DELETE", f"{_METRICS}/{{type*}}", _delete),
    Route("GET", _RESOURCES, _list_resources),
    Route("GET", f"{_RESOURCES}/{{type}}", _get_resource),
]

"""Cloud Logging v2, its configuration: metrics, log buckets, their views and links. Sinks are in `sinks`,
entries in `entries`.

A bucket that is deleted is gone at once, where Google keeps it for seven days and gives its name to nobody meanwhile.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from sandbox.apis.logging import above, entries, queries, routes, settings
from sandbox.apis.logging import metrics as logging_metrics
from sandbox.apis.logging import sinks as logging_sinks
from sandbox.apis.logging.sinks import sinks
from sandbox.control import crud, locations, names, operations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Request, Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_BUILT_IN = {"_Default": 30, "_Required": 400}
_BUCKET_PATH = "v2/projects/{project}/locations/{location}/buckets"
_METRIC_PATH = "v2/projects/{project}/metrics"

metrics = Collection(
    path=f"{_METRIC_PATH}/{{metric}}",
    id_rule=r"(?:[A-Za-z0-9_.,+!*',()-]|%2F|%[0-9A-F]{2}){1,200}",
    id_message="It must be 1 to 100 letters, digits or -_.,+!*'()/, not begun by a slash.",
    update=("PUT",),
    required=("filter",),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    labels=(),
)
buckets = Collection(
    path=f"{_BUCKET_PATH}/{{bucket}}",
    noun="Bucket",
    id_rule=r"[A-Za-z0-9][A-Za-z0-9_-]{0,98}[A-Za-z0-9]?|_Default|_Required",
    id_message="It must be 1 to 100 letters, digits, underscores or hyphens.",
    id_param="bucketId",
    mask="required",
    defaults={"retentionDays": 30},
    on_create_set={"createTime": now, "lifecycleState": lambda bucket, call: "ACTIVE"},
    on_update_set={"updateTime": now},
    labels=(),
    type="google.logging.v2.LogBucket",
)
views = Collection(
    path=f"{_BUCKET_PATH}/{{bucket}}/views/{{view}}",
    noun="View",
    id_rule=r"[A-Za-z0-9_-]{1,100}",
    id_param="viewId",
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    parents=[buckets],
    labels=(),
    iam=True,
)

links = Collection(
    path=f"{_BUCKET_PATH}/{{bucket}}/links/{{link}}",
    noun="Link",
    type="google.logging.v2.Link",
    operation_metadata="google.logging.v2.LinkMetadata",
    id_rule=r"[A-Za-z0-9_]{1,100}",
    id_message="It must be 1 to 100 letters, digits or underscores, as a dataset's.",
    id_param="linkId",
    update=(),
    output_only=("lifecycleState", "bigqueryDataset"),
    on_create_set={"createTime": now},
    parents=[buckets],
    labels=(),
    lro=True,
)

API = Api(
    "logging.googleapis.com",
    "logging",
    [sinks, metrics, buckets, views, links, *queries.collections()],
    [*operations.routes("v2"), *locations.routes("v2"), *entries.ROUTES, *logging_sinks.ROUTES, *settings.routes()],
    start=entries.start,
    ready=entries.ready,
)


# Views


@views.on_create
async def check_view(view: Resource, call: Call) -> None:
    """A filter that is one."""
    routes.compiled(str(view.document.get("filter") or ""))


@views.on_update
async def recheck_view(old: Resource, new: Resource, call: Call) -> None:
    """Still one."""
    routes.compiled(str(new.document.get("filter") or ""))


# Links


@links.on_create
async def check_link(link: Resource, call: Call) -> None:
    """Of a bucket with analytics; the dataset that it makes in BigQuery isn't there to be queried here."""
    bucket = buckets.must(call.control, link.parent)
    if not bucket.document.get("analyticsEnabled"):
        raise failed_precondition("Log Analytics must be enabled on the bucket before a dataset is linked to it.")
    if list(call.store.select(links.key, link.parent)):
        raise failed_precondition("A log bucket has at most one linked dataset.")
    project = link.name.split("/")[1]
    dataset = f"bigquery.googleapis.com/projects/{projects.number(project)}/datasets/{link.id}"
    link.document |= {"lifecycleState": "ACTIVE", "bigqueryDataset": {"datasetId": dataset}}


# Metrics: their names may hold slashes, which are kept encoded.


@metrics.on_create
async def check_metric(metric: Resource, call: Call) -> None:
    """Checked, with its descriptor."""
    logging_metrics.complete(metric.document, unquote(metric.id))


@metrics.on_update
async def recheck_metric(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    logging_metrics.complete(new.document, unquote(new.id))


@metrics.created
async def describe_metric(metric: Resource, call: Call) -> None:
    """Cloud Monitoring knows it from now on."""
    logging_metrics.describe(call.control, metric)


@metrics.updated
async def describe_again(old: Resource, new: Resource, call: Call) -> None:
    """Cloud Monitoring hears of it."""
    logging_metrics.describe(call.control, new)


@metrics.deleted
async def forget_metric(metric: Resource, call: Call) -> None:
    """Its time series go with it."""
    logging_metrics.forget(call.control, metric)


@metrics.shown_by
def plain_name(metric: Resource, call: Call) -> dict[str, Any]:
    """Metrics tell their id as their name."""
    return {**metric.document, "name": unquote(metric.id), "resourceName": metric.name}


def _encoded(call: Call) -> Call:
    call.params["metric"] = quote(call.params["metric"], safe="")
    return call


@API.route("POST", _METRIC_PATH)
async def create_metric(call: Call) -> Response:
    """`metrics.create`."""
    body = call.body()
    name = str(body.get("name", ""))
    if not name or name.startswith("/"):
        raise invalid_argument("The metric needs a name that begins with no slash.", {"metric.name": "required"})
    query = "&".join(f"{key}={quote(value)}" for key, values in call.request.query.items() for value in values)
    request = Request.of("POST", f"{call.request.path}?{query}", {**body, "name": quote(name, safe="")})
    return await crud.create(metrics, Call(call.control, request, call.params))


@API.route("GET", f"{_METRIC_PATH}/{{metric}}")
async def get_metric(call: Call) -> Response:
    """`metrics.get`."""
    return await crud.get(metrics, _encoded(call))


@API.route("PUT", f"{_METRIC_PATH}/{{metric}}")
async def update_metric(call: Call) -> Response:
    """`metrics.update`."""
    return await crud.update(metrics, _encoded(call))


@API.route("DELETE", f"{_METRIC_PATH}/{{metric}}")
async def delete_metric(call: Call) -> Response:
    """`metrics.delete`."""
    return await crud.delete(metrics, _encoded(call))


# Buckets: two are there from the beginning.


@buckets.on_create
async def check_bucket(bucket: Resource, call: Call) -> None:
    """Checked."""
    location = bucket.name.split("/")[3]
    if location not in ("global", "us", "eu"):
        names.check_location(location)
    if bucket.id in _BUILT_IN:
        raise buckets.exists(bucket.name)
    _retention(bucket.document)


@buckets.on_update
async def recheck_bucket(old: Resource, new: Resource, call: Call) -> None:
    """What is locked or analysed stays so."""
    before, after = old.document, new.document
    if old.id == "_Required":
        raise invalid_argument("The _Required bucket can't be changed.", {"bucket.name": "immutable"})
    if before.get("locked") and (not after.get("locked") or after["retentionDays"] != before["retentionDays"]):
        raise failed_precondition(f"Bucket {old.name} is locked: its retention can't be changed.")
    if before.get("analyticsEnabled") and not after.get("analyticsEnabled"):
        raise failed_precondition("Log Analytics can't be disabled once it is enabled.")
    _retention(after)


def _retention(document: dict[str, Any]) -> None:
    days = int(document.get("retentionDays") or 30)
    if not 1 <= days <= 3650:
        raise invalid_argument("retentionDays must be 1 to 3650.", {"bucket.retention_days": "1 to 3650"})
    document["retentionDays"] = days


@buckets.on_delete
async def keep_built_in(bucket: Resource, call: Call) -> None:
    """Google's own buckets and locked ones stay."""
    if bucket.id in _BUILT_IN:
        raise invalid_argument(f"The {bucket.id} bucket can't be deleted.", {"name": "built in"})
    if bucket.document.get("locked"):
        raise failed_precondition(f"Bucket {bucket.name} is locked, and may hold entries: it can't be deleted.")


def _with_built_in(call: Call, of: Collection = buckets) -> Call:
    """Make the buckets that every project has, and all above, where they are asked for."""
    name, control = of.name(call.params), call.control
    if call.params["bucket"] in _BUILT_IN and call.params["location"] == "global" and not buckets.find(control, name):
        days = _BUILT_IN[call.params["bucket"]]
        document = {"name": name, "retentionDays": days, "lifecycleState": "ACTIVE", "description": ""}
        if days == 400:
            document["locked"] = True
        control.store.insert(Resource(buckets.key, name, document, control.clock(), control.clock()))
    return call


@API.route("GET", f"{_BUCKET_PATH}/{{bucket}}")
async def get_bucket(call: Call) -> Response:
    """`buckets.get`."""
    return await crud.get(buckets, _with_built_in(call))


@API.route("PATCH", f"{_BUCKET_PATH}/{{bucket}}")
async def update_bucket(call: Call) -> Response:
    """`buckets.patch`."""
    return await crud.update(buckets, _with_built_in(call))


def _operation(call: Call, response: Response) -> Response:
    document = response.json()
    parent = f"projects/{call.project}/locations/{call.params['location']}"
    kind = "google.logging.v2.BucketMetadata"
    made = operations.done(call.control, parent, buckets.type, document, metadata_type=kind, metadata={})
    return Response.of(made)


@API.route("POST", _BUCKET_PATH, verb="createAsync")
async def create_bucket(call: Call) -> Response:
    """`buckets.createAsync`."""
    return _operation(call, await crud.create(buckets, call))


@API.route("POST", f"{_BUCKET_PATH}/{{bucket}}", verb="updateAsync")
async def update_bucket_async(call: Call) -> Response:
    """`buckets.updateAsync`."""
    return _operation(call, await crud.update(buckets, _with_built_in(call)))


above.add(API, sinks, buckets, _with_built_in)

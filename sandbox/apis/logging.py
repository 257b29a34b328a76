"""Cloud Logging v2, its configuration: sinks, metrics, log buckets and their views. Entries are in `logging_entries`,
which way they go in `logging_routes`.

A bucket that is deleted is gone at once, where Google keeps it for seven days and gives its name to nobody meanwhile.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from sandbox.apis import logging_above, logging_entries, logging_routes
from sandbox.apis.logging_metrics import complete as complete_metric
from sandbox.control import crud, locations, names, operations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Request, Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_SHARED_WRITER = "serviceAccount:cloud-logs@system.gserviceaccount.com"
_DESTINATION = re.compile(
    r"storage\.googleapis\.com/[a-z0-9][a-z0-9._-]+|bigquery\.googleapis\.com/projects/[^/]+/datasets/\w+"
    r"|pubsub\.googleapis\.com/projects/[^/]+/topics/[^/]+"
    r"|logging\.googleapis\.com/projects/[^/]+(?:/locations/[^/]+/buckets/[^/]+)?"
)
_BUILT_IN = {"_Default": 30, "_Required": 400}
_BUCKET_PATH = "v2/projects/{project}/locations/{location}/buckets"
_METRIC_PATH = "v2/projects/{project}/metrics"

sinks = Collection(
    path="v2/projects/{project}/sinks/{sink}",
    id_rule=r"[A-Za-z0-9_.-]{1,100}",
    id_message="It must be 1 to 100 letters, digits, underscores, hyphens or periods.",
    update=("PATCH", "PUT"),
    required=("destination",),
    output_only=("writerIdentity",),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    labels=(),
)
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
    [sinks, metrics, buckets, views, links],
    [*operations.routes("v2"), *locations.routes("v2"), *logging_entries.ROUTES],
    start=logging_entries.start,
    ready=logging_entries.ready,
)


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


# Sinks


@sinks.on_create
async def check_sink(sink: Resource, call: Call) -> None:
    """Checked; with its writer."""
    if sink.id in logging_routes.BUILT_IN:
        raise sinks.exists(sink.name)
    _sink(sink, call)


@sinks.on_update
async def recheck_sink(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; a writer of its own is never given up."""
    if new.id == "_Required":
        raise invalid_argument("The sink _Required can't be changed.", {"sink.name": "immutable"})
    _sink(new, call, old.document.get("writerIdentity", ""))


def _sink(sink: Resource, call: Call, before: str = "") -> None:
    document = sink.document
    if not _DESTINATION.fullmatch(str(document.get("destination", ""))):
        raise invalid_argument(
            f'Invalid destination "{document.get("destination")}": a bucket, a dataset, a topic, a log bucket or a '
            "project, such as storage.googleapis.com/BUCKET.",
            {"sink.destination": "form"},
        )
    logging_routes.compiled(str(document.get("filter") or ""))
    exclusions = document.get("exclusions") or []
    known = [str(exclusion.get("name", "")) for exclusion in exclusions]
    if len(set(known)) != len(known) or not all(re.fullmatch(r"[A-Za-z0-9][\w.-]{0,99}", name) for name in known):
        raise invalid_argument("Exclusions have names of their own.", {"sink.exclusions": "name"})
    if not all(exclusion.get("filter") for exclusion in exclusions):
        raise invalid_argument("An exclusion has a filter.", {"sink.exclusions.filter": "required"})
    for exclusion in exclusions:
        logging_routes.compiled(str(exclusion["filter"]))
    custom = call.query("customWriterIdentity")
    if custom:
        document["writerIdentity"] = custom
    elif call.flag("uniqueWriterIdentity") or before not in ("", _SHARED_WRITER):
        document["writerIdentity"] = logging_above.writer(sink.name)
    else:
        document["writerIdentity"] = _SHARED_WRITER
    if document.get("bigqueryOptions") and document["writerIdentity"] == _SHARED_WRITER:
        raise invalid_argument("bigqueryOptions need a unique writer identity.", {"sink.bigquery_options": "writer"})
    if document["destination"].startswith("bigquery.") and document["writerIdentity"] != _SHARED_WRITER:
        document.setdefault("bigqueryOptions", {})["usesTimestampColumnPartitioning"] = True


@sinks.shown_by
def short_name(sink: Resource, call: Call) -> dict[str, Any]:
    """Sinks tell their id as their name."""
    return {**sink.document, "name": sink.id, "resourceName": sink.name}


@sinks.on_delete
async def keep_own_sinks(sink: Resource, call: Call) -> None:
    """Google's own sinks stay."""
    if sink.id in logging_routes.BUILT_IN:
        raise invalid_argument(f"The sink {sink.id} can't be deleted.", {"name": "built in"})


def _with_own_sinks(call: Call, of: Collection = sinks) -> Call:
    """Make the sinks that every project has, and all above, where sinks are asked for."""
    parent, control = of.parent({**call.params, "sink": "-"}), call.control
    for name in logging_routes.BUILT_IN:
        document = logging_routes.built_in(parent, name)
        if sinks.find(control, document["name"]) is None:
            control.store.insert(Resource(sinks.key, document["name"], document, control.clock(), control.clock()))
    return call


@API.route("GET", "v2/projects/{project}/sinks")
async def list_sinks(call: Call) -> Response:
    """`sinks.list`."""
    return await crud.list_page(sinks, _with_own_sinks(call))


@API.route("GET", sinks.path)
async def get_sink(call: Call) -> Response:
    """`sinks.get`."""
    return await crud.get(sinks, _with_own_sinks(call))


async def update_sink(call: Call) -> Response:
    """`sinks.patch` and `sinks.update`."""
    return await crud.update(sinks, _with_own_sinks(call))


async def delete_sink(call: Call) -> Response:
    """`sinks.delete`."""
    return await crud.delete(sinks, _with_own_sinks(call))


for _method, _handler in (("PATCH", update_sink), ("PUT", update_sink), ("DELETE", delete_sink)):
    API.route(_method, sinks.path)(_handler)


# Metrics: their names may hold slashes, which are kept encoded.


@metrics.on_create
async def check_metric(metric: Resource, call: Call) -> None:
    """Checked, with its descriptor."""
    complete_metric(metric.document, unquote(metric.id))


@metrics.on_update
async def recheck_metric(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    complete_metric(new.document, unquote(new.id))


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


logging_above.add(API, sinks, buckets, _with_built_in)

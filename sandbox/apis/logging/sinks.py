"""Sinks of Cloud Logging: what is checked of them, and the two that Google makes. `routes` has what they do."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.logging import above, routes
from sandbox.control import crud
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_SHARED_WRITER = "serviceAccount:cloud-logs@system.gserviceaccount.com"
_DESTINATION = re.compile(
    r"storage\.googleapis\.com/[a-z0-9][a-z0-9._-]+|bigquery\.googleapis\.com/projects/[^/]+/datasets/\w+"
    r"|pubsub\.googleapis\.com/projects/[^/]+/topics/[^/]+"
    r"|logging\.googleapis\.com/projects/[^/]+(?:/locations/[^/]+/buckets/[^/]+)?"
)
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


@sinks.on_create
async def check_sink(sink: Resource, call: Call) -> None:
    """Checked; with its writer."""
    if sink.id in routes.BUILT_IN:
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
    routes.compiled(str(document.get("filter") or ""))
    exclusions = document.get("exclusions") or []
    known = [str(exclusion.get("name", "")) for exclusion in exclusions]
    if len(set(known)) != len(known) or not all(re.fullmatch(r"[A-Za-z0-9][\w.-]{0,99}", name) for name in known):
        raise invalid_argument("Exclusions have names of their own.", {"sink.exclusions": "name"})
    if not all(exclusion.get("filter") for exclusion in exclusions):
        raise invalid_argument("An exclusion has a filter.", {"sink.exclusions.filter": "required"})
    for exclusion in exclusions:
        routes.compiled(str(exclusion["filter"]))
    custom = call.query("customWriterIdentity")
    if custom:
        document["writerIdentity"] = custom
    elif call.flag("uniqueWriterIdentity") or before not in ("", _SHARED_WRITER):
        document["writerIdentity"] = above.writer(sink.name)
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
    if sink.id in routes.BUILT_IN:
        raise invalid_argument(f"The sink {sink.id} can't be deleted.", {"name": "built in"})


def _with_own_sinks(call: Call) -> Call:
    """Make the sinks that every project has, and all above, where sinks are asked for."""
    parent, control = f"projects/{call.project}", call.control
    for name in routes.BUILT_IN:
        document = routes.built_in(parent, name)
        if sinks.find(control, document["name"]) is None:
            control.store.insert(Resource(sinks.key, document["name"], document, control.clock(), control.clock()))
    return call


async def list_sinks(call: Call) -> Response:
    """`sinks.list`."""
    return await crud.list_page(sinks, _with_own_sinks(call))


async def get_sink(call: Call) -> Response:
    """`sinks.get`."""
    return await crud.get(sinks, _with_own_sinks(call))


async def update_sink(call: Call) -> Response:
    """`sinks.patch` and `sinks.update`."""
    return await crud.update(sinks, _with_own_sinks(call))


async def delete_sink(call: Call) -> Response:
    """`sinks.delete`."""
    return await crud.delete(sinks, _with_own_sinks(call))


ROUTES = [
    Route("GET", "v2/projects/{project}/sinks", list_sinks),
    Route("GET", sinks.path, get_sink),
    Route("PATCH", sinks.path, update_sink),
    Route("PUT", sinks.path, update_sink),
    Route("DELETE", sinks.path, delete_sink),
]

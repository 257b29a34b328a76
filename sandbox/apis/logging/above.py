"""Cloud Logging of folders, organizations and billing accounts: sinks and buckets like a project's, and exclusions.

Entries of their own are routed as a project's are. What is below them keeps its entries: no sink of a folder or an
organization takes those of its projects (`includeChildren` is kept only).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from sandbox.apis.logging import routes
from sandbox.control import crud, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

# Collection → the variable of its paths, the form of an id, and how the account is called that writes for it.
_PARENTS = {
    "folders": ("folder", r"\d+", "folder-"),
    "organizations": ("organization", r"\d+", "org-"),
    "billingAccounts": ("billingAccount", r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}", "billing-"),
}
_Prepare = Callable[[Call, Collection], Call]

exclusions = Collection(
    path="v2/projects/{project}/exclusions/{exclusion}",
    id_rule=r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}",
    id_message="It must be 1 to 100 letters, digits, underscores, hyphens or periods, a letter or digit first.",
    mask="required",
    required=("filter",),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    labels=(),
)


@exclusions.on_create
async def check_exclusion(exclusion: Resource, call: Call) -> None:
    """A filter that is one."""
    routes.compiled(str(exclusion.document["filter"]))


@exclusions.on_update
async def recheck_exclusion(old: Resource, new: Resource, call: Call) -> None:
    """Still one."""
    routes.compiled(str(new.document["filter"]))


@exclusions.shown_by
def short_name(exclusion: Resource, call: Call) -> dict[str, object]:
    """Exclusions tell their id as their name."""
    return {**exclusion.document, "name": exclusion.id}


def writer(name: str) -> str:
    """The service agent that writes for the sinks of a project, or of what is above one, by a sink's name."""
    kind, owner, *_ = name.split("/")
    number = projects.number(owner) if kind == "projects" else f"{_PARENTS[kind][2]}{owner}"
    return f"serviceAccount:service-{number}@gcp-sa-logging.iam.gserviceaccount.com"


async def _check_parent(resource: Resource, call: Call) -> None:
    kind, owner, *_ = resource.name.split("/")
    if kind in _PARENTS and not re.fullmatch(_PARENTS[kind][1], owner):
        raise invalid_argument(f"Invalid parent '{kind}/{owner}'.", {"parent": _PARENTS[kind][1]})


async def _check_writer(sink: Resource, call: Call) -> None:
    if not call.flag("uniqueWriterIdentity"):
        what = "A sink above a project has a writer of its own: uniqueWriterIdentity must be true."
        raise invalid_argument(what, {"unique_writer_identity": "true"})


def add(api: Api, sinks: Collection, buckets: Collection, prepare: _Prepare) -> None:
    """Serve the collections, which behave as a project's do, of what is above projects too."""
    made = [exclusions]
    for kind, (variable, _, _) in _PARENTS.items():
        for collection in (sinks, buckets, exclusions):
            path = collection.path.replace("projects/{project}", f"{kind}/{{{variable}}}")
            hooks = [_check_parent, *([_check_writer] if collection is sinks else []), *collection.create_hooks]
            above = replace(collection, path=path, create_hooks=hooks, children=[])
            made.append(above)
            if collection is buckets:
                for method, general in (("GET", crud.get), ("PATCH", crud.update)):
                    api.route(method, path)(_after(prepare, above, general))
    for each in made:
        each.join(api.service, api.short)
    api.collections = [*api.collections, *made]


def _after(
    prepare: _Prepare, collection: Collection, general: Callable[[Collection, Call], Awaitable[Response]]
) -> Callable[[Call], Awaitable[Response]]:
    async def serve(call: Call) -> Response:
        return await general(collection, prepare(call, collection))

    return serve

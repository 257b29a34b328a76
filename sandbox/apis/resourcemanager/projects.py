"""Resource Manager: projects that are made, with a name, a parent and labels.

Any project exists from its first use. To make one says what it is called and where it is; what was used before is taken
over by whoever makes it first.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import names, operations, projects
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import ApiError, already_exists, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

KEY = "cloudresourcemanager.projects"
_FOLDERS = "cloudresourcemanager.folders"
_PARENT = re.compile(r"(organization|folder)s/([0-9]+)")
_NAME = re.compile(r"[\w '\"!-]{4,30}")
_TYPE = "google.cloud.resourcemanager.v3.Project"
Json = dict[str, Any]


def made(control: Control, project: str) -> Json:
    """What is kept of a project that was made; nothing of one that is only used."""
    found = control.store.get(KEY, f"projects/{project}")
    return found.document if found else {}


def v1(control: Control, project: str) -> Json:
    """A project as v1 has it."""
    return {
        "projectNumber": projects.number(project),
        "projectId": project,
        "lifecycleState": "ACTIVE",
        "name": project,
        "createTime": timestamp(control.projects.created(project)),
        **{key: value for key, value in made(control, project).items() if key not in ("updateTime", "deleteTime")},
    }


def v3(control: Control, project: str) -> Json:
    """A project as v3 has it."""
    kept, created = made(control, project), timestamp(control.projects.created(project))
    shown = {
        "name": f"projects/{projects.number(project)}",
        "projectId": project,
        "state": kept.get("lifecycleState", "ACTIVE"),
        "displayName": kept.get("name", project),
        "createTime": kept.get("createTime", created),
        "updateTime": kept.get("updateTime", created),
        "etag": f'W/"{projects.number(project)}"',
    }
    if parent := kept.get("parent"):
        shown["parent"] = f"{parent['type']}s/{parent['id']}"
    return shown | {key: kept[key] for key in ("labels", "deleteTime") if kept.get(key)}


def ancestry(control: Control, project: str) -> list[Json]:
    """The ids of a project and of all that is above it, from the nearest on: of folders those that were made."""
    found, parent = [{"type": "project", "id": project}], made(control, project).get("parent")
    while parent:
        found.append({"type": parent["type"], "id": parent["id"]})
        folder = control.store.get(_FOLDERS, f"folders/{parent['id']}") if parent["type"] == "folder" else None
        parent = _parent(str(folder.document["parent"])) if folder else None
    return [{"resourceId": one} for one in found]


def _kept(call: Call, project: str, change: Json) -> None:
    moment = call.control.clock()
    document = {**made(call.control, project), **change, "updateTime": call.control.now()}
    call.store.keep(Resource(KEY, f"projects/{project}", document, moment, moment))


def _checked(document: Json) -> Json:
    names.check_labels(document.get("labels"))
    name = str(document.get("name") or "")
    if name and not _NAME.fullmatch(name):
        what = "4 to 30 letters, digits, spaces, quotes, hyphens or exclamation points"
        raise invalid_argument(
            f"field [display_name] has issue [project display name contains invalid characters: {what}]"
        )
    return document


def _parent(text: str) -> Json | None:
    if not text:
        return None
    match = _PARENT.fullmatch(text)
    if match is None:
        raise invalid_argument(
            f"Invalid parent '{text}': folders/ or organizations/, and a number.", {"parent": "form"}
        )
    return {"type": match[1], "id": match[2]}


def _create(call: Call, document: Json) -> str:
    project = call.control.projects.resolve(str(document.get("projectId") or ""), call.control.clock())
    if made(call.control, project):
        raise already_exists("Requested entity already exists")
    given = {key: document[key] for key in ("name", "parent", "labels") if document.get(key)}
    stamps = {"lifecycleState": "ACTIVE", "createTime": call.control.now()}
    _kept(call, project, {"name": project, **_checked(given), **stamps})
    return project


def _done(call: Call, document: Json, step: str) -> Response:
    name = f"operations/{step}.{call.control.uid()}"
    return Response.of(operations.done(call.control, "", _TYPE, document, name=name))


async def create_v1(call: Call) -> Response:
    """`projects.create` of v1."""
    body = call.body()
    parent = body.get("parent") or {}
    named = _parent(f"{parent.get('type')}s/{parent.get('id')}") if parent else None
    return _done(call, v1(call.control, _create(call, {**body, "parent": named})), "cp")


async def create_v3(call: Call) -> Response:
    """`projects.create` of v3."""
    body = call.body()
    given = {**body, "name": body.get("displayName"), "parent": _parent(str(body.get("parent") or ""))}
    return _done(call, v3(call.control, _create(call, given)), "cp")


async def update_v1(call: Call) -> Response:
    """`projects.update` of v1: the name, the parent and the labels."""
    body = call.body()
    given = _checked({key: body[key] for key in ("name", "parent", "labels") if key in body})
    _kept(call, call.project, {"labels": {}, **given})
    return Response.of(v1(call.control, call.project))


async def patch_v3(call: Call) -> Response:
    """`projects.patch` of v3."""
    body, mask = call.body(), [path for path in call.query("updateMask").split(",") if path]
    fields = {"display_name": "name", "displayName": "name", "labels": "labels"}
    given = {
        fields[path]: body.get("labels" if path == "labels" else "displayName")
        for path in mask or body
        if path in fields
    }
    _kept(call, call.project, _checked(given))
    return _done(call, v3(call.control, call.project), "up")


async def move_v3(call: Call) -> Response:
    """`projects.move` of v3."""
    _kept(call, call.project, {"parent": _parent(str(call.body().get("destinationParent") or ""))})
    return _done(call, v3(call.control, call.project), "pm")


def _delete(call: Call) -> None:
    held = [
        one
        for one in call.store.select("cloudresourcemanager.liens")
        if one.document["parent"] == f"projects/{projects.number(call.project)}"
    ]
    if held:
        what = f"A lien to prevent deletion was placed on the project by {held[0].document.get('origin')}."
        raise ApiError("FAILED_PRECONDITION", f"{what} Remove the lien to allow deletion.")
    _kept(call, call.project, {"lifecycleState": "DELETE_REQUESTED", "deleteTime": call.control.now()})


async def delete_v1(call: Call) -> Response:
    """`projects.delete` of v1: what is in it stays for the 30 days in which it can be had back."""
    _delete(call)
    return Response.of({})


async def delete_v3(call: Call) -> Response:
    """`projects.delete` of v3."""
    _delete(call)
    return _done(call, v3(call.control, call.project), "dp")


def _undelete(call: Call) -> None:
    kept = made(call.control, call.project)
    if kept.get("lifecycleState") == "DELETE_REQUESTED":
        moment = call.control.clock()
        document = {key: value for key, value in kept.items() if key != "deleteTime"} | {"lifecycleState": "ACTIVE"}
        call.store.keep(Resource(KEY, f"projects/{call.project}", document, moment, moment))


async def undelete_v1(call: Call) -> Response:
    """`projects.undelete` of v1."""
    _undelete(call)
    return Response.of({})


async def undelete_v3(call: Call) -> Response:
    """`projects.undelete` of v3."""
    _undelete(call)
    return _done(call, v3(call.control, call.project), "up")


def routes() -> list[Route]:
    """What makes, changes and deletes projects."""
    return [
        Route("POST", "v1/projects", create_v1),
        Route("PUT", "v1/projects/{project}", update_v1),
        Route("DELETE", "v1/projects/{project}", delete_v1),
        Route("POST", "v1/projects/{project}", undelete_v1, "undelete"),
        Route("POST", "v3/projects", create_v3),
        Route("PATCH", "v3/projects/{project}", patch_v3),
        Route("DELETE", "v3/projects/{project}", delete_v3),
        Route("POST", "v3/projects/{project}", move_v3, "move"),
        Route("POST", "v3/projects/{project}", undelete_v3, "undelete"),
    ]

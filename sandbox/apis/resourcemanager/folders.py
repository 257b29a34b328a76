"""Resource Manager v3: folders. Organizations aren't made, so any number is one; a parent folder must be here."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.resourcemanager import searches
from sandbox.apis.resourcemanager.numbered import Numbered
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_PARENT = re.compile(r"(organizations|folders)/[0-9]+")
_NAME = re.compile(r"[^\W_](?:[\w -]{1,28})[^\W_]")
_MOST = 10
"""How deep folders go."""


def _check(document: dict[str, Any], call: Call) -> None:
    parent, name = str(document.get("parent") or ""), str(document.get("displayName") or "")
    if not _PARENT.fullmatch(parent):
        raise invalid_argument(
            f"Invalid parent '{parent}': folders/ or organizations/, and a number.", {"parent": "form"}
        )
    if not _NAME.fullmatch(name):
        what = "A folder's display name has 3 to 30 letters, digits, spaces, hyphens or underscores."
        raise invalid_argument(f"Invalid display name '{name}'. {what}", {"display_name": what})
    for other in folders.all(call.control, parent):
        same = other.document["displayName"] == name and other.name != document.get("name")
        if same and other.document["state"] == "ACTIVE":
            what = "Folder reservation failed: a folder of this display name is there already, below the same parent."
            raise failed_precondition(what)
    if _depth(call, parent) >= _MOST:
        raise failed_precondition(f"Folders are at most {_MOST} deep.")
    document["state"] = document.get("state") or "ACTIVE"


def _depth(call: Call, parent: str) -> int:
    depth = 0
    while parent.startswith("folders/"):
        depth += 1
        above = call.store.get(folders.key, parent)
        parent = str(above.document["parent"]) if above else ""
    return depth


def _gone(folder: Resource, call: Call) -> bool:
    """Empty folders only; one that is deleted can be had back for 30 days."""
    projects = (one.document for one in call.store.select("cloudresourcemanager.projects"))
    number = folder.id
    inside = [
        p for p in projects if p.get("parent") == {"type": "folder", "id": number} and p["lifecycleState"] == "ACTIVE"
    ]
    if inside or any(one.document["state"] == "ACTIVE" for one in folders.all(call.control, folder.name)):
        raise failed_precondition(f"Folder {folder.name} isn't empty: what is in it goes first.")
    folders.keep(call, folder, {"state": "DELETE_REQUESTED", "deleteTime": call.control.now()})
    return True


folders = Numbered(
    "folders",
    "Folder",
    "google.cloud.resourcemanager.v3.Folder",
    taken=("parent", "displayName"),
    changed=("displayName",),
    check=_check,
    gone=_gone,
)


async def move(call: Call) -> Response:
    """`folders.move`."""
    folder = folders.must(call.control, f"folders/{call.params['number']}")
    parent = str(call.body().get("destinationParent") or "")
    above: str | None = parent
    while above and above.startswith("folders/"):
        if above == folder.name:
            raise failed_precondition("A folder can't be moved into itself.")
        found = call.store.get(folders.key, above)
        above = str(found.document["parent"]) if found else None
    document = {**folder.document, "parent": parent}
    _check(document, call)
    return folders.done(call, folders.keep(call, folder, document), "fm")


async def search(call: Call) -> Response:
    """`folders.search`: all, or those that pass a query."""
    size, after = call.integer("pageSize", 10, 300) or 10, paging.after(call.query("pageToken"))
    passes = searches.compiled(call.query("query"), {"lifecycleState": "state"})
    found = [one for one in call.store.select(folders.key) if one.name > after and passes(one.document)]
    page = paging.page("folders", found[: size + 1], size, lambda one: one.name, lambda one: one.document)
    return Response.of(page)


async def undelete(call: Call) -> Response:
    """`folders.undelete`."""
    folder = folders.must(call.control, f"folders/{call.params['number']}")
    document = {key: value for key, value in folder.document.items() if key != "deleteTime"}
    _check(document, call)
    folder.document.pop("deleteTime", None)
    return folders.done(call, folders.keep(call, folder, {"state": "ACTIVE"}), "fu")


def routes() -> list[Route]:
    """The routes of folders; their policies are those of any number."""
    return [
        *folders.routes(),
        Route("GET", "v3/folders", search, "search"),
        Route("POST", "v3/folders/{number}", move, "move"),
        Route("POST", "v3/folders/{number}", undelete, "undelete"),
    ]

"""Folders of buckets with hierarchical namespace: what objects lie in, made with them, and moved by a rename."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import buckets, documents, holds
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.operations import ended
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.rows import FOLDERS, folder_key, folders_below, make_folder
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

_CONTROL = "google.storage.control.v2"


def _bucket(call: Call) -> Resource:
    bucket = buckets.of_path(call)
    if not bucket.document.get("hierarchicalNamespace"):
        raise ApiError(
            "FAILED_PRECONDITION",
            f"The bucket {bucket.name} does not support hierarchical namespace.",
            code=412,
            reason="conditionNotMet",
        )
    return bucket


def _checked(name: str) -> str:
    """A folder's name, with its slash at the end. Raises ApiError 400."""
    name = name if name.endswith("/") else f"{name}/"
    if name == "/" or name.startswith("/") or "//" in name or len(name.encode()) > 512:
        raise invalid_argument(f"Invalid folder name: '{name}'.")
    return name


def shown(folder: Resource) -> dict[str, Any]:
    """A folder as an answer."""
    bucket, name = folder.document["bucket"], folder.document["name"]
    return {
        "kind": "storage#folder",
        "id": f"{bucket}/{name}",
        "selfLink": f"{documents.WEB}/b/{bucket}/folders/{quote(name, safe='')}",
        **folder.document,
    }


def _find(call: Call, parameter: str = "folder", prefix: str = "if") -> tuple[Resource, Resource]:
    bucket = _bucket(call)
    name = _checked(call.params[parameter])
    found = call.store.get(FOLDERS, folder_key(bucket.name, name))
    if found is None:
        raise not_found(f"The folder {bucket.name}/{name} does not exist.")
    given = Preconditions.of(call.request.query, prefix)
    given.check(None, int(found.document["metageneration"]), reading=call.request.method == "GET")
    return bucket, found


def _check_parent(call: Call, bucket: Resource, name: str) -> None:
    parent = name[:-1].rpartition("/")[0]
    if parent and call.store.get(FOLDERS, folder_key(bucket.name, f"{parent}/")) is None:
        raise not_found(f"The parent folder {bucket.name}/{parent}/ does not exist.")


def _check_free(call: Call, bucket: Resource, name: str) -> None:
    if call.store.get(FOLDERS, folder_key(bucket.name, name)) is not None:
        message = f"The folder {bucket.name}/{name} already exists."
        raise ApiError("ALREADY_EXISTS", message, reason="conflict")


async def insert(call: Call) -> Response:
    """`folders.insert`, with `recursive` those above it too."""
    bucket = _bucket(call)
    name = _checked(str(documents.body(call).get("name") or ""))
    _check_free(call, bucket, name)
    if not call.flag("recursive"):
        _check_parent(call, bucket, name)
    with call.store.transaction():
        made = make_folder(call.store, bucket.name, name, call.control.clock())
    return Response.of(shown(made))


async def get(call: Call) -> Response:
    """`folders.get`."""
    return Response.of(shown(_find(call)[1]))


async def list_folders(call: Call) -> Response:
    """`folders.list`: by name; with a delimiter only those of one level."""
    bucket, prefix = _bucket(call), call.query("prefix")
    if call.query("delimiter") not in ("", "/"):
        raise invalid_argument("The delimiter of folders is a slash.")
    size = call.integer("pageSize", 1000, 1000) or 1000
    after, end = paging.after(call.query("pageToken")), call.query("endOffset")
    start = call.query("startOffset")
    found = [
        folder
        for folder in folders_below(call.store, bucket.name, prefix)
        if after < folder.document["name"] >= start and not (end and folder.document["name"] >= end)
    ]
    if call.query("delimiter"):
        found = [folder for folder in found if "/" not in folder.document["name"][len(prefix) : -1]]
    page = paging.page("items", found[: size + 1], size, lambda folder: str(folder.document["name"]), shown)
    return Response.of({"kind": "storage#folders", **page})


def _inside(call: Call, bucket: Resource, name: str) -> bool:
    """Whether a folder holds anything."""
    inside = [folder for folder in folders_below(call.store, bucket.name, name) if folder.document["name"] != name]
    held = call.control.part(Objects).scan(bucket.name, "", -1, name, versions=True)
    return bool(inside) or next(held, None) is not None


async def delete(call: Call) -> Response:
    """`folders.delete`: an empty one."""
    bucket, folder = _find(call)
    if _inside(call, bucket, folder.document["name"]):
        raise ApiError("ALREADY_EXISTS", "The folder you tried to delete is not empty.", reason="conflict")
    call.store.delete(FOLDERS, folder.name)
    return Response(204)


async def delete_recursive(call: Call) -> Response:
    """`folders.deleteRecursive`: with all that is in it, in an operation that ends at once."""
    bucket, folder = _find(call)
    store, name = call.control.part(Objects), folder.document["name"]
    held = list(store.scan(bucket.name, "", -1, name, versions=True))
    for item in held:
        holds.check_unprotected(bucket, item, call.control.clock())
    for item in held:
        store.delete(bucket, item, for_good=True)
    with call.store.transaction():
        for each in folders_below(call.store, bucket.name, name):
            call.store.delete(FOLDERS, each.name)
    metadata = {"folderId": name}
    operation = ended(call, bucket.name, f"{_CONTROL}.DeleteFolderRecursiveMetadata", metadata)
    return Response.of(operation)


async def rename(call: Call) -> Response:
    """`folders.rename`: with all that is in it, at once, in an operation that ends at once."""
    bucket, folder = _find(call, "source", "ifSource")
    old, new = folder.document["name"], _checked(call.params["destination"])
    if new.startswith(old):
        raise invalid_argument(f"The folder {old} can't be renamed to {new}, which is it or lies in it.")
    _check_free(call, bucket, new)
    _check_parent(call, bucket, new)
    store = call.control.part(Objects)
    for item in store.scan(bucket.name, "", -1, old, versions=True):
        holds.check_unprotected(bucket, item, call.control.clock())
    with call.store.transaction():
        store.rename_below(bucket.name, old, new)
        for each in folders_below(call.store, bucket.name, old):
            call.store.delete(FOLDERS, each.name)
            name = new + each.document["name"].removeprefix(old)
            number = int(each.document["metageneration"]) + (each.name == folder.name)
            changed = {**each.document, "name": name, "metageneration": str(number), "updateTime": documents.now(call)}
            call.store.insert(
                Resource(FOLDERS, folder_key(bucket.name, name), changed, each.created, call.control.clock())
            )
    moved = call.store.get(FOLDERS, folder_key(bucket.name, new))
    assert moved is not None
    metadata = {"sourceFolderId": old, "destinationFolderId": new}
    told = {**moved.document, "name": f"projects/_/buckets/{bucket.name}/folders/{new}"}
    response = {key: told[key] for key in ("name", "metageneration", "createTime", "updateTime")}
    kind = f"{_CONTROL}.RenameFolderMetadata"
    return Response.of(ended(call, bucket.name, kind, metadata, f"{_CONTROL}.Folder", response))

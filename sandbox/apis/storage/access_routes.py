"""The collections of access control lists: of a bucket, of the objects it will get, of an object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import access, buckets, documents, object_documents
from sandbox.apis.storage.object_routes import find
from sandbox.apis.storage.objects import Objects
from sandbox.control.context import Call
from sandbox.control.errors import not_found
from sandbox.control.http import Response
from sandbox.control.router import Handler


@dataclass(slots=True)
class _List:
    """A list that a path names: how to show an entry of it, and how to keep it changed."""

    bucket: Any
    entries: access.Entries
    roles: tuple[str, ...]
    show: Callable[[dict[str, str]], dict[str, Any]]
    keep: Callable[[access.Entries], None]


_Kind = Callable[[Call], _List]


def of_bucket(call: Call) -> _List:
    """`bucketAccessControls`."""
    bucket = buckets.of_path(call)
    reading = call.request.method == "GET"
    text = "Cannot get legacy ACL for a bucket" if reading else "Cannot use ACL API to update bucket policy"
    access.check_lists(bucket, text)

    def keep(wanted: access.Entries) -> None:
        with call.store.transaction():
            access.put_bucket(call.control, buckets.full_name(bucket.name), wanted)
            buckets.touch(call, bucket)

    return _List(
        bucket,
        access.of_bucket(call.control, buckets.full_name(bucket.name)),
        access.BUCKET_ROLES,
        lambda entry: buckets.shown_entry(bucket, entry),
        keep,
    )


def default_of_bucket(call: Call) -> _List:
    """`defaultObjectAccessControls`."""
    bucket = buckets.of_path(call)
    reading = call.request.method == "GET"
    text = "Cannot get legacy ACL for a bucket" if reading else "Cannot use ACL API to set default object ACL"
    access.check_lists(bucket, text)

    def keep(wanted: access.Entries) -> None:
        bucket.document["defaultObjectAcl"] = wanted
        buckets.touch(call, bucket)

    number = int(bucket.document["metageneration"])
    return _List(
        bucket,
        access.default_of(bucket),
        access.OBJECT_ROLES,
        lambda entry: access.shown(entry, "object", number),
        keep,
    )


def of_object(call: Call) -> _List:
    """`objectAccessControls`."""
    bucket, target = find(call)
    reading = call.request.method == "GET"
    text = "Cannot get legacy ACL for an object" if reading else "Cannot update access control for an object"
    access.check_lists(bucket, text)

    def keep(wanted: access.Entries) -> None:
        target.document = {**target.document, "acl": wanted, "updated": documents.now(call)}
        target.metageneration += 1
        call.control.part(Objects).change(bucket, target)

    return _List(
        bucket,
        object_documents.acl(bucket, target),
        access.OBJECT_ROLES,
        lambda entry: object_documents.shown_entry(target, entry),
        keep,
    )


def handlers(kind: _Kind) -> dict[tuple[str, str], Handler]:
    """The methods of a collection, by the HTTP method and the path below it."""

    async def list_entries(call: Call) -> Response:
        found = kind(call)
        items = [found.show(entry) for entry in found.entries]
        name = "bucketAccessControls" if kind is of_bucket else "objectAccessControls"
        return Response.of({"kind": f"storage#{name}", "items": items} if items else {"kind": f"storage#{name}"})

    async def get(call: Call) -> Response:
        found = kind(call)
        return Response.of(found.show(_entry(call, found)))

    async def insert(call: Call) -> Response:
        return _put(call, kind(call), documents.body(call))

    async def change(call: Call) -> Response:
        found = kind(call)
        standing = _entry(call, found)
        return _put(call, found, {"role": standing["role"], **documents.body(call), "entity": standing["entity"]})

    async def delete(call: Call) -> Response:
        found = kind(call)
        found.keep(access.put(found.entries, _entry(call, found)["entity"], None))
        return Response(204)

    return {
        ("GET", ""): list_entries,
        ("POST", ""): insert,
        ("GET", "/{entity}"): get,
        ("PATCH", "/{entity}"): change,
        ("PUT", "/{entity}"): change,
        ("DELETE", "/{entity}"): delete,
    }


def _entry(call: Call, found: _List) -> dict[str, str]:
    name = access.entity(call.control, call.params["entity"])
    for entry in found.entries:
        if entry["entity"] == name:
            return entry
    raise not_found(f"The specified access control entry does not exist: {quote(name, safe='@')}")


def _put(call: Call, found: _List, given: dict[str, Any]) -> Response:
    (entry,) = access.entries(call.control, found.bucket, [given], found.roles)
    found.keep(access.put(found.entries, entry["entity"], entry["role"]))
    return Response.of(found.show(entry))

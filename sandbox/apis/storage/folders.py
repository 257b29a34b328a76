"""Managed folders: prefixes of a bucket with IAM policies of their own."""

from __future__ import annotations

from typing import Any

from sandbox.apis.storage import buckets, documents
from sandbox.apis.storage.objects import Objects
from sandbox.control import iam, paging
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Exists, Resource

COLLECTION = "storage.managedFolders"


def _key(bucket: str, folder: str) -> str:
    return f"{bucket}/managedFolders/{folder}"


def policy_name(bucket: str, folder: str) -> str:
    """The name under which a folder's policy is kept."""
    return f"{buckets.full_name(bucket)}/managedFolders/{folder}"


def _of_path(call: Call) -> tuple[Resource, Resource]:
    bucket, name = buckets.of_path(call), call.params["folder"]
    found = call.store.get(COLLECTION, _key(bucket.name, name))
    if found is None:
        raise not_found(f"The specified managed folder does not exist: {bucket.name}/{name}")
    return bucket, found


async def insert(call: Call) -> Response:
    """`managedFolders.insert`."""
    bucket = buckets.of_path(call)
    name = str(documents.body(call).get("name") or "")
    if not name.endswith("/") or name.startswith("/") or len(name.encode()) > 1024:
        raise invalid_argument(f"Invalid managed folder name: '{name}'. It must end with a slash.")
    if not bucket.document["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]:
        raise invalid_argument("Managed folders need a bucket with uniform bucket-level access.")
    moment = documents.now(call)
    document = {
        "kind": "storage#managedFolder",
        "id": f"{bucket.name}/{name}",
        "selfLink": f"{documents.WEB}/b/{bucket.name}/managedFolders/{name}",
        "name": name,
        "bucket": bucket.name,
        "createTime": moment,
        "updateTime": moment,
        "metageneration": "1",
    }
    clock = call.control.clock()
    try:
        call.store.insert(Resource(COLLECTION, _key(bucket.name, name), document, clock, clock))
    except Exists as error:
        message = f"The managed folder {bucket.name}/{name} exists already."
        raise ApiError("ALREADY_EXISTS", message, reason="conflict") from error
    return Response.of(document)


async def get(call: Call) -> Response:
    """`managedFolders.get`."""
    return Response.of(_of_path(call)[1].document)


async def update(call: Call) -> Response:
    """`managedFolders.update`: there is nothing to change but its times."""
    _, folder = _of_path(call)
    number = str(int(folder.document["metageneration"]) + 1)
    folder.document.update(metageneration=number, updateTime=documents.now(call))
    call.store.put(folder)
    return Response.of(folder.document)


async def permissions(call: Call) -> Response:
    """`managedFolders.testIamPermissions`."""
    _of_path(call)
    return buckets.allowed(call)


async def list_folders(call: Call) -> Response:
    """`managedFolders.list`, by name."""
    bucket, prefix = buckets.of_path(call), call.query("prefix")
    size = call.integer("pageSize", 1000, 1000) or 1000
    after = paging.after(call.query("pageToken"))
    found = [item for item in in_bucket(call, bucket.name, after) if item.document["name"].startswith(prefix)]
    page = paging.page("items", found[: size + 1], size, lambda item: item.name, lambda item: item.document)
    return Response.of({"kind": "storage#managedFolders", **page})


def in_bucket(call: Call, bucket: str, after: str = "") -> list[Resource]:
    """The managed folders of a bucket."""
    found = call.store.select(COLLECTION, after=after)
    return [item for item in found if item.document["bucket"] == bucket]


async def delete(call: Call) -> Response:
    """`managedFolders.delete`: an empty one, unless `allowNonEmpty` leaves its objects where they are."""
    bucket, folder = _of_path(call)
    name = folder.document["name"]
    inside = call.control.part(Objects).scan(bucket.name, "", -1, name, versions=True)
    if not call.flag("allowNonEmpty") and next(inside, None) is not None:
        raise ApiError("ALREADY_EXISTS", "The managed folder you tried to delete is not empty.", reason="conflict")
    forget(call, folder)
    return Response(204)


def forget(call: Call, folder: Resource) -> None:
    """Drop a folder and its policy."""
    with call.store.transaction():
        call.store.delete(COLLECTION, folder.name)
        call.store.delete_policy(policy_name(folder.document["bucket"], folder.document["name"]))


def _policy(folder: Resource, policy: dict[str, Any]) -> Response:
    name = f"projects/_/buckets/{folder.document['bucket']}/managedFolders/{folder.document['name']}"
    return Response.of({"kind": "storage#policy", "resourceId": name, **policy})


async def get_policy(call: Call) -> Response:
    """`managedFolders.getIamPolicy`."""
    bucket, folder = _of_path(call)
    name = policy_name(bucket.name, folder.document["name"])
    return _policy(folder, iam.get_policy(call.control, name, iam.requested_version(call)))


async def set_policy(call: Call) -> Response:
    """`managedFolders.setIamPolicy`: PUT of the policy itself."""
    bucket, folder = _of_path(call)
    name = policy_name(bucket.name, folder.document["name"])
    return _policy(folder, iam.set_policy(call.control, name, documents.body(call)))

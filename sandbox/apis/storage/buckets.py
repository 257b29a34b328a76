"""Buckets: their settings with Google's defaults, and their IAM policies."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.apis.storage import access, bucket_settings, documents
from sandbox.apis.storage.part_uploads import PartUploads
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.rows import FOLDERS
from sandbox.apis.storage.soft_deleted import SoftDeleted
from sandbox.control import iam, paging, payload, projects
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Exists, Resource

COLLECTION = "storage.buckets"
_SERVER_FIELDS = (
    "kind",
    "id",
    "selfLink",
    "projectNumber",
    "name",
    "timeCreated",
    "updated",
    "etag",
    "location",
    "locationType",
    "generation",
    "customPlacementConfig",
    "hierarchicalNamespace",
    "objectRetention",
    "metageneration",
    "defaultObjectAcl",
)
SOFT_TIMES = ("softDeleteTime", "hardDeleteTime")
_FULL_ACL = ("acl", "defaultObjectAcl")


def full_name(bucket: str) -> str:
    """The name under which a bucket's policy is kept."""
    return f"//storage.googleapis.com/projects/_/buckets/{bucket}"


def must(control: Control, name: str) -> Resource:
    """A bucket; 404 where it is missing."""
    bucket = control.store.get(COLLECTION, name)
    if bucket is None:
        raise not_found("The specified bucket does not exist.")
    return bucket


def of_path(call: Call) -> Resource:
    """The bucket of the request's path."""
    return must(call.control, call.params["bucket"])


def shown(call: Call, bucket: Resource, *, full: bool = False) -> dict[str, Any]:
    """The bucket as an answer; with its lists where it has some and `projection` asks for them, or it is `full`."""
    document = _without_lists(bucket.document)
    if call.query("projection", "full" if full else "") != "full":
        return document
    document["owner"] = {"entity": access.owner(bucket)}
    if not access.uniform(bucket):
        number = int(bucket.document["metageneration"])
        acl = access.of_bucket(call.control, full_name(bucket.name))
        document["acl"] = [shown_entry(bucket, entry) for entry in acl]
        document["defaultObjectAcl"] = [access.shown(item, "object", number) for item in access.default_of(bucket)]
    return document


def _without_lists(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in _FULL_ACL}


def _soft(call: Call) -> SoftDeleted:
    from sandbox.apis.storage.objects import Objects  # which knows of buckets

    return call.control.part(Objects).soft


async def insert(call: Call) -> Response:
    """`buckets.insert`."""
    if not call.query("project"):
        raise invalid_argument("Required parameter: project", reason="required")
    project = call.control.projects.resolve(call.query("project"), call.control.clock())
    given = payload.without_nulls(documents.body(call))
    name = bucket_settings.check_name(given.get("name"))
    document = {key: value for key, value in given.items() if key not in ("etag", "metageneration", *_FULL_ACL)}
    bucket_settings.place(document)
    bucket_settings.settle(document, {}, call)
    if call.flag("enableObjectRetention"):
        document["objectRetention"] = {"mode": "Enabled"}
    moment = documents.now(call)
    document.update(
        kind="storage#bucket",
        id=name,
        selfLink=f"{documents.WEB}/b/{name}",
        projectNumber=projects.number(project),
        name=name,
        timeCreated=moment,
        updated=moment,
        generation=str(int(call.control.clock() * 1e6)),
        metageneration="1",
        etag=documents.etag(1),
    )
    clock = call.control.clock()
    with call.store.transaction():
        try:
            call.store.insert(Resource(COLLECTION, name, document, clock, clock))
        except Exists as error:
            mine = must(call.control, name).document["projectNumber"] == projects.number(project)
            text = "Your previous request to create the named bucket succeeded and you already own it."
            other = (
                "The requested bucket name is not available. The bucket namespace is shared by all users of the "
                "system. Please select a different name and try again."
            )
            raise ApiError("ALREADY_EXISTS", text if mine else other, reason="conflict") from error
        call.store.put_policy(full_name(name), {"bindings": _first_bindings(project, document)})
        bucket = Resource(COLLECTION, name, document, clock, clock)
        full = _put_lists(call, bucket, given)
        call.store.put(bucket)
    return Response.of(shown(call, bucket, full=full))


def _first_bindings(project: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The grants that every new bucket has: the project's owners, editors and viewers, in their legacy roles."""
    owners, viewers = [f"projectEditor:{project}", f"projectOwner:{project}"], [f"projectViewer:{project}"]
    bindings = [
        {"role": "roles/storage.legacyBucketOwner", "members": owners},
        {"role": "roles/storage.legacyBucketReader", "members": viewers},
    ]
    if document["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"]:
        bindings.append({"role": "roles/storage.legacyObjectOwner", "members": owners})
        bindings.append({"role": "roles/storage.legacyObjectReader", "members": viewers})
    return bindings


def _put_lists(call: Call, bucket: Resource, given: dict[str, Any]) -> bool:
    """Have the lists of a request; whether it had any."""
    said = False
    name, lists = call.query("predefinedAcl"), given.get("acl")
    if name or lists is not None:
        access.check_lists(bucket, "Cannot use ACL API to update bucket policy")
        wanted = access.predefined(bucket, name, "bucket") if name else None
        if wanted is None:
            wanted = access.entries(call.control, bucket, lists, access.BUCKET_ROLES)
            wanted = access.put(wanted, access.owner(bucket), "OWNER")
        access.put_bucket(call.control, full_name(bucket.name), wanted)
        said = True
    name, lists = call.query("predefinedDefaultObjectAcl"), given.get("defaultObjectAcl")
    if name or lists is not None:
        access.check_lists(bucket, "Cannot use ACL API to set default object ACL")
        default = access.predefined(bucket, name, "default") if name else None
        if default is None:
            default = access.entries(call.control, bucket, lists, access.OBJECT_ROLES)
        bucket.document["defaultObjectAcl"] = default
        said = True
    return said


def shown_entry(bucket: Resource, entry: dict[str, str]) -> dict[str, Any]:
    """An entry of a bucket's list as an answer."""
    path = {"id": f"{bucket.name}/{entry['entity']}", "bucket": bucket.name}
    path["selfLink"] = f"{documents.WEB}/b/{bucket.name}/acl/{entry['entity']}"
    return {**access.shown(entry, "bucket", int(bucket.document["metageneration"])), **path}


def touch(call: Call, bucket: Resource) -> None:
    """Store a changed bucket, under a new metageneration."""
    metageneration = int(bucket.document["metageneration"]) + 1
    bucket.document.update(
        metageneration=str(metageneration), etag=documents.etag(metageneration), updated=documents.now(call)
    )
    bucket.updated = call.control.clock()
    call.store.put(bucket)


def _check(call: Call, bucket: Resource, *, reading: bool = False) -> None:
    conditions = Preconditions.of(call.request.query)
    conditions.check(None, int(bucket.document["metageneration"]), reading=reading)


async def get(call: Call) -> Response:
    """`buckets.get`; with `softDeleted` a generation that was deleted."""
    if call.flag("softDeleted"):
        if not call.query("generation"):
            raise invalid_argument("Required parameter: generation", reason="required")
        kept = _soft(call).bucket(call.params["bucket"], call.query("generation"))
        if kept is None:
            raise not_found("The specified bucket does not exist.")
        return Response.of(_without_lists(kept.document["bucket"]))
    bucket = of_path(call)
    if call.query("generation") not in ("", bucket.document.get("generation")):
        raise not_found("The specified bucket does not exist.")
    _check(call, bucket, reading=True)
    return Response.of(shown(call, bucket))


async def list_buckets(call: Call) -> Response:
    """`buckets.list` of a project, by name; with `softDeleted` those that were deleted."""
    project = call.control.projects.resolve(call.query("project"), call.control.clock())
    number, prefix = projects.number(project), call.query("prefix")
    size = call.integer("maxResults", 1000, 1000) or 1000
    after = paging.after(call.query("pageToken"))
    if call.flag("softDeleted"):
        kept = [(item.name, _without_lists(item.document["bucket"])) for item in _soft(call).buckets(after)]
    else:
        kept = [(bucket.name, shown(call, bucket)) for bucket in call.store.select(COLLECTION, after=after)]
    found = [item for item in kept if item[1]["projectNumber"] == number and item[0].startswith(prefix)]
    page = paging.page("items", found[: size + 1], size, lambda item: item[0], lambda item: item[1])
    return Response.of({"kind": "storage#buckets", **page})


def _save(call: Call, bucket: Resource, document: dict[str, Any], lists: dict[str, Any] | None = None) -> Response:
    """Keep a changed bucket, with the `lists` of the request."""
    old = bucket.document
    old_retention, retention = old.get("retentionPolicy") or {}, document.get("retentionPolicy") or {}
    if old_retention.get("isLocked") and int(retention.get("retentionPeriod") or 0) < int(
        old_retention["retentionPeriod"]
    ):
        raise ApiError(
            "PERMISSION_DENIED",
            f"Cannot reduce retention duration of a locked Retention Policy for bucket '{bucket.name}'.",
        )
    if "location" in document and str(document["location"]).upper() != old["location"]:
        raise invalid_argument("The location of a bucket can't be changed.")
    for field in _SERVER_FIELDS:
        document.pop(field, None)
        if field in old:
            document[field] = old[field]
    bucket_settings.check_rpo(document)
    bucket_settings.settle(document, old, call)
    bucket.document = document
    with call.store.transaction():
        full = _put_lists(call, bucket, lists or {})
        touch(call, bucket)
    return Response.of(shown(call, bucket, full=full))


async def patch(call: Call) -> Response:
    """`buckets.patch`: a merge patch."""
    bucket = of_path(call)
    _check(call, bucket)
    body = documents.body(call)
    given = {key: value for key, value in body.items() if key not in _FULL_ACL}
    document = documents.merge(copy.deepcopy(bucket.document), given)
    access = (given.get("iamConfiguration") or {}).get("uniformBucketLevelAccess")
    if access is None and "bucketPolicyOnly" in (given.get("iamConfiguration") or {}):
        document["iamConfiguration"].pop("uniformBucketLevelAccess", None)
    return _save(call, bucket, document, body)


async def update(call: Call) -> Response:
    """`buckets.update`: the whole bucket."""
    bucket = of_path(call)
    _check(call, bucket)
    body = payload.without_nulls(documents.body(call))
    return _save(call, bucket, {key: value for key, value in body.items() if key not in _FULL_ACL}, body)


async def lock_retention(call: Call) -> Response:
    """`buckets.lockRetentionPolicy`: for good."""
    bucket = of_path(call)
    if not call.query("ifMetagenerationMatch"):
        raise invalid_argument("Required parameter: ifMetagenerationMatch", reason="required")
    _check(call, bucket)
    if "retentionPolicy" not in bucket.document:
        raise invalid_argument("The bucket has no retention policy.")
    document = copy.deepcopy(bucket.document)
    document["retentionPolicy"]["isLocked"] = True
    return _save(call, bucket, document)


async def delete(call: Call) -> Response:
    """`buckets.delete`: only one that is empty but for soft-deleted objects, with which it is kept for a while."""
    bucket = of_path(call)
    _check(call, bucket)
    if call.store.rows("SELECT 1 FROM storage_objects WHERE bucket = ? LIMIT 1", (bucket.name,)):
        raise ApiError("ALREADY_EXISTS", "The bucket you tried to delete is not empty.", reason="conflict")
    uploads = call.control.part(PartUploads)
    for upload in uploads.of_bucket(bucket.name):
        uploads.end(upload)
    with call.store.transaction():
        _soft(call).keep_bucket(bucket, call.store.policy(full_name(bucket.name)))
        call.store.delete(COLLECTION, bucket.name)
        call.store.delete_policy(full_name(bucket.name))
        # Its notifications and folders go with it.
        for kind in ("storage.notificationConfigs", "storage.managedFolders", FOLDERS):
            for inside in call.store.select(kind, after=f"{bucket.name}/"):
                if not inside.name.startswith(f"{bucket.name}/"):
                    break
                call.store.delete(kind, inside.name)
                call.store.delete_policy(f"{full_name(bucket.name)}/managedFolders/{inside.document.get('name')}")
    return Response(204)


def _policy(bucket: str, policy: dict[str, Any]) -> Response:
    return Response.of({"kind": "storage#policy", "resourceId": f"projects/_/buckets/{bucket}", **policy})


async def get_policy(call: Call) -> Response:
    """`buckets.getIamPolicy`."""
    bucket = of_path(call)
    version = iam.requested_version(call)
    return _policy(bucket.name, iam.get_policy(call.control, full_name(bucket.name), version))


async def set_policy(call: Call) -> Response:
    """`buckets.setIamPolicy`: PUT of the policy itself."""
    bucket = of_path(call)
    return _policy(bucket.name, iam.set_policy(call.control, full_name(bucket.name), documents.body(call)))


async def permissions(call: Call) -> Response:
    """`buckets.testIamPermissions`."""
    of_path(call)
    return allowed(call)


def allowed(call: Call) -> Response:
    """All that is asked for: any credential may do anything."""
    wanted = call.request.query.get("permissions", [])
    return Response.of({"kind": "storage#testIamPermissionsResponse", "permissions": wanted})


async def anywhere_caches(call: Call) -> Response:
    """`anywhereCaches.list`: there are none."""
    of_path(call)
    return Response.of({"kind": "storage#anywhereCaches"})


async def storage_layout(call: Call) -> Response:
    """`buckets.getStorageLayout`, which gcloud asks before it copies: where the bucket is, and that it is flat."""
    document = of_path(call).document
    layout = {key: document[key] for key in ("location", "locationType", "customPlacementConfig") if key in document}
    folders = document.get("hierarchicalNamespace") or {"enabled": False}
    bucket = document["name"]
    return Response.of({"kind": "storage#storageLayout", "bucket": bucket, **layout, "hierarchicalNamespace": folders})


async def service_account(call: Call) -> Response:
    """`projects.serviceAccount.get`: the account that Storage itself acts as."""
    email = f"service-{projects.number(call.project)}@gs-project-accounts.iam.gserviceaccount.com"
    return Response.of({"kind": "storage#serviceAccount", "email_address": email})

"""What was soft-deleted is brought back: an object, many of them by an operation, a bucket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.apis.storage import buckets, documents, object_documents, objects, operations
from sandbox.apis.storage.globs import compile_glob
from sandbox.apis.storage.object_routes import generation_of
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Exists, Resource

# A filter of the bulk restore, by the field of an object that it is about, and whether the object must be later.
_TIMES = {
    "softDeletedAfterTime": ("softDeleteTime", True),
    "softDeletedBeforeTime": ("softDeleteTime", False),
    "createdAfterTime": ("timeCreated", True),
    "createdBeforeTime": ("timeCreated", False),
}


async def restore_object(call: Call) -> Response:
    """`objects.restore`: a new live version of a soft-deleted one."""
    bucket, store = buckets.of_path(call), call.control.part(Objects)
    generation = generation_of(call)
    if generation is None:
        raise invalid_argument("Required parameter: generation", reason="required")
    kept = store.soft.find(bucket, call.params["object"], generation)
    if kept is None or call.query("restoreToken") not in ("", kept.document.get("restoreToken")):
        raise objects.missing(bucket.name, call.params["object"])
    same = call.flag("copySourceAcl")
    restored = store.restore(bucket, kept, Preconditions.of(call.request.query), same_acl=same)
    return Response.of(object_documents.shown(call, bucket, restored))


async def bulk_restore(call: Call) -> Response:
    """`objects.bulkRestore`: of each name that fits, what was deleted last, in an operation that ends at once."""
    bucket, store = buckets.of_path(call), call.control.part(Objects)
    given = documents.body(call)
    # In the order of their generations, so that the last of a name stays.
    latest = {kept.name: kept for kept in store.soft.scan(bucket, "", -1, "") if _fits(given, kept)}
    chosen = list(latest.values())
    if not given.get("allowOverwrite"):
        chosen = [kept for kept in chosen if store.find(bucket.name, kept.name) is None]
    done = failed = 0
    for kept in chosen:
        try:
            store.restore(bucket, kept, Preconditions(), same_acl=bool(given.get("copySourceAcl")))
            done += 1
        except ApiError:  # what is there is under a hold, or retained
            failed += 1
    counts = {"succeededCount": str(done), "failedCount": str(failed)}
    kind = "google.storage.control.v2.BulkRestoreObjectsMetadata"
    return Response.of(operations.ended(call, bucket.name, kind, counts))


def _fits(given: dict[str, Any], kept: Object) -> bool:
    globs = given.get("matchGlobs") or ["**"]
    if not any(compile_glob(str(glob)).fullmatch(kept.name) for glob in globs):
        return False
    for name, (field, later) in _TIMES.items():
        if not given.get(name):
            continue
        try:
            limit = datetime.fromisoformat(str(given[name]))
            at = datetime.fromisoformat(kept.document[field])
            if at != limit and (at > limit) != later:
                return False
        except (ValueError, TypeError) as error:
            raise invalid_argument(f"Invalid value for {name}: '{given[name]}'") from error
    return True


async def restore_bucket(call: Call) -> Response:
    """`buckets.restore`: as it was, with its policy; its objects stay soft-deleted."""
    soft, name = call.control.part(Objects).soft, call.params["bucket"]
    generation = generation_of(call)
    if generation is None:
        raise invalid_argument("Required parameter: generation", reason="required")
    kept = soft.bucket(name, str(generation))
    if kept is None:
        raise not_found("The specified bucket does not exist.")
    document = {key: value for key, value in kept.document["bucket"].items() if key not in buckets.SOFT_TIMES}
    metageneration = int(document["metageneration"]) + 1
    document.update(
        metageneration=str(metageneration), etag=documents.etag(metageneration), updated=documents.now(call)
    )
    with call.store.transaction():
        try:
            bucket = Resource(buckets.COLLECTION, name, document, kept.created, call.control.clock())
            call.store.insert(bucket)
        except Exists as error:
            raise ApiError("ALREADY_EXISTS", f"A bucket named '{name}' is there already.", reason="conflict") from error
        if kept.document["policy"] is not None:
            call.store.put_policy(buckets.full_name(name), kept.document["policy"])
        soft.restored(kept)
    return Response.of(buckets.shown(call, bucket))

"""google.storage.v2's plain calls: each is the request of the JSON API that does the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from google.iam.v1 import iam_policy_pb2
from google.protobuf import empty_pb2  # type: ignore[import-untyped]

from sandbox.control.errors import unimplemented
from sandbox.rpc import storage_buckets
from sandbox.rpc import storage_messages as messages
from sandbox.rpc.storage_rest import (
    Answer,
    Json,
    Rest,
    bucket_path,
    conditions,
    keyed,
    mask,
    masked,
    object_path,
    projection,
)


async def _get_object(rest: Rest, request: Any) -> Any:
    query = {
        **conditions(request),
        "generation": request.generation or None,
        "softDeleted": request.soft_deleted,
        "restoreToken": request.restore_token,
        "projection": projection(request),
    }
    found = await rest.ask("GET", object_path(request.bucket, request.object_), query)
    return messages.object_message(found, mask(request))


async def _delete_object(rest: Rest, request: Any) -> Any:
    query = {**conditions(request), "generation": request.generation or None}
    await rest.send("DELETE", object_path(request.bucket, request.object_), query)
    return empty_pb2.Empty()


async def _restore_object(rest: Rest, request: Any) -> Any:
    query = {
        **conditions(request),
        "generation": request.generation,
        "restoreToken": request.restore_token,
        "copySourceAcl": request.copy_source_acl,
    }
    path = object_path(request.bucket, request.object_)
    return messages.object_message(await rest.ask("POST", f"{path}/restore", query))


async def _list_objects(rest: Rest, request: Any) -> Any:
    query = {
        "maxResults": request.page_size or None,
        "pageToken": request.page_token,
        "delimiter": request.delimiter,
        "includeTrailingDelimiter": request.include_trailing_delimiter,
        "prefix": request.prefix,
        "versions": request.versions,
        "startOffset": request.lexicographic_start,
        "endOffset": request.lexicographic_end,
        "softDeleted": request.soft_deleted,
        "includeFoldersAsPrefixes": request.include_folders_as_prefixes,
        "matchGlob": request.match_glob,
        "filter": request.filter,
        "projection": projection(request),
    }
    found = await rest.ask("GET", f"{bucket_path(request.parent)}/o", query)
    made = messages.types().ListObjectsResponse.pb()(next_page_token=found.get("nextPageToken", ""))
    made.prefixes.extend(found.get("prefixes", []))
    made.objects.extend(messages.object_message(item, mask(request)) for item in found.get("items", []))
    return made


async def _update_object(rest: Rest, request: Any) -> Any:
    given = request.object_
    path = object_path(given.bucket, given.name)
    standing = await rest.ask("GET", path, {"generation": given.generation or None})
    patch = masked(messages.object_document(given), standing, request.update_mask.paths, bucket=False)
    query = {
        **conditions(request),
        "generation": given.generation or None,
        "predefinedAcl": request.predefined_acl,
        "overrideUnlockedRetention": request.override_unlocked_retention,
    }
    return messages.object_message(await rest.ask("PATCH", path, query, patch))


async def _compose(rest: Rest, request: Any) -> Any:
    target = request.destination
    sources: list[Json] = []
    for each in request.source_objects:
        source: Json = {"name": each.name}
        if each.generation:
            source["generation"] = str(each.generation)
        if each.object_preconditions.HasField("if_generation_match"):
            source["objectPreconditions"] = {"ifGenerationMatch": str(each.object_preconditions.if_generation_match)}
        sources.append(source)
    query = {
        **conditions(request),
        "destinationPredefinedAcl": request.destination_predefined_acl,
        "kmsKeyName": request.kms_key,
    }
    document = {"sourceObjects": sources, "destination": messages.object_document(target)}
    if request.delete_source_objects:
        raise unimplemented("The sandbox does not implement delete_source_objects of ComposeObject.")
    path = object_path(target.bucket, target.name)
    return messages.object_message(await rest.ask("POST", f"{path}/compose", query, document))


async def _rewrite(rest: Rest, request: Any) -> Any:
    source = object_path(request.source_bucket, request.source_object)
    target = object_path(request.destination_bucket, request.destination_name).removeprefix("/storage/v1")
    query = {
        **conditions(request),
        "sourceGeneration": request.source_generation or None,
        "destinationPredefinedAcl": request.destination_predefined_acl,
        "destinationKmsKeyName": request.destination_kms_key,
    }
    document = messages.object_document(request.destination) if request.HasField("destination") else {}
    found = await rest.ask("POST", f"{source}/rewriteTo{target}", query, document)
    size = int(found["objectSize"])
    return messages.types().RewriteResponse.pb()(
        total_bytes_rewritten=size, object_size=size, done=True, resource=messages.object_message(found["resource"])
    )


async def _move(rest: Rest, request: Any) -> Any:
    source = object_path(request.bucket, request.source_object)
    target = quote(request.destination_object, safe="")
    return messages.object_message(await rest.ask("POST", f"{source}/moveTo/o/{target}", conditions(request)))


_CALLS: dict[str, Answer] = {
    **storage_buckets.CALLS,
    "GetObject": _get_object,
    "DeleteObject": _delete_object,
    "RestoreObject": _restore_object,
    "ListObjects": _list_objects,
    "UpdateObject": _update_object,
    "ComposeObject": _compose,
    "RewriteObject": _rewrite,
    "MoveObject": _move,
}


def find(name: str) -> tuple[type[Any], Answer] | None:
    """The message that a call takes, and what answers it. It imports: call it in a thread."""
    if name not in _CALLS:
        return None
    kind = getattr(iam_policy_pb2, f"{name}Request", None) or getattr(messages.types(), f"{name}Request").pb()
    answer = _CALLS[name]

    async def with_keys(rest: Rest, request: Any) -> Any:
        return await answer(keyed(rest, request), request)

    return kind, with_keys

"""google.storage.v2's plain calls: each is the request of the JSON API that does the same."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]

from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Dispatch, Request, Response
from sandbox.rpc import storage_messages as messages

Json = dict[str, Any]
_STATUS = {304: "FAILED_PRECONDITION", 409: "ALREADY_EXISTS", 412: "FAILED_PRECONDITION", 416: "OUT_OF_RANGE"}
_STATUS |= {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 501: "UNIMPLEMENTED"}


@dataclass(slots=True)
class Rest:
    """The JSON API, asked for one call."""

    dispatch: Dispatch
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, method: str, path: str, query: Mapping[str, Any], document: Any = None) -> Response:
        """One request. Raises ApiError where it is refused."""
        body = b"" if document is None else json.dumps(document).encode()
        given = {key: [_text(value)] for key, value in query.items() if value not in (None, "", False)}
        answer = await self.dispatch(Request(method, path, given, self.headers, body))
        if answer.status >= 300:
            raise refusal(answer)
        return answer

    async def ask(self, method: str, path: str, query: Mapping[str, Any], document: Any = None) -> Json:
        """The document of an answer."""
        answer = await self.send(method, path, query, document)
        found: Json = answer.json()
        return found


def refusal(answer: Response) -> ApiError:
    """An answer that is an error, as the error that it is in gRPC."""
    try:
        error = json.loads(answer.body or b"{}").get("error", {})
    except ValueError:
        error = {}
    message = str(error.get("message", "")) or f"HTTP {answer.status}"
    word = error.get("status") or _STATUS.get(answer.status) or ("INTERNAL" if answer.status < 503 else "UNAVAILABLE")
    return ApiError("FAILED_PRECONDITION" if "is not empty" in message else word, message)


def _text(value: Any) -> str:
    return "true" if value is True else str(value)


def bucket_path(name: str) -> str:
    """Where a bucket is, by its name in messages."""
    if not name.startswith("projects/_/buckets/"):
        raise invalid_argument(f"Invalid bucket name: '{name}'. It is projects/_/buckets/BUCKET.")
    return f"/storage/v1/b/{quote(messages.bucket_id(name), safe='')}"


def object_path(bucket: str, name: str) -> str:
    """Where an object is."""
    if not name:
        raise invalid_argument("The name of the object is missing.")
    return f"{bucket_path(bucket)}/o/{quote(name, safe='')}"


def conditions(request: Any) -> Json:
    """The preconditions of a request, as a query; numbers that are 0 count where they are said."""
    found = {}
    for each in request.DESCRIPTOR.fields:
        if each.name.startswith("if_") and request.HasField(each.name):
            found[each.json_name] = str(getattr(request, each.name))
    return found


def _check_keys(request: Any) -> None:
    fields = request.DESCRIPTOR.fields_by_name
    if "common_object_request_params" in fields and request.common_object_request_params.encryption_algorithm:
        raise unimplemented("The sandbox does not implement customer-supplied encryption keys.")


def _projection(request: Any) -> str:
    paths = request.read_mask.paths if request.HasField("read_mask") else []
    return (
        "full" if any(path == "*" or path.startswith(("acl", "default_object_acl", "owner")) for path in paths) else ""
    )


def _mask(request: Any) -> Any:
    return request.read_mask if request.HasField("read_mask") else None


# Buckets


async def _create_bucket(rest: Rest, request: Any) -> Any:
    document = {**messages.bucket_document(request.bucket), "name": request.bucket_id}
    project = request.bucket.project or request.parent
    query = {
        "project": project.removeprefix("projects/"),
        "predefinedAcl": request.predefined_acl,
        "predefinedDefaultObjectAcl": request.predefined_default_object_acl,
        "enableObjectRetention": request.enable_object_retention,
    }
    return messages.bucket_message(await rest.ask("POST", "/storage/v1/b", query, document))


async def _get_bucket(rest: Rest, request: Any) -> Any:
    query = {**conditions(request), "projection": _projection(request)}
    return messages.bucket_message(await rest.ask("GET", bucket_path(request.name), query), _mask(request))


async def _delete_bucket(rest: Rest, request: Any) -> Any:
    await rest.send("DELETE", bucket_path(request.name), conditions(request))
    return empty_pb2.Empty()


async def _list_buckets(rest: Rest, request: Any) -> Any:
    query = {
        "project": request.parent.removeprefix("projects/"),
        "maxResults": request.page_size or None,
        "pageToken": request.page_token,
        "prefix": request.prefix,
        "projection": _projection(request),
    }
    found = await rest.ask("GET", "/storage/v1/b", query)
    made = messages.types().ListBucketsResponse.pb()(next_page_token=found.get("nextPageToken", ""))
    made.buckets.extend(messages.bucket_message(item, _mask(request)) for item in found.get("items", []))
    return made


async def _lock(rest: Rest, request: Any) -> Any:
    query = {"ifMetagenerationMatch": str(request.if_metageneration_match)}
    found = await rest.ask("POST", f"{bucket_path(request.bucket)}/lockRetentionPolicy", query)
    return messages.bucket_message(found)


def _masked(document: Json, standing: Json, paths: Any, *, bucket: bool) -> Json:
    """The patch that has what the mask names be as in a document, gone where it isn't there."""
    patch: Json = {}
    for path in list(document) if "*" in paths else paths:
        keys = [path] if "*" in paths else messages.document_field(path, bucket=bucket)
        new, old, at = document, standing, patch
        for key in keys[:-1]:
            new, old, at = new.get(key) or {}, old.get(key) or {}, at.setdefault(key, {})
        at[keys[-1]] = _instead(old.get(keys[-1]), new.get(keys[-1]))
    return patch


def _instead(old: Any, new: Any) -> Any:
    """As a merge patch: what is no longer there is null."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return dict.fromkeys(old.keys() - new.keys()) | {key: _instead(old.get(key), value) for key, value in new.items()}


async def _update_bucket(rest: Rest, request: Any) -> Any:
    path = bucket_path(request.bucket.name)
    standing = await rest.ask("GET", path, {})
    patch = _masked(messages.bucket_document(request.bucket), standing, request.update_mask.paths, bucket=True)
    query = {
        **conditions(request),
        "predefinedAcl": request.predefined_acl,
        "predefinedDefaultObjectAcl": request.predefined_default_object_acl,
    }
    return messages.bucket_message(await rest.ask("PATCH", path, query, patch))


def _policy_path(resource: str) -> str:
    bucket, managed, folder = resource.partition("/managedFolders/")
    return bucket_path(bucket) + (f"/managedFolders/{quote(folder, safe='')}" if managed else "")


async def _get_policy(rest: Rest, request: Any) -> Any:
    query = {"optionsRequestedPolicyVersion": request.options.requested_policy_version or None}
    return _policy(await rest.ask("GET", f"{_policy_path(request.resource)}/iam", query))


async def _set_policy(rest: Rest, request: Any) -> Any:
    document = json_format.MessageToDict(request.policy)
    return _policy(await rest.ask("PUT", f"{_policy_path(request.resource)}/iam", {}, document))


def _policy(document: Json) -> Any:
    return json_format.ParseDict(document, policy_pb2.Policy(), ignore_unknown_fields=True)


async def _test_permissions(rest: Rest, request: Any) -> Any:
    await rest.send("GET", bucket_path(request.resource.partition("/managedFolders/")[0].partition("/objects/")[0]), {})
    return iam_policy_pb2.TestIamPermissionsResponse(permissions=request.permissions)


# Objects


async def _get_object(rest: Rest, request: Any) -> Any:
    query = {
        **conditions(request),
        "generation": request.generation or None,
        "softDeleted": request.soft_deleted,
        "restoreToken": request.restore_token,
        "projection": _projection(request),
    }
    found = await rest.ask("GET", object_path(request.bucket, request.object_), query)
    return messages.object_message(found, _mask(request))


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
        "projection": _projection(request),
    }
    found = await rest.ask("GET", f"{bucket_path(request.parent)}/o", query)
    made = messages.types().ListObjectsResponse.pb()(next_page_token=found.get("nextPageToken", ""))
    made.prefixes.extend(found.get("prefixes", []))
    made.objects.extend(messages.object_message(item, _mask(request)) for item in found.get("items", []))
    return made


async def _update_object(rest: Rest, request: Any) -> Any:
    given = request.object_
    path = object_path(given.bucket, given.name)
    standing = await rest.ask("GET", path, {"generation": given.generation or None})
    patch = _masked(messages.object_document(given), standing, request.update_mask.paths, bucket=False)
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


Answer = Callable[[Rest, Any], Awaitable[Any]]
POLICIES: dict[str, Answer] = {
    "GetIamPolicy": _get_policy,
    "SetIamPolicy": _set_policy,
    "TestIamPermissions": _test_permissions,
}
_CALLS: dict[str, Answer] = {
    "CreateBucket": _create_bucket,
    "GetBucket": _get_bucket,
    "DeleteBucket": _delete_bucket,
    "ListBuckets": _list_buckets,
    "LockBucketRetentionPolicy": _lock,
    "UpdateBucket": _update_bucket,
    **POLICIES,
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

    async def checked(rest: Rest, request: Any) -> Any:
        _check_keys(request)
        return await answer(rest, request)

    return kind, checked

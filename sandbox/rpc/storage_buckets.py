"""google.storage.v2's plain calls about buckets: each is the request of the JSON API that does the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]

from sandbox.rpc import storage_messages as messages
from sandbox.rpc.storage_rest import Answer, Json, Rest, bucket_path, conditions, mask, masked, projection


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
    query = {**conditions(request), "projection": projection(request)}
    return messages.bucket_message(await rest.ask("GET", bucket_path(request.name), query), mask(request))


async def _delete_bucket(rest: Rest, request: Any) -> Any:
    await rest.send("DELETE", bucket_path(request.name), conditions(request))
    return empty_pb2.Empty()


async def _list_buckets(rest: Rest, request: Any) -> Any:
    query = {
        "project": request.parent.removeprefix("projects/"),
        "maxResults": request.page_size or None,
        "pageToken": request.page_token,
        "prefix": request.prefix,
        "projection": projection(request),
    }
    found = await rest.ask("GET", "/storage/v1/b", query)
    made = messages.types().ListBucketsResponse.pb()(next_page_token=found.get("nextPageToken", ""))
    made.buckets.extend(messages.bucket_message(item, mask(request)) for item in found.get("items", []))
    return made


async def _lock(rest: Rest, request: Any) -> Any:
    query = {"ifMetagenerationMatch": str(request.if_metageneration_match)}
    found = await rest.ask("POST", f"{bucket_path(request.bucket)}/lockRetentionPolicy", query)
    return messages.bucket_message(found)


async def _update_bucket(rest: Rest, request: Any) -> Any:
    path = bucket_path(request.bucket.name)
    standing = await rest.ask("GET", path, {})
    patch = masked(messages.bucket_document(request.bucket), standing, request.update_mask.paths, bucket=True)
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


POLICIES: dict[str, Answer] = {
    "GetIamPolicy": _get_policy,
    "SetIamPolicy": _set_policy,
    "TestIamPermissions": _test_permissions,
}
CALLS: dict[str, Answer] = {
    "CreateBucket": _create_bucket,
    "GetBucket": _get_bucket,
    "DeleteBucket": _delete_bucket,
    "ListBuckets": _list_buckets,
    "LockBucketRetentionPolicy": _lock,
    "UpdateBucket": _update_bucket,
    **POLICIES,
}

"""The list of a bucket's objects, in the two forms that S3 has, and with all versions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import access, buckets, object_routes
from sandbox.apis.storage.xml_api import text
from sandbox.apis.storage.xml_api.objects import etag_of
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response

_MOST = 1000
# After every generation of a name.
_LAST = (1 << 63) - 1


async def list_objects(call: Call) -> Response:
    """GET of a bucket: `list-type=2` by tokens, otherwise by markers; `versions` shows the noncurrent ones too."""
    second, versions = call.query("list-type") == "2", "versions" in call.request.query
    size = _size(call)
    token = call.query("continuation-token") if second else ""
    listed = await _listed(call, size, token or _start(call, second, versions), versions)
    objects, prefixes = listed.get("items", []), listed.get("prefixes", [])
    following = listed.get("nextPageToken")
    url = call.query("encoding-type") == "url"
    shown = [_shown(call, item, url, versions) for item in objects]
    document: dict[str, Any] = {
        "Name": call.params["bucket"],
        "Prefix": _name(call.query("prefix"), url),
        "Delimiter": call.query("delimiter") or None,
        "EncodingType": "url" if url else None,
        "MaxKeys": size,
        "IsTruncated": following is not None,
    }
    if second:
        document["KeyCount"] = len(shown) + len(prefixes)
        document["ContinuationToken"] = token or None
        document["NextContinuationToken"] = following
        document["StartAfter"] = call.query("start-after") or None
    elif versions:
        document["KeyMarker"] = _name(call.query("key-marker"), url)
        if following is not None:
            last = objects[-1] if objects else {}
            document["NextKeyMarker"] = _name(max([*prefixes[-1:], last.get("name", "")]), url)
            document["NextGenerationMarker"] = last.get("generation")
    else:
        document["Marker"] = _name(call.query("marker"), url)
        if following is not None:
            last_name = max([*prefixes[-1:], *(item["name"] for item in objects[-1:])])
            document["NextMarker"] = _name(last_name, url)
    document["Version" if versions else "Contents"] = shown
    document["CommonPrefixes"] = [{"Prefix": _name(prefix, url)} for prefix in prefixes]
    return text.answer("ListBucketResult", document)


def _size(call: Call) -> int:
    given = call.query("max-keys", str(_MOST))
    if not given.isdigit():
        raise invalid_argument(f"Invalid max-keys: '{given}'")
    return min(int(given), _MOST)


def _start(call: Call, second: bool, versions: bool) -> str:
    """The page token of the JSON API's list for a place in the XML API's."""
    name = call.query("start-after" if second else "key-marker" if versions else "marker")
    if not name:
        return ""
    generation, delimiter = call.query("generation-marker"), call.query("delimiter")
    if generation.isdigit():
        return object_routes.page_token(name, int(generation))
    if delimiter and name.endswith(delimiter) and name.startswith(call.query("prefix")) and not second:
        return object_routes.page_token(name, None)  # after all that the prefix stands for
    return object_routes.page_token(name, _LAST)


async def _listed(call: Call, size: int, token: str, versions: bool) -> dict[str, Any]:
    if not size:
        return {}
    query = {name: [call.query(name)] for name in ("prefix", "delimiter") if call.query(name)}
    query |= {"maxResults": [str(size)], "pageToken": [token], "versions": ["true" if versions else ""]}
    answer = await object_routes.list_objects(replace(call, request=replace(call.request, query=query)))
    found: dict[str, Any] = answer.json()
    return found


def _shown(call: Call, item: dict[str, Any], url: bool, versions: bool) -> dict[str, Any]:
    owner = access.owner(buckets.of_path(call)) if call.query("fetch-owner") == "true" else None
    return {
        "Key": _name(item["name"], url),
        "Generation": item["generation"],
        "MetaGeneration": item["metageneration"],
        "IsLatest": "timeDeleted" not in item if versions else None,
        "LastModified": item["updated"],
        "DeletedTime": item.get("timeDeleted"),
        "ETag": etag_of(item.get("md5Hash"), item["etag"]),
        "Size": item["size"],
        "StorageClass": item["storageClass"],
        "Owner": {"ID": owner} if owner else None,
    }


def _name(name: str, url: bool) -> str:
    return quote(name, safe="/") if url else name

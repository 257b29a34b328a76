"""Several objects deleted by one request of the XML API."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.apis.storage import buckets, objects
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.xml_api import text
from sandbox.control.context import Call
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.store import Resource

_MOST = 1000


async def delete_objects(call: Call) -> Response:
    """POST of a bucket with `delete`: what is deleted and what can't be; when it is to be quiet, the latter alone."""
    bucket, body = buckets.of_path(call), call.request.body
    if given := call.request.headers.get("content-md5"):
        have = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        if given != have:
            raise ApiError("BAD_DIGEST", "The Content-MD5 that was sent is not that of the body.", code=400)
    root = text.read(body, "Delete")
    named = root.findall("Object")
    if not 1 <= len(named) <= _MOST:
        message = f"A request deletes between 1 and {_MOST} objects; this one names {len(named)}."
        raise ApiError("MALFORMED_XML", message, code=400)
    deleted: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for each in named:
        place = {"Key": each.findtext("Key", ""), "VersionId": each.findtext("VersionId")}
        try:
            generation = _delete(call, bucket, each)
        except ApiError as error:
            failed.append({**place, "Code": text.code_of(error), "Message": error.message})
        else:
            deleted.append({**place, "VersionId": generation})
    quiet = root.findtext("Quiet", "").strip().lower() == "true"
    return text.answer("DeleteResult", {"Deleted": [] if quiet else deleted, "Error": failed})


def _delete(call: Call, bucket: Resource, named: Element) -> int:
    """Delete an object; its generation. Raises ApiError where it isn't there or is held."""
    name, version = named.findtext("Key", ""), named.findtext("VersionId", "").strip()
    store = call.control.part(Objects)
    if version and not version.isdigit():
        raise ApiError("INVALID_ARGUMENT", f"Invalid VersionId: '{version}'", code=400)
    target = store.find(bucket.name, name, int(version) if version else None)
    if target is None:
        raise objects.missing(bucket.name, name)
    store.delete(bucket, target, for_good=bool(version))
    return target.generation

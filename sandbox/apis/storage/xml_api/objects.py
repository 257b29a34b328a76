"""Objects of the XML API: read, written whole or by a resumable upload, uploaded by a form, deleted."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import buckets, documents, encryption, object_routes, preconditions, upload
from sandbox.apis.storage.download import headers_of, media
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.rows import Object
from sandbox.apis.storage.xml_api.forms import Form
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Response

_FIELDS = {
    "cache-control": "cacheControl",
    "content-disposition": "contentDisposition",
    "content-encoding": "contentEncoding",
    "content-language": "contentLanguage",
    "content-type": "contentType",
    "content-md5": "md5Hash",
    "x-goog-custom-time": "customTime",
    "x-goog-encryption-kms-key-name": "kmsKeyName",
    "x-goog-storage-class": "storageClass",
}
_ACLS = {
    "authenticated-read": "authenticatedRead",
    "bucket-owner-full-control": "bucketOwnerFullControl",
    "bucket-owner-read": "bucketOwnerRead",
    "private": "private",
    "project-private": "projectPrivate",
    "public-read": "publicRead",
}


def etag(target: Object) -> str:
    """The etag of an object; the MD5 of what is encrypted with a customer's key is nobody else's."""
    md5 = None if encryption.of_object(target) else target.document.get("md5Hash")
    return etag_of(md5, documents.etag(target.generation, target.metageneration))


def etag_of(md5: str | None, jsons: str) -> str:
    """An object's MD5 in hexadecimal, or where it has none, the JSON API's etag after a hyphen.

    >>> etag_of("XUFAKrxLKna5cZ2REBfFkg==", "CAE="), etag_of(None, "CAE=")
    ('"5d41402abc4b2a76b9719d911017c592"', '"-CAE="')
    """
    return f'"{base64.b64decode(md5).hex()}"' if md5 else f'"-{jsons}"'


def told(target: Object) -> dict[str, str]:
    """The headers of an answer that made an object."""
    headers = headers_of(target, encryption.of_object(target))
    return {"etag": etag(target), **{key: value for key, value in headers.items() if key.startswith("x-goog-")}}


async def read(call: Call) -> Response:
    """The bytes, as the preconditions of HTTP allow it."""
    _, target = object_routes.find(call, reading=True)
    check_http(call.request.headers, target, reading=True)
    response = await media(call)
    response.headers["etag"] = etag(target)
    for name in ("cache-control", "content-disposition", "content-encoding", "content-language", "content-type"):
        if value := call.query(f"response-{name}"):
            response.headers[name] = value
    return response


def check_http(headers: Any, target: Object, *, reading: bool = False, prefix: str = "") -> None:
    """Raise 412, or 304 for a read, where an etag or a time says so (RFC 9110, 13.1)."""
    have, changed = etag(target), parsedate_to_datetime(headers_of(target)["last-modified"])
    failed = preconditions.failed()
    otherwise = preconditions.not_modified() if reading else failed
    match, none_match = headers.get(f"{prefix}if-match"), headers.get(f"{prefix}if-none-match")
    since, until = headers.get(f"{prefix}if-modified-since"), headers.get(f"{prefix}if-unmodified-since")
    if match is not None and not _among(match, have):
        raise failed
    if none_match is not None and _among(none_match, have):
        raise otherwise
    try:
        if until is not None and match is None and changed > parsedate_to_datetime(until):
            raise failed
        if since is not None and none_match is None and changed <= parsedate_to_datetime(since):
            raise otherwise
    except (TypeError, ValueError) as error:
        raise invalid_argument(f"Invalid date: '{since or until}'") from error


def _among(wanted: str, have: str) -> bool:
    words = [word.strip() for word in wanted.split(",")]
    return "*" in words or have in words or have.strip('"') in words


async def delete(call: Call) -> Response:
    """The live version or a generation; 204."""
    return await object_routes.delete(call)


async def write(call: Call) -> Response:
    """An object of the request's bytes."""
    if "partNumber" in call.request.query:
        raise invalid_argument("partNumber is given without uploadId.")
    return await _write(call, call.request.body, metadata(call.request.headers))


async def begin(call: Call) -> Response:
    """A resumable upload."""
    if call.request.headers.get("x-goog-resumable") != "start":
        path = call.request.path
        raise unimplemented(f"The sandbox does not implement POST {path} without x-goog-resumable: start.")
    given = metadata(call.request.headers)
    begun = upload.begin(as_json(call, call.params["object"]), buckets.of_path(call), given)
    return Response(201, begun.headers)


async def _write(call: Call, data: bytes, given: dict[str, Any]) -> Response:
    """An object of its bytes; the answer has no body."""
    span = re.fullmatch(r"(\d+),(\d+)", call.request.headers.get("x-goog-content-length-range", ""))
    if span and not int(span[1]) <= len(data) <= int(span[2]):
        raise ApiError("ENTITY_SIZE", f"The {len(data)} bytes are not {span[1]} to {span[2]}.", code=400)
    name = call.params["object"]
    _check_overwritten(call, name)
    await upload.finish(as_json(call, name), buckets.of_path(call), given, data)
    made = call.control.part(Objects).find(call.params["bucket"], name, None)
    return Response(200, told(made) if made is not None else {})


def _check_overwritten(call: Call, name: str) -> None:
    """`If-None-Match: *` writes no object over another, `If-Match` only over the one it names."""
    headers = call.request.headers
    if not {"if-match", "if-none-match"} & headers.keys():
        return
    before = call.control.part(Objects).find(call.params["bucket"], name)
    if before is not None:
        check_http(headers, before)
    elif "if-match" in headers:
        raise preconditions.failed()


async def form(call: Call) -> Response:
    """An upload by an HTML form."""
    sent, bucket = Form(call), call.params["bucket"]
    await sent.check(call, bucket)
    call.params["object"] = sent.fields["key"]
    given = metadata(sent.fields)
    if sent.content_type:
        given.setdefault("contentType", sent.content_type)
    keys = {name: value for name, value in sent.fields.items() if name.startswith(encryption.OWN)}
    headers = {**call.request.headers, **keys, "x-goog-acl": sent.fields.get("acl", "")}
    made = await _write(replace(call, request=replace(call.request, headers=headers)), sent.file or b"", given)
    origin = call.request.origin(call.control.url)
    return sent.answer(f"{origin}/{bucket}/{quote(sent.fields['key'])}", bucket, made.headers.get("etag", ""))


def as_json(call: Call, name: str, acl_parameter: str = "predefinedAcl") -> Call:
    """The call as the JSON API has it."""
    acl = call.request.headers.get("x-goog-acl", "")
    if acl and acl not in _ACLS:
        raise invalid_argument(f"Invalid canned ACL: '{acl}'")
    query = {**call.request.query, "name": [name], **({acl_parameter: [_ACLS[acl]]} if acl else {})}
    return replace(call, request=replace(call.request, query=query))


def metadata(headers: Any) -> dict[str, Any]:
    """An object's metadata, of a request's headers or a form's fields."""
    found: dict[str, Any] = {known: headers[name] for name, known in _FIELDS.items() if headers.get(name)}
    own = {name[12:]: value for name, value in headers.items() if name.startswith("x-goog-meta-")}
    return {**found, "metadata": own} if own else found

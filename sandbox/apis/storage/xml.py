"""Objects at the XML API's paths (`/{bucket}/{object}`), as signed URLs and HTML forms reach them.

Read, written whole or by a resumable upload, uploaded by a form, deleted. Lists, buckets, copies, multipart uploads and
what S3's tools ask are not served.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from sandbox.apis.storage import buckets, object_routes, signatures, upload
from sandbox.apis.storage.download import headers_of, media
from sandbox.apis.storage.forms import Form
from sandbox.apis.storage.objects import Objects
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Response

_CODES = {400: "InvalidArgument", 403: "AccessDenied", 404: "NoSuchKey", 412: "PreconditionFailed", 416: "InvalidRange"}
_NAMED = {
    "EXPIRED_TOKEN": "ExpiredToken",
    "SIGNATURE_DOES_NOT_MATCH": "SignatureDoesNotMatch",
    "ENTITY_SIZE": "EntityTooLarge",
    "UNIMPLEMENTED": "NotImplemented",
}
_FIELDS = {
    "cache-control": "cacheControl",
    "content-disposition": "contentDisposition",
    "content-encoding": "contentEncoding",
    "content-language": "contentLanguage",
    "content-type": "contentType",
    "content-md5": "md5Hash",
    "x-goog-custom-time": "customTime",
    "x-goog-storage-class": "storageClass",
}
_CONDITIONS = {
    f"x-goog-if-{kind}{word}match": f"if{kind.capitalize()}{'Not' if word == '-none-' else ''}Match"
    for kind in ("generation", "metageneration")
    for word in ("-", "-none-")
}
_ACLS = {
    "authenticated-read": "authenticatedRead",
    "bucket-owner-full-control": "bucketOwnerFullControl",
    "bucket-owner-read": "bucketOwnerRead",
    "private": "private",
    "project-private": "projectPrivate",
    "public-read": "publicRead",
}
# What these ask for is not the object's bytes.
_SUBRESOURCES = frozenset({"acl", "retention", "tagging", "uploads", "uploadId", "partNumber"})


async def answer(call: Call) -> Response | None:
    """What a request that no route has is answered by the XML API; None where it is of no bucket."""
    found = _place(call)
    if found is None:
        return None
    bucket, name = found
    call.params.update(bucket=bucket, object=name)
    try:
        response = await _answered(call)
    except ApiError as error:
        return _refused(error)
    if call.request.method == "HEAD":
        response.headers.setdefault("content-length", str(len(response.body)))
        response.body = b""
    return response


def _place(call: Call) -> tuple[str, str] | None:
    """The bucket that is there and the object's name; a form's bucket may stand in its policy alone."""
    if call.request.method not in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        return None
    bucket, _, name = (unquote(part) for part in call.request.path.lstrip("/").partition("/"))
    if not bucket and _is_form(call):
        bucket = Form(call).bucket()
    if not (name or _is_form(call)) or call.store.get(buckets.COLLECTION, bucket) is None:
        return None
    return bucket, name


def _is_form(call: Call) -> bool:
    kind = call.request.headers.get("content-type", "")
    return call.request.method == "POST" and kind.lower().startswith("multipart/form-data")


async def _answered(call: Call) -> Response:
    request, method = call.request, call.request.method
    if asked := _SUBRESOURCES & request.query.keys():
        raise unimplemented(f"The sandbox does not implement {min(asked)} of the XML API.")
    if method == "POST" and _is_form(call):
        return await _form(call)
    if signatures.is_signed(request):
        await signatures.check_url(call)
    query = {
        **request.query,
        **{known: [request.headers[key]] for key, known in _CONDITIONS.items() if key in request.headers},
    }
    call.request = replace(request, query=query)
    if method in ("GET", "HEAD"):
        return await _read(call)
    if method == "DELETE":
        return await object_routes.delete(call)
    if "x-goog-copy-source" in request.headers:
        raise unimplemented("The sandbox does not implement copies in the XML API: take the JSON API's.")
    if method == "PUT":
        return await _write(call, call.request.body, _metadata(request.headers))
    if request.headers.get("x-goog-resumable") != "start":
        raise unimplemented(f"The sandbox does not implement POST {request.path} without x-goog-resumable: start.")
    begun = upload.begin(_of(call, call.params["object"]), buckets.of_path(call), _metadata(request.headers))
    return Response(201, begun.headers)


async def _read(call: Call) -> Response:
    response = await media(call)
    for name in ("content-disposition", "content-type"):
        if value := call.query(f"response-{name}"):
            response.headers[name] = value
    return response


async def _write(call: Call, data: bytes, metadata: dict[str, Any]) -> Response:
    """An object of its bytes; the answer has no body."""
    span = re.fullmatch(r"(\d+),(\d+)", call.request.headers.get("x-goog-content-length-range", ""))
    if span and not int(span[1]) <= len(data) <= int(span[2]):
        raise ApiError("ENTITY_SIZE", f"The {len(data)} bytes are not {span[1]} to {span[2]}.", code=400)
    name = call.params["object"]
    await upload.finish(_of(call, name), buckets.of_path(call), metadata, data)
    written = call.control.part(Objects).find(call.params["bucket"], name, None)
    shown = headers_of(written) if written is not None else {}
    return Response(200, {key: value for key, value in shown.items() if key.startswith("x-goog-") or key == "etag"})


async def _form(call: Call) -> Response:
    form, bucket = Form(call), call.params["bucket"]
    await form.check(call, bucket)
    call.params["object"] = form.fields["key"]
    metadata = _metadata(form.fields)
    if form.content_type:
        metadata.setdefault("contentType", form.content_type)
    headers = {**call.request.headers, "x-goog-acl": form.fields.get("acl", "")}
    call.request = replace(call.request, headers=headers)
    written = await _write(call, form.file or b"", metadata)
    origin = call.request.origin(call.control.url)
    return form.answer(f"{origin}/{bucket}/{quote(form.fields['key'])}", bucket, written.headers.get("etag", ""))


def _of(call: Call, name: str) -> Call:
    """The call as the JSON API has it."""
    acl = call.request.headers.get("x-goog-acl", "")
    if acl and acl not in _ACLS:
        raise invalid_argument(f"Invalid canned ACL: '{acl}'")
    query = {**call.request.query, "name": [name], **({"predefinedAcl": [_ACLS[acl]]} if acl else {})}
    return replace(call, request=replace(call.request, query=query))


def _metadata(headers: Any) -> dict[str, Any]:
    """An object's metadata, of a request's headers or a form's fields."""
    found: dict[str, Any] = {known: headers[name] for name, known in _FIELDS.items() if headers.get(name)}
    own = {name[12:]: value for name, value in headers.items() if name.startswith("x-goog-meta-")}
    return {**found, "metadata": own} if own else found


def _refused(error: ApiError) -> Response:
    code = _NAMED.get(error.status) or _CODES.get(error.code, "InvalidArgument")
    text = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code>"
    text += f"<Message>{escape(error.message)}</Message></Error>"
    headers = {"content-type": "application/xml; charset=UTF-8", **error.headers}
    return Response(error.code, headers, b"" if error.code == 304 else text.encode())

"""What the XML API is asked, and by whom it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from sandbox.apis.storage import buckets, signatures
from sandbox.apis.storage.xml_api import access_lists, copies, deletions, lists, objects, parts, settings, text
from sandbox.apis.storage.xml_api import buckets as xml_buckets
from sandbox.apis.storage.xml_api.forms import Form, is_form
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Request, Response

_CONDITIONS = {
    f"x-goog-if-{kind}{word}match": f"if{kind.capitalize()}{'Not' if word == '-none-' else ''}Match"
    for kind in ("generation", "metageneration")
    for word in ("-", "-none-")
}
# What these ask for is neither the object's bytes nor the bucket's list.
_UNSERVED = frozenset(
    {
        *(
            "customPlacementConfig",
            "encryption",
            "encryptionConfig",
            "notification",
            "object-lock",
            "ownershipControls",
        ),
        *("policy", "publicAccessBlock", "replication", "retention", "rpo", "tagging", "torrent"),
    }
)
_XML_QUERIES = frozenset({"list-type", "uploads", "uploadId", "location", "versions", "delete", "acl"})

Answering = Callable[[Call], Awaitable[Response]]


async def answer(call: Call) -> Response | None:
    """What a request that no route has is answered by the XML API; None where it is of another."""
    if call.request.method not in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        return None
    bucket, name = _place(call.request)
    if not bucket and is_form(call):
        bucket = Form(call).bucket()
    there = bool(bucket) and call.store.get(buckets.COLLECTION, bucket) is not None
    if not there and not speaks(call.request):
        return None
    call = replace(call, params={**call.params, "bucket": bucket, "object": name})
    try:
        if signatures.is_signed(call.request):
            await signatures.check_url(call)
        response = await _answered(replace(call, request=_as_googles(call.request)), there)
    except ApiError as error:
        response = _refused(error)
    if call.request.method == "HEAD":
        response.headers.setdefault("content-length", str(len(response.body)))
        response.body = b""
    return response


def _place(request: Request) -> tuple[str, str]:
    """The bucket and the object's name; a form's bucket may stand in its policy alone."""
    bucket, _, name = request.path.lstrip("/").partition("/")
    return unquote(bucket), unquote(name)


def speaks(request: Request) -> bool:
    """Whether a request is the XML API's, whatever its path: by how it is signed, its host, or what it asks.

    >>> speaks(Request("GET", "/", headers={"authorization": "AWS4-HMAC-SHA256 Credential=GOOG1E…"}))
    True
    >>> speaks(Request("GET", "/", headers={"authorization": "Bearer t"}))
    False
    """
    scheme = request.headers.get("authorization", "").partition(" ")[0]
    host = request.headers.get("host", "").partition(":")[0]
    return (
        scheme.startswith(("AWS", "GOOG"))
        or host == "storage.googleapis.com"
        or host.endswith(".storage.googleapis.com")
        or "x-goog-project-id" in request.headers
        or "x-amz-date" in request.headers
        or bool(_XML_QUERIES & request.query.keys())
    )


def _as_googles(request: Request) -> Request:
    """The request of a tool that speaks S3 by Google's names for its headers; preconditions by the JSON API's."""
    theirs = {f"x-goog-{name[6:]}": value for name, value in request.headers.items() if name.startswith("x-amz-")}
    headers = {**theirs, **request.headers}
    conditions = {known: [headers[key]] for key, known in _CONDITIONS.items() if key in headers}
    return replace(request, headers=headers, query={**request.query, **conditions})


async def _answered(call: Call, there: bool) -> Response:
    request = call.request
    if "aws-chunked" in request.headers.get("content-encoding", ""):
        raise unimplemented(
            "Bodies in aws-chunked are not taken: have the client compute checksums when they are required only "
            "(boto3: Config(request_checksum_calculation='when_required'))."
        )
    name = call.params["object"]
    if not call.params["bucket"]:
        return await xml_buckets.list_buckets(call)
    if not there and not (request.method == "PUT" and not name):
        raise ApiError("NO_SUCH_BUCKET", "The specified bucket does not exist.", code=404)
    if asked := _UNSERVED & request.query.keys():
        raise unimplemented(f"The sandbox does not implement {min(asked)} of the XML API.")
    response = await _answering(call)(call)
    if any(header.startswith("x-amz-") for header in request.headers):
        meta = {key: value for key, value in response.headers.items() if key.startswith("x-goog-meta-")}
        response.headers.update({f"x-amz-{key[7:]}": value for key, value in meta.items()})
    return response


def _answering(call: Call) -> Answering:
    name, query, method = call.params["object"], call.request.query, call.request.method
    if "acl" in query and method in ("GET", "PUT"):
        return access_lists.read if method == "GET" else access_lists.write
    if name and (asked := (settings.SETTINGS.keys() - {"storageClass"}) & query.keys()):
        raise invalid_argument(f"{min(asked)} is asked of a bucket.")
    return _of_object(call) if name or is_form(call) else _of_bucket(call)


def _of_object(call: Call) -> Answering:
    method, query, headers = call.request.method, call.request.query, call.request.headers
    if "uploadId" in query or "uploads" in query:
        return parts.answering(call)
    if "compose" in query and method == "PUT":
        return copies.compose
    if copies.SOURCE in headers and method == "PUT":
        return copies.copy
    known: dict[str, Answering] = {
        "GET": objects.read,
        "HEAD": objects.read,
        "PUT": objects.write,
        "DELETE": objects.delete,
        "POST": objects.form if is_form(call) else objects.begin,
    }
    return known[method]


def _of_bucket(call: Call) -> Answering:
    method, query = call.request.method, call.request.query
    if method in ("GET", "HEAD"):
        if settings.SETTINGS.keys() & query.keys():
            return settings.read
        if "uploads" in query:
            return parts.list_uploads
        return lists.list_objects if method == "GET" else xml_buckets.head
    if method == "PUT":
        return settings.write if settings.SETTINGS.keys() & query.keys() else xml_buckets.create
    if method == "POST" and "delete" in query:
        return deletions.delete_objects
    if method == "DELETE":
        if asked := settings.SETTINGS.keys() & query.keys():
            raise unimplemented(f"The XML API deletes no {min(asked)}: PUT an empty document.")
        return xml_buckets.delete
    raise unimplemented(f"The sandbox does not implement {method} {call.request.path} of the XML API.")


def _refused(error: ApiError) -> Response:
    body: dict[str, Any] = {"Code": text.code_of(error), "Message": error.message}
    text_ = f"<?xml version='1.0' encoding='UTF-8'?>{text.written('Error', body)}"
    headers = {"content-type": text.TYPE, **error.headers}
    return Response(error.code, headers, b"" if error.code == 304 else text_.encode())

"""The documents of the XML API: written from plain values, and read."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from sandbox.apis.storage import encryption
from sandbox.control.errors import ApiError
from sandbox.control.http import Response

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
TYPE = "application/xml; charset=UTF-8"
_CODES = {
    400: "InvalidArgument",
    403: "AccessDenied",
    404: "NoSuchKey",
    409: "Conflict",
    412: "PreconditionFailed",
    416: "InvalidRange",
}
_NAMED = {
    "ALREADY_EXISTS": "BucketAlreadyOwnedByYou",
    "BAD_DIGEST": "BadDigest",
    "BUCKET_NOT_EMPTY": "BucketNotEmpty",
    "EXPIRED_TOKEN": "ExpiredToken",
    "SIGNATURE_DOES_NOT_MATCH": "SignatureDoesNotMatch",
    "ENTITY_SIZE": "EntityTooLarge",
    "ENTITY_TOO_SMALL": "EntityTooSmall",
    "INVALID_PART": "InvalidPart",
    "INVALID_PART_ORDER": "InvalidPartOrder",
    "INVALID_REQUEST": "InvalidRequest",
    "MALFORMED_XML": "MalformedXML",
    "NO_SUCH_BUCKET": "NoSuchBucket",
    "NO_SUCH_UPLOAD": "NoSuchUpload",
    "UNIMPLEMENTED": "NotImplemented",
}


def code_of(error: ApiError) -> str:
    """What the XML API calls an error.

    >>> code_of(ApiError("NOT_FOUND", "No such object: b/o"))
    'NoSuchKey'
    """
    return encryption.code_in_xml(error) or _NAMED.get(error.status) or _CODES.get(error.code, "InvalidArgument")


def written(name: str, value: Any) -> str:
    """An element: of a dictionary those in it, and its attributes by an @; of a list one for each, of None nothing.

    >>> written("Part", {"PartNumber": 1, "Done": True, "Gone": None, "Tag": ["a", "<b>"]})
    '<Part><PartNumber>1</PartNumber><Done>true</Done><Tag>a</Tag><Tag>&lt;b&gt;</Tag></Part>'
    """
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(written(name, each) for each in value)
    attributes = ""
    if isinstance(value, dict):
        attributes = "".join(f" {key[1:]}={quoteattr(each)}" for key, each in value.items() if key[0] == "@")
        inner = "".join(written(key, each) for key, each in value.items() if key[0] != "@")
    elif isinstance(value, bool):
        inner = str(value).lower()
    else:
        inner = escape(str(value))
    return f"<{name}{attributes}>{inner}</{name}>"


def answer(name: str, value: Any, headers: dict[str, str] | None = None) -> Response:
    """A response with a document."""
    element = written(name, value).replace(f"<{name}>", f'<{name} xmlns="{NAMESPACE}">', 1)
    return Response(
        200, {"content-type": TYPE, **(headers or {})}, f"<?xml version='1.0' encoding='UTF-8'?>{element}".encode()
    )


def read(body: bytes, name: str) -> ElementTree.Element:
    """The root of a document, its names without their namespaces. Raises ApiError 400."""
    problem = ApiError("MALFORMED_XML", f"The body is no {name} in XML.", code=400)
    if b"<!DOCTYPE" in body:  # what a document type declares could grow without end
        raise problem
    try:
        root = ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as error:
        raise ApiError("MALFORMED_XML", f"The body is no XML: {error}", code=400) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.tag != name:
        raise problem
    return root

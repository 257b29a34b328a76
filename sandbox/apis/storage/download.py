"""Downloads: whole or in ranges."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from email.utils import format_datetime

from sandbox.apis.storage import documents, encryption
from sandbox.apis.storage.object_routes import find
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Call
from sandbox.control.errors import ApiError
from sandbox.control.http import Response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


async def media(call: Call) -> Response:
    """The bytes of an object; honours Range."""
    _, target = find(call, reading=True)
    given = encryption.key_of(call.request.headers)
    if given or call.request.method != "HEAD":
        encryption.check(encryption.of_object(target), given)
    headers = headers_of(target, given)
    encoding = target.document.get("contentEncoding", "")
    accepted = call.request.headers.get("accept-encoding", "")
    store = call.control.part(Objects)
    if encoding == "gzip" and "gzip" not in accepted:
        # Decompressive transcoding: a client that can't read gzip gets plain bytes, and no range.
        data = await store.blobs.read(target.digest, 0, target.size)
        headers["warning"] = "214 UploadServer gunzipped"
        return Response(200, headers, gzip.decompress(data))
    if encoding:
        headers["content-encoding"] = encoding
    span = _span(call.request.headers.get("range", ""), target.size)
    if span is None:
        if call.request.method == "HEAD":
            headers["content-length"] = str(target.size)
            return Response(200, headers)
        return Response(200, headers, await store.blobs.read(target.digest, 0, target.size))
    first, last = span
    if first > last:
        text = f"The requested range cannot be satisfied: {call.request.headers['range']} of {target.size} bytes."
        raise ApiError("OUT_OF_RANGE", text, code=416, headers={"content-range": f"bytes */{target.size}"})
    headers["content-range"] = f"bytes {first}-{last}/{target.size}"
    return Response(206, headers, await store.blobs.read(target.digest, first, last - first + 1))


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None for the whole. An impossible range has its first after its last."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        length = int(match[2])
        return (max(0, size - length), size - 1) if length and size else (1, 0)
    first, last = int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)
    return (first, last) if first < size else (1, 0)


def headers_of(target: Object, key: str = "") -> dict[str, str]:
    """What an answer says of an object; of its hashes to who has its key, whose SHA-256 this is."""
    document = target.document
    hashes = f"crc32c={document['crc32c']}" + (f",md5={document['md5Hash']}" if "md5Hash" in document else "")
    seen = {"x-goog-hash": hashes} if encryption.of_object(target) in ("", key) else {}
    headers = {
        "content-type": document.get("contentType", "application/octet-stream"),
        "accept-ranges": "bytes",
        "etag": documents.etag(target.generation, target.metageneration),
        "last-modified": format_datetime(datetime.fromisoformat(document["updated"]), usegmt=True),
        "x-goog-generation": str(target.generation),
        "x-goog-metageneration": str(target.metageneration),
        **seen,
        **encryption.told(target),
        "x-goog-stored-content-length": str(target.size),
        "x-goog-stored-content-encoding": document.get("contentEncoding", "identity"),
        "x-goog-storage-class": document["storageClass"],
    }
    for field, header in (
        ("cacheControl", "cache-control"),
        ("contentDisposition", "content-disposition"),
        ("contentLanguage", "content-language"),
    ):
        if field in document:
            headers[header] = document[field]
    for key, value in document.get("metadata", {}).items():
        if key.isascii() and str(value).isascii():
            headers[f"x-goog-meta-{key.lower()}"] = str(value)
    return headers

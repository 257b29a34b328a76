"""Uploads in parts (https://cloud.google.com/storage/docs/multipart-uploads): the parts come in any order and side by
side; the object is there when the upload is completed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote

import google_crc32c

from sandbox.apis.storage import access, buckets, encryption
from sandbox.apis.storage.objects import Objects, check_name
from sandbox.apis.storage.part_uploads import Part, PartUpload, PartUploads
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.upload import hashes_given
from sandbox.apis.storage.xml_api import text
from sandbox.apis.storage.xml_api.copies import SOURCE, source_of
from sandbox.apis.storage.xml_api.objects import as_json, etag, metadata, told
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Response

_KEY = "customerEncryptionKeySha256"  # among an upload's metadata
_MOST_PARTS = 10_000
_SMALLEST = 5 * 1024 * 1024
_MOST = 1000


def answering(call: Call) -> Callable[[Call], Awaitable[Response]]:
    """Who answers a request that names an upload, or begins one."""
    if "uploads" in call.request.query:
        if call.request.method == "POST":
            return _begin
        raise invalid_argument("uploads is asked of a bucket, or posted to an object.")
    known = {"PUT": _put, "GET": _list_parts, "POST": _complete, "DELETE": _abort}
    if call.request.method not in known:
        raise unimplemented(f"The sandbox does not implement {call.request.method} of an upload.")
    return known[call.request.method]


def _find(call: Call) -> PartUpload:
    uploads = call.control.part(PartUploads)
    found = uploads.find(call.params["bucket"], call.params["object"], call.query("uploadId"))
    if found is None:
        raise _no_upload()
    return found


def _no_upload() -> ApiError:
    return ApiError("NO_SUCH_UPLOAD", "The requested upload was not found.", code=404)


async def _begin(call: Call) -> Response:
    """POST with `uploads`."""
    bucket, name = buckets.of_path(call), call.params["object"]
    check_name(name)
    given = metadata(call.request.headers)
    given["acl"] = access.requested(as_json(call, name), bucket, None, "predefinedAcl")
    given[_KEY] = encryption.key_of(call.request.headers)
    made = call.control.part(PartUploads).begin(bucket.name, name, given)
    return text.answer("InitiateMultipartUploadResult", {"Bucket": bucket.name, "Key": name, "UploadId": made.id})


async def _put(call: Call) -> Response:
    """PUT with `partNumber`: a part, or one in place of an earlier one of its number."""
    number, upload = call.query("partNumber"), _find(call)
    if not number.isdigit() or not 1 <= int(number) <= _MOST_PARTS:
        raise invalid_argument(f"Part number must be an integer between 1 and {_MOST_PARTS}, inclusive.")
    headers, copied = call.request.headers, SOURCE in call.request.headers
    encryption.check(upload.metadata.get(_KEY, ""), encryption.key_of(headers))
    data = await _copied(call) if copied else call.request.body
    have = await asyncio.to_thread(_hashes, data)
    given = hashes_given(headers, headers.get("content-md5"))
    if wrong := next((kind for kind, value in given.items() if value and value != have[kind]), None):
        raise ApiError("BAD_DIGEST", f"The {wrong} that was sent is not that of the part.", code=400)
    md5 = base64.b64decode(have["md5"]).hex()
    try:
        await call.control.part(PartUploads).put(upload, int(number), data, md5)
    except KeyError as error:
        raise _no_upload() from error
    if copied:
        when = timestamp(call.control.clock(), 3)
        return text.answer("CopyPartResult", {"LastModified": when, "ETag": f'"{md5}"'})
    return Response(200, {"etag": f'"{md5}"', "x-goog-hash": f"crc32c={have['crc32c']},md5={have['md5']}"})


async def _copied(call: Call) -> bytes:
    """What a part that is copied has of its source: all, or a range that is in it."""
    source, given = source_of(call), call.request.headers.get(f"{SOURCE}-range", "")
    first, last = 0, source.size - 1
    if given:
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", given.strip())
        if match is None or int(match[1]) > int(match[2]):
            raise invalid_argument(f"Invalid {SOURCE}-range: '{given}'. It is bytes=FIRST-LAST.")
        first, last = int(match[1]), int(match[2])
        if last >= source.size:
            raise invalid_argument(f"The range {given} is not in the {source.size} bytes of the source.")
    return await call.control.part(Objects).blobs.read(source.digest, first, last - first + 1)


def _hashes(data: bytes) -> dict[str, str]:
    """The MD5 and the CRC32C of a part, in base64."""
    found = {
        "md5": hashlib.md5(data, usedforsecurity=False).digest(),
        "crc32c": google_crc32c.value(data).to_bytes(4, "big"),
    }
    return {kind: base64.b64encode(value).decode() for kind, value in found.items()}


async def _list_parts(call: Call) -> Response:
    """GET with `uploadId`."""
    upload = _find(call)
    after, most = call.integer("part-number-marker", 0, _MOST_PARTS), call.integer("max-parts", _MOST, _MOST) or _MOST
    found = [part for part in call.control.part(PartUploads).parts(upload.id) if part.number > after]
    shown = found[:most]
    document = {
        "Bucket": upload.bucket,
        "Key": upload.name,
        "UploadId": upload.id,
        "StorageClass": _storage_class(call, upload),
        "PartNumberMarker": after,
        "NextPartNumberMarker": shown[-1].number if len(found) > most else None,
        "MaxParts": most,
        "IsTruncated": len(found) > most,
        "Part": [
            {
                "PartNumber": part.number,
                "LastModified": timestamp(part.at, 3),
                "ETag": f'"{part.md5}"',
                "Size": part.size,
            }
            for part in shown
        ],
    }
    return text.answer("ListPartsResult", document)


def _storage_class(call: Call, upload: PartUpload) -> str:
    return str(
        upload.metadata.get("storageClass") or buckets.must(call.control, upload.bucket).document["storageClass"]
    )


async def _complete(call: Call) -> Response:
    """POST with `uploadId`: the parts that the body names, in its order, become the object."""
    upload, uploads, store = _find(call), call.control.part(PartUploads), call.control.part(Objects)
    chosen = _chosen(call, uploads.parts(upload.id))
    whole = await uploads.join(upload, chosen)
    try:
        content = await store.blobs.put(whole)
    finally:
        whole.unlink(missing_ok=True)
    try:
        with store.blobs.holding(content.digest):
            bucket = buckets.must(call.control, upload.bucket)
            # Of what was uploaded in parts there is a CRC32C, and no MD5.
            without_md5 = replace(content, md5="")
            conditions, key = Preconditions.of(call.request.query), upload.metadata.get(_KEY, "")
            made = store.write(bucket, upload.name, without_md5, upload.metadata, conditions, key=key)
    except ApiError:
        store.drop_content(content.digest)
        raise
    uploads.end(upload)
    origin = call.request.origin(call.control.url)
    document = {
        "Location": f"{origin}/{upload.bucket}/{quote(upload.name)}",
        "Bucket": upload.bucket,
        "Key": upload.name,
        "ETag": etag(made),
    }
    headers = {key: value for key, value in told(made).items() if key != "etag"}
    return text.answer("CompleteMultipartUploadResult", document, headers)


def _chosen(call: Call, have: list[Part]) -> list[Part]:
    """The parts that a request names. Raises 400 where one hasn't come, is another, or is too small."""
    known = {part.number: part for part in have}
    chosen: list[Part] = []
    for element in text.read(call.request.body, "CompleteMultipartUpload").findall("Part"):
        number, wanted = element.findtext("PartNumber", ""), element.findtext("ETag", "").strip().strip('"')
        part = known.get(int(number)) if number.isdigit() else None
        if part is None or wanted != part.md5:
            raise ApiError("INVALID_PART", f"Part {number} has not been uploaded, or its ETag is another.", code=400)
        if chosen and part.number <= chosen[-1].number:
            raise ApiError("INVALID_PART_ORDER", "The parts are not in ascending order.", code=400)
        chosen.append(part)
    if not chosen:
        raise ApiError("MALFORMED_XML", "The body names no part.", code=400)
    if small := next((part for part in chosen[:-1] if part.size < _SMALLEST), None):
        message = f"Part {small.number} has {small.size} bytes; all but the last must have {_SMALLEST}."
        raise ApiError("ENTITY_TOO_SMALL", message, code=400)
    return chosen


async def _abort(call: Call) -> Response:
    """DELETE with `uploadId`."""
    call.control.part(PartUploads).end(_find(call))
    return Response(204)


async def list_uploads(call: Call) -> Response:
    """GET of a bucket with `uploads`."""
    bucket, prefix, delimiter = buckets.of_path(call), call.query("prefix"), call.query("delimiter")
    after, after_id = call.query("key-marker"), call.query("upload-id-marker")
    most = call.integer("max-uploads", _MOST, _MOST) or _MOST
    url = call.query("encoding-type") == "url"
    shown: list[PartUpload] = []
    groups: list[str] = []
    last, more = ("", ""), False
    for upload in call.control.part(PartUploads).of_bucket(bucket.name):
        if not upload.name.startswith(prefix) or not _after(upload, after, after_id):
            continue
        cut = upload.name.find(delimiter, len(prefix)) if delimiter else -1
        group = upload.name[: cut + len(delimiter)] if cut >= 0 else ""
        if group and (group in groups or group == after):
            continue
        if len(shown) + len(groups) == most:
            more = True
            break
        if group:
            groups.append(group)
            last = (group, "")
        else:
            shown.append(upload)
            last = (upload.name, upload.id)
    document = {
        "Bucket": bucket.name,
        "KeyMarker": after,
        "UploadIdMarker": after_id,
        "NextKeyMarker": last[0] if more else None,
        "NextUploadIdMarker": last[1] if more else None,
        "Prefix": prefix or None,
        "Delimiter": delimiter or None,
        "EncodingType": "url" if url else None,
        "MaxUploads": most,
        "IsTruncated": more,
        "Upload": [
            {
                "Key": quote(upload.name, safe="/") if url else upload.name,
                "UploadId": upload.id,
                "StorageClass": _storage_class(call, upload),
                "Initiated": timestamp(upload.begun, 3),
            }
            for upload in shown
        ],
        "CommonPrefixes": [{"Prefix": quote(group, safe="/") if url else group} for group in groups],
    }
    return text.answer("ListMultipartUploadsResult", document)


def _after(upload: PartUpload, name: str, id_: str) -> bool:
    if not name:
        return True
    return upload.name > name or bool(id_ and upload.name == name and upload.id > id_)

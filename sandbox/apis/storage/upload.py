"""Uploads: of bytes, of metadata and bytes, and resumable ones that outlive the process."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import access, buckets, documents, encryption, object_documents, objects
from sandbox.apis.storage.blobs import Content
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Request, Response
from sandbox.control.multipart import related
from sandbox.control.store import Resource

# A last byte of * is whatever the request ends with, and ends the object (Node's library streams so).
_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-(?P<last>\d+|\*)|\*)/(?P<total>\d+|\*)")
_PART = 262_144


async def upload(call: Call) -> Response:
    """`objects.insert` by `uploadType`."""
    if call.query("upload_id"):
        return await resume(call)
    bucket = buckets.of_path(call)
    kind = call.query("uploadType")
    if kind == "media":
        metadata = {"contentType": call.request.headers.get("content-type")}
        return await finish(call, bucket, metadata, call.request.body)
    if kind == "multipart":
        metadata, content_type, data = _parts(call)
        metadata.setdefault("contentType", content_type)
        return await finish(call, bucket, metadata, data)
    if kind == "resumable":
        return begin(call, bucket, documents.body(call))
    raise invalid_argument(f"Invalid uploadType: '{kind}'")


async def insert_without_bytes(call: Call) -> Response:
    """`objects.insert` at the metadata URL: an empty object."""
    return await finish(call, buckets.of_path(call), documents.body(call), b"")


def _parts(call: Call) -> tuple[dict[str, Any], str | None, bytes]:
    """The two parts of a multipart/related body."""
    try:
        text, kind, data = related(call.request.headers.get("content-type", ""), call.request.body)
    except ValueError as error:
        raise invalid_argument(str(error)) from error
    try:
        metadata = json.loads(text)
    except ValueError as error:
        raise invalid_argument("Metadata part is not JSON.", reason="parseError") from error
    if not isinstance(metadata, dict):
        raise invalid_argument("Metadata part is not an object.", reason="parseError")
    return metadata, kind, data


async def finish(
    call: Call, bucket: Resource, metadata: dict[str, Any], source: bytes | Path, *, key: str | None = None
) -> Response:
    """Store the bytes, check them against what the client says of them, and make the object.

    `key` is the SHA-256 of the customer-supplied key, where it isn't the request's.
    """
    key = encryption.key_of(call.request.headers) if key is None else key
    name = call.query("name") or str(metadata.get("name") or "")
    objects.check_name(name)
    if call.query("contentEncoding"):
        metadata["contentEncoding"] = call.query("contentEncoding")
    if call.query("kmsKeyName"):
        metadata["kmsKeyName"] = call.query("kmsKeyName")
    metadata["acl"] = access.requested(call, bucket, metadata.get("acl"), "predefinedAcl")
    store = call.control.part(Objects)
    content = await store.blobs.put(source)
    try:
        with store.blobs.holding(content.digest):
            _verify(call, metadata, content)
            target = store.write(bucket, name, content, metadata, Preconditions.of(call.request.query), key=key)
    except ApiError:
        store.drop_content(content.digest)
        raise
    return Response.of(object_documents.shown(call, bucket, target, full=metadata["acl"] is not None, key=key))


def hashes_given(headers: Mapping[str, str], md5: str | None, crc32c: str | None = None) -> dict[str, str | None]:
    """What a client says that its bytes hash to, in base64: `md5` and `crc32c`; `x-goog-hash` before all else."""
    given = {"md5": md5, "crc32c": crc32c}
    for item in headers.get("x-goog-hash", "").split(","):
        kind, equals, value = item.strip().partition("=")
        if equals and kind in given:
            given[kind] = value
    return given


def _verify(call: Call, metadata: dict[str, Any], content: Content) -> None:
    given = hashes_given(call.request.headers, metadata.get("md5Hash"), metadata.get("crc32c"))
    for kind, have in (("md5", content.md5), ("crc32c", content.crc32c)):
        label = {"md5": "MD5 hash", "crc32c": "CRC32C"}[kind]
        if given[kind] and given[kind] != have:
            raise invalid_argument(f'Provided {label} "{given[kind]}" doesn\'t match calculated {label} "{have}".')


@dataclass(slots=True)
class Session:
    """A resumable upload. `result` is the answer once it ended, `key` the SHA-256 of the customer-supplied key."""

    id: str
    bucket: str
    metadata: dict[str, Any]
    query: dict[str, list[str]]
    key: str = ""
    result: dict[str, Any] | None = None


def begin(call: Call, bucket: Resource, metadata: dict[str, Any]) -> Response:
    """Begin a resumable upload."""
    name = call.query("name") or str(metadata.get("name") or "")
    objects.check_name(name)
    kind = call.request.headers.get("x-upload-content-type")
    if kind:
        metadata.setdefault("contentType", kind)
    query = {key: values for key, values in call.request.query.items() if key not in ("uploadType", "upload_id")}
    query["name"] = [name]
    # Refused now rather than after all the bytes.
    access.requested(call, bucket, metadata.get("acl"), "predefinedAcl")
    live = call.control.part(Objects).find(bucket.name, name)
    Preconditions.of(query).check(live.generation if live else None, live.metageneration if live else None)
    session = Session(call.control.hex(64), bucket.name, metadata, query, encryption.key_of(call.request.headers))
    file_of(call.control, session.id).parent.mkdir(exist_ok=True, mode=0o700)
    file_of(call.control, session.id).touch(mode=0o600)
    _store(call.control, session)
    place = f"/upload/storage/v1/b/{quote(bucket.name)}/o?uploadType=resumable&name={quote(name, safe='')}"
    location = f"{call.request.origin(call.control.url)}{place}&upload_id={session.id}"
    return Response(200, {"location": location, "x-guploader-uploadid": session.id})


def file_of(control: Control, upload_id: str) -> Path:
    """Where the bytes of an upload are that came so far."""
    return control.state_dir / "uploads" / upload_id


def _store(control: Control, session: Session) -> None:
    state = {"metadata": session.metadata, "query": session.query, "key": session.key, "result": session.result}
    control.store.execute(
        "INSERT OR REPLACE INTO storage_uploads VALUES (?, ?, ?)", (session.id, session.bucket, json.dumps(state))
    )


def find(control: Control, bucket: str, upload_id: str) -> Session:
    """An upload. Raises ApiError 404."""
    rows = control.store.rows("SELECT bucket, state FROM storage_uploads WHERE id = ?", (upload_id,))
    if not rows or rows[0][0] != bucket:
        raise not_found("The upload session was not found.")
    state = json.loads(rows[0][1])
    return Session(upload_id, rows[0][0], state["metadata"], state["query"], state.get("key", ""), state["result"])


def forget(control: Control, session: Session) -> None:
    """Drop an upload, with what came of it."""
    control.store.execute("DELETE FROM storage_uploads WHERE id = ?", (session.id,))
    file_of(control, session.id).unlink(missing_ok=True)


def append(control: Control, session: Session, data: bytes) -> None:
    """Add bytes to an upload."""
    with file_of(control, session.id).open("ab") as out:
        out.write(data)


async def complete(control: Control, session: Session, headers: Mapping[str, str] | None = None) -> Response:
    """Make the object of an upload whose bytes are all there; its answer is kept."""
    bucket, file = buckets.must(control, session.bucket), file_of(control, session.id)
    path = f"/upload/storage/v1/b/{quote(session.bucket)}/o"
    final = Call(control, Request("POST", path, session.query, headers or {}), {"bucket": session.bucket})
    response = await finish(final, bucket, session.metadata, file, key=session.key)
    session.result = response.json()
    _store(control, session)
    file.unlink(missing_ok=True)
    return response


async def resume(call: Call) -> Response:
    """PUT (or POST) of a chunk to a session, or a question how far it is."""
    session = find(call.control, call.params["bucket"], call.query("upload_id"))
    # A chunk may come without the key that the upload began with, but not with another one.
    if key := encryption.key_of(call.request.headers):
        encryption.check(session.key, key)
    if session.result is not None:
        return Response.of(session.result)
    file, data = file_of(call.control, session.id), call.request.body
    have = file.stat().st_size
    header = call.request.headers.get("content-range", "")
    total: int | None = None
    if header:
        match = _RANGE.fullmatch(header.strip())
        if match is None:
            raise invalid_argument(f"Invalid Content-Range: '{header}'")
        total = None if match["total"] == "*" else int(match["total"])
        if match["first"] is None:
            data = b""
        else:
            first = int(match["first"])
            if match["last"] == "*":
                total = first + len(data) if total is None else total
            elif int(match["last"]) - first + 1 != len(data):
                raise invalid_argument("Content-Range does not match the length of the body.")
            if first > have:
                return _incomplete(call, have)
            # A chunk that is sent again: what is there already is left out.
            data = data[have - first :]
    else:
        total = have + len(data)
    if total is None and len(call.request.body) % _PART:
        raise invalid_argument(f"A chunk that is not the last must be a multiple of {_PART} bytes.")
    append(call.control, session, data)
    have += len(data)
    if total is None or have < total:
        return _incomplete(call, have)
    if have > total:
        raise invalid_argument(f"{have} bytes received, {total} announced.")
    return await complete(call.control, session, call.request.headers)


def _incomplete(call: Call, have: int) -> Response:
    headers = {"range": f"bytes=0-{have - 1}"} if have else {}
    if call.request.headers.get("x-guploader-no-308") == "yes":
        return Response(200, {**headers, "x-http-status-code-override": "308"})
    return Response(308, headers)


async def cancel(call: Call) -> Response:
    """DELETE of a session."""
    forget(call.control, find(call.control, call.params["bucket"], call.query("upload_id")))
    return Response(499)

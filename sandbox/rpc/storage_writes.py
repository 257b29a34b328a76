"""Writes of google.storage.v2: uploads as the JSON API's resumable ones are, with either of which they can go on.

Objects that are appended to are none: they are there from the first message on, and grow.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import google_crc32c

from sandbox.apis.storage import encryption, object_documents, upload
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, unimplemented
from sandbox.rpc import storage_messages as messages
from sandbox.rpc.storage_rest import Json, Rest, bucket_path, conditions, keyed, object_path


class _Writer(Protocol):
    """Where the bytes of a stream go."""

    size: int

    def add(self, data: bytes) -> None: ...

    async def flush(self) -> None: ...

    async def finish(self, checks: Json) -> Json: ...

    async def leave(self) -> None: ...


@dataclass(slots=True)
class _Upload:
    """An upload; `brief` where it ends with its stream, because the client has no name for it."""

    control: Control
    session: upload.Session
    size: int
    brief: bool

    def add(self, data: bytes) -> None:
        upload.append(self.control, self.session, data)
        self.size += len(data)

    async def flush(self) -> None:
        """All that came is in the file."""

    async def finish(self, checks: Json) -> Json:
        self.session.metadata.update(checks)
        expected = self.session.metadata.pop("objectSize", None)
        if expected is not None and int(expected) != self.size:
            raise invalid_argument(f"{self.size} bytes received, {expected} announced.")
        document: Json = (await upload.complete(self.control, self.session)).json()
        return document

    async def leave(self) -> None:
        if self.brief:
            upload.forget(self.control, self.session)


@dataclass(slots=True)
class _Appendable:
    """An object that grows: a file beside it has its bytes, and becomes its content when it is flushed."""

    store: Objects
    target: Object
    file: Path
    size: int
    flushed: int

    def add(self, data: bytes) -> None:
        with self.file.open("ab") as out:
            out.write(data)
        self.size += len(data)

    async def flush(self, *, finalized: bool = False) -> None:
        if self.size == self.flushed and not finalized:
            return
        # Of a copy: stored bytes share their file with what they were made of.
        copied = self.file.with_suffix(".flushed")
        await asyncio.to_thread(shutil.copyfile, self.file, copied)
        content = await self.store.blobs.put(copied)
        copied.unlink()
        try:
            with self.store.blobs.holding(content.digest):
                self.store.grow(self.target, content, finalized=finalized)
        except ApiError:
            self.store.drop_content(content.digest)
            raise
        self.flushed = self.size

    async def finish(self, checks: Json) -> Json:
        have = google_crc32c.value(await asyncio.to_thread(self.file.read_bytes))
        if "crc32c" in checks and messages.checksum(checks["crc32c"]) != have:
            raise invalid_argument("The CRC32C of the object is another than was announced.")
        await self.flush(finalized=True)
        return {}

    async def leave(self) -> None:
        self.file.unlink(missing_ok=True)


async def start(control: Control, rest: Rest, request: Any) -> Any:
    """`StartResumableWrite`."""
    session = await _begin(
        control, keyed(rest, request), request.write_object_spec, messages.checksums(request.object_checksums)
    )
    made = messages.types().StartResumableWriteResponse.pb()()
    made.upload_id = f"{session.bucket}/{session.id}"
    return made


async def _begin(control: Control, rest: Rest, spec: Any, checks: Json) -> upload.Session:
    document = {**messages.object_document(spec.resource), **checks}
    query = {
        **conditions(spec),
        "uploadType": "resumable",
        "name": spec.resource.name,
        "predefinedAcl": spec.predefined_acl,
        "kmsKeyName": spec.resource.kms_key,
    }
    if spec.HasField("object_size"):
        document["objectSize"] = spec.object_size
    path = f"/upload{bucket_path(spec.resource.bucket)}/o"
    answer = await rest.send("POST", path, query, document)
    return upload.find(control, messages.bucket_id(spec.resource.bucket), answer.headers["x-guploader-uploadid"])


def _session(control: Control, upload_id: str) -> upload.Session:
    bucket, _, name = upload_id.partition("/")
    return upload.find(control, bucket, name)


async def query(control: Control, rest: Rest, request: Any) -> Any:
    """`QueryWriteStatus`."""
    session = _session(control, request.upload_id)
    made = messages.types().QueryWriteStatusResponse.pb()()
    if session.result is not None:
        made.resource.CopyFrom(messages.object_message(session.result))
    else:
        made.persisted_size = upload.file_of(control, session.id).stat().st_size
    return made


async def cancel(control: Control, rest: Rest, request: Any) -> Any:
    """`CancelResumableWrite`."""
    upload.forget(control, _session(control, request.upload_id))
    return messages.types().CancelResumableWriteResponse.pb()()


async def _open(control: Control, rest: Rest, request: Any) -> _Writer | Json:
    """What the first message of a stream writes to; the object of an upload that is complete already."""
    rest = keyed(rest, request)
    key = encryption.key_of(rest.headers)
    which = request.WhichOneof("first_message")
    if which == "upload_id":
        session = _session(control, request.upload_id)
        if key:
            encryption.check(session.key, key)
        if session.result is not None:
            return session.result
        return _Upload(control, session, upload.file_of(control, session.id).stat().st_size, brief=False)
    if key and (which == "append_object_spec" or request.write_object_spec.appendable):
        raise unimplemented("The sandbox does not implement appendable objects with customer-supplied keys.")
    if which == "append_object_spec":
        return await _reopened(control, rest, request.append_object_spec)
    if which != "write_object_spec":
        raise invalid_argument("The first message of a write must have an upload_id or a write_object_spec.")
    spec = request.write_object_spec
    session = await _begin(control, rest, spec, {})
    if not spec.appendable:
        return _Upload(control, session, 0, brief=True)
    await upload.complete(control, session)
    upload.forget(control, session)
    store = control.part(Objects)
    made = store.find(session.bucket, spec.resource.name)
    assert made is not None
    content = await store.blobs.put(b"")
    with store.blobs.holding(content.digest):
        store.grow(made, content, finalized=False)
    return await _appendable(store, made)


async def _reopened(control: Control, rest: Rest, spec: Any) -> _Writer:
    name: str = spec.object_
    query = {**conditions(spec), "generation": spec.generation or None}
    document = await rest.ask("GET", object_path(spec.bucket, name), query)
    if "timeFinalized" in document:
        raise failed_precondition(f"Object {document['bucket']}/{name} is finalized: nothing can be appended to it.")
    store = control.part(Objects)
    found = store.find(document["bucket"], name, int(document["generation"]))
    assert found is not None
    return await _appendable(store, found)


async def _appendable(store: Objects, target: Object) -> _Appendable:
    file = store.blobs.aside(f"growing-{target.generation}-{os.urandom(4).hex()}")
    await asyncio.to_thread(shutil.copyfile, store.blobs.path(target.digest), file)
    return _Appendable(store, target, file, target.size, target.size)


def _take(writer: _Writer, request: Any) -> None:
    """Add a message's bytes, checked; what came before, and is sent again, is left out."""
    if not request.HasField("checksummed_data"):
        return
    sent = request.checksummed_data
    data: bytes = sent.content
    if sent.HasField("crc32c") and sent.crc32c != google_crc32c.value(data):
        raise invalid_argument(f"The CRC32C of the data at {request.write_offset} is another than was sent with it.")
    if request.write_offset > writer.size:
        raise ApiError("OUT_OF_RANGE", f"The offset is {request.write_offset}, and {writer.size} bytes are there.")
    if data := data[writer.size - request.write_offset :]:
        writer.add(data)


async def write(control: Control, rest: Rest, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """`WriteObject`: one answer, when the stream has ended."""
    made = messages.types().WriteObjectResponse.pb()()
    async for answer in _written(control, rest, requests, messages.types().WriteObjectResponse.pb()):
        made = answer
    yield made


async def write_both_ways(control: Control, rest: Rest, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """`BidiWriteObject`: an answer whenever one is asked for, and at the end."""
    async for answer in _written(control, rest, requests, messages.types().BidiWriteObjectResponse.pb()):
        yield answer


async def _written(
    control: Control, rest: Rest, requests: AsyncIterator[Any], response: type[Any]
) -> AsyncIterator[Any]:
    writer: _Writer | None = None
    both_ways = "write_handle" in response.DESCRIPTOR.fields_by_name
    try:
        async for request in requests:
            if writer is None:
                opened = await _open(control, rest, request)
                if isinstance(opened, dict):
                    yield response(resource=messages.object_message(opened))
                    return
                writer = opened
                if isinstance(writer, _Appendable):
                    yield _grown(control, writer, response)
            _take(writer, request)
            if request.finish_write:
                document = await writer.finish(messages.checksums(request.object_checksums))
                if isinstance(writer, _Appendable):
                    yield _grown(control, writer, response)
                else:
                    yield response(resource=messages.object_message(document))
                return
            if both_ways and (request.flush or request.state_lookup):
                await writer.flush()
                if request.state_lookup:
                    yield response(persisted_size=writer.size)
        if writer is None:
            raise invalid_argument("A write needs a first message.")
        await writer.flush()
        if isinstance(writer, _Upload) and writer.brief:
            raise invalid_argument("The stream ended before finish_write, and its upload can't be resumed.")
        if not both_ways:
            yield response(persisted_size=writer.size)
    finally:
        if writer is not None:
            await writer.leave()


def _grown(control: Control, writer: _Appendable, response: type[Any]) -> Any:
    from sandbox.apis.storage import buckets

    bucket = buckets.must(control, writer.target.bucket)
    made = response(resource=messages.object_message(object_documents.document_of(control.url, bucket, writer.target)))
    made.write_handle.handle = str(writer.target.generation).encode()
    return made

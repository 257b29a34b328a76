"""Reads of google.storage.v2: an object's bytes in a stream, or any of its ranges on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import google_crc32c

from sandbox.apis.storage import encryption
from sandbox.apis.storage.objects import Objects
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.rpc import storage_messages as messages
from sandbox.rpc.storage_rest import Json, Rest, conditions, keyed, object_path

_CHUNK = 2 << 20  # the most that a message of Google's holds


@dataclass(slots=True)
class _Opened:
    """An object that is read: the generation there was when the stream began, whatever becomes of its name."""

    store: Objects
    document: Json
    digest: str
    size: int

    async def chunks(self, offset: int, length: int) -> AsyncIterator[tuple[int, bytes, bool]]:
        """Where each part begins, its bytes, and whether it is the last; one that is empty, where there is none."""
        end = self.size if length == 0 else min(self.size, offset + length)
        at = offset
        while True:
            data = await self.store.blobs.read(self.digest, at, min(_CHUNK, end - at)) if at < end else b""
            yield at, data, at + len(data) >= end
            at += len(data)
            if at >= end:
                return

    def start(self, offset: int, length: int) -> int:
        """Where a range begins. Raises ApiError for one that isn't in the object."""
        if length < 0:
            raise invalid_argument(f"The length of a range is {length}: it can't be negative.")
        begin = max(0, self.size + offset) if offset < 0 else offset
        if begin > self.size:
            raise ApiError("OUT_OF_RANGE", f"The offset {offset} is beyond the {self.size} bytes of the object.")
        return begin


async def _open(control: Control, rest: Rest, request: Any) -> _Opened:
    rest = keyed(rest, request)
    name: str = request.object_
    query = {**conditions(request), "generation": request.generation or None}
    document = await rest.ask("GET", object_path(request.bucket, name), query)
    store = control.part(Objects)
    found = store.find(document["bucket"], name, int(document["generation"]))
    if found is None:
        raise ApiError("NOT_FOUND", f"No such object: {document['bucket']}/{name}")
    encryption.check_content(found, rest.headers)
    return _Opened(store, document, found.digest, found.size)


def _data(data: bytes) -> Any:
    return messages.types().ChecksummedData.pb()(content=data, crc32c=google_crc32c.value(data))


async def read(control: Control, rest: Rest, request: Any) -> AsyncIterator[Any]:
    """`ReadObject`: the bytes from an offset on; what the first message says of the object is of all of it."""
    types = messages.types()
    opened = await _open(control, rest, request)
    begin = opened.start(request.read_offset, request.read_limit)
    with opened.store.blobs.reading(opened.digest):
        first = True
        async for _, data, _ in opened.chunks(begin, request.read_limit):
            made = types.ReadObjectResponse.pb()(checksummed_data=_data(data))
            if first:
                metadata = messages.object_message(opened.document)
                end = opened.size if not request.read_limit else min(opened.size, begin + request.read_limit)
                made.metadata.CopyFrom(metadata)
                made.object_checksums.CopyFrom(metadata.checksums)
                made.content_range.CopyFrom(types.ContentRange.pb()(start=begin, end=end, complete_length=opened.size))
            first = False
            yield made
    opened.store.drop_content(opened.digest)


async def read_ranges(control: Control, rest: Rest, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """`BidiReadObject`: each range that is asked for, in parts; the first answer has the object's metadata."""
    types = messages.types()
    request = await anext(requests, None)
    if request is None:
        return
    if not request.HasField("read_object_spec"):
        raise invalid_argument("The first message of BidiReadObject must have a read_object_spec.")
    opened = await _open(control, rest, request.read_object_spec)
    made = types.BidiReadObjectResponse.pb()(metadata=messages.object_message(opened.document))
    made.read_handle.handle = f"{opened.document['id']}".encode()
    yield made
    with opened.store.blobs.reading(opened.digest):
        while request is not None:
            for wanted in request.read_ranges:
                begin = opened.start(wanted.read_offset, wanted.read_length)
                async for at, data, last in opened.chunks(begin, wanted.read_length):
                    made = types.BidiReadObjectResponse.pb()()
                    part = made.object_data_ranges.add(checksummed_data=_data(data), range_end=last)
                    part.read_range.read_offset, part.read_range.read_length = at, len(data)
                    part.read_range.read_id = wanted.read_id
                    yield made
            request = await anext(requests, None)
    opened.store.drop_content(opened.digest)

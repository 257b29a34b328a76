"""Loads from buckets and exports into them.

The engine knows files only. What a load names is linked into a folder of the job's own, which the engine finds by the
job's id; what an export wrote is uploaded when it has ended.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import buckets, encryption
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Request
from sandbox.runtime.bigquery.process import BigQuery

_EXPORTS = re.compile(rb"EXPORT\s+DATA", re.I)
_FIRST_SHARD = "0" * 12


class Exports:
    """One export at a time: the engine writes all of them below one folder."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()


@asynccontextmanager
async def at_hand(call: Call, job: str, body: dict[str, Any]) -> AsyncIterator[None]:
    """What a job reads is there for the engine, and what it writes comes into its bucket.

    Raises:
        ApiError: a bucket or an object isn't there, or a URI is none of Cloud Storage.
    """
    configuration = body.get("configuration") or {}
    if "load" in configuration:
        with reading(call.control, job, configuration["load"]):
            yield
        return
    if "extract" in configuration:
        for uri in configuration["extract"].get("destinationUris") or [configuration["extract"].get("destinationUri")]:
            _bucket(call.control, _split(str(uri or ""))[0])
    elif not _EXPORTS.search(call.request.body):
        yield
        return
    async with call.control.part(Exports).lock:
        try:
            yield
            await _upload(call)
        finally:
            shutil.rmtree(call.control.part(BigQuery).exports, ignore_errors=True)


@contextmanager
def reading(control: Control, job: str, load: dict[str, Any]) -> Iterator[None]:
    """What a load of that id reads is there for the engine."""
    folder = control.part(BigQuery).loads / job
    objects = control.part(Objects)
    found = [each for uri in load.get("sourceUris") or () for each in named(control, str(uri))]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    uris = folder.with_suffix(".json")
    try:
        called = {}
        for number, each in enumerate(found):
            # The engine tells compression by how a name ends.
            ending = ".gz" if each.name.endswith(".gz") or each.document.get("contentEncoding") == "gzip" else ""
            (folder / f"{number:06}{ending}").hardlink_to(objects.blobs.path(each.digest))
            called[f"{number:06}{ending}"] = f"gs://{each.bucket}/{each.name}"
        uris.write_text(json.dumps(called), encoding="utf-8")
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        uris.unlink(missing_ok=True)


def named(control: Control, uri: str) -> Iterator[Object]:
    """The objects of a URI, which may hold one `*`."""
    bucket, name = _split(uri)
    _bucket(control, bucket)
    prefix, star, suffix = name.partition("*")
    objects = control.part(Objects)
    if not star:
        each = objects.find(bucket, name)
        found = [each] if each else []
    elif "*" in suffix:
        raise invalid_argument(f"Invalid wildcard in source URI: {uri}: one * at most.")
    else:
        long_enough = len(prefix) + len(suffix)
        found = [
            each
            for each in objects.scan(bucket, "", -1, prefix, False)
            if each.name.endswith(suffix) and len(each.name) >= long_enough
        ]
    if not found:
        raise not_found(f"Not found: URI {uri}")
    if locked := next((each for each in found if encryption.of_object(each)), None):
        raise invalid_argument(
            f"gs://{locked.bucket}/{locked.name} is encrypted with a customer-supplied encryption key: BigQuery has no "
            "key to read it with."
        )
    yield from found


def _split(uri: str) -> tuple[str, str]:
    match = re.fullmatch(r"gs://([^/]+)/(.+)", uri)
    if match is None:
        raise invalid_argument(f"Source URI must be a Google Cloud Storage location: {uri}")
    return match[1], match[2]


def _bucket(control: Control, name: str) -> None:
    if control.store.get(buckets.COLLECTION, name) is None:
        raise not_found(f"Not found: Bucket {name}")


async def _upload(call: Call) -> None:
    for bucket, name, data in _written(call.control.part(BigQuery).exports):
        query = {"uploadType": ["media"], "name": [name]}
        headers = {"authorization": call.request.headers.get("authorization", ""), "content-type": "text/plain"}
        path = f"/upload/storage/v1/b/{quote(bucket)}/o"
        answer = await call.control.dispatch(Request("POST", path, query, headers, data))
        if answer.status != 200:
            raise ApiError(
                "NOT_FOUND", f"gs://{bucket}/{name} can't be written: {answer.body.decode()[:200]}", code=404
            )


def _written(root: Path) -> Iterator[tuple[str, str, bytes]]:
    """What the engine wrote: bucket, name, bytes."""
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        bucket, _, name = str(file.relative_to(root)).partition("/")
        # Of an extract with a * it writes one file, named so.
        yield bucket, name.replace("*", _FIRST_SHARD), file.read_bytes()

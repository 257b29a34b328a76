"""Log entries as objects of Cloud Storage: those of an hour in one, a line each.

`run.googleapis.com/stdout/2026/11/26/09:00:00_09:59:59_S0.json` is written when the hour is over, `S1` and so on where
it has many entries. What comes later makes an addendum of its own, `…_A0:ID.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from sandbox.apis.logging.destination import OWNERS, Destination, Entry, Refused, Unavailable, ask, denied, writer
from sandbox.control import iam
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.store import Resource

PREFIX = "storage.googleapis.com/"
_LATE = 60.0
"""Seconds after an hour in which its entries may still come in."""
_CREATES = OWNERS | {
    "roles/storage.objectCreator",
    "roles/storage.objectUser",
    "roles/storage.objectAdmin",
    "roles/storage.admin",
    "roles/storage.legacyBucketWriter",
    "roles/storage.legacyBucketOwner",
}


class Objects(Destination):
    """Buckets as destinations."""

    most = 10_000
    window = 0.2

    def due(self, entry: Entry) -> float:
        """When its hour is over."""
        hour = datetime.fromisoformat(f"{str(entry['timestamp'])[:13]}:00:00+00:00")
        return hour.timestamp() + 3600 + _LATE

    async def deliver(self, control: Control, sink: Resource, entries: Sequence[Entry]) -> None:
        """Write an object for each log and hour."""
        bucket = str(sink.document["destination"]).removeprefix(PREFIX)
        found = control.store.get("storage.buckets", bucket)
        if found is None:
            raise Refused("bucket_not_found", f"There is no bucket {bucket}.")
        project = control.projects.resolve(str(found.document["projectNumber"]), control.clock())
        on = [f"//storage.googleapis.com/projects/_/buckets/{bucket}", iam.project(project)]
        if not iam.holds(control, writer(sink), _CREATES, on, "storage.objects.create"):
            raise denied(sink, "bucket", "roles/storage.objectCreator", bucket)
        hours: dict[str, list[Entry]] = {}
        for entry in entries:
            hours.setdefault(stem(entry), []).append(entry)
        for start, some in hours.items():
            await _write(control, bucket, start, b"".join(json.dumps(entry).encode() + b"\n" for entry in some))


def stem(entry: Entry) -> str:
    """How the names of the objects begin that an entry may be in.

    >>> stem({"logName": "projects/p/logs/run.googleapis.com%2Fstdout", "timestamp": "2026-11-26T09:30:00Z"})
    'run.googleapis.com/stdout/2026/11/26/09:00:00_09:59:59_'
    """
    log = unquote(str(entry["logName"]).partition("/logs/")[2])
    moment = datetime.fromisoformat(f"{str(entry['timestamp'])[:13]}:00:00+00:00").astimezone(UTC)
    return f"{log}/{moment:%Y/%m/%d/%H}:00:00_{moment:%H}:59:59_"


async def _write(control: Control, bucket: str, start: str, content: bytes) -> None:
    """The hour's own object, or an addendum where that is there already."""
    for name in (f"{start}S0.json", f"{start}A0:{control.hex(16)}.json"):
        path = f"/upload/storage/v1/b/{quote(bucket)}/o"
        query = {"uploadType": ["media"], "name": [name], "ifGenerationMatch": ["0"]}
        request = Request("POST", path, query, {"content-type": "application/json"}, content)
        try:
            await ask(control, "bucket", request)
        except Refused as error:
            if "_S0" in name and error.code == "bucket_invalid" and "condition" in error.detail.lower():
                continue
            raise
        return
    raise Unavailable(f"no name for an object of {start}")

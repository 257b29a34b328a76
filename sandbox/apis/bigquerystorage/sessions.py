"""Sessions of the Storage Read API: a table's rows as they were when the session was made, for six hours.

A session is a file of Arrow, whose rows its streams share out among them. So a stream can be read again from any row,
also by a sandbox that has started since.
"""

from __future__ import annotations

import asyncio
import base64
import bisect
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.apis.bigquerystorage import avro, selection
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource
from sandbox.runtime.bigquery.process import is_result

if TYPE_CHECKING:
    import pyarrow as pa

SESSIONS = "bigquerystorage.sessions"
_HOURS = 6
_BATCH = 1_000_000
"""Bytes of one answer: well below the four million that gRPC takes unless it is told otherwise."""
_STREAM = 8_000_000
"""Bytes for which a stream is worth its while."""
_MOST_STREAMS = 1000
_MOST_KEPT = 4_000_000_000
"""Bytes of all sessions' files. The oldest go first."""


async def start(control: Control) -> None:
    """Clear away what has expired."""
    _folder(control).mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(control)


async def create(call: Call) -> Response:
    """CreateReadSession."""
    control, body = call.control, call.body()
    session = body.get("readSession") or {}
    options = session.get("readOptions") or {}
    form = _checked(body, session, options)
    place = (call.project, call.params["dataset"], call.params["table"])
    table, location = await selection.table(control, place)
    fields = selection.selected((table.get("schema") or {}).get("fields") or [], options.get("selectedFields") or [])
    restriction = str(options.get("rowRestriction") or "")
    asked = {
        **dict(zip(("project", "dataset", "table"), place, strict=True)),
        "fields": fields,
        "restriction": await asyncio.to_thread(selection.restriction, restriction, table),
        "sample": options.get("samplePercentage") or 0,
        "time": (session.get("tableModifiers") or {}).get("snapshotTime") or "",
    }
    if (asked["restriction"] or asked["sample"] or asked["time"]) and is_result(*place[1:]):
        raise ApiError(
            "UNIMPLEMENTED",
            "The sandbox does not implement row_restriction, sample_percentage and snapshot_time for a query's result.",
        )
    display = bool((options.get("avroSerializationOptions") or {}).get("enableDisplayNameAttribute"))
    shown = _schema(form, fields, display)
    _sweep(control)
    name = f"projects/{_owner(call, body)}/locations/{location.lower()}/sessions/CAIS{control.hex(40)}"
    path = _file(control, name)
    headers = {key: value for key, value in call.request.headers.items() if key.startswith("x-")}
    asked |= {"path": str(path), "most": _BATCH}
    entity = f"projects/{place[0]}/datasets/{place[1]}/tables/{place[2]}"
    written = await ask(control, "read", asked, entity, headers=headers)
    rows = sum(written["batches"])
    streams = _streams(control, rows, written["bytes"], body)
    now = control.clock()
    document = {
        "format": form,
        "fields": fields,
        "display": display,
        "compression": (options.get("arrowSerializationOptions") or {}).get("bufferCompression", ""),
        "codec": options.get("responseCompressionCodec", ""),
        "batches": written["batches"],
        "file": written["file"],
        "streams": streams,
        "expires": now + _HOURS * 3600,
    }
    control.store.insert(Resource(SESSIONS, name, document, now, now))
    answer = {
        **session,
        "name": name,
        "expireTime": timestamp(document["expires"]),
        "streams": [{"name": f"{name}/streams/{stream}"} for stream in streams],
        "estimatedTotalBytesScanned": str(written["bytes"]),
        "estimatedRowCount": str(rows),
        "table": entity,
        **shown,
    }
    return Response.of(answer)


async def get_stream(call: Call) -> Response:
    """Whether a stream can be read: asked when `ReadRows` begins."""
    find(call.control, _stream_name(call))
    return Response.of({"name": _stream_name(call)})


async def split(call: Call) -> Response:
    """SplitReadStream: two streams of a stream's rows; none where it has but one row."""
    control, fraction = call.control, float(call.body().get("fraction") or 0)
    if not 0 < fraction < 1:
        raise invalid_argument("request failed: fraction must be in the range (0.0, 1.0)", {"fraction": "(0.0, 1.0)"})
    found = find(control, _stream_name(call))
    middle = found.begin + round((found.end - found.begin) * fraction)
    if not found.begin < middle < found.end:
        return Response.of({})
    resource = control.store.get(SESSIONS, found.session)
    assert resource is not None
    names = [_new(control), _new(control)]
    resource.document["streams"] |= {names[0]: [found.begin, middle], names[1]: [middle, found.end]}
    control.store.put(resource)
    primary, remainder = ({"name": f"{found.session}/streams/{name}"} for name in names)
    return Response.of({"primaryStream": primary, "remainderStream": remainder})


@dataclass(slots=True)
class ReadStream:
    """A stream to read: the rows `begin` to `end` of its session's file."""

    session: str
    path: Path
    document: dict[str, Any]
    begin: int
    end: int

    def batches(self, offset: int) -> Iterator[tuple[pa.RecordBatch, int]]:
        """Batches from a row of the stream on, with the number of their first row in it."""
        import pyarrow as pa

        ends = list(itertools.accumulate(self.document["batches"]))
        at = self.begin + offset
        with pa.memory_map(str(self.path)) as source:
            reader = pa.ipc.open_file(source)
            for number in range(bisect.bisect_right(ends, at), len(ends)):
                if at >= self.end:
                    return
                first = ends[number] - self.document["batches"][number]
                batch = reader.get_batch(number).slice(at - first, min(self.end, ends[number]) - at)
                yield batch, at - self.begin
                at += batch.num_rows


def find(control: Control, name: str) -> ReadStream:
    """A stream by its name. 404 where there is none, 400 where its session has expired."""
    session, _, stream = name.partition("/streams/")
    resource = control.store.get(SESSIONS, session)
    if resource is None or stream not in resource.document["streams"]:
        raise not_found(f"request failed: read stream not found: {name}")
    expires = resource.document["expires"]
    if control.clock() >= expires:
        raise failed_precondition(f"request failed: session expired at {timestamp(expires)}")
    begin, end = resource.document["streams"][stream]
    return ReadStream(session, _file(control, session), resource.document, begin, end)


def _checked(body: dict[str, Any], session: dict[str, Any], options: dict[str, Any]) -> str:
    """The format of the session's data. 400 for what can't be meant."""
    form = str(session.get("dataFormat", ""))
    if form not in ("ARROW", "AVRO"):
        raise invalid_argument(
            "request failed: data format must be specified", {"read_session.data_format": "required"}
        )
    most, least = int(body.get("maxStreamCount") or 0), int(body.get("preferredMinStreamCount") or 0)
    if most < 0 or least < 0:
        raise invalid_argument("request failed: the number of streams must be non-negative")
    if 0 < most < least:
        raise invalid_argument(
            "request failed: max_stream_count must be greater than or equal to preferred_min_stream_count"
        )
    sample = options.get("samplePercentage")
    if sample is not None and not 0 < sample <= 100:
        raise invalid_argument("request failed: sample_percentage must be in the range (0, 100]")
    inner = (options.get("arrowSerializationOptions") or {}).get("bufferCompression")
    if inner and options.get("responseCompressionCodec"):
        raise invalid_argument(
            "request failed: only one of Arrow's buffer_compression and response_compression_codec may be set"
        )
    return form


def _owner(call: Call, body: dict[str, Any]) -> str:
    """The project that the session is made in, which may be another than the table's."""
    parent = str(body.get("parent", ""))
    kind, _, owner = parent.partition("/")
    if kind != "projects" or not owner or "/" in owner:
        raise invalid_argument(f"request failed: invalid parent '{parent}'", {"parent": "projects/{project_id}"})
    return call.control.projects.resolve(owner, call.control.clock())


def _schema(form: str, fields: list[dict[str, Any]], display: bool) -> dict[str, Any]:
    if form == "AVRO":
        return {"avroSchema": {"schema": avro.schema(fields, display=display)}}
    from sandbox.runtime.bigquery.arrow import arrow_schema

    serialized = arrow_schema(fields).serialize().to_pybytes()
    return {"arrowSchema": {"serializedSchema": base64.b64encode(serialized).decode()}}


def _streams(control: Control, rows: int, size: int, body: dict[str, Any]) -> dict[str, list[int]]:
    """The rows of each stream: as many streams as the bytes are worth, within what is asked for."""
    most = min(int(body.get("maxStreamCount") or 0) or _MOST_STREAMS, _MOST_STREAMS)
    count = max(math.ceil(size / _STREAM), int(body.get("preferredMinStreamCount") or 0), 1)
    count = max(1, min(count, most, rows))
    cuts = [rows * part // count for part in range(count + 1)]
    return {_new(control): [begin, end] for begin, end in itertools.pairwise(cuts)}


def _new(control: Control) -> str:
    return f"CAES{control.hex(40)}"


def _stream_name(call: Call) -> str:
    params = call.params
    session = f"projects/{call.project}/locations/{params['location']}/sessions/{params['session']}"
    return f"{session}/streams/{params['stream']}"


def _folder(control: Control) -> Path:
    return control.state_dir / "bigquery" / "sessions"


def _file(control: Control, session: str) -> Path:
    return _folder(control) / f"{session.rpartition('/')[2]}.arrow"


def _sweep(control: Control) -> None:
    """Drop what has expired, and the oldest of what is too much."""
    now = control.clock()
    kept = 0
    for resource in sorted(control.store.select(SESSIONS), key=lambda each: each.created, reverse=True):
        kept += resource.document["file"]
        if now >= resource.document["expires"] or kept > _MOST_KEPT:
            control.store.delete(SESSIONS, resource.name)
            _file(control, resource.name).unlink(missing_ok=True)

"""Streams of the Storage Write API: made, looked at, finalized, flushed, committed.

Each table has one that is always there, `_default`. The others are the engine's (`runtime/bigquery/streams.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.bigquerystorage.engine import StorageError, ask
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response

DEFAULT = "_default"
_KINDS = ("COMMITTED", "PENDING", "BUFFERED")
_NEW_NAMES = {"INTEGER": "INT64", "FLOAT": "DOUBLE", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}
_KEPT = ("name", "mode", "description", "maxLength", "precision", "scale", "defaultValueExpression", "rangeElementType")


async def create(call: Call) -> Response:
    """CreateWriteStream."""
    kind = str(call.body().get("type", "TYPE_UNSPECIFIED"))
    if kind not in _KINDS:
        raise invalid_argument(f"Invalid stream type {kind}: it must be COMMITTED, PENDING or BUFFERED.")
    place, parent = _place(call), _parent(call)
    document = await table(call.control, place, parent)
    name = f"{parent}/streams/Ci{call.control.hex(40)}"
    asked = {**_asked(place), "name": name, "kind": kind, "created": call.control.now()}
    stream = await ask(call.control, "create", asked, parent)
    return Response.of(_answer(name, stream, document))


async def get(call: Call) -> Response:
    """GetWriteStream."""
    place, name = _place(call), _name(call)
    document = await table(call.control, place, name)
    if _stream(call) == DEFAULT:
        created = timestamp(int(document["creationTime"]) / 1000)
        stream = {"kind": "COMMITTED", "created": created, "committed": created}
    else:
        stream = await ask(call.control, "find", {"name": name}, name)
    return Response.of(_answer(name, stream, document if call.query("view") in ("FULL", "2") else None))


async def finalize(call: Call) -> Response:
    """FinalizeWriteStream."""
    name = _name(call)
    _refuse_default(call, "finalized")
    done = await ask(call.control, "finalize", {"name": name}, name)
    return Response.of({"rowCount": str(done["rows"])})


async def flush(call: Call) -> Response:
    """FlushRows."""
    name, offset = _name(call), call.body().get("offset")
    _refuse_default(call, "flushed")
    if offset is None or int(offset) < 0:
        raise invalid_argument("FlushRows needs an offset from 0.", {"offset": "required"})
    await ask(call.control, "flush", {"name": name, "offset": int(offset)}, name)
    return Response.of({"offset": str(offset)})


async def commit(call: Call) -> Response:
    """BatchCommitWriteStreams."""
    names = call.body().get("writeStreams") or []
    if not names:
        raise invalid_argument("BatchCommitWriteStreams needs streams.", {"write_streams": "required"})
    now = call.control.now()
    asked = {**_asked(_place(call)), "streams": list(dict.fromkeys(names)), "now": now}
    done = await ask(call.control, "commit", asked, _parent(call))
    if done["errors"]:
        errors = [
            {"code": each["code"], "entity": each["entity"], "errorMessage": each["message"]} for each in done["errors"]
        ]
        return Response.of({"streamErrors": errors})
    return Response.of({"commitTime": now})


async def table(control: Control, place: tuple[str, str, str], entity: str) -> dict[str, Any]:
    """The document of a table that takes rows. 404 where there is none, about the entity; 400 for a view."""
    try:
        document = await tables.load(control, *place)
    except ApiError as error:
        if error.status == "NOT_FOUND":
            raise StorageError("NOT_FOUND", "TABLE_NOT_FOUND", "Requested entity was not found.", entity) from error
        raise
    if document["type"] != "TABLE":
        raise invalid_argument(f"Cannot append rows to a table of type {document['type']}. Entity: {entity}")
    return document


def schema(fields: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A table's schema as the Storage API writes it.

    >>> schema([{"name": "n", "type": "INTEGER", "mode": "NULLABLE"}])
    {'fields': [{'name': 'n', 'mode': 'NULLABLE', 'type': 'INT64'}]}
    """
    found = []
    for field in fields:
        shown = {key: field[key] for key in _KEPT if key in field}
        shown["type"] = _NEW_NAMES.get(field["type"], field["type"])
        if field["type"] == "RECORD":
            shown |= schema(field["fields"])
        found.append(shown)
    return {"fields": found}


def _answer(name: str, stream: dict[str, Any], document: dict[str, Any] | None) -> dict[str, Any]:
    found = {"name": name, "type": stream["kind"], "createTime": stream["created"], "writeMode": "INSERT"}
    if stream["committed"]:
        found["commitTime"] = stream["committed"]
    if document is not None:
        found["tableSchema"] = schema((document.get("schema") or {}).get("fields") or [])
        found["location"] = str(document.get("location", "US")).lower()
    return found


def _refuse_default(call: Call, what: str) -> None:
    if _stream(call) == DEFAULT:
        message = f"The {DEFAULT} stream can't be {what}."
        raise StorageError("INVALID_ARGUMENT", "INVALID_STREAM_TYPE", message, _name(call))


def _place(call: Call) -> tuple[str, str, str]:
    return call.project, call.params["dataset"], call.params["table"]


def _asked(place: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("project", "dataset", "table"), place, strict=True))


def _parent(call: Call) -> str:
    return "projects/{}/datasets/{}/tables/{}".format(*_place(call))


def _name(call: Call) -> str:
    return f"{_parent(call)}/streams/{_stream(call)}"


def _stream(call: Call) -> str:
    return call.params.get("stream", DEFAULT)

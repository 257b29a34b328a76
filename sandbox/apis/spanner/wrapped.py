"""Requests of Spanner's administration: a resource wrapped in a body, answered by an operation below it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.control import crud, masks, operations
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response

Json = dict[str, Any]


async def create(collection: Collection, call: Call, field: str) -> Response:
    """A POST of `{FIELD: …, FIELDId: …}`."""
    body = call.body()
    name = str(body.get(f"{field}Id") or call.query(f"{field}Id")).rpartition("/")[2]
    if not name:
        raise invalid_argument(f"{field}Id is required.", {f"{field}Id": "required"})
    checked = _bare(call, body.get(field), {"validateOnly": [str(body.get("validateOnly") or "")]})
    named = replace(checked, params={**call.params, collection.id_variable: name})
    return _answer(call, collection, await crud.create(collection, named), "Create")


async def update(collection: Collection, call: Call, field: str, mask: str = "fieldMask") -> Response:
    """A PATCH of `{FIELD: …, fieldMask: …}`."""
    body = call.body()
    paths = masks.paths(body.get(mask) or call.query(mask))
    changed = await crud.update(collection, _bare(call, body.get(field), {"updateMask": [",".join(paths)]}))
    return _answer(call, collection, changed, "Update")


def _answer(call: Call, collection: Collection, bare: Response, verb: str) -> Response:
    shown: Json = bare.json()
    noun = collection.noun
    told = {noun[0].lower() + noun[1:]: shown}
    return Response.of(ended(call, collection, shown, f"{verb}{noun}Metadata", told))


def _bare(call: Call, inner: Any, query: Mapping[str, list[str]]) -> Call:
    if not isinstance(inner, dict):
        raise invalid_argument("The resource is missing in the request.")
    request = replace(call.request, body=json.dumps(inner).encode(), query={**call.request.query, **query})
    return replace(call, request=request)


def ended(
    call: Call, collection: Collection, shown: Json, metadata: str, told: Json, error: ApiError | None = None
) -> Json:
    """An operation below a resource that is over."""
    package = collection.type.rpartition(".")[0]
    name = f"{shown['name']}/operations/_auto_op_{call.control.hex(16)}"
    with call.store.transaction():
        moment = {"startTime": call.control.now()} if metadata != "UpdateDatabaseDdlMetadata" else {}
        started = operations.start(call.control, shown["name"], f"{package}.{metadata}", {**told, **moment}, name=name)
        empty = metadata == "UpdateDatabaseDdlMetadata"
        kind = "google.protobuf.Empty" if empty else collection.type
        return operations.finish(
            call.control, started["name"], response_type=kind, response={} if empty else shown, error=error
        )

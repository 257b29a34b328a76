"""Compute Engine's operations: global, regional and zonal, done when they are answered."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.compute.errors import missing
from sandbox.control import paging
from sandbox.control.context import Call, timestamp
from sandbox.control.http import Response
from sandbox.control.router import Route

_ID = 10**18


def number(call: Call, counter: str) -> str:
    """A numeric id, as Google gives everything one."""
    return str(_ID + call.control.store.next(f"compute.{counter}") * 7919)


def done(call: Call, verb: str, target: str, target_id: str) -> Response:
    """The operation that did something, stored."""
    place = "/".join(target.split("/")[:-2])
    now = call.control.clock()
    name = f"operation-{int(now * 1000)}-{call.control.hex(12)}"
    moment = timestamp(now, 3)
    document: dict[str, Any] = {
        "kind": "compute#operation",
        "id": number(call, "operations"),
        "name": name,
        "operationType": verb,
        "targetLink": links.HOST + target,
        "targetId": target_id,
        "status": "DONE",
        "progress": 100,
        "user": "terraform@sandbox",
        "insertTime": moment,
        "startTime": moment,
        "endTime": moment,
        "selfLink": f"{links.HOST}{place}/operations/{name}",
    }
    for kind in ("region", "zone"):
        if f"/{kind}s/" in place:
            document[kind] = links.HOST + place
    call.control.store.put_operation(f"{place}/operations/{name}", place, document, now)
    return Response.of(document)


def _name(call: Call) -> str:
    for kind in ("region", "zone"):
        if kind in call.params:
            return f"projects/{call.project}/{kind}s/{call.params[kind]}"
    return f"projects/{call.project}/global"


async def _get(call: Call) -> Response:
    name = f"{_name(call)}/operations/{call.params['operation']}"
    document = call.control.store.operation(name)
    if document is None:
        raise missing(name)
    return Response.of(document)


async def _list(call: Call) -> Response:
    size = call.integer("maxResults", 500, 500) or 500
    found = call.control.store.operations(_name(call), paging.after(call.query("pageToken")), size + 1)
    page = paging.page("items", found, size, lambda item: str(item["name"]))
    return Response.of({"kind": "compute#operationList", **page})


async def _delete(call: Call) -> Response:
    await _get(call)
    call.control.store.delete_operation(f"{_name(call)}/operations/{call.params['operation']}")
    return Response(204)


def routes() -> list[Route]:
    """Get, wait, list and delete, in all places."""
    found = []
    for where in ("global", "regions/{region}", "zones/{zone}"):
        place = f"v1/projects/{{project}}/{where}/operations"
        found.append(Route("GET", place, _list))
        found.append(Route("GET", place + "/{operation}", _get))
        found.append(Route("POST", place + "/{operation}/wait", _get))
        found.append(Route("DELETE", place + "/{operation}", _delete))
    return found

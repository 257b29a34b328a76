"""Long-running operations: one store for all APIs, readable at their names under any of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.control import filters, names, paging
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route

TYPE = "type.googleapis.com/"


def start(
    control: Control, parent: str, metadata_type: str, metadata: dict[str, Any], *, name: str | None = None
) -> dict[str, Any]:
    """Store an operation that is not done and return it. `parent` is `projects/p/locations/l`."""
    name = name or f"{parent}/operations/operation-{control.uid()}"
    document: dict[str, Any] = {"name": name}
    if metadata_type:
        document["metadata"] = {"@type": TYPE + metadata_type, **metadata}
    control.store.put_operation(name, parent, document, control.clock())
    return document


def finish(
    control: Control,
    name: str,
    *,
    response_type: str = "google.protobuf.Empty",
    response: dict[str, Any] | None = None,
    error: ApiError | None = None,
) -> dict[str, Any]:
    """End a stored operation with a typed response or an error, and return it."""
    document = control.store.operation(name)
    if document is None:
        raise not_found(f"Operation '{name}' was not found.")
    document["done"] = True
    if "metadata" in document:
        document["metadata"].setdefault("endTime", control.now())
    if error is not None:
        document["error"] = {"code": GRPC_CODES[error.status], "message": error.message, "details": error.details}
    else:
        document["response"] = {"@type": TYPE + response_type, **(response or {})}
    control.store.put_operation(name, name.rpartition("/operations/")[0], document, control.clock())
    return document


def done(
    control: Control,
    parent: str,
    response_type: str,
    response: dict[str, Any],
    *,
    metadata_type: str = "",
    metadata: dict[str, Any] | None = None,
    name: str | None = None,
) -> dict[str, Any]:
    """An operation that ended at once, stored; what `lro=True` answers."""
    with control.store.transaction():
        started = start(control, parent, metadata_type, metadata or {}, name=name)
        return finish(control, started["name"], response_type=response_type, response=response)


GRPC_CODES = {
    "CANCELLED": 1,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}


Place = str
"""The template of what operations are below: `projects/{project}/locations/{location}`, empty for those of no place."""


def _name(place: Place, call: Call) -> str:
    return names.fill(f"{place}/operations/{{operation}}" if place else "operations/{operation}", call.params)


async def _get(place: Place, call: Call) -> Response:
    name = _name(place, call)
    document = call.store.operation(name)
    if document is None:
        raise not_found(f"Resource '{name}' was not found")
    return Response.of(document)


async def _list(place: Place, call: Call) -> Response:
    expression, parent = call.query("filter"), names.fill(place, call.params)
    size = call.integer("pageSize", 100, 1000) or 100
    after = paging.after(call.query("pageToken"))
    page = call.store.operations(parent, after, -1 if expression else size + 1)
    if expression:
        accepts = filters.compile_filter(expression)
        page = [operation for operation in page if accepts({"done": False, **operation})]
    return Response.of(paging.page("operations", page, size, lambda item: str(item["name"])))


async def _delete(place: Place, call: Call) -> Response:
    await _get(place, call)
    call.store.delete_operation(_name(place, call))
    return Response.of({})


async def _cancel(place: Place, call: Call) -> Response:
    """An operation that is done can't be cancelled; Google answers an empty success there."""
    answer = await _get(place, call)
    if not answer.json().get("done"):
        raise unimplemented("The sandbox does not cancel operations that run.")
    return Response.of({})


def routes(version: str, *more: Place) -> list[Route]:
    """The routes of the operations of a version, and of more places; every API with operations has them."""
    found: list[Route] = []
    for place in ("projects/{project}/locations/{location}", "", *more):
        path = "/".join(part for part in (version, place, "operations") if part)
        found.append(Route("GET", path + "/{operation}", partial(_get, place)))
        found.append(Route("DELETE", path + "/{operation}", partial(_delete, place)))
        found.append(Route("POST", path + "/{operation}", partial(_cancel, place), verb="cancel"))
        found.append(Route("POST", path + "/{operation}", partial(_get, place), verb="wait"))
        found.append(Route("GET", path, partial(_list, place)))
    return found

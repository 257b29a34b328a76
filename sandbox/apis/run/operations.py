"""Cloud Run's requests and operations: nulls count as left out, and an operation's metadata is the resource itself."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

from sandbox.control import crud
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.operations import GRPC_CODES, TYPE
from sandbox.control.router import Route


def replacing(call: Call) -> Call:
    """A change without a mask as one that replaces the whole resource."""
    if call.query("updateMask"):
        return call
    query = {**call.request.query, "updateMask": ["*"]}
    return dataclasses.replace(call, request=dataclasses.replace(call.request, query=query))


def begin(
    control: Control, parent: str, kind: str, document: dict[str, Any], name: str | None = None
) -> dict[str, Any]:
    """Store an operation that is not done; one of that name is begun again."""
    name = name or f"{parent}/operations/{control.uid()}"
    operation = {"name": name, "metadata": {"@type": TYPE + kind, **document}}
    control.store.put_operation(name, parent, operation, control.clock())
    return operation


def end(
    control: Control, name: str, kind: str, document: dict[str, Any] | None = None, error: ApiError | None = None
) -> dict[str, Any]:
    """End an operation with the resource, or with an error."""
    operation = control.store.operation(name) or {"name": name}
    if document is not None:
        operation["metadata"] = {"@type": TYPE + kind, **document}
    operation["done"] = True
    if error is not None:
        operation["error"] = {"code": GRPC_CODES[error.status], "message": error.message, "details": error.details}
        operation.pop("response", None)
    else:
        operation["response"] = {"@type": TYPE + kind, **(document or {})}
    control.store.put_operation(name, name.partition("/operations/")[0], operation, control.clock())
    return operation


def pending(control: Control, parent: str, resource: str) -> list[str]:
    """The operations of a resource that are not done, the oldest first."""
    found = [
        operation
        for operation in control.store.operations(parent, limit=1_000_000)
        if not operation.get("done") and operation.get("metadata", {}).get("name") == resource
    ]
    return [
        str(operation["name"]) for operation in sorted(found, key=lambda item: str(item["metadata"].get("updateTime")))
    ]


def routes(collection: Collection, kind: str, then: Callable[[Call, str], None] = lambda *_: None) -> list[Route]:
    """How resources are created, changed and deleted whose operations are done when they are answered.

    `then` is told the name of what was changed.
    """

    async def create(call: Call) -> Response:
        return answered(call, await crud.create(collection, call))

    async def update(call: Call) -> Response:
        return answered(call, await crud.update(collection, replacing(call)))

    async def delete(call: Call) -> Response:
        document = copy.deepcopy(collection.must(call.control, collection.name(call.params)).document)
        response = await crud.delete(collection, call)
        return answered(call, response, {**document, "deleteTime": call.control.now()})

    def answered(call: Call, response: Response, document: dict[str, Any] | None = None) -> Response:
        """The operation of the general case, with the resource as its metadata and response."""
        if call.flag("validateOnly"):
            return response
        operation = response.json()
        if document is None:
            document = collection.must(call.control, operation["response"]["name"]).document
        then(call, document["name"])
        return Response.of(end(call.control, operation["name"], kind, document))

    return [
        Route("POST", collection.path.rpartition("/")[0], create),
        Route("PATCH", collection.path, update),
        Route("DELETE", collection.path, delete),
    ]

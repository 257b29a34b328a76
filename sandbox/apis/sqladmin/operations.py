"""Cloud SQL Admin: operations, of the older kind: `kind: sql#operation`, a status, a place below the project."""

from __future__ import annotations

from sandbox.apis.sqladmin.common import route
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.errors import not_found
from sandbox.control.http import Response


@route("GET", "operations/{operation}")
async def get_operation(call: Call) -> Response:
    """`operations.get`."""
    document = call.store.operation(f"projects/{call.project}/sql/operations/{call.params['operation']}")
    if document is None:
        raise not_found("The operation does not exist.")
    return Response.of(document)


@route("GET", "operations")
async def list_operations(call: Call) -> Response:
    """`operations.list`: of one instance where it is named, the newest first."""
    found = call.store.operations(f"projects/{call.project}/sql", limit=-1)
    wanted = call.query("instance")
    found = [each for each in found if not wanted or each["targetId"] == wanted]
    found.sort(key=lambda each: str(each["insertTime"]), reverse=True)
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    rest = paging.rest(found, after, lambda each: str(each["name"]))
    page = paging.page("items", rest[: size + 1], size, lambda each: str(each["name"]))
    return Response.of({"kind": "sql#operationsList", **page})

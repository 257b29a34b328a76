"""Operations of buckets: they end at once, and are kept to be looked at."""

from __future__ import annotations

from typing import Any

from sandbox.apis.storage import buckets, documents
from sandbox.control import operations, paging
from sandbox.control.context import Call
from sandbox.control.errors import not_found
from sandbox.control.http import Response


def ended(
    call: Call,
    bucket: str,
    kind: str,
    metadata: dict[str, Any],
    response_type: str = "google.protobuf.Empty",
    response: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """An operation that has ended; `kind` is the message of its metadata."""
    now = documents.now(call)
    common = {"createTime": now, "endTime": now, "updateTime": now, "type": kind.rpartition(".")[2]}
    document = operations.done(
        call.control,
        f"projects/_/buckets/{bucket}",
        response_type,
        response or {},
        metadata_type=kind,
        metadata={"commonMetadata": {**common, "progressPercent": 100}, **metadata},
    )
    return shown(document)


def shown(document: dict[str, Any]) -> dict[str, Any]:
    """An operation as an answer."""
    path = str(document["name"]).removeprefix("projects/_/buckets/")
    return {"kind": "storage#operation", "selfLink": f"{documents.WEB}/b/{path}", **document}


async def get(call: Call) -> Response:
    """`operations.get`."""
    bucket = buckets.of_path(call)
    found = call.store.operation(f"projects/_/buckets/{bucket.name}/operations/{call.params['operation']}")
    if found is None:
        raise not_found(f"The operation {call.params['operation']} does not exist.")
    return Response.of(shown(found))


async def list_operations(call: Call) -> Response:
    """`operations.list`."""
    bucket = buckets.of_path(call)
    size = call.integer("pageSize", 100, 100) or 100
    found = call.store.operations(f"projects/_/buckets/{bucket.name}", paging.after(call.query("pageToken")), size + 1)
    page = paging.page("operations", found, size, lambda item: str(item["name"]), shown)
    return Response.of({"kind": "storage#operations", **page})


async def cancel(call: Call) -> Response:
    """`operations.cancel`: they have all ended."""
    await get(call)
    return Response(204)

"""What every machine of a project reads besides its own metadata."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import operations
from sandbox.apis.compute.documents import body_of, fingerprint
from sandbox.apis.compute.errors import stale
from sandbox.apis.compute.instance_parts import metadata
from sandbox.control.context import Call, Control
from sandbox.control.http import Response
from sandbox.control.projects import number
from sandbox.control.router import Route
from sandbox.control.store import Resource

_KEY = "compute.projectMetadata"


def shown(control: Control, project: str) -> dict[str, Any]:
    """As a project shows it."""
    found = control.store.get(_KEY, f"projects/{project}")
    document = found.document if found else {}
    return {"kind": "compute#metadata", "fingerprint": fingerprint(document), **document}


async def put(call: Call) -> Response:
    """`projects.setCommonInstanceMetadata`: all of it, under the fingerprint that stands."""
    body, name, moment = body_of(call), f"projects/{call.project}", call.control.clock()
    given, standing = body.get("fingerprint"), shown(call.control, call.project)
    if (given and given != standing["fingerprint"]) or (not given and standing.get("items")):
        raise stale()
    metadata(body)
    items = body.get("items")
    call.store.keep(Resource(_KEY, name, {"items": items} if items else {}, moment, moment))
    return operations.done(call, "setMetadata", name, number(call.project))


ROUTES = [Route("POST", "v1/projects/{project}/setCommonInstanceMetadata", put)]

"""The tier of a project's external addresses where nobody says one."""

from __future__ import annotations

from sandbox.apis.compute import operations
from sandbox.apis.compute.errors import invalid
from sandbox.control.context import Call, Control
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_KEY = "compute.networkTiers"
TIERS = ("PREMIUM", "STANDARD")


def default(control: Control, project: str) -> str:
    """A project's tier: PREMIUM until another one is set."""
    found = control.store.get(_KEY, f"projects/{project}")
    return str(found.document["tier"]) if found else TIERS[0]


async def put(call: Call) -> Response:
    """`projects.setDefaultNetworkTier`."""
    tier = call.body().get("networkTier")
    if tier not in TIERS:
        raise invalid("networkTier", tier, f"Must be one of {', '.join(TIERS)}.")
    name, moment = f"projects/{call.project}", call.control.clock()
    call.store.keep(Resource(_KEY, name, {"tier": tier}, moment, moment))
    return operations.done(call, "setDefaultNetworkTier", name, "0")


ROUTES = [Route("POST", "v1/projects/{project}/setDefaultNetworkTier", put)]

"""Regional endpoints: a number of a subnetwork for a Google API of one region. Nothing answers there."""

from __future__ import annotations

import re

from sandbox.apis.compute import addresses, links
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.located import located
from sandbox.control.store import Resource

_API = re.compile(r"[a-z][a-z0-9-]*\.([a-z0-9-]+)\.(?:p\.)?rep\.googleapis\.com")
_ACCESSES = ("GLOBAL", "REGIONAL")

endpoints = located(
    "google.cloud.networkconnectivity.v1",
    "regionalEndpoints/{endpoint}",
    "RegionalEndpoint",
    "regionalEndpointId",
    required=("targetGoogleApi", "accessType"),
    output_only=("pscForwardingRule",),
    location="region",
    update=(),
)


@endpoints.on_create
async def reserve(endpoint: Resource, call: Call) -> None:
    """A number in a network's subnetwork of the region: the one that is given or reserved, or one that is free."""
    document, region = endpoint.document, call.params["location"]
    found = _API.fullmatch(str(document["targetGoogleApi"]))
    if not found or found[1] != region:
        raise invalid_argument(
            f"targetGoogleApi '{document['targetGoogleApi']}' is no API of '{region}', such as "
            f"storage.{region}.rep.googleapis.com.",
            {"targetGoogleApi": "not of the region"},
        )
    if document["accessType"] not in _ACCESSES:
        raise invalid_argument(f"accessType must be one of {', '.join(_ACCESSES)}.", {"accessType": "unknown"})
    for field in ("network", "subnetwork"):
        if not document.get(field):
            raise invalid_argument(f"{field} is required.", {field: "required"})
        if find(call.control, links.relative(str(document[field]), call.project)) is None:
            raise not_found(f"The {field} '{document[field]}' was not found.")
    name = links.relative(str(document["subnetwork"]), call.project)
    subnet = find(call.control, name)
    network = links.relative(str(document["network"]), call.project)
    if subnet is None or subnet.document["network"] != network or name.split("/")[3] != region:
        raise invalid_argument(f"'{document['subnetwork']}' is of another network or region.", {"subnetwork": ""})
    given = str(document.get("address") or "")
    document["address"] = _number(endpoint, given, name, call)
    rule = f"regional-endpoint-{call.control.hex(12)}"
    document["pscForwardingRule"] = (
        f"//compute.googleapis.com/projects/{call.project}/regions/{region}/forwardingRules/{rule}"
    )


def _number(endpoint: Resource, given: str, subnetwork: str, call: Call) -> str:
    if "/" in given:
        kept = find(call.control, links.relative(given, call.project))
        if kept is None:
            raise not_found(f"The address '{given}' was not found.")
        given = str(kept.document["address"])
    if not given:
        return addresses.inside(subnetwork, call)
    addresses.check_inside(given, subnetwork, call)
    for other in call.store.select(endpoints.key):
        same = links.relative(str(other.document["subnetwork"]), other.name.split("/")[1]) == subnetwork
        if same and other.document["address"] == given:
            raise failed_precondition(f"The address {given} is used by '{other.name}'.")
    return given

"""Firewall endpoints of a zone, and which networks' traffic goes through them."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.zones import NAMES
from sandbox.apis.networksecurity.common import collection, compute, everywhere, must
from sandbox.apis.networksecurity.tls import inspections
from sandbox.control import above
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.referring import keep_used, relative
from sandbox.control.store import Resource

Json = dict[str, Any]
_READY = {"state": "ACTIVE", "reconciling": False}

endpoints, organization_endpoints = everywhere(
    "firewallEndpoints/{endpoint}",
    "FirewallEndpoint",
    "firewallEndpointId",
    immutable=("endpointSettings",),
    output_only=("state", "reconciling", "associatedNetworks", "associations"),
)
associations = collection(
    "firewallEndpointAssociations/{association}",
    "FirewallEndpointAssociation",
    "firewallEndpointAssociationId",
    required=("network", "firewallEndpoint"),
    immutable=("network", "firewallEndpoint"),
    output_only=("state", "reconciling"),
)


def check_zone(call: Call) -> None:
    """400 for a location that is no zone."""
    if call.params["location"] not in NAMES:
        raise invalid_argument(f"The location must be a zone, not '{call.params['location']}'.")


@endpoints.checked
@organization_endpoints.checked
async def check_endpoint(endpoint: Resource, call: Call) -> None:
    """An organization's is paid by a project."""
    above.check_number(call)
    check_zone(call)
    _check_billing(endpoint, call)
    endpoint.document |= _READY


def _check_billing(endpoint: Resource, call: Call) -> None:
    if "organization" in call.params and not endpoint.document.get("billingProjectId"):
        raise invalid_argument("billingProjectId is required.", {"billingProjectId": "required"})
    if "project" in call.params:
        endpoint.document.setdefault("billingProjectId", call.project)


@endpoints.shown_by
@organization_endpoints.shown_by
def with_networks(endpoint: Resource, call: Call) -> Json:
    """With the networks that are associated with it."""
    own = [
        {"name": one.name, "network": one.document["network"]}
        for one in call.store.select(associations.key)
        if relative(one.document["firewallEndpoint"], call) == endpoint.name
    ]
    if not own:
        return endpoint.document
    return {**endpoint.document, "associations": own, "associatedNetworks": [one["network"] for one in own]}


@endpoints.on_delete
@organization_endpoints.on_delete
async def keep_endpoint(endpoint: Resource, call: Call) -> None:
    """One with associations can't go."""
    keep_used(endpoint, call, associations.key)


@associations.on_create
async def check_association(association: Resource, call: Call) -> None:
    """A network has one in a zone."""
    check_zone(call)
    document = association.document
    network = compute(document["network"], "networks", call, "network")
    endpoint = must(document["firewallEndpoint"], endpoints.key, call, "firewall endpoint")
    if endpoint.name.split("/")[3] != call.params["location"]:
        raise invalid_argument(
            f"'{endpoint.name}' is not in '{call.params['location']}'.", {"firewallEndpoint": "another zone"}
        )
    for other in call.store.select(associations.key):
        same = relative(other.document["network"], call) == network.name
        if same and other.name.split("/")[3] == call.params["location"]:
            raise failed_precondition(f"'{other.name}' is of the network and the zone already.")
    document |= _READY
    _check_inspection(document, call)


@associations.on_update
async def recheck_association(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check_inspection(new.document, call)


def _check_inspection(document: Json, call: Call) -> None:
    document.setdefault("disabled", False)
    if document.get("tlsInspectionPolicy"):
        must(document["tlsInspectionPolicy"], inspections.key, call, "TLS inspection policy")

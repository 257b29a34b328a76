"""Endpoints of Private Service Connect that a producer makes by a policy for service connections.

An endpoint is an address in the first of the policy's subnetworks that has one free. Nothing answers there.
"""

from __future__ import annotations

from hashlib import sha256

from sandbox.apis.compute import addresses, links
from sandbox.apis.compute.documents import insert_for_google
from sandbox.apis.networkconnectivity.api import policies
from sandbox.control.context import Call
from sandbox.control.store import Resource


def policy_for(network: str, region: str, service_class: str, call: Call) -> Resource | None:
    """The policy of a network's region for a class of services, such as "google-cloud-sql"."""
    wanted = links.relative(network, call.project)
    for policy in call.store.select(policies.key):
        project, place = policy.name.split("/")[1], policy.name.split("/")[3]
        same = links.relative(policy.document["network"], project) == wanted and place == region
        if same and policy.document["serviceClass"] == service_class:
            return policy
    return None


def connect(owner: str, project: str, policy: Resource, call: Call) -> str:
    """The address of an endpoint for the resource that `owner` names: the one that it has, or a new one."""
    name = _address(owner, project, policy.name.split("/")[3])
    kept = call.store.get(addresses.addresses.key, name)
    if kept is not None:
        return str(kept.document["address"])
    subnetwork = (policy.document.get("pscConfig") or {}).get("subnetworks", [""])[0]
    subnetwork = links.relative(str(subnetwork), policy.name.split("/")[1])
    number = addresses.inside(subnetwork, call)
    fields = {
        "address": number,
        "addressType": "INTERNAL",
        "purpose": "GCE_ENDPOINT",
        "subnetwork": subnetwork,
        "status": "IN_USE",
    }
    insert_for_google(call, addresses.addresses.key, name, fields)
    return number


def release(owner: str, project: str, region: str, call: Call) -> None:
    """The endpoint goes with what it leads to."""
    call.store.delete(addresses.addresses.key, _address(owner, project, region))


def _address(owner: str, project: str, region: str) -> str:
    id_ = f"sca-auto-addr-{sha256(owner.encode()).hexdigest()[:24]}"
    return f"projects/{project}/regions/{region}/addresses/{id_}"

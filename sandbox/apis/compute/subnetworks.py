"""Subnetworks: ranges of a network in a region, flow logs, and what is kept of IPv6."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_network
from typing import Any

from sandbox.apis.compute import ipv6, ranges, reserved_ranges
from sandbox.apis.compute.errors import in_use, invalid
from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_SMALLEST = 29

_PURPOSES = (
    "PRIVATE",
    "REGIONAL_MANAGED_PROXY",
    "GLOBAL_MANAGED_PROXY",
    "PRIVATE_SERVICE_CONNECT",
    "PRIVATE_NAT",
    "PEER_MIGRATION",
)


def _ipv4(document: Json, call: Call, old: Resource | None) -> None:
    """Its ranges are its own; the first address is the gateway's."""
    network = document["network"]
    reserved_ranges.settle(document, "ipCidrRange", network, call)
    block = ranges.cidr("ipCidrRange", document["ipCidrRange"])
    if block.prefixlen > _SMALLEST:
        raise invalid("ipCidrRange", document["ipCidrRange"], "The range is too small: at most /29.")
    own = [("ipCidrRange", document["ipCidrRange"])]
    for second in document.get("secondaryIpRanges") or []:
        reserved_ranges.settle(second, "secondaryIpRanges[].ipCidrRange", network, call)
        own.append(("secondaryIpRanges", second["ipCidrRange"]))
    but = {old.name if old else "", *reserved_ranges.open_to(document, call.control)}
    for at, (field, text) in enumerate(own):
        wanted = ranges.cidr(field, text)
        other = ranges.conflict(wanted, call.control, network, but=but)
        if other is not None:
            where = f"subnetwork '{other}'" if "/subnetworks/" in other else f"range '{other}'"
            raise invalid_argument(f"Invalid IPCidrRange: {text} conflicts with existing {where}.")
        if any(wanted.overlaps(IPv4Network(before)) for _, before in own[:at]):
            raise invalid_argument(f"Invalid IPCidrRange: {text} conflicts with another range of the subnetwork.")
    document["gatewayAddress"] = str(block.network_address + 1)


def _subnetwork(document: Json, call: Call, old: Resource | None) -> None:
    purpose = document.get("purpose", "PRIVATE")
    if purpose not in _PURPOSES:
        raise invalid("purpose", purpose, "The sandbox makes no subnetworks for it.")
    ipv6.settle_subnetwork(document, call, old)
    document.setdefault("purpose", purpose)
    document.setdefault("privateIpGoogleAccess", False)
    document.setdefault("privateIpv6GoogleAccess", "DISABLE_GOOGLE_ACCESS")
    document.setdefault("allowSubnetCidrRoutesOverlap", False)
    if document["stackType"] == "IPV6_ONLY":
        for field in ("ipCidrRange", "secondaryIpRanges", "reservedInternalRange"):
            if document.get(field):
                raise invalid(field, document[field], "A subnetwork of stack type IPV6_ONLY has no IPv4 range.")
    else:
        _ipv4(document, call, old)
    logs = document.get("logConfig")
    if logs:
        logs.setdefault("enable", True)
    if logs and logs["enable"]:
        for key, value in _LOGS.items():
            logs.setdefault(key, value)
    document["enableFlowLogs"] = bool(logs and logs["enable"])
    if not document["enableFlowLogs"]:
        document["logConfig"] = {"enable": False}


_LOGS = {
    "aggregationInterval": "INTERVAL_5_SEC",
    "flowSampling": 0.5,
    "metadata": "INCLUDE_ALL_METADATA",
    "filterExpr": "true",
}


def _expand(subnet: Resource, body: Json, call: Call) -> None:
    if subnet.document["stackType"] == "IPV6_ONLY":
        raise invalid("ipCidrRange", body.get("ipCidrRange"), "A subnetwork of stack type IPV6_ONLY has no IPv4 range.")
    old = ip_network(subnet.document["ipCidrRange"])
    new = ranges.cidr("ipCidrRange", str(body.get("ipCidrRange", "")))
    if not old.subnet_of(new):  # type: ignore[arg-type]
        raise invalid("ipCidrRange", new, f"Must contain the current range {old}.")
    subnet.document["ipCidrRange"] = str(new)
    _subnetwork(subnet.document, call, subnet)


def _set_google_access(subnet: Resource, body: Json, call: Call) -> None:
    subnet.document["privateIpGoogleAccess"] = bool(body.get("privateIpGoogleAccess"))


def _shown(subnet: Resource, call: Call) -> Json:
    return reserved_ranges.shown(subnet)


def _keep_auto(subnet: Resource, call: Call) -> None:
    """What Google made for a network in auto mode goes with the network."""
    network = call.store.get("compute.networks", subnet.document["network"])
    if network is not None and network.document["autoCreateSubnetworks"] and subnet.id == network.id:
        raise in_use("subnetwork", subnet.name, network.name)


subnetworks = Kind(
    "subnetworks",
    "subnetwork",
    "compute#subnetwork",
    scope="regions",
    required=("network",),
    immutable=("network", "purpose"),
    output_only=("gatewayAddress", "ipv6CidrRange", "ipv6GceEndpoint", "state"),
    fingerprint=True,
    check=_subnetwork,
    view=_shown,
    gone=_keep_auto,
    iam=True,
    verbs={"expandIpCidrRange": _expand, "setPrivateIpGoogleAccess": _set_google_access},
)

"""Routers, with the NATs, interfaces and BGP peers that are part of them."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import links, router_peers
from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import NAME, Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_ALL = ("ALL_SUBNETWORKS_ALL_IP_RANGES", "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES")


def _router(document: Json, call: Call, old: Resource | None) -> None:
    router_peers.complete(document, old.document if old else {})
    document.setdefault("encryptedInterconnectRouter", False)
    seen: set[str] = set()
    for nat in document.get("nats") or []:
        _nat(nat, document, call, old)
        if nat["name"] in seen:
            raise invalid_argument(f"Duplicate NAT name '{nat['name']}'.")
        seen.add(nat["name"])


def _nat(nat: Json, router: Json, call: Call, old: Resource | None) -> None:
    if not re.fullmatch(NAME, str(nat.get("name") or "")):
        raise invalid("nats[].name", nat.get("name"), f"Must be a match of regex '{NAME}'")
    nat.setdefault("type", "PUBLIC")
    if nat["type"] == "PUBLIC":
        nat.setdefault("natIpAllocateOption", "AUTO_ONLY")
    nat.setdefault("endpointTypes", ["ENDPOINT_TYPE_VM"])
    nat.setdefault("enableEndpointIndependentMapping", False)
    nat.setdefault("enableDynamicPortAllocation", False)
    nat.setdefault("autoNetworkTier", "PREMIUM")
    for key, value in _TIMEOUTS.items():
        nat.setdefault(key, value)
    for subnet in nat.get("subnetworks") or []:
        if not subnet.get("name"):
            raise required("nats[].subnetworks[].name")
        subnet["name"] = links.HOST + links.relative(str(subnet["name"]), call.project)
    manual, ips = nat.get("natIpAllocateOption") == "MANUAL_ONLY", nat.get("natIps") or []
    if manual and not ips:
        raise required("nats[].natIps")
    if not manual and ips:
        raise invalid("nats[].natIps", ips, "AUTO_ONLY takes none.")
    if nat["enableDynamicPortAllocation"] and nat["enableEndpointIndependentMapping"]:
        raise invalid_argument("Dynamic port allocation and endpoint independent mapping exclude each other.")
    for name in ips:
        address = call.store.get("compute.regional.addresses", name)
        if address is None or address.document["addressType"] != "EXTERNAL":
            raise invalid("nats[].natIps", name, "Must be a reserved external address of the region.")
    chosen = nat.get("sourceSubnetworkIpRangesToNat")
    if chosen not in (*_ALL, "LIST_OF_SUBNETWORKS"):
        raise invalid("nats[].sourceSubnetworkIpRangesToNat", chosen, f"Must be one of {_ALL} or LIST_OF_SUBNETWORKS.")
    if chosen == "LIST_OF_SUBNETWORKS" and not nat.get("subnetworks"):
        raise required("nats[].subnetworks")
    _alone(nat, router, call, old)


_TIMEOUTS = {
    "udpIdleTimeoutSec": 30,
    "icmpIdleTimeoutSec": 30,
    "tcpEstablishedIdleTimeoutSec": 1200,
    "tcpTransitoryIdleTimeoutSec": 30,
    "tcpTimeWaitTimeoutSec": 120,
}


def _alone(nat: Json, router: Json, call: Call, old: Resource | None) -> None:
    """A subnet is served by one NAT, and an address serves one."""
    region, mine = call.params["region"], old.name if old else ""
    for other in routers.all(call.control, call.project):
        if other.name == mine or other.name.split("/")[3] != region:
            continue
        for theirs in other.document.get("nats") or []:
            shared = set(nat.get("natIps") or []) & set(theirs.get("natIps") or [])
            if shared:
                raise invalid("nats[].natIps", shared.pop(), f"The address is used by '{other.name}'.")
            if other.document.get("network") != router.get("network"):
                continue
            both = {nat["sourceSubnetworkIpRangesToNat"], theirs["sourceSubnetworkIpRangesToNat"]}
            if both & set(_ALL) or _subnets(nat) & _subnets(theirs):
                raise invalid_argument(
                    f"A subnetwork is already served by the NAT '{theirs['name']}' of '{other.name}'."
                )


def _subnets(nat: Json) -> set[str]:
    return {str(subnet["name"]) for subnet in nat.get("subnetworks") or []}


routers = Kind(
    "routers",
    "router",
    "compute#router",
    scope="regions",
    required=("network",),
    immutable=("network",),
    methods=("PATCH", "PUT"),
    check=_router,
    view=lambda router, call: router_peers.shown(router.document),
)

"""Reserved addresses, of a region and global ones."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address, ip_network
from typing import Any

from sandbox.apis.compute import links, ranges
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import KINDS, Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
# Ranges for documentation and benchmarks: an address of the sandbox is nobody's on the internet.
_REGIONAL, _GLOBAL = ip_network("198.18.0.0/16"), ip_network("198.19.0.0/16")


def _regional(document: Json, call: Call, old: Resource | None) -> None:
    if old is not None:
        return
    kind = document["addressType"]
    if kind not in ("EXTERNAL", "INTERNAL"):
        raise invalid("addressType", kind, "Must be EXTERNAL or INTERNAL.")
    document["status"] = "RESERVED"
    if kind == "EXTERNAL":
        document.setdefault("networkTier", "PREMIUM")
        if document.get("subnetwork"):
            raise invalid("subnetwork", document["subnetwork"], "An external address has none.")
        _external(document, call, _REGIONAL)
        return
    document.setdefault("purpose", "GCE_ENDPOINT")
    if not document.get("subnetwork"):
        raise required("subnetwork")
    _internal(document, call)


def _internal(document: Json, call: Call) -> None:
    """In the subnet: the one that is asked for, or the first that is free."""
    subnet = call.store.get("compute.regional.subnetworks", document["subnetwork"])
    if subnet is None:  # of another project, which may be one that isn't here
        raise missing(document["subnetwork"])
    block = ip_network(subnet.document["ipCidrRange"])
    held = {
        r.document["address"]
        for r in addresses.all(call.control, call.project)
        if r.document.get("subnetwork") == subnet.name
    }
    wanted = document.get("address")
    if wanted is not None:
        if ip_address(wanted) not in block:
            raise invalid("address", wanted, f"The address is not within the subnetwork's range {block}.")
        if wanted in held:
            raise invalid_argument(f"IP address '{wanted}' is already being used.", reason="resourceInUse")
        return
    # Google keeps the first two and the last two of a range for itself.
    hosts = list(block.hosts())[1:-1]
    document["address"] = next(str(host) for host in hosts if str(host) not in held)


def _external(document: Json, call: Call, pool: Any) -> None:
    if document.get("address"):
        raise invalid("address", document["address"], "External addresses are chosen by Google.")
    held = {r.document.get("address") for kind in (addresses, global_addresses) for r in call.store.select(kind.key)}
    seed = int.from_bytes(hashlib.sha256(f"{call.project}/{document['name']}".encode()).digest()[:2], "big")
    for step in range(pool.num_addresses):
        chosen = str(pool[(seed + step) % pool.num_addresses])
        if chosen not in held and not chosen.endswith((".0", ".255")):
            document["address"] = chosen
            return
    raise invalid_argument("No address is free.")


def _global(document: Json, call: Call, old: Resource | None) -> None:
    if old is not None:
        return
    kind, purpose = document["addressType"], document.get("purpose")
    document["status"] = "RESERVED"
    if kind == "EXTERNAL":
        document.setdefault("networkTier", "PREMIUM")
        document.setdefault("ipVersion", "IPV4")
        _external(document, call, _GLOBAL)
        return
    if purpose == "PRIVATE_SERVICE_CONNECT":
        _endpoint(document, call)
        return
    if purpose != "VPC_PEERING":
        raise invalid("purpose", purpose, "A global internal address is for VPC_PEERING or PRIVATE_SERVICE_CONNECT.")
    for field in ("network", "prefixLength"):
        if not document.get(field):
            raise required(field)
    length = int(document["prefixLength"])
    if not 8 <= length <= 29:
        raise invalid("prefixLength", length, "Must be between 8 and 29.")
    if document.get("address"):
        block = ranges.cidr("address", f"{document['address']}/{length}")
        other = ranges.conflict(block, call.control, document["network"])
        if other is not None:
            raise invalid_argument(f"Requested range conflicts with '{other}'.")
    else:
        block = ranges.free(call.control, document["network"], length)
    document["address"] = str(block.network_address)


def _endpoint(document: Json, call: Call) -> None:
    """One address of a network for Google's APIs, outside of its ranges."""
    if not document.get("network"):
        raise required("network")
    if document.get("prefixLength"):
        raise invalid(
            "prefixLength", document["prefixLength"], "An address of PRIVATE_SERVICE_CONNECT is a single one."
        )
    if document.get("address"):
        block = ranges.cidr("address", f"{document['address']}/32")
        other = ranges.conflict(block, call.control, document["network"])
        if other is not None:
            raise invalid_argument(f"Requested range conflicts with '{other}'.")
    else:
        document["address"] = str(ranges.free(call.control, document["network"], 29)[1])


def _users(address: Resource, call: Call) -> Json:
    """Who uses an address: whatever names it, or its number."""
    number, project = address.document.get("address"), address.name.split("/")[1]
    found = [
        resource.name
        for kind in KINDS
        if kind.collection in ("routers", "forwardingRules")
        for resource in kind.all(call.control, project)
        if links.mentions(resource.document, address.name)
        or (kind.collection == "forwardingRules" and resource.document.get("IPAddress") == number)
    ]
    return {"users": found, "status": "IN_USE"} if found else {}


addresses = Kind(
    "addresses",
    "address",
    "compute#address",
    regional=True,
    defaults={"addressType": "EXTERNAL"},
    output_only=("status", "users"),
    methods=(),
    labelled=True,
    check=_regional,
    view=_users,
)
global_addresses = Kind(
    "addresses",
    "address",
    "compute#address",
    defaults={"addressType": "EXTERNAL"},
    output_only=("status", "users"),
    methods=(),
    labelled=True,
    check=_global,
    view=_users,
)

"""Reserved addresses, of a region and global ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

from sandbox.apis.compute import ipv6, links, network_tiers, ranges
from sandbox.apis.compute.errors import in_use, invalid, missing, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import KINDS, find
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
    if document.get("ipVersion") == "IPV6":
        ipv6.reserve(document, call)
        return
    if kind == "EXTERNAL":
        document.setdefault("networkTier", network_tiers.default(call.control, call.project))
        if document.get("subnetwork"):
            raise invalid("subnetwork", document["subnetwork"], "An external address has none.")
        _external(document, call, "regions")
        return
    document.setdefault("purpose", "GCE_ENDPOINT")
    if not document.get("subnetwork"):
        if document.get("network"):
            raise required("subnetwork")
        document["subnetwork"] = _default_subnetwork(call)
    _internal(document, call)


def _default_subnetwork(call: Call) -> str:
    """The subnetwork of the region in the network called default; 400 where there is none."""
    place = f"projects/{call.project}"
    name = f"{place}/regions/{call.params['region']}/subnetworks/default"
    if find(call.control, f"{place}/global/networks/default") is None or find(call.control, name) is None:
        raise required("subnetwork")
    return name


def _subnetwork(name: str, call: Call) -> Resource:
    subnet = call.store.get("compute.regional.subnetworks", name)
    if subnet is None:  # of another project, which may be one that isn't here
        raise missing(name)
    return subnet


def _held(call: Call, subnet: str = "") -> set[str]:
    """The numbers that are reserved or lead somewhere, of a subnetwork or on the internet."""
    found = set()
    for kind in KINDS:
        if kind.collection in ("addresses", "forwardingRules"):
            for one in call.store.select(kind.key):
                number = one.document.get("address") or one.document.get("IPAddress")
                if number and (one.document.get("subnetwork") or "") == subnet:
                    found.add(number)
    if subnet:
        found |= {number for other, number in _elsewhere(call) if other == subnet}
    return found | of_machines(call, subnet)


def _elsewhere(call: Call) -> Iterator[tuple[str, str]]:
    """The subnetworks' numbers that resources of other APIs have."""
    for key, field in (("networkconnectivity.regionalEndpoints", "address"), ("networkservices.gateways", "addresses")):
        for one in call.store.select(key):
            given = one.document.get(field) or []
            for number in [given] if isinstance(given, str) else given:
                yield links.relative(str(one.document.get("subnetwork")), one.name.split("/")[1]), str(number)


def of_machines(call: Call, subnet: str = "") -> set[str]:
    """The numbers that machines have, in a subnetwork or on the internet."""
    machines = call.store.select("compute.zonal.instances")
    return {number for machine in machines for number in _of_machine(machine, subnet)}


def _of_machine(machine: Resource, subnet: str) -> Iterator[str]:
    """The numbers of one machine, in a subnetwork or on the internet."""
    for interface in machine.document["networkInterfaces"]:
        if subnet and interface["subnetwork"] == subnet:
            yield interface["networkIP"]
        elif not subnet:
            yield from (config["natIP"] for config in interface.get("accessConfigs") or [])


def check_inside(wanted: str, subnetwork: str, call: Call) -> None:
    """That a number is one of a subnetwork's."""
    subnet = _subnetwork(subnetwork, call)
    block = ip_network(subnet.document["ipCidrRange"])
    try:
        within = ip_address(wanted) in block
    except ValueError:
        raise invalid("address", wanted, "Must be an IP address.") from None
    if not within:
        raise invalid("address", wanted, f"The address is not within the subnetwork's range {block}.")


def inside(subnetwork: str, call: Call) -> str:
    """The first number of a subnetwork that is free."""
    subnet = _subnetwork(subnetwork, call)
    held = _held(call, subnet.name)
    # Google keeps the first two and the last two of a range for itself.
    hosts = list(ip_network(subnet.document["ipCidrRange"]).hosts())[1:-1]
    found = next((str(host) for host in hosts if str(host) not in held), None)
    if found is None:
        raise invalid_argument(f"No address of '{subnet.name}' is free.")
    return found


def outside(what: str, call: Call, scope: str) -> str:
    """A number on the internet that is free, always the same for the same thing where it can be."""
    pool, held = _GLOBAL if scope == "global" else _REGIONAL, _held(call)
    seed = int.from_bytes(hashlib.sha256(what.encode()).digest()[:2], "big")
    for step in range(pool.num_addresses):
        chosen = str(pool[(seed + step) % pool.num_addresses])
        if chosen not in held and not chosen.endswith((".0", ".255")):
            return chosen
    raise invalid_argument("No address is free.")


def _internal(document: Json, call: Call) -> None:
    """In the subnet: the one that is asked for, or the first that is free."""
    wanted = document.get("address")
    if wanted is not None:
        check_inside(wanted, document["subnetwork"], call)
        if wanted in _held(call, document["subnetwork"]):
            raise invalid_argument(f"IP address '{wanted}' is already being used.", reason="resourceInUse")
    else:
        document["address"] = inside(document["subnetwork"], call)


def _external(document: Json, call: Call, scope: str) -> None:
    if document.get("address"):
        raise invalid("address", document["address"], "External addresses are chosen by Google.")
    document["address"] = outside(f"{call.project}/{document['name']}", call, scope)


def _global(document: Json, call: Call, old: Resource | None) -> None:
    if old is not None:
        return
    kind, purpose = document["addressType"], document.get("purpose")
    document["status"] = "RESERVED"
    if kind == "EXTERNAL":
        document.setdefault("networkTier", "PREMIUM")
        if document.setdefault("ipVersion", "IPV4") == "IPV6":
            six = ipv6.chosen(ipv6.OUTSIDE, 64, f"{call.project}/{document['name']}", _blocks(call))
            document["address"] = six.partition("/")[0]
            return
        _external(document, call, "global")
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


def _blocks(call: Call) -> set[str]:
    """The IPv6 ranges on the internet that are given away: those of global addresses and of subnetworks."""
    held = {f"{one.document.get('address')}/64" for one in call.store.select("compute.addresses")}
    subnets = call.store.select("compute.regional.subnetworks")
    return held | {str(subnet.document.get("externalIpv6Prefix")) for subnet in subnets}


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


def _used_by(address: Resource, call: Call) -> list[str]:
    """Who uses an address: whatever names it, or has its number in the same subnetwork or on the internet."""
    document, project = address.document, address.name.split("/")[1]
    number, subnet = document.get("address"), document.get("subnetwork") or ""
    found = []
    for kind in KINDS:
        if kind.collection not in ("routers", "forwardingRules", "instances"):
            continue
        for one in kind.all(call.control, project):
            if kind.collection == "instances":
                uses = number in set(_of_machine(one, subnet))
            else:
                uses = kind.collection == "forwardingRules" and one.document.get("IPAddress") == number
            if uses or links.mentions(one.document, address.name):
                found.append(one.name)
    return found


def _users(address: Resource, call: Call) -> Json:
    found = _used_by(address, call)
    return {"users": found, "status": "IN_USE"} if found else {}


def _kept(address: Resource, call: Call) -> None:
    """What is in use stays."""
    if found := _used_by(address, call):
        raise in_use("address", address.name, found[0])


addresses = Kind(
    "addresses",
    "address",
    "compute#address",
    scope="regions",
    defaults={"addressType": "EXTERNAL"},
    output_only=("status", "users"),
    methods=(),
    labelled=True,
    check=_regional,
    view=_users,
    gone=_kept,
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
    gone=_kept,
)

"""IPv6: a /48 of a network for inside, a /64 of a subnetwork for inside or outside, a /96 of it that is reserved."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from ipaddress import IPv6Network
from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
STACKS = ("IPV4_ONLY", "IPV4_IPV6", "IPV6_ONLY")
_ACCESS = ("INTERNAL", "EXTERNAL")
_INSIDE = IPv6Network("fd20::/20")
# For documentation: an address of the sandbox is nobody's on the internet.
OUTSIDE = IPv6Network("2001:db8::/32")
_FIELDS = ("ipv6AccessType", "internalIpv6Prefix", "externalIpv6Prefix", "ipv6CidrRange", "ipv6GceEndpoint")


def chosen(pool: IPv6Network, length: int, what: str, taken: Collection[str]) -> str:
    """A range of a pool that is free, always the same for the same thing where it can be."""
    bits = length - pool.prefixlen
    seed = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big")
    for step in range(2**bits):
        at = (seed + step) % 2**bits
        block = str(IPv6Network((int(pool.network_address) + (at << 128 - length), length)))
        if block not in taken:
            return block
    raise invalid_argument(f"No IPv6 range of {pool} is free.")


def settle_network(document: Json, call: Call, old: Resource | None) -> None:
    """The /48 of a network that has IPv6 inside. Raises what Google refuses."""
    given = document.get("internalIpv6Range")
    if not document.get("enableUlaInternalIpv6"):
        if given:
            raise invalid("internalIpv6Range", given, "enableUlaInternalIpv6 must be true.")
        return
    others = [one for one in call.store.select("compute.networks") if old is None or one.name != old.name]
    taken = {str(one.document.get("internalIpv6Range")) for one in others}
    if not given:
        document["internalIpv6Range"] = chosen(_INSIDE, 48, f"{call.project}/{document['name']}", taken)
        return
    try:
        block = IPv6Network(given)
    except ValueError:
        block = OUTSIDE
    if block.prefixlen != 48 or not block.subnet_of(_INSIDE):
        raise invalid("internalIpv6Range", given, f"Must be a /48 range within {_INSIDE}.")
    if str(block) in taken:
        raise invalid("internalIpv6Range", given, "Another network has it.")


def settle_subnetwork(document: Json, call: Call, old: Resource | None) -> None:
    """The /64 of a subnetwork that has IPv6, of its network's range or of the internet. Raises what Google refuses."""
    stack = document.setdefault("stackType", "IPV4_ONLY")
    if stack not in STACKS:
        raise invalid("stackType", stack, f"Must be one of {', '.join(STACKS)}.")
    if document.get("ipCollection"):
        raise unimplemented("The sandbox has no addresses of one's own: ipCollection is not served.")
    access = document.get("ipv6AccessType")
    if stack == "IPV4_ONLY":
        if access and old is None:
            raise invalid("ipv6AccessType", access, "A subnetwork of stack type IPV4_ONLY has none.")
        for field in _FIELDS:
            document.pop(field, None)
        return
    if not access:
        raise required("ipv6AccessType")
    if access not in _ACCESS:
        raise invalid("ipv6AccessType", access, f"Must be one of {', '.join(_ACCESS)}.")
    if old is not None and old.document.get("ipv6AccessType") not in (None, access):
        raise invalid("ipv6AccessType", access, "It can't be changed while the subnetwork has IPv6.")
    field = "internalIpv6Prefix" if access == "INTERNAL" else "externalIpv6Prefix"
    document[field] = _prefix(field, document, call, old)
    document["ipv6CidrRange"] = document[field]
    document["ipv6GceEndpoint"] = "VM_AND_FR"


def _prefix(field: str, document: Json, call: Call, old: Resource | None) -> str:
    pool = OUTSIDE
    if field == "internalIpv6Prefix":
        network = call.store.get("compute.networks", document["network"])
        text = network.document.get("internalIpv6Range") if network else None
        if not text:
            raise invalid(
                "ipv6AccessType", "INTERNAL", "The network has no internal IPv6 range: enableUlaInternalIpv6."
            )
        pool = IPv6Network(text)
    if old is not None and old.document.get(field):
        return str(old.document[field])
    taken = {str(one.document.get(field)) for one in call.store.select("compute.regional.subnetworks")}
    given = document.get(field)
    if not given:
        return chosen(pool, 64, f"{call.project}/{call.params.get('region', '')}/{document['name']}", taken)
    try:
        block = IPv6Network(given)
    except ValueError:
        raise invalid(field, given, "Must be an IPv6 range.") from None
    if block.prefixlen != 64 or not block.subnet_of(pool) or str(block) in taken:
        raise invalid(field, given, f"Must be a free /64 range within {pool}.")
    return str(block)


_ENDPOINTS = ("VM", "NETLB")


def reserve(document: Json, call: Call) -> None:
    """A /96 of a subnetwork: the one that is asked for, or the first that is free. Raises what Google refuses."""
    name, outside = document.get("subnetwork"), document["addressType"] == "EXTERNAL"
    if not name:
        raise required("subnetwork")
    kind = document.get("ipv6EndpointType")
    if outside and document.setdefault("ipv6EndpointType", "VM") not in _ENDPOINTS:
        raise invalid("ipv6EndpointType", kind, f"Must be one of {', '.join(_ENDPOINTS)}.")
    if document.get("networkTier") == "STANDARD":
        raise invalid("networkTier", "STANDARD", "IPv6 addresses are of the tier PREMIUM.")
    subnet = call.store.get("compute.regional.subnetworks", str(name))
    prefix = subnet.document.get("externalIpv6Prefix" if outside else "internalIpv6Prefix") if subnet else None
    if not prefix:
        raise invalid("subnetwork", name, f"It has no {'external' if outside else 'internal'} IPv6 range.")
    taken = {one.document.get("address") for one in call.store.select("compute.regional.addresses")}
    wanted = document.get("address")
    if wanted:
        block = _asked(str(wanted), IPv6Network(prefix))
        if str(block.network_address) in taken:
            raise invalid_argument(f"IP address '{wanted}' is already being used.", reason="resourceInUse")
    else:
        blocks = IPv6Network(prefix).subnets(new_prefix=96)
        next(blocks)  # Google keeps the first
        block = next(one for one in blocks if str(one.network_address) not in taken)
    document |= {"address": str(block.network_address), "prefixLength": 96}
    if outside:
        document.setdefault("networkTier", "PREMIUM")


def _asked(text: str, prefix: IPv6Network) -> IPv6Network:
    try:
        block = IPv6Network(f"{text}/96")
    except ValueError:
        raise invalid("address", text, "Must be the first address of a /96 range.") from None
    if not block.subnet_of(prefix):
        raise invalid("address", text, f"The address is not within the subnetwork's range {prefix}.")
    return block

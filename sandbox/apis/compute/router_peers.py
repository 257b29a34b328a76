"""The interfaces of routers and who speaks BGP behind them. Nobody answers, so no route is learned."""

from __future__ import annotations

import re
from ipaddress import IPv4Interface, IPv6Interface, ip_interface, ip_network
from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import NAME
from sandbox.control.errors import invalid_argument, unimplemented

Json = dict[str, Any]
_LINK_LOCAL = ip_network("169.254.0.0/16")
_MODES = ("DEFAULT", "CUSTOM")
_BFD = {
    "sessionInitializationMode": "DISABLED",
    "minTransmitInterval": 1000,
    "minReceiveInterval": 1000,
    "multiplier": 5,
}


def complete(router: Json, old: Json) -> None:
    """Check a router's interfaces and peers, and fill in what the server does; a key that is only named stays."""
    interfaces, peers = router.get("interfaces") or [], router.get("bgpPeers") or []
    for kind, parts in (("interfaces", interfaces), ("bgpPeers", peers)):
        names = [str(one.get("name") or "") for one in parts]
        for name in names:
            if not re.fullmatch(NAME, name):
                raise invalid(f"{kind}[].name", name, f"Must be a match of regex '{NAME}'")
        if len(names) != len(set(names)):
            raise invalid_argument(f"A router's {kind} have names of their own.")
    for one in interfaces:
        _interface(one, [other for other in interfaces if other is not one])
    if peers and not (router.get("bgp") or {}).get("asn"):
        raise invalid("bgp.asn", None, "A router with BGP peers has an ASN.")
    standing = {key["name"]: key for key in old.get("md5AuthenticationKeys") or []}
    keys = [standing.get(key.get("name"), {}) | key for key in router.get("md5AuthenticationKeys") or [] if key]
    used = {peer.get("md5AuthenticationKeyName") for peer in peers}
    router["md5AuthenticationKeys"] = [key for key in keys if key.get("name") in used]
    known = {str(one["name"]): one for one in interfaces}
    for peer in peers:
        _peer(peer, known)
        name = peer.get("md5AuthenticationKeyName")
        if name and name not in {key.get("name") for key in keys}:
            raise invalid("bgpPeers[].md5AuthenticationKeyName", name, "The router has no such key.")


_WAYS = ("linkedVpnTunnel", "linkedInterconnectAttachment", "subnetwork")


def _interface(one: Json, others: list[Json]) -> None:
    if sum(bool(one.get(way)) for way in _WAYS) != 1:
        raise invalid_argument(f"An interface of a router has one of {', '.join(_WAYS)}.")
    one.setdefault("managementType", "MANAGED_BY_USER")
    one.setdefault("ipVersion", "IPV4")
    if one.get("subnetwork"):
        return
    taken = [_block(other["ipRange"]).network for other in others if other.get("ipRange")]
    if not one.get("ipRange"):
        free = next(block for block in _LINK_LOCAL.subnets(new_prefix=30) if not any(map(block.overlaps, taken)))
        one["ipRange"] = f"{free[1]}/30"
    block = _block(one["ipRange"])
    if one["ipVersion"] == "IPV4" and not (isinstance(block, IPv4Interface) and block.ip in _LINK_LOCAL):
        raise invalid("interfaces[].ipRange", one["ipRange"], f"A tunnel's addresses are in {_LINK_LOCAL}.")
    if any(block.network == other for other in taken):
        raise invalid("interfaces[].ipRange", one["ipRange"], "Another interface of the router has it.")


def _block(given: str, field: str = "interfaces[].ipRange") -> IPv4Interface | IPv6Interface:
    try:
        return ip_interface(given)
    except ValueError:
        raise invalid(field, given, "Must be an address and its prefix.") from None


def _peer(peer: Json, interfaces: dict[str, Json]) -> None:
    name = str(peer.get("interfaceName") or "")
    if name not in interfaces:
        raise invalid("bgpPeers[].interfaceName", name, "The router has no such interface.")
    if not peer.get("peerAsn"):
        raise required("bgpPeers[].peerAsn")
    if peer.setdefault("advertiseMode", "DEFAULT") not in _MODES:
        raise invalid("bgpPeers[].advertiseMode", peer["advertiseMode"], f"Must be one of {', '.join(_MODES)}.")
    peer.setdefault("managementType", "MANAGED_BY_USER")
    peer.setdefault("enable", "TRUE")
    peer.setdefault("enableIpv6", False)
    peer.setdefault("bfd", dict(_BFD))
    if peer["enableIpv6"] and not (peer.get("ipv6NexthopAddress") and peer.get("peerIpv6NexthopAddress")):
        raise unimplemented("The sandbox chooses no IPv6 next hops of BGP peers; say both.")
    if (given := interfaces[name].get("ipRange")) is None:
        return
    block = _block(given)
    peer.setdefault("ipAddress", str(block.ip))
    if not peer.get("peerIpAddress"):
        peer["peerIpAddress"] = str(next(host for host in block.network.hosts() if host != block.ip))
    if _block(peer["peerIpAddress"], "bgpPeers[].peerIpAddress").ip not in block.network:
        raise invalid("bgpPeers[].peerIpAddress", peer["peerIpAddress"], f"It is not in {block.network}.")


def shown(router: Json) -> Json:
    """Keys are told by their names."""
    keys = [{"name": key["name"]} for key in router.get("md5AuthenticationKeys") or []]
    return {"md5AuthenticationKeys": keys or None}

"""VPN by highly available and by classic gateways: those of both sides, and tunnels that no packet goes through."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from typing import Any

from sandbox.apis.compute import addresses, forwarding_rules
from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_STACKS = ("IPV4_ONLY", "IPV4_IPV6")
# How many addresses each kind of redundancy on the other side has.
_REDUNDANCIES = {"SINGLE_IP_INTERNALLY_REDUNDANT": 1, "TWO_IPS_REDUNDANCY": 2, "FOUR_IPS_REDUNDANCY": 4}
_EVERYWHERE = ["0.0.0.0/0"]
_HIDDEN = "*" * 13


def _gateway(document: Json, call: Call, old: Resource | None) -> None:
    """Two interfaces, each with an address on the internet."""
    if old is not None:
        return
    if document["stackType"] not in _STACKS:
        raise invalid("stackType", document["stackType"], f"The sandbox has {', '.join(_STACKS)}.")
    if document["gatewayIpVersion"] != "IPV4":
        raise unimplemented("The sandbox's gateways have IPv4 addresses.")
    if any(one.get("interconnectAttachment") for one in document.get("vpnInterfaces") or []):
        raise unimplemented("The sandbox has no interconnects: a gateway's interfaces are on the internet.")
    owner = f"{call.project}/{call.params['region']}/{document['name']}"
    document["vpnInterfaces"] = [
        {"id": at, "ipAddress": addresses.outside(f"{owner}/{at}", call, "regions")} for at in range(2)
    ]


def _target(document: Json, call: Call, old: Resource | None) -> None:
    """Ready at once."""
    document["status"] = "READY"


def _external(document: Json, call: Call, old: Resource | None) -> None:
    """As many addresses as the redundancy says."""
    if old is not None:
        return
    interfaces = document.get("interfaces") or []
    kind = document.setdefault(
        "redundancyType", next((k for k, n in _REDUNDANCIES.items() if n == len(interfaces)), "")
    )
    if kind not in _REDUNDANCIES:
        raise invalid("redundancyType", kind, f"Must be one of {', '.join(_REDUNDANCIES)}.")
    if len(interfaces) != _REDUNDANCIES[kind]:
        raise invalid("interfaces", len(interfaces), f"{kind} has {_REDUNDANCIES[kind]}.")
    if sorted(int(one.setdefault("id", 0)) for one in interfaces) != list(range(len(interfaces))):
        raise invalid("interfaces[].id", "", "They are numbered from 0.")
    for one in interfaces:
        try:
            ip_address(one.get("ipAddress") or one.get("ipv6Address") or "")
        except ValueError:
            raise invalid("interfaces[].ipAddress", one.get("ipAddress"), "Must be an IP address.") from None


def _interface(gateway: str, field: str, wanted: object, call: Call) -> str:
    """The address of a gateway's interface."""
    found = find(call.control, gateway)
    known = (found.document if found else {}).get("vpnInterfaces") or (found.document if found else {}).get(
        "interfaces"
    )
    for one in known or []:
        if wanted is not None and int(one["id"]) == int(str(wanted)):
            return str(one.get("ipAddress") or one.get("ipv6Address"))
    raise invalid(field, wanted, f"'{gateway}' has no such interface.")


def _tunnel(document: Json, call: Call, old: Resource | None) -> None:
    """From a gateway of ours to one of theirs. Raises what Google refuses."""
    if old is not None:
        return
    if not document.get("sharedSecret"):
        raise required("sharedSecret")
    if document["ikeVersion"] not in (1, 2):
        raise invalid("ikeVersion", document["ikeVersion"], "Must be 1 or 2.")
    region = f"projects/{call.project}/regions/{call.params['region']}/"
    for field in ("vpnGateway", "targetVpnGateway", "router"):
        if document.get(field) and not str(document[field]).startswith(region):
            raise invalid(field, document[field], f"It is not in '{region[:-1]}'.")
    if document.get("targetVpnGateway"):
        _classic(document, call)
    else:
        _available(document, call)
    secret = hashlib.sha256(str(document["sharedSecret"]).encode()).hexdigest()
    document |= {"sharedSecret": _HIDDEN, "sharedSecretHash": secret}
    document |= {"status": "NO_INCOMING_PACKETS", "detailedStatus": "No incoming packets from peer"}


def _available(document: Json, call: Call) -> None:
    """Of a highly available gateway, with a router that speaks BGP."""
    for needed in ("vpnGateway", "router"):
        if not document.get(needed):
            raise required(needed)
    router = find(call.control, document["router"])
    if router is not None and not (router.document.get("bgp") or {}).get("asn"):
        raise invalid("router", document["router"], "A tunnel's router has an ASN.")
    at = document.setdefault("vpnGatewayInterface", 0)
    _interface(document["vpnGateway"], "vpnGatewayInterface", at, call)
    theirs, external = document.get("peerGcpGateway"), document.get("peerExternalGateway")
    if bool(theirs) == bool(external):
        raise invalid_argument("A tunnel leads to a peerGcpGateway or to a peerExternalGateway.")
    if theirs:
        peer = _interface(theirs, "vpnGatewayInterface", at, call)
    else:
        there = document.setdefault("peerExternalGatewayInterface", 0)
        peer = _interface(str(external), "peerExternalGatewayInterface", there, call)
    if document.setdefault("peerIp", peer) != peer:
        raise invalid("peerIp", document["peerIp"], f"The other side's address is {peer}.")


def _classic(document: Json, call: Call) -> None:
    """Of a classic gateway, to an address; packets for it and those of IKE are forwarded to the gateway."""
    for field in ("vpnGateway", "peerGcpGateway", "peerExternalGateway"):
        if document.get(field):
            raise invalid(field, document[field], "A tunnel of a targetVpnGateway has none.")
    try:
        ip_address(document.get("peerIp") or "")
    except ValueError:
        raise invalid("peerIp", document.get("peerIp"), "Must be an IP address.") from None
    gateway = document["targetVpnGateway"]
    wanted = {("ESP", ""), ("UDP", "500-500"), ("UDP", "4500-4500")}
    missing_rules = wanted - {
        (str(rule.document["IPProtocol"]), str(rule.document.get("portRange") or ""))
        for rule in forwarding_rules.region_forwarding_rules.all(call.control, call.project)
        if rule.document.get("target") == gateway
    }
    if missing_rules:
        told = ", ".join(" ".join(filter(None, rule)) for rule in sorted(missing_rules))
        raise invalid("targetVpnGateway", gateway, f"It has no forwarding rules for {told}.")


def _lines(gateway: Resource, call: Call) -> Json:
    """The rules that forward to a classic gateway, and its tunnels."""
    rules = [
        r.name
        for r in call.store.select(forwarding_rules.region_forwarding_rules.key)
        if r.document.get("target") == gateway.name
    ]
    lines = [t.name for t in call.store.select(vpn_tunnels.key) if t.document.get("targetVpnGateway") == gateway.name]
    return {key: value for key, value in (("forwardingRules", rules), ("tunnels", lines)) if value}


vpn_gateways = Kind(
    "vpnGateways",
    "vpn_gateway",
    "compute#vpnGateway",
    scope="regions",
    defaults={"stackType": "IPV4_ONLY", "gatewayIpVersion": "IPV4"},
    required=("network",),
    methods=(),
    labelled=True,
    check=_gateway,
)
target_vpn_gateways = Kind(
    "targetVpnGateways",
    "target_vpn_gateway",
    "compute#targetVpnGateway",
    scope="regions",
    required=("network",),
    output_only=("status", "tunnels", "forwardingRules"),
    methods=(),
    labelled=True,
    check=_target,
    view=_lines,
)
external_vpn_gateways = Kind(
    "externalVpnGateways",
    "external_vpn_gateway",
    "compute#externalVpnGateway",
    methods=(),
    labelled=True,
    check=_external,
)
vpn_tunnels = Kind(
    "vpnTunnels",
    "vpn_tunnel",
    "compute#vpnTunnel",
    scope="regions",
    defaults={"ikeVersion": 2, "localTrafficSelector": _EVERYWHERE, "remoteTrafficSelector": _EVERYWHERE},
    output_only=("status", "detailedStatus", "sharedSecretHash"),
    methods=(),
    labelled=True,
    check=_tunnel,
)

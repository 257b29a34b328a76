"""Networks, subnetworks and routes."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from sandbox.apis.compute import peerings, ranges
from sandbox.apis.compute.errors import in_use, invalid
from sandbox.apis.compute.kinds import Kind, used_by
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_SMALLEST = 29


def _network(document: Json, call: Call, old: Resource | None) -> None:
    if document.get("autoCreateSubnetworks"):
        raise unimplemented("The sandbox makes no networks in auto mode; set autoCreateSubnetworks to false.")
    if "IPv4Range" in document:
        raise invalid("IPv4Range", document["IPv4Range"], "Legacy networks can't be created.")
    mtu = document.get("mtu")
    if mtu is not None and not 1300 <= int(mtu) <= 8896:
        raise invalid("mtu", mtu, "Must be between 1300 and 8896.")
    routing = document.setdefault("routingConfig", {})
    routing.setdefault("routingMode", "REGIONAL")
    routing.setdefault("bgpBestPathSelectionMode", "LEGACY")
    if routing["routingMode"] not in ("REGIONAL", "GLOBAL"):
        raise invalid("routingConfig.routingMode", routing["routingMode"], "Must be REGIONAL or GLOBAL.")


def _shown_network(network: Resource, call: Call) -> Json:
    subnets = [s.name for s in call.store.select(subnetworks.key) if s.document["network"] == network.name]
    found = {"subnetworks": subnets, "peerings": peerings.shown(network, call)}
    return {key: value for key, value in found.items() if value}


def _default_route(network: Resource, call: Call) -> None:
    """Google adds a route to the internet to every new network."""
    project = call.project
    body = {
        "name": f"default-route-r-{call.control.hex(16)}",
        "description": "Default route to the Internet.",
        "network": network.name,
        "destRange": "0.0.0.0/0",
        "nextHopGateway": f"projects/{project}/global/gateways/default-internet-gateway",
        "priority": 1000,
    }
    routes.insert(call, f"projects/{project}/global", body)


def _leave_network(network: Resource, call: Call) -> None:
    """The peering with Google's services, and what uses the network; then its own routes go with it."""
    for peering in network.document.get("peerings") or []:
        raise in_use("network", network.name, f"{network.name}/peerings/{peering['name']}")
    own = [r for r in routes.all(call.control, call.project) if r.document["network"] == network.name]
    for route in own:
        if not _is_google_s(route):
            raise in_use("network", network.name, route.name)
    with call.store.transaction():
        for route in own:
            call.store.delete(routes.key, route.name)
        user = used_by(call.control, network.name)
        if user is not None:
            raise in_use("network", network.name, user)


def _is_google_s(route: Resource) -> bool:
    return route.id.startswith("default-route-")


networks = Kind(
    "networks",
    "network",
    "compute#network",
    defaults={"autoCreateSubnetworks": False, "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"},
    output_only=("subnetworks", "gatewayIPv4", "peerings", "firewallPolicy"),
    immutable=("autoCreateSubnetworks", "description", "mtu"),
    check=_network,
    view=_shown_network,
    after=_default_route,
    gone=_leave_network,
    verbs={
        "addPeering": peerings.add,
        "removePeering": peerings.remove,
        "PATCH updatePeering": peerings.update,
    },
)


_PURPOSES = (
    "PRIVATE",
    "REGIONAL_MANAGED_PROXY",
    "GLOBAL_MANAGED_PROXY",
    "PRIVATE_SERVICE_CONNECT",
    "PRIVATE_NAT",
    "PEER_MIGRATION",
)


def _subnetwork(document: Json, call: Call, old: Resource | None) -> None:
    purpose = document.get("purpose", "PRIVATE")
    if purpose not in _PURPOSES:
        raise invalid("purpose", purpose, "The sandbox makes no subnetworks for it.")
    if document.get("stackType", "IPV4_ONLY") != "IPV4_ONLY":
        raise unimplemented("The sandbox makes IPv4 subnetworks only.")
    document.setdefault("purpose", purpose)
    document.setdefault("stackType", "IPV4_ONLY")
    document.setdefault("privateIpGoogleAccess", False)
    document.setdefault("privateIpv6GoogleAccess", "DISABLE_GOOGLE_ACCESS")
    document.setdefault("allowSubnetCidrRoutesOverlap", False)
    block = ranges.cidr("ipCidrRange", document["ipCidrRange"])
    if block.prefixlen > _SMALLEST:
        raise invalid("ipCidrRange", document["ipCidrRange"], "The range is too small: at most /29.")
    name = old.name if old else ""
    own = [("ipCidrRange", document["ipCidrRange"])]
    own += [("secondaryIpRanges", second["ipCidrRange"]) for second in document.get("secondaryIpRanges") or []]
    for at, (field, text) in enumerate(own):
        wanted = ranges.cidr(field, text)
        other = ranges.conflict(wanted, call.control, document["network"], but=name)
        if other is not None:
            where = f"subnetwork '{other}'" if "/subnetworks/" in other else f"range '{other}'"
            raise invalid_argument(f"Invalid IPCidrRange: {text} conflicts with existing {where}.")
        if any(wanted.overlaps(ip_network(before)) for _, before in own[:at]):
            raise invalid_argument(f"Invalid IPCidrRange: {text} conflicts with another range of the subnetwork.")
    document["gatewayAddress"] = str(block.network_address + 1)
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
    old = ip_network(subnet.document["ipCidrRange"])
    new = ranges.cidr("ipCidrRange", str(body.get("ipCidrRange", "")))
    if not old.subnet_of(new):  # type: ignore[arg-type]
        raise invalid("ipCidrRange", new, f"Must contain the current range {old}.")
    subnet.document["ipCidrRange"] = str(new)
    _subnetwork(subnet.document, call, subnet)


def _set_google_access(subnet: Resource, body: Json, call: Call) -> None:
    subnet.document["privateIpGoogleAccess"] = bool(body.get("privateIpGoogleAccess"))


subnetworks = Kind(
    "subnetworks",
    "subnetwork",
    "compute#subnetwork",
    scope="regions",
    required=("network", "ipCidrRange"),
    immutable=("network", "purpose"),
    output_only=("gatewayAddress",),
    fingerprint=True,
    check=_subnetwork,
    iam=True,
    verbs={"expandIpCidrRange": _expand, "setPrivateIpGoogleAccess": _set_google_access},
)

_HOPS = ("nextHopGateway", "nextHopInstance", "nextHopIp", "nextHopVpnTunnel", "nextHopIlb", "nextHopHub")


def _route(document: Json, call: Call, old: Resource | None) -> None:
    try:
        ip_network(document["destRange"])
    except ValueError:
        raise invalid("destRange", document["destRange"], "Must be a CIDR address range.") from None
    given = [hop for hop in _HOPS if document.get(hop)]
    if len(given) != 1:
        raise invalid_argument("Exactly one of the next hops must be specified.")
    gateway = document.get("nextHopGateway")
    if gateway is not None and not str(gateway).endswith("/global/gateways/default-internet-gateway"):
        raise invalid("nextHopGateway", gateway, "The only gateway is default-internet-gateway.")
    if (address := document.get("nextHopIp")) is not None:
        _inside(address, document["network"], call)
    if not 0 <= int(document["priority"]) <= 65_535:
        raise invalid("priority", document["priority"], "Must be between 0 and 65535.")


def _inside(address: str, network: str, call: Call) -> None:
    """The next hop lies in one of the network's subnets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        raise invalid("nextHopIp", address, "Must be an IP address.") from None
    subnets = [s for s in call.store.select(subnetworks.key) if s.document["network"] == network]
    if not isinstance(parsed, IPv4Address) or not any(
        parsed in ip_network(subnet.document["ipCidrRange"]) for subnet in subnets
    ):
        raise invalid("nextHopIp", address, "The address is not within a subnetwork of the network.")


routes = Kind(
    "routes",
    "route",
    "compute#route",
    defaults={"priority": 1000, "routeType": "STATIC", "routeStatus": "ACTIVE"},
    required=("network", "destRange"),
    output_only=("routeType", "routeStatus", "warnings", "asPaths"),
    methods=(),
    check=_route,
)

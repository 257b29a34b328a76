"""Networks and routes."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from sandbox.apis.compute import auto_subnetworks, ipv6, peerings
from sandbox.apis.compute.errors import in_use, invalid
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import used_by
from sandbox.apis.compute.subnetworks import subnetworks
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
DECIDED = "compute.defaultNetworks"
"""The projects that had a network called default: none comes by itself any more."""


def _network(document: Json, call: Call, old: Resource | None) -> None:
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
    ipv6.settle_network(document, call, old)


def _shown_network(network: Resource, call: Call) -> Json:
    subnets = [s.name for s in call.store.select(subnetworks.key) if s.document["network"] == network.name]
    found = {"subnetworks": subnets, "peerings": peerings.shown(network, call)}
    return {key: value for key, value in found.items() if value}


def _complete(network: Resource, call: Call) -> None:
    """Google adds a route to the internet to every new network, and to one in auto mode a subnetwork in each region."""
    if network.document["autoCreateSubnetworks"]:
        auto_subnetworks.add(network, call)
    project = call.project
    if network.id == "default":
        call.store.keep(Resource(DECIDED, f"projects/{project}", {}, network.created, network.created))
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
    """What uses the network; then its own routes go with it, and its peering with Google's services."""
    own = [r for r in routes.all(call.control, call.project) if r.document["network"] == network.name]
    for route in own:
        if not _is_google_s(route):
            raise in_use("network", network.name, route.name)
    with call.store.transaction():
        peerings.leave(network, call)
        for part in [*own, *auto_subnetworks.of(network, call.control)]:
            call.store.delete(part.collection, part.name)
        user = used_by(call.control, network.name)
        if user is not None:
            raise in_use("network", network.name, user)


def _to_custom_mode(network: Resource, body: Json, call: Call) -> None:
    """Its subnetworks stay, and are its owner's from now on."""
    if not network.document["autoCreateSubnetworks"]:
        raise invalid_argument("The network is in custom subnet mode already.")
    network.document["autoCreateSubnetworks"] = False


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
    after=_complete,
    gone=_leave_network,
    verbs={
        "addPeering": peerings.add,
        "removePeering": peerings.remove,
        "PATCH updatePeering": peerings.update,
        "switchToCustomMode": _to_custom_mode,
    },
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
        parsed in ip_network(subnet.document["ipCidrRange"]) for subnet in subnets if "ipCidrRange" in subnet.document
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

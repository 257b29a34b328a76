"""What Compute Engine refuses of VPN gateways, tunnels, and the interfaces and peers of routers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/compute/v1/projects/prices"
REGION = f"{P}/regions/asia-south1"
ROUTER = f"{REGION}/routers/r"
Json = dict[str, Any]
TUNNEL: Json = {
    "name": "t",
    "vpnGateway": "regions/asia-south1/vpnGateways/ours",
    "vpnGatewayInterface": 0,
    "peerExternalGateway": "global/externalVpnGateways/theirs",
    "router": "regions/asia-south1/routers/r",
    "sharedSecret": "not-a-secret",
}
INTERFACE: Json = {"name": "i", "linkedVpnTunnel": "regions/asia-south1/vpnTunnels/t"}
PEER: Json = {"name": "p", "interfaceName": "i", "peerAsn": 64515}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API) as made:
        await ask(made, "POST", f"{P}/global/networks", {"name": "n", "autoCreateSubnetworks": False})
        network = {"network": "global/networks/n"}
        await ask(made, "POST", f"{REGION}/vpnGateways", {"name": "ours", **network})
        theirs = {"name": "theirs", "interfaces": [{"id": 0, "ipAddress": "203.0.113.1"}]}
        await ask(made, "POST", f"{P}/global/externalVpnGateways", theirs)
        await ask(made, "POST", f"{REGION}/routers", {"name": "r", "bgp": {"asn": 64514}, **network})
        await ask(made, "POST", f"{REGION}/routers", {"name": "without", **network})
        yield made


async def test_a_tunnel_knows_the_other_side_and_hides_its_secret(router: Router) -> None:
    await ask(router, "POST", f"{REGION}/vpnTunnels", TUNNEL)
    made = await ask(router, "GET", f"{REGION}/vpnTunnels/t")
    assert (made["peerIp"], made["status"]) == ("203.0.113.1", "NO_INCOMING_PACKETS")
    assert "not-a-secret" not in str(made)
    for place in (f"{REGION}/vpnGateways/ours", f"{P}/global/externalVpnGateways/theirs", ROUTER):
        await ask(router, "DELETE", place, status=400)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"sharedSecret": ""}, 400),
        ({"ikeVersion": 3}, 400),
        ({"vpnGatewayInterface": 2}, 400),
        ({"peerExternalGatewayInterface": 1}, 400),
        ({"peerGcpGateway": "regions/asia-south1/vpnGateways/ours"}, 400),
        ({"router": "regions/asia-south1/routers/without"}, 400),
        ({"router": "regions/asia-south1/routers/none"}, 404),
        ({"peerIp": "203.0.113.9"}, 400),
        ({"targetVpnGateway": "regions/asia-south1/targetVpnGateways/none"}, 404),
    ],
)
async def test_a_tunnel_leads_from_one_interface_to_another(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", f"{REGION}/vpnTunnels", {**TUNNEL, **change}, status)


@pytest.mark.parametrize(
    "change",
    [
        {"redundancyType": "TWO_IPS_REDUNDANCY"},
        {"redundancyType": "MANY"},
        {"interfaces": [{"id": 3, "ipAddress": "203.0.113.1"}]},
        {"interfaces": [{"id": 0, "ipAddress": "somewhere"}]},
    ],
)
async def test_a_gateway_elsewhere_has_the_addresses_of_its_redundancy(router: Router, change: Json) -> None:
    body = {"name": "other", "interfaces": [{"id": 0, "ipAddress": "203.0.113.1"}], **change}
    await ask(router, "POST", f"{P}/global/externalVpnGateways", body, 400)


async def test_a_peer_has_the_addresses_of_its_interface_and_a_key_is_told_by_name(router: Router) -> None:
    await ask(router, "POST", f"{REGION}/vpnTunnels", TUNNEL)
    key = {"name": "k", "key": "not-a-key"}
    body = {"interfaces": [INTERFACE], "bgpPeers": [{**PEER, "md5AuthenticationKeyName": "k"}]}
    await ask(router, "PATCH", ROUTER, body, 400)
    await ask(router, "PATCH", ROUTER, {**body, "md5AuthenticationKeys": [key]})
    made = await ask(router, "GET", ROUTER)
    (interface,), (peer,) = made["interfaces"], made["bgpPeers"]
    assert (interface["ipRange"], peer["ipAddress"]) == ("169.254.0.1/30", "169.254.0.1")
    assert (peer["peerIpAddress"], peer["enable"]) == ("169.254.0.2", "TRUE")
    assert made["md5AuthenticationKeys"] == [{"name": "k"}]
    await ask(router, "PATCH", ROUTER, {"md5AuthenticationKeys": [{"name": "k"}], "description": "kept"})
    await ask(router, "DELETE", f"{REGION}/vpnTunnels/t", status=400)
    await ask(router, "PATCH", ROUTER, {"bgpPeers": []})
    assert "md5AuthenticationKeys" not in await ask(router, "GET", ROUTER)


@pytest.mark.parametrize(
    ("interface", "peer", "status"),
    [
        ({"linkedVpnTunnel": None}, {}, 400),
        ({"ipRange": "10.0.0.1/30"}, {}, 400),
        ({"ipRange": "here"}, {}, 400),
        ({"linkedInterconnectAttachment": "regions/asia-south1/interconnectAttachments/a"}, {}, 404),
        ({}, {"interfaceName": "none"}, 400),
        ({}, {"peerAsn": 0}, 400),
        ({}, {"peerIpAddress": "169.254.9.9"}, 400),
        ({}, {"advertiseMode": "SOME"}, 400),
        ({}, {"enableIpv6": True}, 501),
    ],
)
async def test_interfaces_and_peers_fit(router: Router, interface: Json, peer: Json, status: int) -> None:
    await ask(router, "POST", f"{REGION}/vpnTunnels", TUNNEL)
    body = {"interfaces": [{**INTERFACE, **interface}], "bgpPeers": [{**PEER, **peer}]}
    await ask(router, "PATCH", ROUTER, body, status)


CLASSIC: Json = {"name": "c", "targetVpnGateway": "regions/asia-south1/targetVpnGateways/old", "sharedSecret": "no"}


@pytest.fixture
async def classic(router: Router) -> Router:
    await ask(router, "POST", f"{REGION}/targetVpnGateways", {"name": "old", "network": "global/networks/n"})
    for number, (protocol, port) in enumerate((("ESP", ""), ("UDP", "500"), ("UDP", "4500"))):
        rule = {"name": f"r{number}", "IPProtocol": protocol, "target": CLASSIC["targetVpnGateway"]}
        await ask(router, "POST", f"{REGION}/forwardingRules", rule | ({"portRange": port} if port else {}))
    return router


async def test_a_classic_tunnel_leads_to_an_address_and_keeps_its_gateway(classic: Router) -> None:
    await ask(classic, "POST", f"{REGION}/vpnTunnels", {**CLASSIC, "peerIp": "203.0.113.7"})
    route = {"name": "r", "network": "global/networks/n", "destRange": "192.168.0.0/16"}
    route["nextHopVpnTunnel"] = "regions/asia-south1/vpnTunnels/c"
    await ask(classic, "POST", f"{P}/global/routes", route)
    gateway = await ask(classic, "GET", f"{REGION}/targetVpnGateways/old")
    assert (gateway["status"], len(gateway["forwardingRules"]), len(gateway["tunnels"])) == ("READY", 3, 1)
    for kept in (f"{REGION}/targetVpnGateways/old", f"{REGION}/vpnTunnels/c"):
        await ask(classic, "DELETE", kept, status=400)


@pytest.mark.parametrize(
    "change",
    [{}, {"peerIp": "near"}, {"peerIp": "203.0.113.7", "vpnGateway": "regions/asia-south1/vpnGateways/ours"}],
)
async def test_a_classic_tunnel_that_google_refuses(classic: Router, change: Json) -> None:
    await ask(classic, "POST", f"{REGION}/vpnTunnels", {**CLASSIC, **change}, 400)


async def test_a_classic_tunnel_needs_the_rules_of_its_gateway(classic: Router) -> None:
    await ask(classic, "DELETE", f"{REGION}/forwardingRules/r0")
    await ask(classic, "POST", f"{REGION}/vpnTunnels", {**CLASSIC, "peerIp": "203.0.113.7"}, 400)


@pytest.mark.parametrize(
    "change",
    [{"IPProtocol": "TCP", "portRange": "500"}, {"IPProtocol": "ESP", "portRange": "500"}, {"portRange": "501"}, {}],
)
async def test_a_rule_for_a_classic_gateway_is_for_esp_or_ike(classic: Router, change: Json) -> None:
    rule = {"name": "other", "IPProtocol": "UDP", "target": CLASSIC["targetVpnGateway"], **change}
    await ask(classic, "POST", f"{REGION}/forwardingRules", rule, 400)

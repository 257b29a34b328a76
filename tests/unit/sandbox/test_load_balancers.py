"""What load balancers refuse, and what the server makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/compute/v1/projects/prices"
REGION = f"{P}/regions/asia-south1"
ZONE = f"{P}/zones/asia-south1-a"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, compute.API) as made:
        yield made


async def make(router: Router, place: str, name: str, status: int = 200, **fields: Any) -> Any:
    answer = await ask(router, "POST", place, {"name": name, **fields}, status)
    return await ask(router, "GET", f"{place}/{name}") if status == 200 else answer["error"]["message"]


async def _network(router: Router) -> dict[str, str]:
    await make(router, f"{P}/global/networks", "n", autoCreateSubnetworks=False)
    place = {"network": "global/networks/n"}
    await make(router, f"{REGION}/subnetworks", "s", ipCidrRange="10.0.0.0/24", **place)
    return {**place, "subnetwork": "regions/asia-south1/subnetworks/s"}


async def _service(router: Router, scheme: str, protocol: str, **fields: Any) -> str:
    name = f"{scheme}-{protocol}".lower().replace("_", "-")
    made = await make(
        router, f"{REGION}/backendServices", name, loadBalancingScheme=scheme, protocol=protocol, **fields
    )
    return str(made["selfLink"])


async def test_packets_are_passed_on_to_ports_that_are_said(router: Router) -> None:
    place = await _network(router)
    service = await _service(router, "INTERNAL", "TCP")
    rules, inside = f"{REGION}/forwardingRules", {"loadBalancingScheme": "INTERNAL", **place}

    assert "allPorts" in await make(router, rules, "none", 400, backendService=service, **inside)
    assert "one of" in await make(
        router, rules, "two", 400, backendService=service, ports=["80"], allPorts=True, **inside
    )
    assert "scheme" in await make(router, rules, "outside", 400, backendService=service, ports=["80"])
    assert "backendService" in await make(router, rules, "nowhere", 400, ports=["80"], **inside)
    rule = await make(router, rules, "web", backendService=service, ports=["80"], serviceLabel="db", **inside)
    assert (rule["IPAddress"], rule["serviceName"]) == ("10.0.0.2", "db.web.il4.asia-south1.lb.prices.internal")
    message = await make(
        router, rules, "same", 400, backendService=service, ports=["81"], IPAddress="10.0.0.2", **inside
    )
    assert "in-use" in message
    assert "range" in await make(
        router, rules, "far", 400, backendService=service, ports=["81"], IPAddress="10.9.0.2", **inside
    )
    await ask(router, "DELETE", service.replace("https://www.googleapis.com", ""), status=400)  # the rule uses it


async def test_a_shared_address_has_rules_for_different_ports(router: Router) -> None:
    place = await _network(router)
    service = await _service(router, "INTERNAL", "TCP")
    shared = {"addressType": "INTERNAL", "purpose": "SHARED_LOADBALANCER_VIP", "subnetwork": place["subnetwork"]}
    address = await make(router, f"{REGION}/addresses", "vip", **shared)
    inside = {"loadBalancingScheme": "INTERNAL", "backendService": service, **place}

    one = await make(router, f"{REGION}/forwardingRules", "one", IPAddress=address["selfLink"], ports=["80"], **inside)
    two = await make(router, f"{REGION}/forwardingRules", "two", IPAddress=address["address"], ports=["81"], **inside)
    assert one["IPAddress"] == two["IPAddress"] == address["address"]
    message = await make(
        router, f"{REGION}/forwardingRules", "three", 400, IPAddress=address["address"], ports=["81"], **inside
    )
    assert "in-use" in message


async def test_managed_proxies_need_a_subnetwork_of_their_own(router: Router) -> None:
    place = await _network(router)
    service = await _service(router, "INTERNAL_MANAGED", "HTTP")
    await make(router, f"{REGION}/urlMaps", "map", defaultService=service)
    await make(router, f"{REGION}/targetHttpProxies", "web", urlMap="regions/asia-south1/urlMaps/map")
    rule = {
        "loadBalancingScheme": "INTERNAL_MANAGED",
        "target": "regions/asia-south1/targetHttpProxies/web",
        "portRange": "80",
        **place,
    }

    assert "proxy-only" in await make(router, f"{REGION}/forwardingRules", "web", 400, **rule)
    proxies = {"purpose": "REGIONAL_MANAGED_PROXY", "role": "ACTIVE", "ipCidrRange": "10.1.0.0/24"}
    await make(router, f"{REGION}/subnetworks", "proxies", network="global/networks/n", **proxies)
    assert (await make(router, f"{REGION}/forwardingRules", "web", **rule))["portRange"] == "80-80"


async def test_backends_are_checked_unless_they_are_serverless(router: Router) -> None:
    await _network(router)
    group = await make(router, f"{ZONE}/networkEndpointGroups", "g", network="global/networks/n")
    backends = [{"group": group["selfLink"]}]
    place = f"{REGION}/backendServices"
    managed = {"loadBalancingScheme": "INTERNAL_MANAGED", "backends": backends}

    assert "healthChecks" in await make(router, place, "b", 400, **managed)
    await make(router, f"{REGION}/healthChecks", "h", type="TCP", tcpHealthCheck={"port": 80})
    checks = ["regions/asia-south1/healthChecks/h"]
    made = await make(router, place, "b", healthChecks=checks, **managed)
    assert made["backends"][0] | {"group": ""} == {"group": "", "balancingMode": "UTILIZATION", "capacityScaler": 1.0}
    passed = {"loadBalancingScheme": "INTERNAL", "protocol": "TCP", "healthChecks": checks}
    assert "CONNECTION" in await make(
        router, place, "c", 400, backends=[{**backends[0], "balancingMode": "RATE"}], **passed
    )
    assert "404" not in await make(router, place, "d", 404, backends=[{"group": f"{ZONE}/instanceGroups/no"}], **passed)


async def test_endpoints_are_listed_in_pages_and_detached_by_what_is_known_of_them(router: Router) -> None:
    await _network(router)
    group = f"{ZONE}/networkEndpointGroups"
    kind = {"networkEndpointType": "NON_GCP_PRIVATE_IP_PORT", "network": "global/networks/n", "defaultPort": 80}
    await make(router, group, "g", **kind)
    endpoints = [{"ipAddress": f"192.0.2.{at}"} for at in range(1, 4)]

    await ask(router, "POST", f"{group}/g/attachNetworkEndpoints", {"networkEndpoints": endpoints})
    await ask(router, "POST", f"{group}/g/attachNetworkEndpoints", {"networkEndpoints": [{"port": 1}]}, 400)
    first = await ask(router, "POST", f"{group}/g/listNetworkEndpoints?maxResults=2")
    rest = await ask(router, "POST", f"{group}/g/listNetworkEndpoints?maxResults=2&pageToken={first['nextPageToken']}")
    listed = [item["networkEndpoint"] for item in first["items"] + rest["items"]]
    assert listed == [{**endpoint, "port": 80} for endpoint in endpoints]
    assert "nextPageToken" not in rest
    await ask(router, "POST", f"{group}/g/detachNetworkEndpoints", {"networkEndpoints": [{**endpoints[0], "port": 80}]})
    await ask(router, "POST", f"{group}/g/detachNetworkEndpoints", {"networkEndpoints": endpoints[:1]}, 400)
    known = await ask(router, "GET", f"{group}/g")
    assert (known["size"], "endpoints" in known) == (2, False)


async def test_a_certificate_of_ones_own_needs_its_key(router: Router) -> None:
    place = f"{P}/global/sslCertificates"
    assert "privateKey" in await make(router, place, "c", 400, certificate="x")
    assert "parsed" in await make(router, place, "c", 400, certificate="x", privateKey="y")
    assert "one of your own" in await make(router, f"{REGION}/sslCertificates", "c", 400, type="MANAGED")


async def test_an_instance_group_has_ports(router: Router) -> None:
    place = f"{ZONE}/instanceGroups"
    assert "port" in await make(router, place, "g", 400, namedPorts=[{"name": "http", "port": 0}])
    group = await make(router, place, "g", namedPorts=[{"name": "http", "port": 80}])
    assert (group["size"], group["zone"].rpartition("/")[2]) == (0, "asia-south1-a")
    await ask(router, "POST", f"{place}/g/setNamedPorts", {"namedPorts": []})
    assert (await ask(router, "GET", f"{place}/g"))["namedPorts"] == []
    assert "items" not in await ask(router, "POST", f"{place}/g/listInstances", {})
    assert "healthChecks" in await make(
        router, f"{P}/global/backendServices", "b", 400, backends=[{"group": group["selfLink"]}]
    )


async def test_an_endpoint_shows_whether_the_producer_lets_it_in(router: Router) -> None:
    place = await _network(router)
    rules = f"{REGION}/forwardingRules"
    target = {"loadBalancingScheme": "INTERNAL", "backendService": await _service(router, "INTERNAL", "TCP")}
    await make(router, rules, "producer", allPorts=True, **target, **place)
    await make(
        router,
        f"{REGION}/subnetworks",
        "nat",
        ipCidrRange="10.9.0.0/24",
        purpose="PRIVATE_SERVICE_CONNECT",
        network=place["network"],
    )
    attachments = f"{REGION}/serviceAttachments"
    published = {
        "connectionPreference": "ACCEPT_MANUAL",
        "targetService": "projects/prices/regions/asia-south1/forwardingRules/producer",
        "natSubnets": ["projects/prices/regions/asia-south1/subnetworks/nat"],
    }
    inside = {"natSubnets": [place["subnetwork"]]}
    await ask(router, "POST", attachments, {"name": "a", **published, **inside}, 400)
    await make(router, attachments, "a", **published)
    await ask(router, "POST", attachments, {"name": "b", **published}, 400)
    await make(router, f"{REGION}/addresses", "e", addressType="INTERNAL", subnetwork=place["subnetwork"])
    endpoint = {
        "IPAddress": f"{REGION[len('/compute/v1/') :]}/addresses/e",
        "target": f"{attachments[len('/compute/v1/') :]}/a",
    }
    await make(router, rules, "endpoint", loadBalancingScheme="", **endpoint)

    async def status() -> str:
        return str((await ask(router, "GET", f"{rules}/endpoint"))["pscConnectionStatus"])

    assert await status() == "PENDING"
    found = await ask(router, "GET", f"{attachments}/a")
    assert [one["status"] for one in found["connectedEndpoints"]] == ["PENDING"]
    allowed = {"consumerAcceptLists": [{"projectIdOrNum": "prices", "connectionLimit": 1}]}
    await ask(router, "PATCH", f"{attachments}/a", {**allowed, "fingerprint": found["fingerprint"]})
    assert await status() == "ACCEPTED"
    await ask(router, "DELETE", f"{rules}/producer", status=400)
    await ask(router, "DELETE", f"{attachments}/a")
    assert await status() == "CLOSED"


@pytest.mark.parametrize(("protocol", "port"), (("http", 80), ("https", 443)))
async def test_a_health_check_of_the_older_kind_is_of_one_protocol(router: Router, protocol: str, port: int) -> None:
    place = f"{P}/global/{protocol}HealthChecks"
    made = await make(router, place, "h")
    assert made["kind"] == f"compute#{protocol}HealthCheck"
    assert (made["port"], made["requestPath"], made["checkIntervalSec"], made["timeoutSec"]) == (port, "/", 5, 5)
    for wrong in ({"timeoutSec": 6}, {"checkIntervalSec": 301}, {"healthyThreshold": 11}, {"requestPath": "alive"}):
        assert next(iter(wrong)) in await make(router, place, "wrong", 400, **wrong)

    await make(router, f"{P}/global/backendServices", "b", healthChecks=[made["selfLink"]])
    await ask(router, "PATCH", f"{place}/h", {"port": 8080, "host": "one.example.com"})
    assert (await ask(router, "GET", f"{place}/h"))["port"] == 8080
    await ask(router, "PUT", f"{place}/h", {"name": "h", "requestPath": "/alive"})
    changed = await ask(router, "GET", f"{place}/h")
    assert (changed["port"], changed["requestPath"], "host" in changed) == (port, "/alive", False)
    used = await ask(router, "DELETE", f"{place}/h", None, 400)
    assert "already being used by" in str(used)
    await ask(router, "DELETE", f"{P}/global/backendServices/b")
    await ask(router, "DELETE", f"{place}/h")

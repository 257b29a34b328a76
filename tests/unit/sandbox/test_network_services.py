"""Network Services: what meshes and gateways need, what routes name, and the router that comes with a proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.networksecurity.api import API as SECURITY
from sandbox.apis.networkservices.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

COMPUTE = "/compute/v1/projects/prices"
REGION = f"{COMPUTE}/regions/asia-south1"
GLOBAL = "/networkservices/v1/projects/prices/locations/global"
HERE = "/networkservices/v1/projects/prices/locations/asia-south1"
SERVICE = "projects/prices/global/backendServices/b"
MESH = "projects/prices/locations/global/meshes/m"
Json = dict[str, Any]
PROXY: Json = {
    "type": "SECURE_WEB_GATEWAY",
    "ports": [443],
    "network": "projects/prices/global/networks/n",
    "subnetwork": "projects/prices/regions/asia-south1/subnetworks/s",
}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API, SECURITY, API) as made:
        await ask(made, "POST", f"{COMPUTE}/global/networks", {"name": "n", "autoCreateSubnetworks": False})
        subnet = {"name": "s", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
        await ask(made, "POST", f"{REGION}/subnetworks", subnet)
        service = {"name": "b", "loadBalancingScheme": "INTERNAL_SELF_MANAGED", "protocol": "HTTP"}
        await ask(made, "POST", f"{COMPUTE}/global/backendServices", service)
        await ask(made, "POST", f"{GLOBAL}/meshes?meshId=m", {})
        yield made


async def proxied(router: Router) -> None:
    """A subnetwork for proxies."""
    subnet = {"name": "p", "network": "global/networks/n", "ipCidrRange": "10.2.0.0/24", "role": "ACTIVE"}
    await ask(router, "POST", f"{REGION}/subnetworks", {**subnet, "purpose": "REGIONAL_MANAGED_PROXY"})


async def test_a_proxy_needs_a_subnetwork_for_proxies_and_comes_with_a_router(router: Router) -> None:
    await ask(router, "POST", f"{HERE}/gateways?gatewayId=g", PROXY, 400)
    await proxied(router)
    for name in ("g", "h"):
        await ask(router, "POST", f"{HERE}/gateways?gatewayId={name}", PROXY)
    numbers = [(await ask(router, "GET", f"{HERE}/gateways/{name}"))["addresses"][0] for name in ("g", "h")]
    assert numbers == ["10.1.0.2", "10.1.0.3"]
    network = await ask(router, "GET", f"{COMPUTE}/global/networks/n")
    (made,) = (await ask(router, "GET", f"{REGION}/routers"))["items"]
    assert made["name"] == f"swg-autogen-router-{network['id']}"
    for name in ("g", "h"):
        await ask(router, "DELETE", f"{HERE}/gateways/{name}")
    await ask(router, "DELETE", f"{REGION}/routers/{made['name']}")  # it stays until somebody does


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ports": []}, 400),
        ({"ports": [0]}, 400),
        ({"allPorts": True}, 400),
        ({"network": ""}, 400),
        ({"network": "projects/prices/global/networks/none"}, 404),
        ({"addresses": ["10.9.0.1"]}, 400),
        ({"gatewaySecurityPolicy": "projects/prices/locations/asia-south1/gatewaySecurityPolicies/none"}, 404),
        ({"type": "OPEN_MESH"}, 400),
        ({"scope": "a b"}, 400),
    ],
)
async def test_gateways_that_are_refused(router: Router, change: Json, status: int) -> None:
    await proxied(router)
    await ask(router, "POST", f"{HERE}/gateways?gatewayId=g", {**PROXY, **change}, status)


async def test_a_route_names_what_is_there_and_keeps_its_mesh(router: Router) -> None:
    rule = {"action": {"destinations": [{"serviceName": SERVICE}]}}
    body: Json = {"hostnames": ["example.com"], "rules": [rule], "meshes": [MESH]}
    other = {"action": {"destinations": [{"serviceName": f"{SERVICE}x"}]}}
    await ask(router, "POST", f"{GLOBAL}/httpRoutes?httpRouteId=r", {**body, "rules": [other]}, 404)
    await ask(router, "POST", f"{GLOBAL}/httpRoutes?httpRouteId=r", {**body, "meshes": [f"{MESH}x"]}, 404)
    both = {"action": {**rule["action"], "redirect": {"pathRedirect": "/"}}}
    await ask(router, "POST", f"{GLOBAL}/httpRoutes?httpRouteId=r", {**body, "rules": [both]}, 400)
    two = {"matches": [{"prefixMatch": "/a", "fullPathMatch": "/a"}], **rule}
    await ask(router, "POST", f"{GLOBAL}/httpRoutes?httpRouteId=r", {**body, "rules": [two]}, 400)
    await ask(router, "POST", f"{GLOBAL}/httpRoutes?httpRouteId=r", body)
    link = (await ask(router, "GET", f"{GLOBAL}/httpRoutes/r"))["selfLink"]
    assert link.endswith("/projects/prices/locations/global/httpRoutes/r")
    await ask(router, "DELETE", f"{GLOBAL}/meshes/m", status=400)
    await ask(router, "DELETE", f"{GLOBAL}/httpRoutes/r")
    await ask(router, "DELETE", f"{GLOBAL}/meshes/m")


async def test_routes_by_tcp_and_tls_that_are_refused(router: Router) -> None:
    neither = {"rules": [{"action": {"idleTimeout": "1s"}}], "meshes": [MESH]}
    await ask(router, "POST", f"{GLOBAL}/tcpRoutes?tcpRouteId=r", neither, 400)
    original = {"rules": [{"action": {"originalDestination": True}}], "meshes": [MESH]}
    await ask(router, "POST", f"{GLOBAL}/tcpRoutes?tcpRouteId=r", original)
    for_all = {"rules": [{"matches": [{}], "action": {}}], "meshes": [MESH]}
    await ask(router, "POST", f"{GLOBAL}/tlsRoutes?tlsRouteId=r", for_all, 400)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 404),  # no such rule
        ({"extensionChains": [{"name": "c", "extensions": []}]}, 400),
        ({"forwardingRules": []}, 400),
        ({"loadBalancingScheme": "EXTERNAL"}, 400),
    ],
)
async def test_extensions_that_are_refused(router: Router, change: Json, status: int) -> None:
    body: Json = {
        "loadBalancingScheme": "INTERNAL_MANAGED",
        "forwardingRules": ["projects/prices/regions/asia-south1/forwardingRules/none"],
        "extensionChains": [{"name": "c", "matchCondition": {"celExpression": "true"}, "extensions": [{"name": "e"}]}],
    }
    status = 404 if "extensionChains" in change else status  # the rules are looked for first
    await ask(router, "POST", f"{HERE}/lbRouteExtensions?lbRouteExtensionId=e", {**body, **change}, status)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"authority": ""}, 400),
        ({"timeout": "11s"}, 400),
        ({"service": f"{SERVICE}x"}, 404),
        ({"service": "projects/prices/locations/global/wasmPlugins/p"}, 501),
        ({"service": "somewhere"}, 400),
        ({"service": "modelarmor.asia-south1.rep.googleapis.com"}, 200),
    ],
)
async def test_an_extension_for_authorization_asks_a_service(router: Router, change: Json, status: int) -> None:
    body = {"service": SERVICE, "authority": "a.example.com", "timeout": "0.1s", **change}
    await ask(router, "POST", f"{HERE}/authzExtensions?authzExtensionId=e", body, status)


async def test_a_binding_is_of_a_service_and_an_endpoint_policy_of_labels(router: Router) -> None:
    service = {"service": "projects/prices/locations/asia-south1/namespaces/n/services/s"}
    await ask(router, "POST", f"{GLOBAL}/serviceBindings?serviceBindingId=b", service, 404)
    matcher = {"metadataLabelMatcher": {"metadataLabelMatchCriteria": "MATCH_SOME"}}
    policy = {"type": "GRPC_SERVER", "endpointMatcher": matcher}
    await ask(router, "POST", f"{GLOBAL}/endpointPolicies?endpointPolicyId=p", policy, 400)
    matcher["metadataLabelMatcher"]["metadataLabelMatchCriteria"] = "MATCH_ALL"
    await ask(router, "POST", f"{GLOBAL}/endpointPolicies?endpointPolicyId=p", policy)

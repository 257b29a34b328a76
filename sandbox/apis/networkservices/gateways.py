"""Gateways, which are secure web proxies or the edges of a mesh, and meshes.

No proxy runs: a gateway holds its numbers and shows what it would do.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import addresses, links
from sandbox.apis.compute.documents import insert_for_google
from sandbox.apis.compute.references import find
from sandbox.apis.networksecurity.common import compute, must, one_of
from sandbox.apis.networkservices.common import ROUTES, collection, only_global, self_link
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.names import check_location
from sandbox.control.referring import keep_used
from sandbox.control.store import Resource

Json = dict[str, Any]
_PROXY = "SECURE_WEB_GATEWAY"
_MODES = ("EXPLICIT_ROUTING_MODE", "NEXT_HOP_ROUTING_MODE")
_SCOPE = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{0,63}")
_ROUTERS = "compute.regional.routers"

gateways = collection(
    "gateways/{gateway}",
    "Gateway",
    "gatewayId",
    required=("type",),
    immutable=("type", "addresses", "network", "subnetwork", "scope", "allPorts", "allowGlobalAccess"),
    on_create_set={"selfLink": self_link},
)
meshes = collection("meshes/{mesh}", "Mesh", "meshId", on_create_set={"selfLink": self_link})


@gateways.checked
async def check(gateway: Resource, call: Call) -> None:
    """A proxy of a network, or a gateway of a mesh."""
    document = gateway.document
    kind = one_of(document, "type", ("OPEN_MESH", _PROXY))
    if bool(document.get("ports")) == bool(document.get("allPorts")):
        raise invalid_argument("A gateway has either ports or allPorts.", {"ports": "required"})
    for port in document.get("ports") or []:
        if not re.fullmatch(r"\d{1,5}", str(port)) or not 1 <= int(port) <= 65_535:
            raise invalid_argument("ports are 1 to 65535.", {"ports": str(port)})
    if document.get("scope") and not _SCOPE.fullmatch(document["scope"]):
        raise invalid_argument(f"'{document['scope']}' is no scope.", {"scope": "letters, digits and hyphens"})
    for field, noun in (("serverTlsPolicy", "server TLS policy"), ("gatewaySecurityPolicy", "gateway security policy")):
        if document.get(field):
            plural = re.sub(r"y$", "ies", field)
            must(document[field], f"networksecurity.{plural}", call, noun)
    for name in document.get("certificateUrls") or []:
        must(name, "certificatemanager.certificates", call, "certificate")
    if kind == _PROXY:
        _check_proxy(document, call)
    else:
        only_global(call)
        if not document.get("scope"):
            raise invalid_argument("scope is required of gateways of the type OPEN_MESH.", {"scope": "required"})
        given = next((f for f in ("network", "subnetwork", "addresses", "routingMode") if document.get(f)), None)
        if given:
            raise invalid_argument(f"{given} is of gateways of the type {_PROXY}.", {given: "another type"})


def _check_proxy(document: Json, call: Call) -> None:
    region = call.params["location"]
    check_location(region)
    one_of({"routingMode": document.get("routingMode")}, "routingMode", _MODES, _MODES[0])
    for field in ("network", "subnetwork"):
        if not document.get(field):
            raise invalid_argument(f"{field} is required of gateways of the type {_PROXY}.", {field: "required"})
    network = compute(document["network"], "networks", call, "network")
    subnet = compute(document["subnetwork"], "subnetworks", call, "subnetwork")
    if subnet.document["network"] != network.name or subnet.name.split("/")[3] != region:
        raise invalid_argument(f"'{subnet.name}' is of another network or region.", {"subnetwork": "another network"})
    proxies = [
        one
        for one in call.store.select("compute.regional.subnetworks")
        if one.document["network"] == network.name and one.name.split("/")[3] == region
    ]
    if not any(one.document.get("purpose") == "REGIONAL_MANAGED_PROXY" for one in proxies):
        raise failed_precondition(
            f"An active proxy-only subnetwork is required in the region '{region}' of the network '{network.name}'."
        )
    if not document.get("addresses"):
        document["addresses"] = [addresses.inside(subnet.name, call)]
    if len(document["addresses"]) > 1:
        raise invalid_argument("A gateway of this type has one address.", {"addresses": "at most 1"})
    addresses.check_inside(str(document["addresses"][0]), subnet.name, call)


def _router(gateway: Resource, call: Call) -> tuple[str, str]:
    """The name of the router that Google makes for the proxies of a network, and the network's."""
    name = links.relative(str(gateway.document["network"]), call.project)
    network = find(call.control, name)
    number = network.document["id"] if network else ""
    router = f"swg-autogen-router-{number}"
    return f"{name.partition('/global/')[0]}/regions/{call.params['location']}/routers/{router}", name


@gateways.created
async def with_router(gateway: Resource, call: Call) -> None:
    """The first proxy of a network comes with a router, which stays when the proxy goes."""
    if gateway.document["type"] != _PROXY:
        return
    name, network = _router(gateway, call)
    if call.store.get(_ROUTERS, name) is None:
        insert_for_google(call, _ROUTERS, name, {"network": network, "encryptedInterconnectRouter": False})


@gateways.on_delete
async def keep_gateway(gateway: Resource, call: Call) -> None:
    """One that a route names, or a service attachment, can't go."""
    keep_used(gateway, call, *ROUTES, "compute.regional.serviceAttachments", "networksecurity.authzPolicies")


@meshes.checked
async def check_mesh(mesh: Resource, call: Call) -> None:
    """With a port to which what is intercepted goes."""
    only_global(call)
    port = int(mesh.document.get("interceptionPort") or 0)
    if not 0 <= port <= 65_535:
        raise invalid_argument("interceptionPort must be 1 to 65535.", {"interceptionPort": str(port)})


@meshes.on_delete
async def keep_mesh(mesh: Resource, call: Call) -> None:
    """One that a route names can't go."""
    keep_used(mesh, call, *ROUTES)

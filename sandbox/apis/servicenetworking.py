"""Service Networking v1: the peering of a network with Google's managed services."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.peerings import CONNECTIONS as _KEY
from sandbox.apis.compute.peerings import GOOGLES as _PEERING
from sandbox.apis.compute.peerings import producer
from sandbox.apis.compute.references import find
from sandbox.control import operations
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.projects import number
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_SERVICE = "servicenetworking.googleapis.com"
_TYPE = "google.cloud.servicenetworking.v1.Connection"

API = Api(_SERVICE, "servicenetworking", flat=False, routes=[*operations.routes("v1")])


def _network(text: str, call: Call) -> Resource:
    """The network of a name, whose project may be a number. 400 otherwise."""
    parts = text.split("/")
    if len(parts) != 5 or parts[0] != "projects" or parts[2:4] != ["global", "networks"]:
        raise invalid_argument(f"Invalid network '{text}': projects/PROJECT/global/networks/NETWORK is expected.")
    project = call.control.projects.resolve(parts[1], call.control.clock())
    found = find(call.control, f"projects/{project}/global/networks/{parts[4]}")
    if found is None:
        raise not_found(f"Network '{text}' was not found.")
    return found


def _checked(body: Json, network: Resource, call: Call) -> list[str]:
    """The ranges' names: each reserved for peering, in this network."""
    ranges = [str(name) for name in body.get("reservedPeeringRanges") or []]
    if not ranges:
        raise invalid_argument("reservedPeeringRanges is required.", {"reservedPeeringRanges": "required"})
    project = network.name.split("/")[1]
    for name in ranges:
        address = call.store.get("compute.addresses", f"projects/{project}/global/addresses/{name}")
        document = address.document if address else {}
        if document.get("purpose") != "VPC_PEERING" or document.get("network") != network.name:
            raise failed_precondition(f"Allocated range '{name}' not found in network.")
    return ranges


def _shown(connection: Resource) -> Json:
    project, network = connection.name.split("/")[1], connection.name.split("/")[4]
    return {
        "network": f"projects/{number(project)}/global/networks/{network}",
        "reservedPeeringRanges": connection.document["reservedPeeringRanges"],
        "peering": _PEERING,
        "service": f"services/{_SERVICE}",
    }


def _done(call: Call, connection: Resource | None) -> Response:
    # Its operations are below nothing: `operations/…`.
    name = f"operations/pssn.{call.control.uid()}"
    shown = _shown(connection) if connection else {}
    kind = _TYPE if connection else "google.protobuf.Empty"
    return Response.of(operations.done(call.control, "", kind, shown, name=name))


@API.route("POST", "v1/services/{service}/connections")
async def create(call: Call) -> Response:
    """`services.connections.create`."""
    _known(call)
    body = call.body()
    network = _network(str(body.get("network") or ""), call)
    ranges = _checked(body, network, call)
    name = f"{network.name}/connections/{_PEERING}"
    if call.store.get(_KEY, name) is not None:
        message = "Cannot modify allocated ranges in CreateConnection. Please use UpdateConnection."
        raise failed_precondition(message)
    moment = call.control.clock()
    connection = Resource(_KEY, name, {"reservedPeeringRanges": ranges}, moment, moment)
    with call.store.transaction():
        call.store.insert(connection)
        _peer(call, network, on=True)
    return _done(call, connection)


@API.route("GET", "v1/services/{service}/connections")
async def list_connections(call: Call) -> Response:
    """`services.connections.list` of a network."""
    network = _network(call.query("network"), call)
    if call.params["service"] not in (_SERVICE, "-"):
        return Response.of({})
    found = [_shown(connection) for connection in call.store.select(_KEY, network.name)]
    return Response.of({"connections": found} if found else {})


@API.route("PATCH", "v1/services/{service}/connections/{connection}")
async def update(call: Call) -> Response:
    """`services.connections.patch`: other ranges."""
    _known(call)
    body = call.body()
    network = _network(str(body.get("network") or ""), call)
    old = _must(call, network)
    ranges = _checked(body, network, call)
    new = Resource(_KEY, old.name, {"reservedPeeringRanges": ranges}, old.created, call.control.clock())
    call.store.put(new)
    return _done(call, new)


@API.route("POST", "v1/services/{service}/connections/{connection}")
async def delete(call: Call) -> Response:
    """`services.connections.deleteConnection`."""
    _known(call)
    network = _network(str(call.body().get("consumerNetwork") or ""), call)
    connection = _must(call, network)
    user = producer(call, network.name)
    if user is not None:
        message = (
            "Failed to delete connection; Producer services (e.g. CloudSQL, Cloud Memstore, etc.) are still using "
            f"this connection: {user}."
        )
        raise ApiError("FAILED_PRECONDITION", message)
    with call.store.transaction():
        call.store.delete(_KEY, connection.name)
        _peer(call, network, on=False)
    return _done(call, None)


def _known(call: Call) -> None:
    if call.params["service"] != _SERVICE:
        raise not_found(f"Service '{call.params['service']}' was not found.")


def _must(call: Call, network: Resource) -> Resource:
    found = call.store.get(_KEY, f"{network.name}/connections/{_PEERING}")
    if found is None:
        raise not_found(f"Connection '{_PEERING}' of '{network.name}' was not found.")
    return found


def _peer(call: Call, network: Resource, *, on: bool) -> None:
    """The network's side of it."""
    peering = {
        "name": _PEERING,
        "network": "https://www.googleapis.com/compute/v1/projects/sandbox-tp/global/networks/servicenetworking",
        "state": "ACTIVE",
        "stateDetails": "[2026-01-01T00:00:00.000-08:00]: Connected.",
        "autoCreateRoutes": True,
        "exchangeSubnetRoutes": True,
        "exportCustomRoutes": False,
        "importCustomRoutes": False,
        "exportSubnetRoutesWithPublicIp": False,
        "importSubnetRoutesWithPublicIp": False,
    }
    known = network.document.get("peerings") or []
    peering |= next((one for one in known if one["name"] == _PEERING), {})  # which routes go through it was set apart
    others = [one for one in known if one["name"] != _PEERING]
    document = {key: value for key, value in network.document.items() if key != "peerings"}
    if kept := [*others, peering] if on else others:
        document["peerings"] = kept
    call.store.put(Resource(network.collection, network.name, document, network.created, call.control.clock()))

"""Serverless VPC access v1: connectors."""

from __future__ import annotations

from ipaddress import ip_network

from sandbox.apis.compute import ranges
from sandbox.apis.compute.references import find
from sandbox.control import locations, operations
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.router import Api
from sandbox.control.store import Resource

_MACHINES = {"f1-micro": (100, 1000), "e2-micro": (200, 1000), "e2-standard-4": (3200, 16_000)}

connectors = Collection(
    path="v1/projects/{project}/locations/{location}/connectors/{connector}",
    type="google.cloud.vpcaccess.v1.Connector",
    operation_metadata="google.cloud.vpcaccess.v1.OperationMetadata",
    id_rule=r"[a-z][a-z0-9-]{0,23}[a-z0-9]",
    id_message="It must be 2 to 25 lowercase letters, numbers or hyphens, a letter first and no hyphen last.",
    id_param="connectorId",
    defaults={"machineType": "e2-micro", "state": "READY"},
    output_only=("state", "connectedProjects"),
    immutable=("network", "ipCidrRange", "subnet"),
    location="region",
    lro=True,
)

API = Api(
    "vpcaccess.googleapis.com",
    "vpcaccess",
    [connectors],
    [*operations.routes("v1"), *locations.routes("v1")],
    flat=False,
)


@connectors.on_create
async def check(connector: Resource, call: Call) -> None:
    """A /28 of its own: a range that nothing has, or a subnet."""
    document = connector.document
    subnet, text = document.get("subnet") or {}, document.get("ipCidrRange")
    if bool(subnet.get("name")) == bool(text):
        raise invalid_argument("Exactly one of subnet and ipCidrRange must be specified.")
    if text:
        await _in_range(document, str(text), call)
    else:
        project = subnet.get("projectId") or call.project
        name = f"projects/{project}/regions/{call.params['location']}/subnetworks/{subnet['name']}"
        found = find(call.control, name)
        if found is None:
            raise not_found(f"Subnet '{name}' was not found.")
        if ip_network(found.document["ipCidrRange"]).prefixlen != 28:
            raise invalid_argument("The subnet of a connector must have a /28 range.", {"subnet": "not a /28"})
        document["subnet"] = {"name": subnet["name"], "projectId": project}
        document["network"] = found.document["network"].rpartition("/")[2]
    _scale(document)


async def _in_range(document: dict[str, object], text: str, call: Call) -> None:
    network = str(document.get("network") or "")
    name = f"projects/{call.project}/global/networks/{_short(network)}"
    if find(call.control, name) is None:
        raise not_found(f"Network '{network}' was not found.")
    block = ranges.cidr("ipCidrRange", text)
    if block.prefixlen != 28:
        raise invalid_argument("The range of a connector must be a /28.", {"ipCidrRange": "not a /28"})
    other = ranges.conflict(block, call.control, name)
    for known in call.store.select(connectors.key):
        taken = known.document.get("ipCidrRange")
        same = known.name.startswith(f"projects/{call.project}/") and known.document.get("network") == _short(network)
        if taken and same and block.overlaps(ip_network(taken)):
            other = known.name
    if other is not None:
        raise failed_precondition(f"The range {text} conflicts with '{other}'.")
    document["network"] = _short(network)


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _scale(document: dict[str, object]) -> None:
    machine = str(document["machineType"])
    if machine not in _MACHINES:
        raise invalid_argument(f"Machine type '{machine}' is not one of {', '.join(_MACHINES)}.")
    low, high = int(str(document.get("minInstances") or 2)), int(str(document.get("maxInstances") or 10))
    if not 2 <= low < high <= 10:
        raise invalid_argument(f"Invalid scaling: minInstances {low} is 2 to 9, below maxInstances {high}, at most 10.")
    document["minInstances"], document["maxInstances"] = low, high
    least, most = _MACHINES[machine]
    document.setdefault("minThroughput", min(low * 100, 900) if machine == "e2-micro" else least)
    document.setdefault("maxThroughput", min(high * 100, 1000) if machine == "e2-micro" else most)


@connectors.on_update
async def rescale(old: Resource, new: Resource, call: Call) -> None:
    """Only the machines change: their kind and number."""
    new.document.pop("minThroughput", None)
    new.document.pop("maxThroughput", None)
    _scale(new.document)

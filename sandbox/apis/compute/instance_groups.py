"""Instance groups of a zone that people fill themselves."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute.errors import invalid, missing
from sandbox.apis.compute.kinds import NAME, Kind
from sandbox.apis.compute.links import HOST
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]


def _ports(document: Json) -> None:
    for port in document.get("namedPorts") or []:
        if not re.fullmatch(NAME, str(port.get("name") or "")):
            raise invalid("namedPorts[].name", port.get("name"), f"Must be a match of regex '{NAME}'")
        if not 1 <= int(port.get("port") or 0) <= 65_535:
            raise invalid("namedPorts[].port", port.get("port"), "Must be between 1 and 65535.")


def _check(document: Json, call: Call, old: Resource | None) -> None:
    _ports(document)


def _set_ports(group: Resource, body: Json, call: Call) -> None:
    """`setNamedPorts`."""
    group.document["namedPorts"] = body.get("namedPorts") or []
    _ports(group.document)


def _named(body: Json) -> list[str]:
    return [str(one.get("instance") or "") for one in body.get("instances") or []]


def _unmanaged(group: Resource, call: Call) -> None:
    manager = group.name.replace("/instanceGroups/", "/instanceGroupManagers/")
    if call.store.get("compute.zonal.instanceGroupManagers", manager) is not None:
        raise invalid_argument(f"The group '{group.name}' is managed: its manager decides which machines it has.")


def _add(group: Resource, body: Json, call: Call) -> None:
    """`addInstances`: machines of the group's zone and network, which the first one decides."""
    _unmanaged(group, call)
    members = group.document.setdefault("instances", [])
    for name in _named(body):
        machine = call.store.get("compute.zonal.instances", name)
        if machine is None:
            raise missing(name)
        if machine.parent != group.parent:
            raise invalid("instances", name, "The machine is not in the zone of the group.")
        if name in members:
            raise invalid_argument(
                f"Instance '{name}' is already a member of '{group.name}'.", reason="memberAlreadyExists"
            )
        interface = machine.document["networkInterfaces"][0]
        if group.document.setdefault("network", interface["network"]) != interface["network"]:
            raise invalid("instances", name, f"The machine is not in the network '{group.document['network']}'.")
        group.document.setdefault("subnetwork", interface["subnetwork"])
        members.append(name)


def _remove(group: Resource, body: Json, call: Call) -> None:
    """`removeInstances`."""
    _unmanaged(group, call)
    for name in _named(body):
        if name not in (group.document.get("instances") or []):
            raise invalid("instances", name, f"It is not a member of '{group.name}'.")
        group.document["instances"].remove(name)


class _Regional(Kind):
    """Groups of a region come and go with what manages them."""

    def routes(self) -> list[Route]:
        made = (("POST", self.place), ("DELETE", f"{self.place}/{{name}}"))
        return [route for route in Kind.routes(self) if (route.method, route.template) not in made]


def _kind(scope: str) -> Kind:
    zonal = scope == "zones"
    return (Kind if zonal else _Regional)(
        "instanceGroups",
        "instance_group",
        "compute#instanceGroup",
        scope=scope,
        output_only=("size", "subnetwork", "instances"),
        methods=(),
        fingerprint=True,
        check=_check,
        view=lambda group, call: {"size": len(group.document.get("instances") or []), "instances": None},
        verbs={"setNamedPorts": _set_ports, **({"addInstances": _add, "removeInstances": _remove} if zonal else {})},
    )


instance_groups, region_instance_groups = _kind("zones"), _kind("regions")


async def _instances(call: Call) -> Response:
    """`instanceGroups.listInstances`."""
    kind = instance_groups if "zone" in call.params else region_instance_groups
    group = kind.must(call.control, kind.name(call))
    running = call.body().get("instanceState") == "RUNNING"
    items = []
    for name in group.document.get("instances") or []:
        machine = call.store.get("compute.zonal.instances", name)
        status = machine.document["status"] if machine else ""
        if status == "RUNNING" or not running:
            items.append({"instance": HOST + name, "status": status})
    head = {"kind": "compute#instanceGroupsListInstances"}
    return Response.of({**head, "items": items} if items else head)


ROUTES = [
    Route("POST", f"{kind.place}/{{name}}/listInstances", _instances)
    for kind in (instance_groups, region_instance_groups)
]

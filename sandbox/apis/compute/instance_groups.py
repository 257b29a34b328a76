"""Instance groups of a zone that people fill themselves. There are no machines here, so they stay empty."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute.errors import invalid
from sandbox.apis.compute.kinds import NAME, Kind
from sandbox.control.context import Call
from sandbox.control.errors import unimplemented
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


def _fill(group: Resource, body: Json, call: Call) -> None:
    raise unimplemented("The sandbox has no machines: an instance group stays empty.")


instance_groups = Kind(
    "instanceGroups",
    "instance_group",
    "compute#instanceGroup",
    scope="zones",
    output_only=("size", "subnetwork"),
    methods=(),
    fingerprint=True,
    check=_check,
    view=lambda group, call: {"size": 0},
    verbs={"setNamedPorts": _set_ports, "addInstances": _fill, "removeInstances": _fill},
)


async def _instances(call: Call) -> Response:
    """`instanceGroups.listInstances`: none."""
    instance_groups.must(call.control, instance_groups.name(call))
    return Response.of({"kind": "compute#instanceGroupsListInstances"})


ROUTES = [Route("POST", f"{instance_groups.place}/{{name}}/listInstances", _instances)]

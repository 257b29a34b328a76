"""Target instances: one machine that gets the packets of forwarding rules as they are."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.store import Resource


def _check(document: dict[str, Any], call: Call, old: Resource | None) -> None:
    refuse(document, ("securityPolicy",), "target instances")
    if document["natPolicy"] != "NO_NAT":
        raise invalid("natPolicy", document["natPolicy"], "Must be NO_NAT.")
    machine, place = str(document["instance"]), f"projects/{call.project}/zones/{call.params['zone']}/instances/"
    if not machine.startswith(place):
        raise invalid("instance", machine, f"It must be a machine of the zone '{call.params['zone']}'.")


target_instances = Kind(
    "targetInstances",
    "target_instance",
    "compute#targetInstance",
    scope="zones",
    defaults={"natPolicy": "NO_NAT"},
    required=("instance",),
    methods=(),
    check=_check,
)

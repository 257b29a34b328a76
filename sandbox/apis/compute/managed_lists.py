"""What a managed group lists: its machines, with what is kept of each, and the configurations of single ones."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import instance_configs, managed_machines
from sandbox.apis.compute.filters import accepts
from sandbox.apis.compute.instance_group_managers import instance_group_managers, region_instance_group_managers
from sandbox.apis.compute.instances import instances
from sandbox.apis.compute.links import HOST, shown
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]


async def _list(call: Call) -> Response:
    """`listManagedInstances`."""
    manager = _of(call)
    members = [instances.must(call.control, name) for name in managed_machines.members(manager, call)]
    passes = accepts(call.query("filter"))
    found = [one for one in (_listed(manager, machine, call) for machine in members) if passes(one)]
    return Response.of({"managedInstances": found} if found else {})


def _of(call: Call) -> Resource:
    kind = instance_group_managers if "zone" in call.params else region_instance_group_managers
    return kind.must(call.control, kind.name(call))


def _listed(manager: Resource, machine: Resource, call: Call) -> Json:
    own = instance_configs.applied(instance_configs.find(manager, machine.id, call))
    by_policy = managed_machines.kept_of(manager, machine, call)
    kept = {"preservedStateFromConfig": own, "preservedStateFromPolicy": by_policy}
    template = managed_machines.template_of(machine, call)
    version: Json = next((one for one in manager.document["versions"] if one["instanceTemplate"] == template), {})
    return {
        "instance": HOST + machine.name,
        "name": machine.id,
        "id": machine.document["id"],
        "instanceStatus": machine.document["status"],
        "currentAction": "NONE",
        "version": {"instanceTemplate": HOST + template, **({"name": version["name"]} if version.get("name") else {})},
        **{key: shown(state) for key, state in kept.items() if state},
    }


async def _list_configs(call: Call) -> Response:
    """`listPerInstanceConfigs`, in pages."""
    size = call.integer("maxResults", 500, 500) or 500
    after = paging.after(call.query("pageToken"))
    passes = accepts(call.query("filter"))
    configs = [one for one in instance_configs.of(_of(call), call) if passes(instance_configs.shown(one))]
    configs = [one for one in configs if one.name > after][: size + 1]
    return Response.of(paging.page("items", configs, size, lambda one: one.name, instance_configs.shown))


ROUTES = [
    Route("POST", f"{kind.place}/{{name}}/{verb}", serve)
    for kind in (instance_group_managers, region_instance_group_managers)
    for verb, serve in (("listManagedInstances", _list), ("listPerInstanceConfigs", _list_configs))
]

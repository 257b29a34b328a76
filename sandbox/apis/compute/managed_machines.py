"""The machines of managed groups: how one is made of a template, made anew, and comes back when it is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from sandbox.apis.compute import instance_configs, instance_templates, managed_pools, preserved_state, target_pools
from sandbox.apis.compute.disks import disks
from sandbox.apis.compute.instance_groups import instance_groups, region_instance_groups
from sandbox.apis.compute.instances import DELETED, instances, remove
from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.projects import by_number
from sandbox.control.store import Resource

Json = dict[str, Any]
_MANAGERS = (
    (instance_groups, "compute.zonal.instanceGroupManagers"),
    (region_instance_groups, "compute.regional.instanceGroupManagers"),
)


def group_kind(manager: Resource) -> Kind:
    """The kind of a manager's group."""
    return region_instance_groups if manager.name.split("/")[2] == "regions" else instance_groups


def group(manager: Resource, call: Call) -> Resource:
    """The group of a manager."""
    return group_kind(manager).must(call.control, manager.name.replace("/instanceGroupManagers/", "/instanceGroups/"))


def members(manager: Resource, call: Call) -> list[str]:
    """The names of a group's machines."""
    return list(group(manager, call).document.get("instances") or [])


def places(manager: Resource, taken: list[str]) -> Iterator[str]:
    """The zones of the next machines: evenly over those of the group."""
    if manager.name.split("/")[2] == "zones":
        yield from cycle([manager.name.split("/")[3]])
    every = [one["zone"].rpartition("/")[2] for one in manager.document["distributionPolicy"]["zones"]]
    while True:
        zone = min(every, key=taken.count)
        taken.append(zone)
        yield zone


def stateful(manager: Resource, call: Call) -> bool:
    """Whether a group keeps anything of its machines."""
    return bool(preserved_state.policy(manager) or instance_configs.of(manager, call))


def scalers(manager: Resource, call: Call) -> Iterator[Resource]:
    """The autoscalers of a group."""
    for key in ("compute.zonal.autoscalers", "compute.regional.autoscalers"):
        yield from (one for one in call.store.select(key) if one.document["target"] == manager.name)


def check_stateful(manager: Resource, call: Call) -> None:
    """400 where a group may not keep anything of its machines: it is scaled, or moves them between zones."""
    refuse_scaling(any(scalers(manager, call)))
    if manager.document["updatePolicy"].get("instanceRedistributionType", "NONE") != "NONE":
        raise invalid_argument(
            "Stateful regional managed instance groups need updatePolicy.instanceRedistributionType to be NONE."
        )


def refuse_scaling(both: bool) -> None:
    """400 where a group would be both scaled and stateful."""
    if both:
        raise invalid_argument("Autoscaling is not supported for managed instance groups with stateful configuration.")


def make(manager: Resource, template: str, zone: str, call: Call, name: str = "", kept: Json | None = None) -> str:
    """One machine of a template, with what the group adds to all and what is kept of it; its full name."""
    known = instance_templates.find(template, call)
    body = instance_templates.body(template, zone, call)
    place = f"projects/{call.project}/zones/{zone}"
    body["name"] = name or _free_name(f"{manager.document['baseInstanceName']}-", place, call)
    added = (manager.document.get("allInstancesConfig") or {}).get("properties") or {}
    body["labels"] = {**(body.get("labels") or {}), **(added.get("labels") or {})}
    values = {item["key"]: item.get("value", "") for item in body["metadata"].get("items") or []}
    values |= added.get("metadata") or {}
    values |= {"created-by": by_number(manager.name), "instance-template": by_number(known.name)}
    body["metadata"] = {"items": [{"key": key, "value": value} for key, value in values.items()]}
    own = instance_configs.wanted(instance_configs.find(manager, body["name"], call))
    if own or kept or preserved_state.policy(manager):
        preserved_state.into(body, manager, own, kept or {}, zone, call)
    there = Call(call.control, call.request, {**call.params, "zone": zone})
    made = instances.insert(there, place, body).name
    instance_configs.settle(manager, body["name"], call)
    return made


def _free_name(prefix: str, place: str, call: Call) -> str:
    """A name with four random digits that neither a machine nor a disk of the zone has."""
    while True:
        name = prefix + call.control.hex(4)
        taken = ((instances.key, f"{place}/instances/{name}"), (disks.key, f"{place}/disks/{name}"))
        if all(call.store.get(key, full) is None for key, full in taken):
            return name


def said(machine: Resource, key: str) -> str:
    """What a machine's metadata say of the group that made it."""
    items = machine.document["metadata"].get("items") or []
    return next((str(item["value"]) for item in items if item["key"] == key), "")


def template_of(machine: Resource, call: Call) -> str:
    """The template that a machine was made of."""
    return f"projects/{call.project}/{said(machine, 'instance-template').split('/', 2)[2]}"


def kept_of(manager: Resource, machine: Resource, call: Call) -> Json:
    """What a group's policy keeps of a machine."""
    own = instance_configs.applied(instance_configs.find(manager, machine.id, call))
    return preserved_state.of_policy(manager, machine, own, call)


def remake(manager: Resource, machine: Resource, template: str, call: Call) -> None:
    """Make a machine anew under its name, with what is kept of it. It stays where it is in its group."""
    kept, order = kept_of(manager, machine, call), members(manager, call)
    remove(machine, call)
    make(manager, template, machine.name.split("/")[3], call, machine.id, kept)
    known = group(manager, call)
    known.document["instances"] = order
    call.store.put(known)


def take_away(manager: Resource, machines: list[str], call: Call) -> None:
    """Delete machines for good: they leave the group's target pools, and what was kept goes where its rule says so."""
    target_pools.leave(machines, managed_pools.of(manager), call)
    for name in machines:
        machine = instances.must(call.control, name)
        config = instance_configs.find(manager, machine.id, call)
        state = preserved_state.merged(kept_of(manager, machine, call), instance_configs.applied(config))
        remove(machine, call)
        preserved_state.let_go(state, call)
        instance_configs.drop(config, call)


def heal(machine: Resource, call: Call) -> None:
    """Make a machine again that was deleted by itself: of its template, under its name."""
    maker = said(machine, "created-by")
    for groups, managers in _MANAGERS:
        for known in groups.all(call.control, call.project):
            name = known.name.replace("/instanceGroups/", "/instanceGroupManagers/")
            manager = call.store.get(managers, name)
            if manager is None or by_number(name) != maker:
                continue
            there = known.document.setdefault("instances", [])
            if len(there) < int(manager.document["targetSize"]):
                zone, kept = machine.name.split("/")[3], kept_of(manager, machine, call)
                there.append(make(manager, template_of(machine, call), zone, call, machine.id, kept))
                call.store.put(known)


DELETED.append(heal)

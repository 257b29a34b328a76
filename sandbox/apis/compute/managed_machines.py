"""The machines of managed groups: how one is made of a template, and that one which is deleted by itself comes back."""

from __future__ import annotations

from sandbox.apis.compute import instance_templates
from sandbox.apis.compute.disks import disks
from sandbox.apis.compute.instance_groups import instance_groups, region_instance_groups
from sandbox.apis.compute.instances import DELETED, instances
from sandbox.control.context import Call
from sandbox.control.projects import by_number
from sandbox.control.store import Resource

_MANAGERS = (
    (instance_groups, "compute.zonal.instanceGroupManagers"),
    (region_instance_groups, "compute.regional.instanceGroupManagers"),
)


def make(manager: Resource, template: str, zone: str, call: Call, name: str = "") -> str:
    """One machine of a template, with what the group adds to all; its full name."""
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
    there = Call(call.control, call.request, {**call.params, "zone": zone})
    return instances.insert(there, place, body).name


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


def heal(machine: Resource, call: Call) -> None:
    """Make a machine again that was deleted by itself: of its template, under its name."""
    maker = said(machine, "created-by")
    for groups, managers in _MANAGERS:
        for group in groups.all(call.control, call.project):
            name = group.name.replace("/instanceGroups/", "/instanceGroupManagers/")
            manager = call.store.get(managers, name)
            if manager is None or by_number(name) != maker:
                continue
            members = group.document.setdefault("instances", [])
            if len(members) < int(manager.document["targetSize"]):
                template = said(machine, "instance-template").split("/", 2)[2]  # behind the project's number
                zone = machine.name.split("/")[3]
                members.append(make(manager, f"projects/{call.project}/{template}", zone, call, machine.id))
                call.store.put(group)


DELETED.append(heal)

"""What is asked of single machines in a managed group: to be made by name, made anew, updated, deleted or let go."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import instance_configs, managed_machines, managed_pools, preserved_state, target_pools
from sandbox.apis.compute.errors import exists, invalid, required
from sandbox.apis.compute.instances import instances
from sandbox.apis.compute.kinds import NAME, Verb
from sandbox.apis.compute.managed_updates import action, bring
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
MOST = 1000


def _named(manager: Resource, body: Json, call: Call) -> list[str]:
    """The machines that a request names: members of the group."""
    given = [str(one) for one in body.get("instances") or []]
    if not given:
        raise required("instances")
    there = managed_machines.members(manager, call)
    for one in given:
        if one not in there and not body.get("skipInstancesOnValidationError"):
            raise invalid("instances[]", one, f"The machine is not a member of '{manager.name}'.")
    return [one for one in given if one in there]


def _create(manager: Resource, body: Json, call: Call) -> None:
    """`createInstances`: by their names, with configurations of their own; the group grows by them."""
    given = body.get("instances") or []
    if not given:
        raise required("instances")
    size = int(manager.document["targetSize"]) + len(given)
    if size > MOST:
        raise invalid("instances", len(given), f"A group has at most {MOST} machines.")
    managed_machines.check_stateful(manager, call)
    made = []
    with call.store.transaction():
        known = managed_machines.group(manager, call)
        members: list[str] = known.document.setdefault("instances", [])
        places = managed_machines.places(manager, [name.split("/")[3] for name in members])
        for one in given:
            name, state = str(one.get("name") or ""), one.get("preservedState") or {}
            if not re.fullmatch(NAME, name):
                raise invalid("instances[].name", name, f"Must be a match of regex '{NAME}'")
            zone = _zone_of(state) or next(places)
            full = f"projects/{call.project}/zones/{zone}/instances/{name}"
            if call.store.get(instances.key, full) is not None:
                raise exists(full)
            instance_configs.keep(manager, name, preserved_state.check_own(state, zone, call), call)
            template = manager.document["versions"][-1]["instanceTemplate"]
            made.append(managed_machines.make(manager, template, zone, call, name))
        members += made
        call.store.put(known)
        target_pools.enter(made, managed_pools.of(manager), call)
    manager.document["targetSize"] = size


def _zone_of(state: Json) -> str:
    """The zone that a machine's disks are in."""
    sources = (str(one.get("source") or "") for one in (state.get("disks") or {}).values())
    return next((source.split("/")[3] for source in sources if "/zones/" in source), "")


def _configs(manager: Resource, body: Json, call: Call, *, merge: bool) -> None:
    given = body.get("perInstanceConfigs") or []
    if not given:
        raise required("perInstanceConfigs")
    managed_machines.check_stateful(manager, call)
    by_name = {name.rpartition("/")[2]: name for name in managed_machines.members(manager, call)}
    with call.store.transaction():
        for one in given:
            name, state = str(one.get("name") or ""), one.get("preservedState") or {}
            if name not in by_name:
                raise invalid("perInstanceConfigs[].name", name, f"'{manager.name}' has no machine of this name.")
            if merge:
                before = instance_configs.wanted(instance_configs.find(manager, name, call))
                state = preserved_state.merged(before, state)
            state = preserved_state.check_own(state, by_name[name].split("/")[3], call)
            instance_configs.keep(manager, name, state, call)
        _at_once(manager, [by_name[one["name"]] for one in given], call)


def _update_configs(manager: Resource, body: Json, call: Call) -> None:
    """`updatePerInstanceConfigs`: of machines that are there; they get it when updates are applied."""
    _configs(manager, body, call, merge=False)


def _patch_configs(manager: Resource, body: Json, call: Call) -> None:
    """`patchPerInstanceConfigs`."""
    _configs(manager, body, call, merge=True)


def _delete_configs(manager: Resource, body: Json, call: Call) -> None:
    """`deletePerInstanceConfigs`: each goes once that is applied to its machine."""
    names = [str(name) for name in body.get("names") or []]
    if not names:
        raise required("names")
    found = {name: instance_configs.find(manager, name, call) for name in names}
    for name, config in found.items():
        if config is None:
            raise invalid("names[]", name, "There is no per-instance config of this name.")
        instance_configs.give_up(config, call)
    _at_once(manager, [one for one in managed_machines.members(manager, call) if one.rpartition("/")[2] in names], call)


def _at_once(manager: Resource, machines: list[str], call: Call) -> None:
    """A group that is updated by itself applies configurations too."""
    if manager.document["updatePolicy"]["type"] == "PROACTIVE":
        for name in machines:
            bring(manager, instances.must(call.control, name), "NONE", "REPLACE", call)


def _apply(manager: Resource, body: Json, call: Call) -> None:
    """`applyUpdatesToInstances`."""
    every = bool(body.get("allInstances"))
    if every and body.get("instances"):
        raise invalid_argument("Either instances or allInstances is given.")
    named = managed_machines.members(manager, call) if every else _named(manager, body, call)
    least, most = action(body, "minimalAction", "NONE"), action(body, "mostDisruptiveAllowedAction", "REPLACE")
    with call.store.transaction():
        for name in named:
            bring(manager, instances.must(call.control, name), least, most, call)


def _recreate(manager: Resource, body: Json, call: Call) -> None:
    """`recreateInstances`: of the template that each has."""
    with call.store.transaction():
        for name in _named(manager, body, call):
            machine = instances.must(call.control, name)
            managed_machines.remake(manager, machine, managed_machines.template_of(machine, call), call)


def _fewer(manager: Resource, gone: list[str], call: Call) -> None:
    known = managed_machines.group(manager, call)
    known.document["instances"] = [one for one in known.document.get("instances") or [] if one not in gone]
    call.store.put(known)
    manager.document["targetSize"] = int(manager.document["targetSize"]) - len(gone)


def _delete(manager: Resource, body: Json, call: Call) -> None:
    """`deleteInstances`: the group shrinks by them."""
    named = _named(manager, body, call)
    with call.store.transaction():
        managed_machines.take_away(manager, named, call)
        _fewer(manager, named, call)


def _abandon(manager: Resource, body: Json, call: Call) -> None:
    """`abandonInstances`: they stay, out of the group."""
    named = _named(manager, body, call)
    with call.store.transaction():
        target_pools.leave(named, managed_pools.of(manager), call)
        for name in named:
            instance_configs.drop(instance_configs.find(manager, name.rpartition("/")[2], call), call)
        _fewer(manager, named, call)


VERBS: dict[str, Verb] = {
    "createInstances": _create,
    "updatePerInstanceConfigs": _update_configs,
    "patchPerInstanceConfigs": _patch_configs,
    "deletePerInstanceConfigs": _delete_configs,
    "applyUpdatesToInstances": _apply,
    "recreateInstances": _recreate,
    "deleteInstances": _delete,
    "abandonInstances": _abandon,
}

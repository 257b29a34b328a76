"""How machines of managed groups get what is said of them later: in place where that can be, or by being made anew."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import instance_configs, instance_templates, instance_verbs, preserved_state
from sandbox.apis.compute.errors import invalid
from sandbox.apis.compute.managed_machines import remake, said, template_of
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.projects import by_number
from sandbox.control.store import Resource

Json = dict[str, Any]
_ACTIONS = ("NONE", "REFRESH", "RESTART", "REPLACE")


def action(body: Json, name: str, default: str) -> str:
    """An action that a request names."""
    given = str(body.get(name) or default)
    if given not in _ACTIONS:
        raise invalid(name, given, f"Must be one of {', '.join(_ACTIONS)}.")
    return given


def bring(manager: Resource, machine: Resource, least: str, most: str, call: Call) -> None:
    """Give a machine the template and the state that it is to have, by `least` at least and `most` at most."""
    templates = [version["instanceTemplate"] for version in manager.document["versions"]]
    right = said(machine, "instance-template") in map(by_number, templates)
    config = instance_configs.find(manager, machine.id, call)
    done = max(_needed(config, machine, call) if right else "REPLACE", least, key=_ACTIONS.index)
    if _ACTIONS.index(done) > _ACTIONS.index(most):
        raise invalid_argument(f"The update of '{machine.name}' needs {done}; at most {most} is allowed.")
    if done == "REPLACE":
        remake(manager, machine, template_of(machine, call) if right else templates[-1], call)
    elif done != "NONE":
        _refresh(manager, machine, config, call)


def _needed(config: Resource | None, machine: Resource, call: Call) -> str:
    """A boot disk, or a number inside a network, is changed by making the machine anew."""
    if config is None or instance_configs.status(config) == "EFFECTIVE":
        return "NONE"
    before, after = instance_configs.applied(config), instance_configs.wanted(config)
    boot = next(one["deviceName"] for one in machine.document["disks"] if one["boot"])
    if (before.get("disks") or {}).get(boot) != (after.get("disks") or {}).get(boot):
        return "REPLACE"
    for name, one in (after.get("internalIPs") or {}).items():
        card = preserved_state.interface(machine.document, name)
        if card is None or card["networkIP"] != preserved_state.number(one, f"preservedState.internalIPs.{name}", call):
            return "REPLACE"
    return "REFRESH"


def _refresh(manager: Resource, machine: Resource, config: Resource | None, call: Call) -> None:
    """In place: metadata, disks and numbers on the internet."""
    if config is None:
        return
    before, after = instance_configs.applied(config), instance_configs.wanted(config)
    template = instance_templates.body(template_of(machine, call), machine.name.split("/")[3], call)
    document = machine.document
    _metadata(document, template, before.get("metadata") or {}, after.get("metadata") or {})
    _disks(machine, before.get("disks") or {}, after.get("disks") or {}, call)
    for name, one in (after.get("externalIPs") or {}).items():
        card = preserved_state.interface(document, name)
        if card is None:
            raise invalid(f"preservedState.externalIPs.{name}", name, "The machine has no such interface.")
        number = preserved_state.number(one, f"preservedState.externalIPs.{name}", call)
        if preserved_state.numbers(card, "externalIPs") != number:
            preserved_state.set_number(card, "externalIPs", number)
    call.store.put(machine)
    instance_configs.settle(manager, machine.id, call)


def _disks(machine: Resource, before: Json, after: Json, call: Call) -> None:
    """What is no longer said, or said otherwise, is detached; then what is said is attached."""
    document = machine.document
    changed = {device for device in {*before, *after} if before.get(device) != after.get(device)}
    document["disks"] = [one for one in document["disks"] if one["deviceName"] not in changed]
    call.store.put(machine)
    for device in sorted(changed & set(after)):
        there = preserved_state.put_disk(document, device, after[device])
        instance_verbs.attached(there, document["disks"].index(there), document, call)


def _metadata(document: Json, template: Json, before: Json, after: Json) -> None:
    """What is no longer said goes back to what the template says."""
    told = {item["key"]: item["value"] for item in document["metadata"].get("items") or []}
    was = {item["key"]: item["value"] for item in template["metadata"].get("items") or []}
    for key in before:
        if key in was:
            told[key] = was[key]
        else:
            told.pop(key, None)
    told |= after
    document["metadata"] = {"items": [{"key": key, "value": value} for key, value in told.items()]}


def adopt(manager: Resource, machine: Resource, call: Call) -> None:
    """A machine that was there before the policy of its group: its disks stay, and its numbers are reserved."""
    own = instance_configs.applied(instance_configs.find(manager, machine.id, call))
    kept = {*preserved_state.devices(preserved_state.policy(manager)), *preserved_state.devices(own)}
    template = instance_templates.body(template_of(machine, call), machine.name.split("/")[3], call)
    was = {one.get("deviceName"): bool(one.get("autoDelete")) for one in template["disks"]}
    for one in machine.document["disks"]:
        one["autoDelete"] = one["deviceName"] not in kept and was.get(one["deviceName"], one["autoDelete"])
    call.store.put(machine)
    preserved_state.of_policy(manager, machine, own, call)

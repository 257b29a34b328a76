"""The configurations of single machines in managed groups: what each keeps besides what the group's policy keeps.

A configuration says what is wanted, and remembers what its machine has got of it.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.documents import fingerprint
from sandbox.apis.compute.links import shown as with_links
from sandbox.control.context import Call
from sandbox.control.store import Resource

Json = dict[str, Any]
_KEY = "compute.perInstanceConfigs"


def find(manager: Resource, machine: str, call: Call) -> Resource | None:
    """The configuration of a machine by its short name."""
    return call.store.get(_KEY, f"{manager.name}/perInstanceConfigs/{machine}")


def of(manager: Resource, call: Call) -> list[Resource]:
    """Those of a group."""
    return call.store.select(_KEY, manager.name)


def wanted(config: Resource | None) -> Json:
    """What a configuration says."""
    if config is None or config.document.get("deleted"):
        return {}
    state: Json = config.document["preservedState"]
    return state


def applied(config: Resource | None) -> Json:
    """What its machine has got of it."""
    state: Json = config.document["applied"] if config is not None else {}
    return state


def keep(manager: Resource, machine: str, state: Json, call: Call) -> None:
    """Say what a machine is to have."""
    document = {"name": machine, "preservedState": state, "applied": applied(find(manager, machine, call))}
    moment = call.control.clock()
    call.store.keep(Resource(_KEY, f"{manager.name}/perInstanceConfigs/{machine}", document, moment, moment))


def give_up(config: Resource, call: Call) -> None:
    """Say that a machine is to have nothing of its own: the configuration goes once that is so."""
    config.document["deleted"] = True
    call.store.put(config)


def settle(manager: Resource, machine: str, call: Call) -> None:
    """A machine has what its configuration says."""
    config = find(manager, machine, call)
    if config is None:
        return
    if config.document.get("deleted"):
        drop(config, call)
        return
    config.document["applied"] = config.document["preservedState"]
    call.store.put(config)


def drop(config: Resource | None, call: Call) -> None:
    """Forget it."""
    if config is not None:
        call.store.delete(_KEY, config.name)


def status(config: Resource) -> str:
    """Whether its machine has what it says."""
    if config.document.get("deleted"):
        return "UNAPPLIED_DELETION"
    return "EFFECTIVE" if config.document["applied"] == config.document["preservedState"] else "UNAPPLIED"


def shown(config: Resource) -> Json:
    """As `listPerInstanceConfigs` shows it."""
    document = config.document
    found = {"name": document["name"], "status": status(config), "fingerprint": fingerprint(document["preservedState"])}
    state = dict(document["preservedState"])
    if "disks" in state:  # the links of addresses come back as names
        state["disks"] = with_links(state["disks"])
    return {**found, "preservedState": state} if state else found

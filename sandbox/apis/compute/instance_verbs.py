"""What is changed of a machine, a call each; some of it only while the machine is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.apis.compute import interfaces, machine_types
from sandbox.apis.compute.disks import add_policies, disks, region_disks, remove_policies
from sandbox.apis.compute.documents import fingerprint
from sandbox.apis.compute.encryption import encrypted
from sandbox.apis.compute.errors import invalid, missing, required, stale
from sandbox.apis.compute.instance_parts import metadata, scheduling, tags
from sandbox.apis.compute.kinds import Verb
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.projects import compute_account
from sandbox.control.store import Resource

Json = dict[str, Any]
_MODES = ("READ_WRITE", "READ_ONLY")


def attached(one: Json, at: int, machine: Json, call: Call) -> None:
    """Complete a disk of a machine; 400 where another machine writes to it."""
    source = str(one.get("source") or "")
    if not source:
        raise required(f"disks[{at}].source")
    mode = one.setdefault("mode", "READ_WRITE")
    if mode not in _MODES:
        raise invalid(f"disks[{at}].mode", mode, f"Must be one of {', '.join(_MODES)}.")
    if one.pop("forceAttach", False):
        raise unimplemented("The sandbox does not implement forceAttach of disks.")
    one.setdefault("type", "PERSISTENT")
    one["autoDelete"], one["boot"] = bool(one.get("autoDelete")), bool(one.get("boot"))
    one["interface"] = one.get("interface") or "SCSI"
    one["deviceName"] = one.get("deviceName") or f"persistent-disk-{at}"
    taken = [other["deviceName"] for other in machine["disks"] if other is not one and other.get("deviceName")]
    if one["deviceName"] in taken:
        raise invalid(f"disks[{at}].deviceName", one["deviceName"], "Another disk of the machine has that name.")
    if "initializeParams" in one:
        return
    disk = call.store.get(disks.key, source) or call.store.get(region_disks.key, source)
    if disk is None:
        raise missing(source)
    if (key := one.get("diskEncryptionKey")) is not None:
        one["diskEncryptionKey"] = encrypted(key)
    elif disk.document.get("diskEncryptionKey"):
        one["diskEncryptionKey"] = disk.document["diskEncryptionKey"]
    for other in call.store.select("compute.zonal.instances"):
        for theirs in other.document["disks"]:
            if theirs.get("source") == source and "READ_WRITE" in (theirs["mode"], mode):
                raise ApiError(
                    "FAILED_PRECONDITION",
                    f"The disk resource '{source}' is already being used by '{other.name}'",
                    reason="resourceInUseByAnotherResource",
                )


def _stopped(machine: Resource) -> None:
    if machine.document["status"] != "TERMINATED":
        raise invalid_argument(
            "Instance must be stopped before this change: its status is " + machine.document["status"]
        )


def _becomes(status: str, *before: str) -> Verb:
    """A verb that takes a machine from some states to another."""

    def change(machine: Resource, body: Json, call: Call) -> None:
        now = machine.document["status"]
        if now not in (*before, status):
            raise invalid_argument(f"Instance is {now}: it can't become {status}.")
        machine.document["status"] = status

    return change


def _with_fingerprint(field: str, check: Callable[[Json], None]) -> Verb:
    """A verb that replaces a field which has a fingerprint of its own."""

    def change(machine: Resource, body: Json, call: Call) -> None:
        given = body.get("fingerprint")
        if given and given != fingerprint(machine.document[field]):
            raise stale()
        new = json.loads(json.dumps(body))
        check(new)
        machine.document[field] = new

    return change


def _set_type(machine: Resource, body: Json, call: Call) -> None:
    _stopped(machine)
    name = str(body.get("machineType") or "")
    machine_types.machine(name)
    machine.document["machineType"] = f"{machine.parent}/machineTypes/{name.rpartition('/')[2]}"


def _set_account(machine: Resource, body: Json, call: Call) -> None:
    _stopped(machine)
    if not body.get("email"):
        machine.document.pop("serviceAccounts", None)
        return
    email = str(body["email"])
    if email == "default":
        email = compute_account(call.project)
    machine.document["serviceAccounts"] = [{"email": email, "scopes": body.get("scopes") or []}]


def _set_platform(machine: Resource, body: Json, call: Call) -> None:
    _stopped(machine)
    machine.document["minCpuPlatform"] = str(body.get("minCpuPlatform") or "")


def _set_scheduling(machine: Resource, body: Json, call: Call) -> None:
    machine.document["scheduling"] = scheduling({**machine.document["scheduling"], **body})


def _set_protection(machine: Resource, body: Json, call: Call) -> None:
    machine.document["deletionProtection"] = call.query("deletionProtection", "true").lower() == "true"


def _set_auto_delete(machine: Resource, body: Json, call: Call) -> None:
    _device(machine, call)["autoDelete"] = call.flag("autoDelete")


def _device(machine: Resource, call: Call) -> Json:
    name = call.query("deviceName")
    for one in machine.document["disks"]:
        if one["deviceName"] == name:
            found: Json = one
            return found
    raise invalid("deviceName", name, "The machine has no such disk.")


def _attach(machine: Resource, body: Json, call: Call) -> None:
    if body.get("boot"):
        raise invalid("boot", True, "A boot disk comes with its machine here.")
    if body.get("initializeParams"):
        raise unimplemented("The sandbox attaches disks that are there.")
    attached(body, len(machine.document["disks"]), machine.document, call)
    machine.document["disks"].append(body)


def _detach(machine: Resource, body: Json, call: Call) -> None:
    one = _device(machine, call)
    if one["boot"]:
        raise invalid("deviceName", one["deviceName"], "A boot disk stays with its machine here.")
    machine.document["disks"].remove(one)


def _shield(machine: Resource, body: Json, call: Call) -> None:
    _stopped(machine)
    machine.document["shieldedInstanceConfig"].update(body)


def _display(machine: Resource, body: Json, call: Call) -> None:
    _stopped(machine)
    machine.document["displayDevice"] = {"enableDisplay": bool(body.get("enableDisplay"))}


def _add_access(machine: Resource, body: Json, call: Call) -> None:
    interface = interfaces.named(machine.document, call.query("networkInterface"))
    if interface.get("accessConfigs"):
        raise invalid_argument("At most one access config currently supported.")
    zone = call.params["zone"]
    interfaces.access(body, f"{zone}/{machine.id}", zone.rpartition("-")[0], call)
    interface["accessConfigs"] = [body]


def _drop_access(machine: Resource, body: Json, call: Call) -> None:
    interface = interfaces.named(machine.document, call.query("networkInterface"))
    kept = [one for one in interface.get("accessConfigs") or [] if one["name"] != call.query("accessConfig")]
    interface["accessConfigs"] = kept


VERBS: dict[str, Verb] = {
    "start": _becomes("RUNNING", "TERMINATED"),
    "stop": _becomes("TERMINATED", "RUNNING", "SUSPENDED"),
    "suspend": _becomes("SUSPENDED", "RUNNING"),
    "resume": _becomes("RUNNING", "SUSPENDED"),
    "reset": _becomes("RUNNING"),
    "setMetadata": _with_fingerprint("metadata", metadata),
    "setTags": _with_fingerprint("tags", tags),
    "setMachineType": _set_type,
    "setServiceAccount": _set_account,
    "setMinCpuPlatform": _set_platform,
    "setScheduling": _set_scheduling,
    "setDeletionProtection": _set_protection,
    "setDiskAutoDelete": _set_auto_delete,
    "attachDisk": _attach,
    "detachDisk": _detach,
    "addResourcePolicies": add_policies,
    "removeResourcePolicies": remove_policies,
    "PATCH updateShieldedInstanceConfig": _shield,
    "PATCH updateDisplayDevice": _display,
    "addAccessConfig": _add_access,
    "deleteAccessConfig": _drop_access,
}

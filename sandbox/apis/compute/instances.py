"""Machines as the control plane shows them. None runs: what would ask a guest answers 501."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.apis.compute import instance_templates, instance_verbs, interfaces, links, machine_types
from sandbox.apis.compute.disks import disks
from sandbox.apis.compute.documents import fingerprint
from sandbox.apis.compute.encryption import encrypted
from sandbox.apis.compute.errors import exists, in_use, invalid
from sandbox.apis.compute.instance_groups import instance_groups, region_instance_groups
from sandbox.apis.compute.instance_parts import complete
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find, used_by
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.projects import compute_account
from sandbox.control.store import Resource

Json = dict[str, Any]
# What `instances.update` may change here; the rest has methods of its own.
_BY_UPDATE = ("description", "canIpForward", "deletionProtection")
_KEYS = ("fingerprint", "kind", "index")


def _check(document: Json, call: Call, old: Resource | None) -> None:
    if old is not None:
        _update(document, call, old)
        return
    zone = call.params["zone"]
    place = f"projects/{call.project}/zones/{zone}"
    complete(document, call)
    for account in document.get("serviceAccounts") or []:
        if account.get("email", "default") == "default":
            account["email"] = compute_account(call.project)
    kind = str(document["machineType"])
    document["machineType"] = kind if "/" in kind else f"{place}/machineTypes/{kind}"
    if not document["machineType"].startswith(f"{place}/"):
        raise invalid("machineType", kind, f"The type must be one of the zone '{zone}'.")
    machine_types.machine(document["machineType"])
    for at, interface in enumerate(document["networkInterfaces"]):
        interfaces.settle(interface, at, f"{zone}/{document['name']}/{at}", zone.rpartition("-")[0], call)
    _disks(document, call, place)
    document["status"], document["cpuPlatform"] = "RUNNING", "Unknown CPU Platform"
    document["deletionProtection"] = bool(document.get("deletionProtection"))
    shielded = {"enableSecureBoot": False, "enableVtpm": True, "enableIntegrityMonitoring": True}
    document["shieldedInstanceConfig"] = shielded | (document.get("shieldedInstanceConfig") or {})
    document["startRestricted"] = False
    for told in CHECKED:
        told(document, call)


def _disks(document: Json, call: Call, place: str) -> None:
    """Where each comes from: one that is there, or one that is made with the machine."""
    given = document.get("disks") or []
    if not given or not any(one.get("boot") for one in given):
        raise invalid("disks", "[]", "A machine needs a boot disk.")
    if sum(bool(one.get("boot")) for one in given) > 1:
        raise invalid_argument("A machine has exactly one boot disk.")
    for at, one in enumerate(given):
        if one.get("type") == "SCRATCH":
            one.update(interface=one.get("interface") or "SCSI", mode="READ_WRITE", autoDelete=True, boot=False)
            one.pop("initializeParams", None)
            one["diskSizeGb"] = str(one.get("diskSizeGb") or 375)
            one["deviceName"] = one.get("deviceName") or f"local-ssd-{at - 1}"
            continue
        made = one.get("initializeParams")
        if made is not None and one.get("source"):
            raise invalid(f"disks[{at}]", one["source"], "A disk has either a source or initializeParams.")
        if made is not None:
            made["name"] = made.pop("diskName", None) or (document["name"] + (f"-{at}" if at else ""))
            if (key := one.pop("diskEncryptionKey", None)) is not None:
                made["diskEncryptionKey"] = key
                one["diskEncryptionKey"] = encrypted(key)
            one["source"] = f"{place}/disks/{made['name']}"
            if made.get("replicaZones"):
                raise unimplemented("The sandbox makes a machine's own disk in its zone only.")
            if call.store.get(disks.key, one["source"]) is not None:
                raise exists(one["source"])
        instance_verbs.attached(one, at, document, call)


def _make_disks(machine: Resource, call: Call) -> None:
    """The disks that come with the machine."""
    for one in machine.document["disks"]:
        made = one.pop("initializeParams", None)
        if made is None:
            continue
        body = {key: value for key, value in made.items() if key not in ("diskType", "diskSizeGb")}
        if size := made.get("diskSizeGb"):
            body["sizeGb"] = size
        if kind := made.get("diskType"):
            body["type"] = kind
        disks.insert(call, machine.parent, body)
    call.store.put(machine)


def _update(document: Json, call: Call, old: Resource) -> None:
    """`instances.update`: a machine is sent as it was shown, with one or two fields changed."""
    known = json.loads(json.dumps(links.stored(instances.shown(old, call), call.project)))
    for key, value in document.items():
        if key not in _BY_UPDATE and _bare(value) != _bare(known.get(key)) and value not in ({}, [], None, ""):
            raise unimplemented(f"The sandbox does not change {key} by instances.update.")
    changed = {key: document[key] for key in _BY_UPDATE if key in document}
    document.clear()
    document.update({**old.document, **changed})


def _bare(value: Any) -> Any:
    """Without what the server tells besides."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if key not in _KEYS}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _shown(machine: Resource, call: Call) -> Json:
    document = machine.document
    return {
        "disks": [_shown_disk(one, at, call) for at, one in enumerate(document["disks"])],
        "networkInterfaces": [interfaces.shown(one) for one in document["networkInterfaces"]],
        "metadata": {
            "kind": "compute#metadata",
            "fingerprint": fingerprint(document["metadata"]),
            **document["metadata"],
        },
        "tags": {"fingerprint": fingerprint(document["tags"]), **document["tags"]},
        "lastStartTimestamp": document["creationTimestamp"],
    }


def _shown_disk(attached: Json, at: int, call: Call) -> Json:
    found = {**attached, "kind": "compute#attachedDisk", "index": at, "type": attached.get("type", "PERSISTENT")}
    disk = find(call.control, str(attached["source"])) if attached.get("source") else None
    if disk is not None:
        found["diskSizeGb"] = disk.document["sizeGb"]
        for key in ("licenses", "guestOsFeatures", "architecture"):
            if disk.document.get(key):
                found[key] = disk.document[key]
    return found


def remove(machine: Resource, call: Call) -> None:
    """Take a machine away, as its deletion does."""
    with call.store.transaction():
        _gone(machine, call)
        call.store.delete(machine.collection, machine.name)
        call.store.delete_policy(f"//compute.googleapis.com/{machine.name}")


def _gone(machine: Resource, call: Call) -> None:
    """It leaves its groups, and its own disks go with it."""
    if machine.document.get("deletionProtection"):
        raise invalid_argument(
            "Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion. "
            "deletionProtection must be set to false before it can be deleted.'."
        )
    with call.store.transaction():
        groups = [
            *call.store.select(instance_groups.key, machine.parent),
            *call.store.select(region_instance_groups.key),
        ]
        for group in groups:
            members = group.document.get("instances") or []
            if machine.name in members:
                group.document["instances"] = [name for name in members if name != machine.name]
                call.store.put(group)
        if (user := used_by(call.control, machine.name)) is not None:
            raise in_use("instance", machine.name, user)
        for one in machine.document["disks"]:
            if one.get("autoDelete") and one.get("source"):
                call.store.delete(disks.key, one["source"])


CHECKED: list[Callable[[Json, Call], None]] = []
"""What is told of a machine that is about to be made, and may refuse it."""
DELETED: list[Callable[[Resource, Call], None]] = []
"""What is told of a machine that was deleted by itself."""


class _Machines(Kind):
    """Machines that may be made of a template, and whose deletion others follow."""

    def insert(self, call: Call, parent: str, body: Json) -> Resource:
        if source := call.query("sourceInstanceTemplate"):
            zone = parent.rpartition("/")[2]
            said = {key: value for key, value in body.items() if value not in (None, "", [], {})}
            body = {**instance_templates.body(links.stored(source, call.project), zone, call), **said}
        return Kind.insert(self, call, parent, body)

    async def _delete(self, call: Call) -> Response:
        machine = self.must(call.control, self.name(call))
        with call.store.transaction():
            response = await Kind._delete(self, call)
            for told in DELETED:
                told(machine, call)
        return response


instances = _Machines(
    "instances",
    "instance",
    "compute#instance",
    scope="zones",
    output_only=("status", "cpuPlatform", "lastStartTimestamp", "lastStopTimestamp", "statusMessage", "resourceStatus"),
    methods=("PUT",),
    labelled=True,
    fingerprint=True,
    iam=True,
    check=_check,
    view=_shown,
    after=_make_disks,
    gone=_gone,
    verbs=instance_verbs.VERBS,
)

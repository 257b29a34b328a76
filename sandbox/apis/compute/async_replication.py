"""Disks that are copied to another region all the time. Disks hold nothing here, so the states are all there is."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import in_use, invalid, required
from sandbox.apis.compute.kinds import Verb
from sandbox.apis.compute.snapshots import disk_of
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition
from sandbox.control.store import Resource

Json = dict[str, Any]
_STATES = "asyncReplication"
"""The secondary disks of a primary one, and the state of each: it is not told as such."""


def _region(name: str) -> str:
    place, at = name.split("/")[2:4]
    return at if place == "regions" else at.rpartition("-")[0]


def settle(document: Json, call: Call) -> int:
    """A disk that is made as another one's secondary: elsewhere, and as large. Its size in GB."""
    primary = disk_of(document["asyncPrimaryDisk"].get("disk"), call)
    here = call.params.get("region") or call.params["zone"].rpartition("-")[0]
    if _region(primary.name) == here:
        raise invalid("asyncPrimaryDisk.disk", primary.name, "The secondary disk must be in another region.")
    size = int(document.get("sizeGb") or primary.document["sizeGb"])
    if size != int(primary.document["sizeGb"]):
        raise invalid("sizeGb", size, f"A secondary disk is as large as its primary ({primary.document['sizeGb']} GB).")
    document["asyncPrimaryDisk"] = {"disk": primary.name, "diskId": primary.document["id"]}
    return size


def _start(primary: Resource, body: Json, call: Call) -> None:
    """`startAsyncReplication`."""
    if not body.get("asyncSecondaryDisk"):
        raise required("asyncSecondaryDisk")
    secondary = disk_of(body["asyncSecondaryDisk"], call)
    if (secondary.document.get("asyncPrimaryDisk") or {}).get("disk") != primary.name:
        raise invalid("asyncSecondaryDisk", secondary.name, f"It was not made as a secondary disk of '{primary.name}'.")
    states = primary.document.get(_STATES) or {}
    if "ACTIVE" in states.values():
        raise failed_precondition(f"The disk '{primary.name}' is replicated already.")
    primary.document[_STATES] = {secondary.name: "ACTIVE"}


def _stop(disk: Resource, body: Json, call: Call) -> None:
    """`stopAsyncReplication`, of either disk."""
    if (above := (disk.document.get("asyncPrimaryDisk") or {}).get("disk")) is not None:
        primary = disk_of(above, call)
        states = primary.document.get(_STATES) or {}
        if disk.name in states:
            primary.document[_STATES] = {**states, disk.name: "STOPPED"}
            call.store.put(primary)
    disk.document[_STATES] = dict.fromkeys(disk.document.get(_STATES) or {}, "STOPPED")


def shown(disk: Resource, call: Call) -> Json:
    """What a disk shows of it."""
    states = disk.document.get(_STATES) or {}
    found: Json = {_STATES: None}
    if states:
        found["asyncSecondaryDisks"] = {name: {"asyncReplicationDisk": {"disk": name}} for name in states}
        found["resourceStatus"] = {"asyncSecondaryDisks": {name: {"state": state} for name, state in states.items()}}
    return found


def check_free(disk: Resource, call: Call) -> None:
    """400 for a disk that is replicated now, or that another one is replicated to."""
    for other, state in (disk.document.get(_STATES) or {}).items():
        if state == "ACTIVE":
            raise in_use("disk", disk.name, other)
    for kind in ("compute.zonal.disks", "compute.regional.disks"):
        for primary in call.store.select(kind):
            if (primary.document.get(_STATES) or {}).get(disk.name) == "ACTIVE":
                raise in_use("disk", disk.name, primary.name)


VERBS: dict[str, Verb] = {"startAsyncReplication": _start, "stopAsyncReplication": _stop}

"""Snapshots of disks: standard and archived ones, which outlive their disk, and instant ones, which go with it."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import operations, references, storage_locations
from sandbox.apis.compute.documents import body_of
from sandbox.apis.compute.encryption import encrypted
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Check, Kind
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_TYPES = ("STANDARD", "ARCHIVE")
# What a copy has of its disk.
COPIED = ("licenses", "licenseCodes", "guestOsFeatures", "architecture")


def disk_of(name: object, call: Call) -> Resource:
    """The disk of a name, of one zone or two. Raises 404."""
    return _found("disks", str(name), call)


def instant_of(name: object, call: Call) -> Resource:
    """The instant snapshot of a name. Raises 404."""
    return _found("instantSnapshots", str(name), call)


def _found(collection: str, name: str, call: Call) -> Resource:
    found = references.find(call.control, name) if f"/{collection}/" in name else None
    if found is None:
        raise missing(name)
    return found


def copied(document: Json, source: Json) -> None:
    """Take over what a copy has of its source."""
    for key in COPIED:
        if source.get(key) and not document.get(key):
            document[key] = source[key]


def _check(document: Json, call: Call, old: Resource | None) -> None:
    refuse(document, (), "snapshots")
    kind = document.get("snapshotType")
    if kind is not None and kind not in _TYPES:
        raise invalid("snapshotType", kind, f"Must be one of {', '.join(_TYPES)}.")
    if bool(document.get("sourceDisk")) == bool(document.get("sourceInstantSnapshot")):
        raise invalid_argument("Exactly one of sourceDisk and sourceInstantSnapshot must be specified.")
    if instant := document.get("sourceInstantSnapshot"):
        source = instant_of(instant, call)
        document["sourceInstantSnapshotId"] = source.document["id"]
        document.update({key: source.document[key] for key in ("sourceDisk", "sourceDiskId", "diskSizeGb")})
    else:
        source = disk_of(document["sourceDisk"], call)
        document["sourceDiskId"], document["diskSizeGb"] = source.document["id"], source.document["sizeGb"]
    copied(document, disk_of(document["sourceDisk"], call).document)
    storage_locations.settle(document, source.name)
    document.pop("sourceDiskEncryptionKey", None)
    if key := encrypted(document.get("snapshotEncryptionKey"), "snapshotEncryptionKey"):
        document["snapshotEncryptionKey"] = key
    # The disks hold nothing, so neither do these.
    sizes = {"storageBytes": "0", "creationSizeBytes": "0", "downloadBytes": "0", "storageBytesStatus": "UP_TO_DATE"}
    document.update(sizes, status="READY")


snapshots = Kind(
    "snapshots",
    "snapshot",
    "compute#snapshot",
    output_only=(
        "status",
        "diskSizeGb",
        "sourceDiskId",
        "sourceInstantSnapshotId",
        "storageBytes",
        "storageBytesStatus",
        "creationSizeBytes",
        "downloadBytes",
        "autoCreated",
        *COPIED,
    ),
    methods=(),
    labelled=True,
    iam=True,
    check=_check,
)


async def create_snapshot(call: Call) -> Response:
    """`disks.createSnapshot`."""
    place = f"zones/{call.params['zone']}" if "zone" in call.params else f"regions/{call.params['region']}"
    disk, body = disk_of(f"projects/{call.project}/{place}/disks/{call.params['name']}", call), body_of(call)
    if call.flag("guestFlush"):
        body["guestFlush"] = True
    snapshots.insert(call, f"projects/{call.project}/global", {**body, "sourceDisk": disk.name})
    return operations.done(call, "createSnapshot", disk.name, disk.document["id"])


def _check_instant(scope: str) -> Check:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        refuse(document, (), "instant snapshots")
        if not document.get("sourceDisk"):
            raise required("sourceDisk")
        disk = disk_of(document["sourceDisk"], call)
        place = f"projects/{call.project}/{scope}/{call.params[scope[:-1]]}"
        if not disk.name.startswith(f"{place}/"):
            raise invalid("sourceDisk", disk.name, f"An instant snapshot is where its disk is: '{place}'.")
        document["sourceDiskId"], document["diskSizeGb"] = disk.document["id"], disk.document["sizeGb"]
        if disk.document.get("architecture"):
            document["architecture"] = disk.document["architecture"]
        document.update(status="READY", resourceStatus={"storageSizeBytes": "0"})

    return check


def _instant_kind(scope: str) -> Kind:
    return Kind(
        "instantSnapshots",
        "instant_snapshot",
        "compute#instantSnapshot",
        scope=scope,
        output_only=("status", "resourceStatus", "sourceDiskId", "diskSizeGb", "architecture"),
        methods=(),
        labelled=True,
        iam=True,
        check=_check_instant(scope),
    )


instant_snapshots, region_instant_snapshots = _instant_kind("zones"), _instant_kind("regions")


def go_with(disk: Resource, call: Call) -> None:
    """The instant snapshots of a disk that is deleted."""
    for kind in (instant_snapshots, region_instant_snapshots):
        for one in call.store.select(kind.key, disk.parent):
            if one.document["sourceDisk"] == disk.name:
                call.store.delete(kind.key, one.name)
                call.store.delete_policy(f"//compute.googleapis.com/{one.name}")


ROUTES = [
    Route("POST", f"v1/projects/{{project}}/{place}/disks/{{name}}/createSnapshot", create_snapshot)
    for place in ("zones/{zone}", "regions/{region}")
]

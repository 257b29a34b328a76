"""Disks of a zone, and of two: their size, what they were made from and who has them. They hold no bytes."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import async_replication, images, links, machine_types, snapshots
from sandbox.apis.compute.encryption import encrypted
from sandbox.apis.compute.errors import invalid, whole
from sandbox.apis.compute.kinds import Check, Kind
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
UNSERVED = (
    "sourceStorageObject",
    "storagePool",
    "sourceImageEncryptionKey",
    "sourceSnapshotEncryptionKey",
)


_TOLD = ("lastAttachTimestamp", "lastDetachTimestamp", "resourceStatus", "asyncSecondaryDisks")
_BY_UPDATE = ("sizeGb", "provisionedIops", "provisionedThroughput", "accessMode")
# Where it comes from, and the field of that one's number.
_FROM = {
    "sourceImage": "sourceImageId",
    "sourceDisk": "sourceDiskId",
    "sourceSnapshot": "sourceSnapshotId",
    "sourceInstantSnapshot": "sourceInstantSnapshotId",
}


def _source(document: Json, call: Call) -> int:
    """Take over what it is made from has; its size in GB."""
    given = [field for field in (*_FROM, "asyncPrimaryDisk") if document.get(field)]
    if len(given) > 1:
        raise invalid_argument(f"A disk has one source, not {' and '.join(given)}.")
    if not given:
        return 0
    field = given[0]
    if field == "asyncPrimaryDisk":
        return async_replication.settle(document, call)
    if field == "sourceImage":
        found = images.usable(str(document[field]), call)
        # As it is kept: without the host.
        document[field] = found["selfLink"].removeprefix(links.HOST)
    else:
        found = _standing(field, document[field], call).document
    document[_FROM[field]] = found["id"]
    snapshots.copied(document, found)
    return int(found["sizeGb"] if field == "sourceDisk" else found["diskSizeGb"])


def _standing(field: str, name: object, call: Call) -> Resource:
    if field == "sourceDisk":
        return snapshots.disk_of(name, call)
    if field == "sourceSnapshot":
        return snapshots.snapshots.must(call.control, str(name))
    found = snapshots.instant_of(name, call)
    here = call.params.get("zone") or call.params["region"]
    if found.name.split("/")[3] != here:
        raise invalid("sourceInstantSnapshot", name, f"An instant snapshot is used where it is, not in '{here}'.")
    return found


def _check(scope: str) -> Check:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        if old is not None:
            _update(document, call, old)
            return
        refuse(document, UNSERVED, "disks")
        place = f"projects/{call.project}/{scope}/{call.params[scope[:-1]]}"
        kind = machine_types.disk(str(document.setdefault("type", f"{place}/diskTypes/pd-standard")))
        if kind == "local-ssd":
            raise invalid("type", document["type"], "A local SSD lives and dies with its machine.")
        document["type"] = f"{place}/diskTypes/{kind}"
        if scope == "regions":
            _replicas(document, call)
        least = _source(document, call)
        size = whole("sizeGb", document.get("sizeGb") or least or machine_types.DISKS[kind])
        if size < least:
            raise invalid("sizeGb", size, f"Requested disk size cannot be smaller than the source's ({least} GB)")
        if not 1 <= size <= 65_536:
            raise invalid("sizeGb", size, "Must be between 1 and 65536.")
        document["sizeGb"], document["status"] = str(size), "READY"
        document.setdefault("physicalBlockSizeBytes", "4096")
        document["physicalBlockSizeBytes"] = str(document["physicalBlockSizeBytes"])
        document["enableConfidentialCompute"] = bool(document.get("enableConfidentialCompute"))
        if kind.startswith("hyperdisk") and not kind.endswith(("-ml", "-throughput")):
            document.setdefault("provisionedIops", str(min(3000 + 6 * size, 160_000)))
        for name in ("provisionedIops", "provisionedThroughput"):
            if document.get(name):
                document[name] = str(document[name])
        if key := encrypted(document.get("diskEncryptionKey")):
            document["diskEncryptionKey"] = key

    return check


def _update(document: Json, call: Call, old: Resource) -> None:
    """`disks.update`: the size and the speed, and who may write to it."""
    for field, value in document.items():
        if field not in _BY_UPDATE and value != old.document.get(field):
            raise unimplemented(f"The sandbox does not change {field} by disks.update.")
    changed = {field: str(document[field]) for field in _BY_UPDATE if field in document}
    if int(changed.get("sizeGb", 0)) < int(old.document["sizeGb"]):
        raise invalid("sizeGb", changed["sizeGb"], "A disk only grows.")
    document.update(changed)


def _replicas(document: Json, call: Call) -> None:
    """Two zones of the region."""
    found = [str(zone).rpartition("/")[2] for zone in document.get("replicaZones") or []]
    if len(set(found)) != 2 or any(zone.rpartition("-")[0] != call.params["region"] for zone in found):
        raise invalid("replicaZones", found, f"Must be two zones of '{call.params['region']}'.")
    document["replicaZones"] = [f"projects/{call.project}/zones/{zone}" for zone in found]


def _shown(disk: Resource, call: Call) -> Json:
    """Who has it."""
    found = [
        machine.name
        for machine in call.store.select("compute.zonal.instances")
        if any(one.get("source") == disk.name for one in machine.document["disks"])
    ]
    return {"users": found or None, **async_replication.shown(disk, call)}


def _resize(disk: Resource, body: Json, call: Call) -> None:
    """`resize`: a disk only grows."""
    size, now = int(body.get("sizeGb") or 0), int(disk.document["sizeGb"])
    if size < now:
        raise invalid_argument(
            f"Invalid value for field 'sizeGb': '{size}'. New disk size must be larger than {now} GB."
        )
    disk.document["sizeGb"] = str(size)


def add_policies(resource: Resource, body: Json, call: Call) -> None:
    """`addResourcePolicies`."""
    standing = resource.document.get("resourcePolicies") or []
    resource.document["resourcePolicies"] = list(dict.fromkeys([*standing, *(body.get("resourcePolicies") or [])]))


def remove_policies(resource: Resource, body: Json, call: Call) -> None:
    """`removeResourcePolicies`."""
    gone = body.get("resourcePolicies") or []
    kept = [name for name in resource.document.get("resourcePolicies") or [] if name not in gone]
    resource.document["resourcePolicies"] = kept


def _gone(disk: Resource, call: Call) -> None:
    async_replication.check_free(disk, call)
    snapshots.go_with(disk, call)


def _kind(scope: str) -> Kind:
    return Kind(
        "disks",
        "disk",
        "compute#disk",
        scope=scope,
        output_only=("status", "users", *_FROM.values(), *_TOLD),
        labelled=True,
        iam=True,
        check=_check(scope),
        view=_shown,
        gone=_gone,
        verbs={
            "resize": _resize,
            "addResourcePolicies": add_policies,
            "removeResourcePolicies": remove_policies,
            **async_replication.VERBS,
        },
    )


disks, region_disks = _kind("zones"), _kind("regions")

"""Disks of a zone, and of two: their size, what they were made from and who has them. They hold no bytes."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import images, machine_types
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Check, Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
UNSERVED = (
    "sourceSnapshot",
    "sourceInstantSnapshot",
    "sourceStorageObject",
    "asyncPrimaryDisk",
    "storagePool",
    "sourceImageEncryptionKey",
    "sourceSnapshotEncryptionKey",
)


def refuse(document: Json, unserved: tuple[str, ...], what: str) -> None:
    """501 for the first field that the sandbox would have to pass over."""
    for name in unserved:
        if document.get(name) not in (None, "", False, [], {}):
            raise unimplemented(f"The sandbox does not implement {name} of {what}.")
    if ((document.get("params") or {}).get("resourceManagerTags")) or document.get("resourceManagerTags"):
        raise unimplemented(
            f"The sandbox does not implement resourceManagerTags of {what}; bind tags with a tagBinding."
        )


def encrypted(key: Json | None) -> Json | None:
    """A disk's key as it is told: the version of Cloud KMS's key that was used. Keys that people bring answer 501."""
    if not key:
        return None
    if key.get("rawKey") or key.get("rsaEncryptedKey"):
        raise unimplemented("The sandbox takes keys of Cloud KMS only, not keys that customers supply.")
    name = str(key.get("kmsKeyName") or "")
    if not name:
        raise required("diskEncryptionKey.kmsKeyName")
    version = name if "/cryptoKeyVersions/" in name else f"{name}/cryptoKeyVersions/1"
    return {**key, "kmsKeyName": version}


def _source(document: Json, call: Call) -> int:
    """Take over what the image or the other disk has; its size in GB."""
    if image := document.get("sourceImage"):
        found = images.find(str(image))
        # As it is kept: without the host.
        document["sourceImage"] = f"projects/{found['selfLink'].partition('/projects/')[2]}"
        document["sourceImageId"] = found["id"]
        for name in ("licenses", "guestOsFeatures", "architecture"):
            if not document.get(name):
                document[name] = found[name]
        return int(found["diskSizeGb"])
    if source := document.get("sourceDisk"):
        for kind in (disks, region_disks):
            if (other := call.store.get(kind.key, str(source))) is not None:
                document["sourceDiskId"] = other.document["id"]
                return int(other.document["sizeGb"])
        raise missing(str(source))
    return 0


def _check(scope: str) -> Check:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        refuse(document, UNSERVED, "disks")
        place = f"projects/{call.project}/{scope}/{call.params[scope[:-1]]}"
        kind = machine_types.disk(str(document.setdefault("type", f"{place}/diskTypes/pd-standard")))
        if kind == "local-ssd":
            raise invalid("type", document["type"], "A local SSD lives and dies with its machine.")
        document["type"] = f"{place}/diskTypes/{kind}"
        if scope == "regions":
            _replicas(document, call)
        least = _source(document, call)
        size = int(document.get("sizeGb") or least or machine_types.DISKS[kind])
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
    return {"users": found or None}


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


def _kind(scope: str) -> Kind:
    return Kind(
        "disks",
        "disk",
        "compute#disk",
        scope=scope,
        output_only=("status", "users", "sourceImageId", "sourceDiskId", "lastAttachTimestamp", "lastDetachTimestamp"),
        methods=(),
        labelled=True,
        iam=True,
        check=_check(scope),
        view=_shown,
        verbs={"resize": _resize, "addResourcePolicies": add_policies, "removeResourcePolicies": remove_policies},
    )


disks, region_disks = _kind("zones"), _kind("regions")

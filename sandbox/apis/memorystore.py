"""Memorystore v1: instances of Valkey. No server runs behind them; what leads to one is a reserved address."""

from __future__ import annotations

from typing import Any

from sandbox.apis import memorystore_parts as parts
from sandbox.apis import service_connections
from sandbox.control import locations, operations
from sandbox.control.collection import Collection, now, uid
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_PACKAGE = "google.cloud.memorystore.v1"
_CLASS = "gcp-memorystore"
_SIZES = {"SHARED_CORE_NANO": 1.4, "STANDARD_SMALL": 6.5, "HIGHMEM_MEDIUM": 13, "HIGHMEM_XLARGE": 58}
_VERSIONS = ("VALKEY_7_2", "VALKEY_8_0", "VALKEY_9_0")
_UNSERVED = ("gcsSource", "managedBackupSource", "ondemandMaintenance")
_AUTHENTICATED = "SERVER_AUTHENTICATION"
_CONNECTIONS = ("CONNECTION_TYPE_DISCOVERY", "CONNECTION_TYPE_PRIMARY")

instances = Collection(
    path="v1/projects/{project}/locations/{location}/instances/{instance}",
    type=f"{_PACKAGE}.Instance",
    operation_metadata=f"{_PACKAGE}.OperationMetadata",
    id_rule=r"[a-z][a-z0-9-]{2,61}[a-z0-9]",
    id_message="It must be 4 to 63 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    id_param="instanceId",
    mask="required",
    defaults={
        "authorizationMode": "AUTH_DISABLED",
        "transitEncryptionMode": "TRANSIT_ENCRYPTION_DISABLED",
        "nodeType": "HIGHMEM_MEDIUM",
        "engineVersion": "VALKEY_8_0",
        "mode": "CLUSTER",
        "persistenceConfig": {"mode": "DISABLED"},
        "zoneDistributionConfig": {"mode": "MULTI_ZONE"},
    },
    enums={
        "authorizationMode": ("AUTHORIZATION_MODE_UNSPECIFIED", "AUTH_DISABLED", "IAM_AUTH"),
        "transitEncryptionMode": (
            *("TRANSIT_ENCRYPTION_MODE_UNSPECIFIED", "TRANSIT_ENCRYPTION_DISABLED", _AUTHENTICATED),
        ),
        "mode": ("MODE_UNSPECIFIED", "STANDALONE", "CLUSTER", "", "CLUSTER_DISABLED"),
    },
    output_only=(
        *("state", "stateInfo", "discoveryEndpoints", "nodeConfig", "pscAttachmentDetails", "backupCollection"),
        *("maintenanceSchedule", "effectiveMaintenanceVersion", "availableMaintenanceVersions"),
    ),
    on_create_set={"createTime": now, "uid": uid},
    on_update_set={"updateTime": now},
    immutable=(
        *("authorizationMode", "transitEncryptionMode", "mode", "kmsKey", "zoneDistributionConfig", "serverCaMode"),
        "serverCaPool",
    ),
    required=("shardCount",),
    location="region",
    lro=True,
)
API = Api(
    "memorystore.googleapis.com",
    "memorystore",
    [instances],
    [*operations.routes("v1"), *locations.routes("v1")],
    flat=False,
)


@instances.on_create
async def complete(instance: Resource, call: Call) -> None:
    """Checked, with the endpoints that its networks' policies let be made."""
    document = instance.document
    _check(document)
    if document["transitEncryptionMode"] == _AUTHENTICATED:
        document.setdefault("serverCaMode", "GOOGLE_MANAGED_PER_INSTANCE_CA")
        if document["serverCaMode"] == "CUSTOMER_MANAGED_CAS_CA":
            raise unimplemented("The sandbox does not implement CUSTOMER_MANAGED_CAS_CA of Memorystore.")
        await parts.certify(instance, call)
    document["state"] = "ACTIVE"
    document["effectiveMaintenanceVersion"] = "MEMORYSTORE_20260101_00_00"
    if not call.flag("validateOnly"):
        with call.store.transaction():
            _connect(instance, call)


@instances.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Of what it becomes; an engine only becomes newer."""
    _check(new.document)
    if _VERSIONS.index(new.document["engineVersion"]) < _VERSIONS.index(old.document["engineVersion"]):
        raise failed_precondition(f"The engine can't go back to {new.document['engineVersion']}.")


def _check(document: Json) -> None:
    for field in _UNSERVED:
        if document.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of Memorystore.")
    if (document.get("crossInstanceReplicationConfig") or {}).get("instanceRole", "NONE") != "NONE":
        raise unimplemented("The sandbox does not implement crossInstanceReplicationConfig of Memorystore.")
    shards = int(document["shardCount"])
    if not 1 <= shards <= 250 or (document["mode"] == "CLUSTER_DISABLED" and shards != 1):
        raise invalid_argument(
            "shard_count is 1 to 250, and 1 where the cluster is disabled.", {"shard_count": "1 to 250"}
        )
    parts.check_nodes(document, _SIZES, "instance")
    if document["engineVersion"] not in _VERSIONS:
        raise invalid_argument(f"Unknown engine_version {document['engineVersion']}.", {"engine_version": "unknown"})
    parts.check_zones(document["zoneDistributionConfig"])
    parts.check_persistence(document["persistenceConfig"])
    document["nodeConfig"] = {"sizeGb": _SIZES[document["nodeType"]]}


def _connect(instance: Resource, call: Call) -> None:
    """The endpoints that are asked for, by either of the two fields. Raises 400 where no policy lets them be made."""
    document = instance.document
    older = document.get("pscAutoConnections") or []
    newer = [
        one.get("pscAutoConnection") or {}
        for endpoint in document.get("endpoints") or []
        for one in endpoint.get("connections") or []
    ]
    made = [
        parts.connection(
            instance,
            call,
            str(asked.get("network") or ""),
            str(asked.get("projectId") or call.project),
            kind,
            _CLASS,
        )
        for asked in newer or older
        for kind in _CONNECTIONS
    ]
    document.pop("endpoints", None)
    document.pop("pscAutoConnections", None)
    if made:
        document["endpoints"] = [{"connections": [{"pscAutoConnection": one} for one in made]}]
        document["discoveryEndpoints"] = [
            {"address": one["ipAddress"], "network": one["network"], "port": 6379}
            for one in made
            if one["connectionType"] == "CONNECTION_TYPE_DISCOVERY"
        ]
    document["pscAttachmentDetails"] = [
        {"serviceAttachment": parts.attachment(instance, call, _CLASS), "connectionType": kind} for kind in _CONNECTIONS
    ]


@API.route("GET", "v1/projects/{project}/locations/{location}/instances/{instance}/certificateAuthority")
async def authority(call: Call) -> Response:
    """`getCertificateAuthority`, of instances that encrypt."""
    return parts.authority_of(instances.must(call.control, instances.name(call.params)), call)


@instances.on_delete
async def keep_protected(instance: Resource, call: Call) -> None:
    """One that is protected can't go."""
    if instance.document.get("deletionProtectionEnabled"):
        raise failed_precondition(f"The instance '{instance.name}' is protected by deletion_protection_enabled.")


@instances.deleted
async def disconnect(instance: Resource, call: Call) -> None:
    """What leads to it goes with it."""
    parts.forget(instance, call)
    for endpoint in instance.document.get("endpoints") or []:
        for one in endpoint["connections"]:
            made = one["pscAutoConnection"]
            owner = f"{instance.name} {made['network']} {made['connectionType']}"
            service_connections.release(owner, made["projectId"], call.params["location"], call)

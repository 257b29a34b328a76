"""Memorystore v1: instances of Valkey. No server runs behind them; what leads to one is a reserved address."""

from __future__ import annotations

from typing import Any

from sandbox.apis import service_connections
from sandbox.apis.compute import links
from sandbox.apis.privateca import signed
from sandbox.control import locations, operations
from sandbox.control.collection import Collection, now, uid
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_PACKAGE = "google.cloud.memorystore.v1"
_CLASS = "gcp-memorystore"
_SIZES = {"SHARED_CORE_NANO": 1.4, "STANDARD_SMALL": 6.5, "HIGHMEM_MEDIUM": 13, "HIGHMEM_XLARGE": 58}
_VERSIONS = ("VALKEY_7_2", "VALKEY_8_0", "VALKEY_9_0")
_UNSERVED = ("gcsSource", "managedBackupSource", "ondemandMaintenance")
_CERTIFICATES = "memorystore.certificates"
_AUTHENTICATED = "SERVER_AUTHENTICATION"
_CONNECTIONS = ("CONNECTION_TYPE_DISCOVERY", "CONNECTION_TYPE_PRIMARY")
_VALID = 3650 * 86_400.0

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
        await certify(instance, call)
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
    shards, replicas = int(document["shardCount"]), int(document.get("replicaCount") or 0)
    if not 1 <= shards <= 250 or (document["mode"] == "CLUSTER_DISABLED" and shards != 1):
        raise invalid_argument(
            "shard_count is 1 to 250, and 1 where the cluster is disabled.", {"shard_count": "1 to 250"}
        )
    if not 0 <= replicas <= 5:
        raise invalid_argument("replica_count is 0 to 5.", {"instance.replica_count": "0 to 5"})
    if document["nodeType"] not in _SIZES:
        raise invalid_argument(f"Unknown node_type {document['nodeType']}.", {"instance.node_type": "unknown"})
    if document["engineVersion"] not in _VERSIONS:
        raise invalid_argument(f"Unknown engine_version {document['engineVersion']}.", {"engine_version": "unknown"})
    check_zones(document["zoneDistributionConfig"])
    check_persistence(document["persistenceConfig"])
    document["nodeConfig"] = {"sizeGb": _SIZES[document["nodeType"]]}
    for window in (document.get("maintenancePolicy") or {}).get("weeklyMaintenanceWindow") or []:
        window.setdefault("duration", "3600s")


def check_zones(zones: Json) -> None:
    """A zone goes with one mode only. Raises 400."""
    if (zones.get("mode") == "SINGLE_ZONE") != bool(zones.get("zone")):
        raise invalid_argument("A zone goes with the mode SINGLE_ZONE.", {"zone_distribution_config.zone": "mode"})


def check_persistence(config: Json, *, fsync: str = "EVERY_SEC") -> None:
    """What goes with a mode, which is completed. Raises 400."""
    mode = config.setdefault("mode", "DISABLED")
    for kind, field in (("RDB", "rdbConfig"), ("AOF", "aofConfig")):
        if config.get(field) and mode != kind:
            raise invalid_argument(f"{field} goes with the mode {kind}.", {"persistence_config.mode": mode})
    if mode == "AOF":
        config.setdefault("aofConfig", {}).setdefault("appendFsync", fsync)
    if mode == "RDB":
        config.setdefault("rdbConfig", {}).setdefault("rdbSnapshotPeriod", "TWENTY_FOUR_HOURS")


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
        connection(instance, call, str(asked.get("network") or ""), str(asked.get("projectId") or call.project), kind)
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
        {"serviceAttachment": attachment(instance, call), "connectionType": kind} for kind in _CONNECTIONS
    ]


def attachment(owner: Resource, call: Call, name: str = "gcp-memorystore-auto") -> str:
    """Where the endpoints of an instance or a cluster lead, in a project of Google's."""
    place = f"projects/{owner.document['uid'][:18]}-tp/regions/{call.params['location']}"
    return f"{place}/serviceAttachments/{name}"


def connection(owner: Resource, call: Call, network: str, project: str, kind: str, service_class: str = _CLASS) -> Json:
    """An endpoint that the network's policy lets be made. Raises 400 where none does, and 404."""
    region = call.params["location"]
    if call.store.get("compute.networks", links.relative(network, call.project)) is None:
        raise not_found(f"The network '{network}' was not found.")
    policy = service_connections.policy_for(network, region, service_class, call)
    if policy is None:
        raise failed_precondition(
            f"No service connection policy of '{network}' in {region} is for the service class {service_class}."
        )
    rules = f"{links.HOST}projects/{project}/regions/{region}/forwardingRules"
    return {
        "pscConnectionId": str(int(call.control.hex(14), 16)),
        "ipAddress": service_connections.connect(f"{owner.name} {network} {kind}", project, policy, call),
        "forwardingRule": f"{rules}/sca-auto-fr-{call.control.uid()}",
        "projectId": project,
        "network": network,
        "serviceAttachment": attachment(owner, call),
        "connectionType": kind,
        "port": 6379,
    }


async def certify(instance: Resource, call: Call) -> None:
    """The authority that the instance's servers would be known by."""
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    values = {"caOptions": {"isCa": True}, "keyUsage": {"baseKeyUsage": {"certSign": True, "crlSign": True}}}
    subject = {"commonName": f"Memorystore {instance.document['uid']}", "organization": "Google, Inc"}
    config = {"subjectConfig": {"subject": subject}, "x509Config": values}
    moment = call.control.clock()
    signer = signed.Signer(key, "EC_SIGN_P256_SHA256")
    text = await signed.certificate(config, key.public_key(), signer, moment, moment + _VALID)
    call.store.keep(Resource(_CERTIFICATES, f"{instance.name}/certificates/it", {"pem": text}, moment, moment))


@API.route("GET", "v1/projects/{project}/locations/{location}/instances/{instance}/certificateAuthority")
async def authority(call: Call) -> Response:
    """`getCertificateAuthority`, of instances that encrypt."""
    return authority_of(instances.must(call.control, instances.name(call.params)), call)


def authority_of(instance: Resource, call: Call) -> Response:
    """The authority of an instance or a cluster. Raises 400 where it encrypts nothing."""
    kept = call.store.get(_CERTIFICATES, f"{instance.name}/certificates/it")
    if kept is None:
        raise failed_precondition(f"The instance '{instance.name}' encrypts nothing.")
    chain = {"caCerts": [{"certificates": [kept.document["pem"]]}]}
    return Response.of({"name": f"{instance.name}/certificateAuthority", "managedServerCa": chain})


@instances.on_delete
async def keep_protected(instance: Resource, call: Call) -> None:
    """One that is protected can't go."""
    if instance.document.get("deletionProtectionEnabled"):
        raise failed_precondition(f"The instance '{instance.name}' is protected by deletion_protection_enabled.")


@instances.deleted
async def disconnect(instance: Resource, call: Call) -> None:
    """What leads to it goes with it."""
    forget(instance, call)
    for endpoint in instance.document.get("endpoints") or []:
        for one in endpoint["connections"]:
            made = one["pscAutoConnection"]
            owner = f"{instance.name} {made['network']} {made['connectionType']}"
            service_connections.release(owner, made["projectId"], call.params["location"], call)


def forget(instance: Resource, call: Call) -> None:
    """The authority goes with what it is of."""
    call.store.delete(_CERTIFICATES, f"{instance.name}/certificates/it")

"""Memorystore for Redis Cluster v1. No Redis runs behind a cluster; what leads to one is a reserved address."""

from __future__ import annotations

from typing import Any

from sandbox.apis import memorystore_parts as parts
from sandbox.apis import service_connections
from sandbox.control.collection import Collection, now, uid
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_CLASS = "gcp-memorystore-redis"
_SIZES = {
    "REDIS_SHARED_CORE_NANO": 1.4,
    "REDIS_STANDARD_SMALL": 6.5,
    "REDIS_HIGHMEM_MEDIUM": 13.0,
    "REDIS_HIGHMEM_XLARGE": 58.0,
}
_AUTHENTICATED = "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"
_KINDS = ("CONNECTION_TYPE_DISCOVERY", "CONNECTION_TYPE_UNSPECIFIED")
_CUSTOMERS = "SERVER_CA_MODE_CUSTOMER_MANAGED_CAS_CA"

clusters = Collection(
    path="v1/projects/{project}/locations/{location}/clusters/{cluster}",
    type="google.cloud.redis.cluster.v1.Cluster",
    operation_metadata="google.cloud.redis.v1.OperationMetadata",
    id_rule=r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    id_message="It must be 1 to 63 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    id_param="clusterId",
    mask="required",
    defaults={
        "authorizationMode": "AUTH_MODE_DISABLED",
        "transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_DISABLED",
        "nodeType": "REDIS_HIGHMEM_MEDIUM",
        "persistenceConfig": {"mode": "DISABLED"},
        "zoneDistributionConfig": {"mode": "MULTI_ZONE"},
    },
    output_only=(
        *("state", "stateInfo", "discoveryEndpoints", "pscConnections", "pscServiceAttachments", "sizeGb"),
        *("preciseSizeGb", "maintenanceSchedule", "effectiveMaintenanceVersion", "availableMaintenanceVersions"),
        *("backupCollection", "encryptionInfo"),
    ),
    on_create_set={"createTime": now, "uid": uid},
    immutable=("authorizationMode", "transitEncryptionMode", "zoneDistributionConfig", "kmsKey"),
    required=("shardCount",),
    location="region",
    lro=True,
)


@clusters.on_create
async def complete(cluster: Resource, call: Call) -> None:
    """Checked, with the endpoint that its network's policy lets be made."""
    document = cluster.document
    _check(document)
    if document["transitEncryptionMode"] == _AUTHENTICATED:
        if document.setdefault("serverCaMode", "SERVER_CA_MODE_GOOGLE_MANAGED_PER_INSTANCE_CA") == _CUSTOMERS:
            raise unimplemented("The sandbox does not implement certificates of one's own pool for Redis clusters.")
        await parts.certify(cluster, call)
    document["state"] = "ACTIVE"
    document["effectiveMaintenanceVersion"] = "20260101_00_00"
    if not call.flag("validateOnly"):
        with call.store.transaction():
            _connect(cluster, call)


@clusters.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Of what it becomes; its endpoints stay."""
    if [one["network"] for one in new.document.get("pscConfigs") or []] != [
        one["network"] for one in old.document.get("pscConfigs") or []
    ]:
        raise unimplemented("The sandbox does not change psc_configs of Redis clusters.")
    _check(new.document)


def _check(document: Json) -> None:
    for field in ("gcsSource", "managedBackupSource"):
        if document.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of Redis clusters.")
    if (document.get("crossClusterReplicationConfig") or {}).get("clusterRole", "NONE") != "NONE":
        raise unimplemented("The sandbox does not implement crossClusterReplicationConfig of Redis clusters.")
    shards = int(document["shardCount"])
    if not 1 <= shards <= 250:
        raise invalid_argument("shard_count is 1 to 250.", {"cluster.shard_count": "1 to 250"})
    parts.check_nodes(document, _SIZES, "cluster")
    parts.check_zones(document["zoneDistributionConfig"])
    parts.check_persistence(document["persistenceConfig"], fsync="EVERYSEC")
    document["preciseSizeGb"] = shards * _SIZES[document["nodeType"]]
    document["sizeGb"] = int(document["preciseSizeGb"])


def _connect(cluster: Resource, call: Call) -> None:
    document = cluster.document
    given = document.get("pscConfigs") or []
    if len(given) > 1:
        raise invalid_argument("A cluster has one of psc_configs at most.", {"cluster.psc_configs": "one"})
    attachment = parts.attachment(cluster, call, _CLASS)
    made = [
        parts.connection(cluster, call, str(one.get("network") or ""), call.project, kind, _CLASS)
        for one in given
        for kind in _KINDS
    ]
    if made:
        document["discoveryEndpoints"] = [
            {"address": made[0]["ipAddress"], "port": 6379, "pscConfig": {"network": made[0]["network"]}}
        ]
        document["pscConnections"] = [
            {
                **{key: one[key] for key in ("pscConnectionId", "forwardingRule", "projectId", "network")},
                "address": one["ipAddress"],
            }
            for one in made
        ]
    document["pscServiceAttachments"] = [
        {"serviceAttachment": attachment, **({"connectionType": kind} if kind == _KINDS[0] else {})} for kind in _KINDS
    ]


async def authority(call: Call) -> Response:
    """`getCertificateAuthority`, of clusters that encrypt."""
    return parts.authority_of(clusters.must(call.control, clusters.name(call.params)), call)


@clusters.on_delete
async def keep_protected(cluster: Resource, call: Call) -> None:
    """One that is protected can't go."""
    if cluster.document.get("deletionProtectionEnabled"):
        raise failed_precondition(f"The cluster '{cluster.name}' is protected by deletion_protection_enabled.")


@clusters.deleted
async def disconnect(cluster: Resource, call: Call) -> None:
    """What leads to it goes with it."""
    parts.forget(cluster, call)
    for one in cluster.document.get("pscConfigs") or []:
        for kind in _KINDS:
            owner = f"{cluster.name} {one['network']} {kind}"
            service_connections.release(owner, call.project, call.params["location"], call)


def routes(api: Api) -> None:
    """The route of a cluster's authority."""
    api.route("GET", f"{clusters.path}/certificateAuthority")(authority)

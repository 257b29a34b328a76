"""Memorystore for Redis v1: instances. No Redis runs behind them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sandbox.apis import redis_clusters
from sandbox.control import locations, operations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.router import Api
from sandbox.control.store import Resource

_TIERS = ("TIER_UNSPECIFIED", "BASIC", "STANDARD_HA")
_VERSIONS = ("REDIS_3_2", "REDIS_4_0", "REDIS_5_0", "REDIS_6_X", "REDIS_7_0", "REDIS_7_2")
_PERIODS = ("ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS")

instances = Collection(
    path="v1/projects/{project}/locations/{location}/instances/{instance}",
    type="google.cloud.redis.v1.Instance",
    operation_metadata="google.cloud.redis.v1.OperationMetadata",
    id_rule=r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
    id_message="It must be 1 to 40 lowercase letters, numbers or hyphens, a letter first and no hyphen last.",
    id_param="instanceId",
    mask="required",
    defaults={
        "redisVersion": "REDIS_7_0",
        "connectMode": "DIRECT_PEERING",
        "transitEncryptionMode": "DISABLED",
        "readReplicasMode": "READ_REPLICAS_DISABLED",
        "persistenceConfig": {"persistenceMode": "DISABLED"},
    },
    output_only=(
        *("host", "port", "currentLocationId", "nodes", "readEndpoint", "readEndpointPort", "serverCaCerts"),
        *("persistenceIamIdentity", "satisfiesPzs", "satisfiesPzi", "maintenanceSchedule", "statusMessage"),
    ),
    on_create_set={"createTime": now, "state": lambda instance, call: "READY"},
    immutable=(
        *("tier", "authorizedNetwork", "connectMode", "transitEncryptionMode", "customerManagedKey"),
        *("locationId", "alternativeLocationId", "reservedIpRange", "redisVersion"),
    ),
    required=("tier", "memorySizeGb"),
    enums={"tier": _TIERS},
    location="region",
    lro=True,
)

API = Api(
    "redis.googleapis.com",
    "redis",
    [instances, redis_clusters.clusters],
    [*operations.routes("v1"), *locations.routes("v1")],
)
redis_clusters.routes(API)


@instances.on_create
async def complete(instance: Resource, call: Call) -> None:
    """Checked, with where it is and how it is reached."""
    document, location = instance.document, call.params["location"]
    if document["redisVersion"] not in _VERSIONS:
        raise invalid_argument(
            f"Unknown redis_version {document['redisVersion']}.", {"instance.redis_version": "unknown"}
        )
    document.setdefault("authorizedNetwork", f"projects/{call.project}/global/networks/default")
    document.setdefault("locationId", f"{location}-a")
    document["currentLocationId"] = document["locationId"]
    if document["tier"] == "STANDARD_HA":
        document.setdefault("alternativeLocationId", f"{location}-b")
    digest = sha256(instance.name.encode()).digest()
    tls = document["transitEncryptionMode"] == "SERVER_AUTHENTICATION"
    document["host"], document["port"] = f"10.{digest[0]}.{digest[1]}.{digest[2] & 0xF8 | 4}", 6378 if tls else 6379
    document.setdefault("reservedIpRange", f"10.{digest[0]}.{digest[1]}.{digest[2] & 0xF8}/29")
    document["maintenanceVersion"] = "20260101_00_00"
    document["persistenceIamIdentity"] = f"serviceAccount:{projects.compute_account(call.project)}"
    if tls:
        document["serverCaCerts"] = [
            {
                "serialNumber": "1",
                "cert": "-----BEGIN CERTIFICATE-----\nthe sandbox has no Redis\n-----END CERTIFICATE-----",
                "sha1Fingerprint": call.control.hex(40),
                "createTime": call.control.now(),
                "expireTime": "2036-01-01T00:00:00Z",
            }
        ]
    _check(document)
    _replicas(document)


def _check(document: dict[str, Any]) -> None:
    size = int(document["memorySizeGb"])
    if not 1 <= size <= 300:
        raise invalid_argument("memory_size_gb must be 1 to 300.", {"instance.memory_size_gb": "1 to 300"})
    enabled = document["readReplicasMode"] == "READ_REPLICAS_ENABLED"
    if enabled and (document["tier"] != "STANDARD_HA" or size < 5):
        message = "Read replicas need the tier STANDARD_HA and 5 GB or more."
        raise invalid_argument(message, {"instance.read_replicas_mode": message})
    replicas = int(document.get("replicaCount") or 0)
    if enabled and not 0 <= replicas <= 5:
        message = "replica_count must be 1 to 5 with read replicas."
        raise invalid_argument(message, {"instance.replica_count": message})
    if not enabled and not 0 <= replicas <= (document["tier"] == "STANDARD_HA"):
        message = "replica_count needs read_replicas_mode READ_REPLICAS_ENABLED."
        raise invalid_argument(message, {"instance.replica_count": message})
    persistence = document["persistenceConfig"]
    if persistence.get("persistenceMode") == "RDB" and persistence.get("rdbSnapshotPeriod") not in _PERIODS:
        message = f"rdb_snapshot_period must be one of {', '.join(_PERIODS)}."
        raise invalid_argument(message, {"instance.persistence_config.rdb_snapshot_period": message})


def _replicas(document: dict[str, Any]) -> None:
    """How many replicas there are, and what follows from it."""
    ha, enabled = document["tier"] == "STANDARD_HA", document["readReplicasMode"] == "READ_REPLICAS_ENABLED"
    if not document.get("replicaCount") and ha:
        document["replicaCount"] = 2 if enabled else 1
    zones = [document["locationId"], document.get("alternativeLocationId", document["locationId"])]
    count = int(document.get("replicaCount") or 0)
    document["nodes"] = [{"id": f"node-{n}", "zone": zones[n % 2]} for n in range(count + 1)] if enabled else []
    if enabled:
        document["readEndpoint"], document["readEndpointPort"] = document["host"][:-1] + "5", document["port"]
    persistence = document["persistenceConfig"]
    if persistence.get("persistenceMode") != "RDB":
        document["persistenceConfig"] = {"persistenceMode": "DISABLED"}
    for window in document.get("maintenancePolicy", {}).get("weeklyMaintenanceWindow", []):
        window.setdefault("duration", "3600s")


@instances.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Read replicas can be had, and not given up."""
    modes = (old.document["readReplicasMode"], new.document["readReplicasMode"])
    if modes == ("READ_REPLICAS_ENABLED", "READ_REPLICAS_DISABLED"):
        raise failed_precondition("Read replicas can't be disabled once they are enabled.")
    _check(new.document)
    _replicas(new.document)


@API.route("GET", "v1/projects/{project}/locations/{location}/instances/{instance}/authString")
async def auth_string(call: Call) -> Any:
    """`instances.getAuthString`: always the same for an instance."""
    from sandbox.control.http import Response

    instance = instances.must(call.control, instances.name(call.params))
    if not instance.document.get("authEnabled"):
        return Response.of({})
    text = sha256(f"{instance.name} {instance.created}".encode()).hexdigest()
    return Response.of({"authString": f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"})


@instances.verb("upgrade")
async def upgrade(instance: Resource, call: Call) -> Any:
    """`instances.upgrade`: to a newer version."""
    version, current = call.body().get("redisVersion"), instance.document["redisVersion"]
    if version not in _VERSIONS or _VERSIONS.index(version) <= _VERSIONS.index(current):
        raise invalid_argument(f"{current} can't be upgraded to {version}.", {"redis_version": "not newer"})
    instance.document["redisVersion"] = version
    call.store.put(instance)
    parent = "/".join(instance.name.split("/")[:4])
    return operations.done(call.control, parent, instances.type, instance.document)


@instances.verb("failover")
async def failover(instance: Resource, call: Call) -> Any:
    """`instances.failover`: not here."""
    raise unimplemented("The sandbox does not fail Redis instances over: no Redis runs behind them.")

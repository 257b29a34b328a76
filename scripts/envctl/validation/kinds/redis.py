"""Memorystore for Redis. No data is read, and no password."""

from __future__ import annotations

from envctl.validation.model import Kind, Read, Setting, always
from envctl.validation.normal import flag, mapping, number, text

from .common import LABELS, TERRAFORM_ONLY, at

REDIS_INSTANCES = Kind(
    name="redis_instances",
    noun="Redis instance",
    document=Read("redis", "v1/{name}", "redis.instances.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/instances/{place.key}",
    settings=(
        Setting("tier", "tier", normal=text),
        Setting("state", "state", normal=text, declared=always("READY"), says="READY"),
        Setting("memory_size_gb", "memorySizeGb", normal=number),
        Setting("version", "redisVersion", normal=text),
        Setting("display_name", "displayName", normal=text),
        Setting("auth", "authEnabled", normal=flag),
        Setting(
            "tls",
            "transitEncryptionMode",
            normal=text,
            declared=lambda thing, _world: "SERVER_AUTHENTICATION" if thing.fields["tls"] else "DISABLED",
        ),
        Setting("network", "authorizedNetwork", normal=text),
        Setting(
            "private service access",
            "connectMode",
            normal=text,
            declared=always("PRIVATE_SERVICE_ACCESS"),
            says="PRIVATE_SERVICE_ACCESS",
        ),
        Setting("configs", "redisConfigs", normal=mapping),
        Setting(
            "read_replicas",
            "replicaCount",
            normal=number,
            found=lambda instance: (
                instance.get("replicaCount") if instance.get("readReplicasMode") == "READ_REPLICAS_ENABLED" else 0
            ),
        ),
        Setting("snapshot_period", "persistenceConfig.rdbSnapshotPeriod", normal=text),
        Setting(
            "maintenance_window.day",
            "maintenancePolicy.weeklyMaintenanceWindow.0.day",
            normal=text,
            declared=at("maintenance_window.day"),
            when=lambda fields: fields["maintenance_window"] is not None,
        ),
        Setting(
            "maintenance_window.hour",
            "maintenancePolicy.weeklyMaintenanceWindow.0.startTime.hours",
            normal=number,
            declared=at("maintenance_window.hour"),
            when=lambda fields: fields["maintenance_window"] is not None,
        ),
        Setting("kms_key", "customerManagedKey", normal=text),
        LABELS,
    ),
    unchecked={"deletion_protection": TERRAFORM_ONLY},
)

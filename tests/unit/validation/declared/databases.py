"""Cloud SQL and Memorystore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.thing import Deployed


def sql(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"sqladmin/v1/projects/{values['project_id']}/instances"
    for id, instance in sub["sql_instances"].items():
        postgres = instance["version"].startswith("POSTGRES")
        flag = "cloudsql.iam_authentication" if postgres else "cloudsql_iam_authentication"
        flags = [{"name": flag, "value": "on"}] + [{"name": n, "value": v} for n, v in instance["flags"].items()]
        settings: dict[str, Any] = {
            "tier": instance["tier"],
            "edition": instance["edition"],
            "availabilityType": "REGIONAL" if instance["high_availability"] else "ZONAL",
            "dataDiskType": instance["disk_type"],
            "dataDiskSizeGb": str(instance["disk_size_gb"]),
            "storageAutoResize": instance["disk_autoresize"],
            "storageAutoResizeLimit": str(instance["disk_autoresize_limit_gb"]),
            "deletionProtectionEnabled": instance["deletion_protection"],
            "backupConfiguration": {
                "enabled": instance["backups"],
                "startTime": instance["backup_start_time"],
                "pointInTimeRecoveryEnabled" if postgres else "binaryLogEnabled": instance["point_in_time_recovery"],
                "transactionLogRetentionDays": instance["log_retention_days"],
                "backupRetentionSettings": {"retainedBackups": instance["backups_retained"]},
            },
            "ipConfiguration": {
                "ipv4Enabled": False,
                "privateNetwork": instance["network"],
                "sslMode": instance["ssl_mode"],
            },
            "databaseFlags": flags,
            "userLabels": {**common, **instance["labels"]},
        }
        if instance["backup_location"]:
            settings["backupConfiguration"]["location"] = instance["backup_location"]
        if window := instance["maintenance_window"]:
            settings["maintenanceWindow"] = {
                "day": window["day"],
                "hour": window["hour"],
                "updateTrack": window["track"],
            }
        if insights := instance["insights"]:
            settings["insightsConfig"] = {
                "queryInsightsEnabled": True,
                "queryStringLength": insights["query_string_length"],
                "queryPlansPerMinute": insights["query_plans_per_minute"],
                "recordApplicationTags": insights["record_application_tags"],
            }
        document: dict[str, Any] = {
            "name": id,
            "region": values["region"],
            "databaseVersion": instance["version"],
            "settings": settings,
        }
        if instance["kms_key"]:
            document["diskEncryptionConfiguration"] = {"kmsKeyName": instance["kms_key"]}
        yield Deployed(parent, id, document, {"state": "RUNNABLE"})
        own = [{"name": name} for name in instance["databases"]]
        engine_s = [{"name": "postgres" if postgres else "mysql"}]
        yield Deployed(
            f"{parent}/{id}/databases", "", {"items": own}, {"items": own + engine_s}, path=f"{parent}/{id}/databases"
        )
        names = [user.removesuffix(".gserviceaccount.com") if postgres else user for user in instance["users"]]
        users = [{"name": name, "type": "CLOUD_IAM_SERVICE_ACCOUNT"} for name in names]
        shown = [{**user, "name": user["name"] if postgres else user["name"].partition("@")[0]} for user in users]
        root = [{"name": "root", "host": "%"}]
        yield Deployed(
            f"{parent}/{id}/users", "", {"items": users}, {"items": root + shown}, path=f"{parent}/{id}/users"
        )


def redis(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"redis/v1/projects/{values['project_id']}/locations/{values['region']}/instances"
    for id, instance in sub["redis_instances"].items():
        document: dict[str, Any] = {
            "tier": instance["tier"],
            "memorySizeGb": instance["memory_size_gb"],
            "redisVersion": instance["version"],
            "displayName": instance["display_name"],
            "transitEncryptionMode": "SERVER_AUTHENTICATION" if instance["tls"] else "DISABLED",
            "authorizedNetwork": instance["network"],
            "connectMode": "PRIVATE_SERVICE_ACCESS",
            "labels": {**common, **instance["labels"]},
        }
        if instance["auth"]:
            document["authEnabled"] = True
        if instance["configs"]:
            document["redisConfigs"] = instance["configs"]
        if instance["read_replicas"]:
            document |= {"readReplicasMode": "READ_REPLICAS_ENABLED", "replicaCount": instance["read_replicas"]}
        if instance["snapshot_period"]:
            document["persistenceConfig"] = {"persistenceMode": "RDB", "rdbSnapshotPeriod": instance["snapshot_period"]}
        if window := instance["maintenance_window"]:
            times = {"day": window["day"], "startTime": {"hours": window["hour"]}}
            document["maintenancePolicy"] = {"weeklyMaintenanceWindow": [times]}
        if instance["kms_key"]:
            document["customerManagedKey"] = instance["kms_key"]
        yield Deployed(parent, id, document, {"state": "READY"})

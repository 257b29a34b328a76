"""Cloud SQL instances, with their databases and users. No data is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from envctl.validation.model import Fields, Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, flag, labels, number, text, unordered

_IAM_FLAGS = {"POSTGRES": "cloudsql.iam_authentication", "MYSQL": "cloudsql_iam_authentication"}
_SYSTEM = {"postgres", "information_schema", "mysql", "performance_schema", "sys"}


def _engine(fields: Fields) -> str:
    return str(fields["version"]).partition("_")[0]


def _flags(thing: Thing, _world: World) -> list[str]:
    flags = dict(thing.fields["flags"])
    if thing.fields["iam_authentication"]:
        flags[_IAM_FLAGS[_engine(thing.fields)]] = "on"
    return [f"{name}={value}" for name, value in flags.items()]


def _found_flags(instance: Mapping[str, Any]) -> list[str]:
    return [f"{each.get('name')}={each.get('value', '')}" for each in dig(instance, "settings.databaseFlags") or []]


def _users(thing: Thing, _world: World) -> list[str]:
    accounts = thing.fields["users"]
    if _engine(thing.fields) == "POSTGRES":
        return [str(account).removesuffix(".gserviceaccount.com") for account in accounts]
    return [str(account).partition("@")[0] for account in accounts]


def _found_users(listed: Mapping[str, Any]) -> list[str]:
    """The service accounts; who else is let in with IAM; not those of the engine, which Google makes."""
    return [
        str(user.get("name")) for user in listed.get("items") or [] if str(user.get("type", "")).startswith("CLOUD_IAM")
    ]


def _databases(listed: Mapping[str, Any]) -> list[str]:
    """The databases but for the engine's own."""
    return [str(each.get("name")) for each in listed.get("items") or [] if each.get("name") not in _SYSTEM]


def _settings(field: str, api: str, normal: Callable[[Any], Any] = text, **more: Any) -> Setting:
    return Setting(field, f"settings.{api}", normal=normal, **more)


def _logs(engine: str, api: str) -> Setting:
    return _settings(
        "point_in_time_recovery",
        f"backupConfiguration.{api}",
        flag,
        when=lambda fields: _engine(fields) == engine,
        says=f"of {engine}",
    )


def _window(field: str, api: str, normal: Callable[[Any], Any]) -> Setting:
    return _settings(
        f"maintenance_window.{field}",
        f"maintenanceWindow.{api}",
        normal,
        declared=lambda thing, _world: dig(thing.fields, f"maintenance_window.{field}"),
        when=lambda fields: fields["maintenance_window"] is not None,
    )


def _insight(field: str, api: str, normal: Callable[[Any], Any]) -> Setting:
    return _settings(
        f"insights.{field}",
        f"insightsConfig.{api}",
        normal,
        declared=lambda thing, _world: dig(thing.fields, f"insights.{field}"),
        when=lambda fields: fields["insights"] is not None,
    )


SQL_INSTANCES = Kind(
    name="sql_instances",
    noun="Cloud SQL instance",
    document=Read("sqladmin", "v1/{name}", "cloudsql.instances.get"),
    resource=lambda place, _fields: f"projects/{place.project}/instances/{place.key}",
    settings=(
        Setting("version", "databaseVersion", normal=text),
        Setting("state", "state", normal=text, declared=always("RUNNABLE"), says="RUNNABLE"),
        _settings("edition", "edition"),
        _settings("tier", "tier"),
        _settings(
            "high_availability",
            "availabilityType",
            declared=lambda thing, _world: "REGIONAL" if thing.fields["high_availability"] else "ZONAL",
        ),
        _settings("disk_type", "dataDiskType"),
        _settings(
            "disk_size_gb",
            "dataDiskSizeGb",
            number,
            when=lambda fields: not fields["disk_autoresize"],
            says="unless it grows by itself",
        ),
        _settings("disk_autoresize", "storageAutoResize", flag),
        _settings("disk_autoresize_limit_gb", "storageAutoResizeLimit", number),
        _settings("backups", "backupConfiguration.enabled", flag),
        _settings("backup_start_time", "backupConfiguration.startTime"),
        _settings(
            "backup_location",
            "backupConfiguration.location",
            when=lambda fields: fields["backup_location"] is not None,
        ),
        _settings("backups_retained", "backupConfiguration.backupRetentionSettings.retainedBackups", number),
        _logs("POSTGRES", "pointInTimeRecoveryEnabled"),
        _logs("MYSQL", "binaryLogEnabled"),
        _settings("log_retention_days", "backupConfiguration.transactionLogRetentionDays", number),
        _window("day", "day", number),
        _window("hour", "hour", number),
        _window("track", "updateTrack", text),
        _settings(
            "insights",
            "insightsConfig.queryInsightsEnabled",
            flag,
            declared=lambda thing, _world: thing.fields["insights"] is not None,
        ),
        _insight("query_string_length", "queryStringLength", number),
        _insight("query_plans_per_minute", "queryPlansPerMinute", number),
        _insight("record_application_tags", "recordApplicationTags", flag),
        _insight("record_client_address", "recordClientAddress", flag),
        Setting("flags", "settings.databaseFlags", normal=unordered, declared=_flags, found=_found_flags),
        _settings("network", "ipConfiguration.privateNetwork"),
        _settings("public address", "ipConfiguration.ipv4Enabled", flag, declared=always(False), says="none"),
        _settings("ssl_mode", "ipConfiguration.sslMode"),
        Setting(
            "kms_key",
            "diskEncryptionConfiguration.kmsKeyName",
            normal=text,
        ),
        Setting(
            "databases",
            "databases: items",
            normal=unordered,
            declared=lambda thing, _world: list(thing.fields["databases"]),
            found=_databases,
            says="those declared, and no other but the engine's own",
            reader="databases",
        ),
        Setting(
            "users",
            "users: items",
            normal=unordered,
            declared=_users,
            found=_found_users,
            says="the IAM users are those declared",
            reader="users",
        ),
        _settings("deletion_protection", "deletionProtectionEnabled", flag),
        Setting(
            "labels",
            "settings.userLabels",
            normal=labels,
            declared=lambda thing, _world: dict(thing.labels),
            says="its own, its subproject's and the environment's, and no other but those that begin with goog-",
        ),
    ),
    reads={
        "databases": Read("sqladmin", "v1/{name}/databases", "cloudsql.databases.list", items="items"),
        "users": Read("sqladmin", "v1/{name}/users", "cloudsql.users.list", items="items"),
    },
    unchecked={"iam_authentication": "part of flags"},
)

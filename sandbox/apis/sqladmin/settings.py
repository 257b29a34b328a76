"""Settings of Cloud SQL instances: what the API fills in, and what it refuses."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sandbox.apis.sqladmin import endpoints
from sandbox.control import payload
from sandbox.control.errors import invalid_argument, unimplemented

CHARSETS = {
    "POSTGRES": ("UTF8", "en_US.UTF8"),
    "MYSQL": ("utf8mb4", "utf8mb4_0900_ai_ci"),
    "SQLSERVER": ("", "SQL_Latin1_General_CP1_CI_AS"),
}
_SQL_SERVERS = re.compile(r"SQLSERVER_(?:2017|2019|2022|2025)_(?:STANDARD|ENTERPRISE|EXPRESS|WEB)")
IAM_FLAGS = {"POSTGRES": "cloudsql.iam_authentication", "MYSQL": "cloudsql_iam_authentication"}
_TIERS = {
    "ENTERPRISE": r"db-f1-micro|db-g1-small|db-custom-\d+-\d+|db-n1-\w+-\d+|db-lightweight-\d+-\d+|db-standard-\d+",
    "ENTERPRISE_PLUS": r"db-(perf|memory)-optimized-[A-Z0-9-]+|db-c4a-highmem-\d+",
}
_REFUSED = ("entraidConfig",)
_OF_SQL_SERVER = ("activeDirectoryConfig", "sqlServerAuditConfig", "collation", "timeZone")
# What a change of all settings leaves as it is where it doesn't say it.
_KEPT = ("edition", "dataDiskSizeGb", "dataDiskType", "locationPreference", "collation", "timeZone")


def engine(version: str) -> str:
    """The engine of a version. Raises 501 for one that the sandbox doesn't have.

    >>> engine("POSTGRES_16")
    'POSTGRES'
    """
    found = version.partition("_")[0]
    if found not in CHARSETS:
        raise unimplemented(f"The sandbox does not implement Cloud SQL for {version}.")
    if found == "SQLSERVER" and not _SQL_SERVERS.fullmatch(version):
        raise invalid_argument(
            f"Invalid request: Invalid database version ({version}).", {"databaseVersion": "unknown"}
        )
    return found


def completed(given: Any, version: str, region: str, *, replica: bool = False, edition: str = "") -> dict[str, Any]:
    """The settings of a new instance: those given over the defaults, and over its primary's edition. Raises 400."""
    document = copy.deepcopy(dict(given or {}))
    edition = document.get("edition") or edition
    if not edition:
        newer = engine(version) == "POSTGRES" and int(version.split("_")[1]) >= 16
        edition = "ENTERPRISE_PLUS" if newer else "ENTERPRISE"
    defaults: dict[str, Any] = {
        "kind": "sql#settings",
        "settingsVersion": "1",
        "edition": edition,
        "activationPolicy": "ALWAYS",
        "availabilityType": "ZONAL",
        "pricingPlan": "PER_USE",
        "replicationType": "SYNCHRONOUS",
        "storageAutoResize": True,
        "storageAutoResizeLimit": "0",
        "dataDiskSizeGb": "10",
        "dataDiskType": "PD_SSD",
        "connectorEnforcement": "NOT_REQUIRED",
        "deletionProtectionEnabled": False,
        "backupConfiguration": {
            "kind": "sql#backupConfiguration",
            "enabled": False,
            "startTime": "17:00",
            "transactionLogRetentionDays": 7 if edition == "ENTERPRISE" else 14,
            "transactionalLogStorageState": "TRANSACTIONAL_LOG_STORAGE_STATE_UNSPECIFIED",
            "backupRetentionSettings": {"retentionUnit": "COUNT", "retainedBackups": 7},
            "backupTier": "STANDARD",
        },
        "ipConfiguration": {
            "ipv4Enabled": True,
            "sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
            "serverCaMode": "GOOGLE_MANAGED_INTERNAL_CA",
        },
        "locationPreference": {"kind": "sql#locationPreference", "zone": f"{region}-a"},
    }
    for key, value in defaults.items():
        if isinstance(value, dict) and isinstance(document.get(key), dict):
            document[key] = {**value, **document[key]}
        else:
            document.setdefault(key, value)
    for key in ("dataDiskSizeGb", "storageAutoResizeLimit", "settingsVersion"):
        document[key] = str(document[key])
    _check(document, version, replica)
    return document


def changed(
    old: Mapping[str, Any], given: Mapping[str, Any], version: str, region: str, whole: bool, *, replica: bool = False
) -> dict[str, Any]:
    """The settings after a change; a whole one keeps only what the server decided. Raises 400."""
    kept = _KEPT if whole else tuple(old)
    base = {key: old[key] for key in kept if key in old}
    for key, value in given.items():
        inner = isinstance(value, dict) and isinstance(base.get(key), dict) and not whole
        base[key] = {**base[key], **value} if inner else value
    base = payload.without_nulls(base)
    base["settingsVersion"] = str(int(old["settingsVersion"]) + 1)
    new = completed(base, version, region, replica=replica)
    if int(new["dataDiskSizeGb"]) < int(old["dataDiskSizeGb"]):
        raise invalid_argument("Invalid request: The disk size cannot decrease.", {"dataDiskSizeGb": "smaller"})
    return new


def takes_iam(settings: Mapping[str, Any], of: str) -> bool:
    """Whether IAM principals can log in."""
    flags = {flag["name"]: flag.get("value") for flag in settings.get("databaseFlags") or []}
    return of in IAM_FLAGS and flags.get(IAM_FLAGS[of]) == "on"


def addresses(settings: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    """The addresses of an instance, always the same for a name."""
    digest = sha256(name.encode()).digest()
    found = []
    if settings["ipConfiguration"].get("ipv4Enabled"):
        found.append({"type": "PRIMARY", "ipAddress": f"203.0.113.{digest[0]}"})
    if settings["ipConfiguration"].get("privateNetwork"):
        found.append({"type": "PRIVATE", "ipAddress": f"10.{digest[1]}.{digest[2]}.{digest[3]}"})
    return found


def _check(document: Mapping[str, Any], version: str, replica: bool) -> None:
    for key in _REFUSED:
        asked = document.get(key)
        if asked and not (isinstance(asked, dict) and asked.get("enabled") is False):
            raise unimplemented(f"The sandbox does not implement settings.{key} of Cloud SQL instances.")
    tier, edition = str(document.get("tier", "")), document["edition"]
    if edition not in _TIERS or not re.fullmatch(_TIERS[edition], tier):
        message = f"Invalid request: Invalid Tier ({tier}) for ({edition}) Edition. Use a Tier like db-custom-2-7680."
        raise invalid_argument(message, {"settings.tier": "invalid"})
    network, backups, of = document["ipConfiguration"], document["backupConfiguration"], engine(version)
    consumers = network.get("pscConfig") or {}
    endpoints.check(consumers)
    if not (network.get("ipv4Enabled") or network.get("privateNetwork") or consumers.get("pscEnabled")):
        message = "Invalid request: At least one of Public IP or Private IP or PSC connectivity must be enabled."
        raise invalid_argument(message, {"settings.ipConfiguration": "no address"})
    if of == "SQLSERVER" and not re.fullmatch(r"db-custom-\d+-\d+|db-(?:perf|memory)-optimized-[A-Z0-9-]+", tier):
        raise invalid_argument(f"Invalid request: Invalid Tier ({tier}) for SQL Server.", {"settings.tier": "invalid"})
    for key in _OF_SQL_SERVER:
        if document.get(key) and of != "SQLSERVER":
            raise invalid_argument(f"Invalid request: {key} is not for {of}.", {f"settings.{key}": of})
    if (document.get("connectionPoolConfig") or {}).get("connectionPoolingEnabled") and edition != "ENTERPRISE_PLUS":
        message = "Invalid request: Managed Connection Pooling needs the edition ENTERPRISE_PLUS."
        raise invalid_argument(message, {"settings.connectionPoolConfig": "edition"})
    logs, other = "pointInTimeRecoveryEnabled", "binaryLogEnabled"
    if of == "MYSQL":
        logs, other = other, logs
    if backups.get(other):
        raise invalid_argument(
            f"Invalid request: {other} is not for {of}.", {f"settings.backupConfiguration.{other}": of}
        )
    if backups.get(logs) and not (backups.get("enabled") or replica):
        raise invalid_argument(
            f"Invalid request: {logs} needs backups.", {f"settings.backupConfiguration.{logs}": "backups"}
        )
    recoverable = backups.get("enabled") and backups.get(logs)
    if of == "MYSQL" and document["availabilityType"] == "REGIONAL" and not recoverable and not replica:
        message = f"Invalid request: high availability needs backups and {logs}."
        raise invalid_argument(message, {"settings.availabilityType": "needs backups"})
    if int(document["dataDiskSizeGb"]) < 10:
        raise invalid_argument(
            "Invalid request: The disk has 10 GB at least.", {"settings.dataDiskSizeGb": "too small"}
        )

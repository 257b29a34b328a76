"""Where the facts stand: for each kind, in Terraform's values and in the API's document. One line a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Getter


def _path(path: str) -> Getter:
    """A getter of `a.0.b`; a missing part is None. Terraform's blocks are lists of one."""
    steps = [int(part) if part.isdigit() else part for part in path.split(".")]
    if len(steps) == 1:
        name = steps[0]
        return lambda values: values.get(name) if isinstance(values, dict) else None

    def get(values: Any) -> Any:
        for step in steps:
            if isinstance(values, dict):
                values = values.get(step)
            elif isinstance(values, list) and isinstance(step, int):
                values = values[step] if step < len(values) else None
            else:
                return values if values is True else None  # a mark may cover all that is below it
        return values

    return get


def _of_name(document: Any) -> str:
    """The location in a full name, `projects/P/locations/L/…`."""
    parts = str(document.get("name") or "").split("/")
    return parts[3] if len(parts) > 3 and parts[2] == "locations" else ""


def _containers(*steps: str) -> Getter:
    get = _path(".".join(steps))

    def containers(values: Any) -> Any:
        found = get(values)
        return found if isinstance(found, list) else None

    return containers


# kind: (Terraform types, fact: (path in Terraform, path in the API's document)); None where one side doesn't have it.
_Facts = Mapping[str, tuple[str | Getter | None, str | Getter | None]]
_RUN_LABELS: _Facts = {
    "location": ("location", _of_name),
    "labels": ("labels", "labels"),
    "deletion_protection": ("deletion_protection", None),
}
SHAPES: Mapping[str, tuple[tuple[str, ...], _Facts]] = {
    "buckets": (
        ("google_storage_bucket",),
        {
            "uniform_access": (
                "uniform_bucket_level_access",
                "iamConfiguration.uniformBucketLevelAccess.enabled",
            ),
            "public_access_prevention": ("public_access_prevention", "iamConfiguration.publicAccessPrevention"),
            "location": ("location", "location"),
            "kms_key": ("encryption.0.default_kms_key_name", "encryption.defaultKmsKeyName"),
            "labels": ("labels", "labels"),
            "versioning": ("versioning.0.enabled", "versioning.enabled"),
            "soft_delete": (
                "soft_delete_policy.0.retention_duration_seconds",
                "softDeletePolicy.retentionDurationSeconds",
            ),
            "retention": ("retention_policy.0.retention_period", "retentionPolicy.retentionPeriod"),
            "releases": ("force_destroy", None),
        },
    ),
    "datasets": (
        ("google_bigquery_dataset",),
        {
            "location": ("location", "location"),
            "kms_key": (
                "default_encryption_configuration.0.kms_key_name",
                "defaultEncryptionConfiguration.kmsKeyName",
            ),
            "labels": ("labels", "labels"),
            "releases": ("delete_contents_on_destroy", None),
        },
    ),
    "tables": (
        ("google_bigquery_table",),
        {"labels": ("labels", "labels"), "deletion_protection": ("deletion_protection", None)},
    ),
    "topics": (
        ("google_pubsub_topic",),
        {
            "labels": ("labels", "labels"),
            "kms_key": ("kms_key_name", "kmsKeyName"),
            "retention": ("message_retention_duration", "messageRetentionDuration"),
        },
    ),
    "subscriptions": (("google_pubsub_subscription",), {"labels": ("labels", "labels")}),
    "secrets": (
        ("google_secret_manager_secret",),
        {"labels": ("labels", "labels")},
    ),
    "secret_versions": (("google_secret_manager_secret_version",), {"secret": ("secret_data", None)}),
    "sql_users": (("google_sql_user",), {"secret": ("password", None)}),
    "account_keys": (("google_service_account_key",), {"account": ("service_account_id", None)}),
    "repositories": (
        ("google_artifact_registry_repository",),
        {
            "location": ("location", _of_name),
            "kms_key": ("kms_key_name", "kmsKeyName"),
            "labels": ("labels", "labels"),
        },
    ),
    "services": (
        ("google_cloud_run_v2_service",),
        {
            **_RUN_LABELS,
            "kms_key": ("template.0.encryption_key", "template.encryptionKey"),
            "containers": (_containers("template", "0", "containers"), _containers("template", "containers")),
            "invoker_off": ("invoker_iam_disabled", lambda document: bool(document.get("invokerIamDisabled"))),
        },
    ),
    "jobs": (
        ("google_cloud_run_v2_job",),
        {
            **_RUN_LABELS,
            "kms_key": ("template.0.template.0.encryption_key", "template.template.encryptionKey"),
            "containers": (
                _containers("template", "0", "template", "0", "containers"),
                _containers("template", "template", "containers"),
            ),
        },
    ),
    "worker_pools": (
        ("google_cloud_run_v2_worker_pool",),
        {
            **_RUN_LABELS,
            "kms_key": ("template.0.encryption_key", "template.encryptionKey"),
            "containers": (_containers("template", "0", "containers"), _containers("template", "containers")),
        },
    ),
    "workflows": (
        ("google_workflows_workflow",),
        {
            "location": ("region", _of_name),
            "labels": ("labels", "labels"),
            "kms_key": ("crypto_key_name", "cryptoKeyName"),
            "deletion_protection": ("deletion_protection", None),
        },
    ),
    "sql_instances": (
        ("google_sql_database_instance",),
        {
            "location": ("region", "region"),
            "labels": ("settings.0.user_labels", "settings.userLabels"),
            "kms_key": ("encryption_key_name", "diskEncryptionConfiguration.kmsKeyName"),
            "deletion_protection": ("deletion_protection", "settings.deletionProtectionEnabled"),
            "backups": (
                "settings.0.backup_configuration.0.enabled",
                "settings.backupConfiguration.enabled",
            ),
            "public_address": (
                "settings.0.ip_configuration.0.ipv4_enabled",
                "settings.ipConfiguration.ipv4Enabled",
            ),
            "ssl_mode": ("settings.0.ip_configuration.0.ssl_mode", "settings.ipConfiguration.sslMode"),
        },
    ),
    "redis_instances": (
        ("google_redis_instance",),
        {
            "location": ("region", _of_name),
            "labels": ("labels", "labels"),
            "kms_key": ("customer_managed_key", "customerManagedKey"),
            "deletion_protection": ("deletion_protection", "deletionProtection"),
            "auth": ("auth_enabled", lambda document: bool(document.get("authEnabled"))),
            "tls": ("transit_encryption_mode", "transitEncryptionMode"),
        },
    ),
    "schedules": (
        ("google_cloud_scheduler_job",),
        {"location": ("region", _of_name)},
    ),
    "triggers": (
        ("google_eventarc_trigger",),
        {"location": ("location", _of_name)},
    ),
    "addresses": (("google_compute_address",), {"location": ("region", None), "labels": ("labels", "labels")}),
    "firewall": (
        ("google_compute_firewall",),
        {
            "direction": ("direction", "direction"),
            "allow": ("allow", "allowed"),
            "sources": ("source_ranges", "sourceRanges"),
        },
    ),
    "log_buckets": (
        ("google_logging_project_bucket_config",),
        {"retention_days": ("retention_days", "retentionDays")},
    ),
    "budget": (("google_billing_budget",), {}),
}


def _compiled(side: int) -> Mapping[str, Mapping[str, Getter | None]]:
    def getter(given: str | Getter | None) -> Getter | None:
        return _path(given) if isinstance(given, str) else given

    return {kind: {name: getter(both[side]) for name, both in facts.items()} for kind, (_, facts) in SHAPES.items()}


TERRAFORM = _compiled(0)
API = _compiled(1)
KIND_OF_TYPE: Mapping[str, str] = {type: kind for kind, (types, _) in SHAPES.items() for type in types}

# What grants are given on, by the Terraform type that gives them.
GRANTS_ON: Mapping[str, str] = {
    "google_storage_bucket_iam": "buckets",
    "google_bigquery_dataset_iam": "datasets",
    "google_bigquery_table_iam": "tables",
    "google_pubsub_topic_iam": "topics",
    "google_pubsub_subscription_iam": "subscriptions",
    "google_secret_manager_secret_iam": "secrets",
    "google_artifact_registry_repository_iam": "repositories",
    "google_cloud_run_v2_service_iam": "services",
    "google_cloud_run_v2_job_iam": "jobs",
    "google_service_account_iam": "service_accounts",
    "google_kms_crypto_key_iam": "kms_keys",
    "google_project_iam": "project",
}

"""Which thing of the YAML a Terraform address is, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_MODULE = re.compile(r'^module\.[a-z_]+(?:\["([^"]+)"\])?\.')
_PARTS = re.compile(r'(google_\w+)\.\w+(?:\["(.*)"\])?$')

# The validation's kind of a Terraform type; what isn't here is told by its address.
KINDS: Mapping[str, str] = {
    "google_project_service": "apis",
    "google_service_account": "service_accounts",
    "google_compute_firewall": "firewall",
    "google_compute_address": "addresses",
    "google_kms_key_ring": "key_rings",
    "google_kms_crypto_key": "kms_keys",
    "google_secret_manager_secret": "secrets",
    "google_artifact_registry_repository": "repositories",
    "google_storage_bucket": "buckets",
    "google_bigquery_dataset": "datasets",
    "google_bigquery_table": "tables",
    "google_bigquery_routine": "routines",
    "google_sql_database_instance": "sql_instances",
    "google_redis_instance": "redis_instances",
    "google_pubsub_schema": "schemas",
    "google_pubsub_topic": "topics",
    "google_pubsub_subscription": "subscriptions",
    "google_cloud_run_v2_service": "services",
    "google_cloud_run_v2_job": "jobs",
    "google_cloud_run_v2_worker_pool": "worker_pools",
    "google_workflows_workflow": "workflows",
    "google_cloud_scheduler_job": "schedules",
    "google_cloud_tasks_queue": "queues",
    "google_eventarc_trigger": "triggers",
}
_GRANTS: Mapping[str, str] = {
    "google_service_account_iam": "service_accounts",
    "google_kms_crypto_key_iam": "kms_keys",
    "google_secret_manager_secret_iam": "secrets",
    "google_artifact_registry_repository_iam": "repositories",
    "google_storage_bucket_iam": "buckets",
    "google_bigquery_dataset_iam": "datasets",
    "google_bigquery_dataset_access": "datasets",
    "google_bigquery_table_iam": "tables",
    "google_bigquery_routine_iam": "routines",
    "google_pubsub_schema_iam": "schemas",
    "google_pubsub_topic_iam": "topics",
    "google_pubsub_subscription_iam": "subscriptions",
    "google_cloud_run_v2_service_iam": "services",
    "google_cloud_run_v2_job_iam": "jobs",
    "google_project_iam": "service_accounts",
}
_BELOW_DATASETS = ("tables", "routines")
_VIEWS = ("views", "materialized_views", "external_tables")
# Where the root makes a thing of a kind, and how Terraform's import calls it: `{p}` project, `{r}` region, `{n}` name,
# `{d}` and `{t}` the two parts of a key below a dataset. The provider imports no workflow.
IMPORTS: Mapping[str, tuple[str, str]] = {
    "apis": ('module.project_services.google_project_service.this["{k}"]', "{p}/{k}"),
    "secrets": ('module.secrets["{s}"].google_secret_manager_secret.this["{k}"]', "projects/{p}/secrets/{n}"),
    "repositories": (
        'module.artifact_registry["{s}"].google_artifact_registry_repository.this["{k}"]',
        "projects/{p}/locations/{r}/repositories/{n}",
    ),
    "buckets": ('module.gcs["{s}"].google_storage_bucket.this["{k}"]', "{p}/{n}"),
    "datasets": ('module.bigquery["{s}"].google_bigquery_dataset.this["{k}"]', "projects/{p}/datasets/{n}"),
    "tables": (
        'module.bigquery["{s}"].google_bigquery_table.table["{d}/{t}"]',
        "projects/{p}/datasets/{d}/tables/{t}",
    ),
    "routines": (
        'module.bigquery["{s}"].google_bigquery_routine.function["{d}/{t}"]',
        "projects/{p}/datasets/{d}/routines/{t}",
    ),
    "schemas": ('module.schemas["{s}"].google_pubsub_schema.this["{k}"]', "projects/{p}/schemas/{n}"),
    "topics": ('module.topics["{s}"].google_pubsub_topic.this["{k}"]', "projects/{p}/topics/{n}"),
    "subscriptions": (
        'module.subscriptions["{s}"].google_pubsub_subscription.this["{k}"]',
        "projects/{p}/subscriptions/{n}",
    ),
    "service_accounts": (
        'module.service_account.google_service_account.this["{k}"]',
        "projects/{p}/serviceAccounts/{n}",
    ),
    "services": (
        'module.cloud_run["{s}"].google_cloud_run_v2_service.this["{k}"]',
        "projects/{p}/locations/{r}/services/{n}",
    ),
    "jobs": ('module.cloud_run["{s}"].google_cloud_run_v2_job.this["{k}"]', "projects/{p}/locations/{r}/jobs/{n}"),
    "schedules": (
        'module.scheduler["{s}"].google_cloud_scheduler_job.this["{k}"]',
        "projects/{p}/locations/{r}/jobs/{n}",
    ),
    "worker_pools": (
        'module.cloud_run["{s}"].google_cloud_run_v2_worker_pool.this["{k}"]',
        "projects/{p}/locations/{r}/workerPools/{n}",
    ),
    "triggers": (
        'module.eventarc["{s}"].google_eventarc_trigger.this["{k}"]',
        "projects/{p}/locations/{r}/triggers/{n}",
    ),
    "queues": (
        'module.cloud_tasks["{s}"].google_cloud_tasks_queue.this["{k}"]',
        "projects/{p}/locations/{r}/queues/{n}",
    ),
    "sql_instances": (
        'module.cloud_sql["{s}"].google_sql_database_instance.this["{k}"]',
        "projects/{p}/instances/{n}",
    ),
    "redis_instances": (
        'module.memorystore["{s}"].google_redis_instance.this["{k}"]',
        "projects/{p}/locations/{r}/instances/{n}",
    ),
    # A network stands for a subproject, and so does a key ring.
    "firewall": ('module.network["{s}"].google_compute_firewall.this["{k}"]', "projects/{p}/global/firewalls/{n}"),
    "addresses": (
        'module.network["{s}"].google_compute_address.this["{k}"]',
        "projects/{p}/regions/{r}/addresses/{n}",
    ),
    "key_rings": ('module.kms["{s}"].google_kms_key_ring.this["{k}"]', "projects/{p}/locations/{r}/keyRings/{n}"),
    "kms_keys": (
        'module.kms["{s}"].google_kms_crypto_key.this["{k}"]',
        "projects/{p}/locations/{r}/keyRings/{s}/cryptoKeys/{n}",
    ),
}


@dataclass(frozen=True, slots=True)
class Key:
    """What an address is of: a kind and a key, which are unique in an environment; or a grant on that."""

    kind: str
    key: str
    grant: bool = False


def key_of(address: str) -> Key | None:
    """What an address is of; None where it is no thing of the YAML's own.

    >>> key_of('module.gcs["strategy-engine"].google_storage_bucket.this["backtests"]')
    Key(kind='buckets', key='backtests', grant=False)
    >>> key_of('module.topics["a"].google_pubsub_topic_iam_member.this["ticks/read/user:a@example.com"]').key
    'ticks'
    >>> key_of('module.bigquery["a"].google_bigquery_routine_iam_member.function["d/f/call/user:a@example.com"]').key
    'd.f'
    """
    found = _PARTS.search(address)
    if found is None:
        return None
    type, index = found[1], found[2] or ""
    if kind := KINDS.get(type):
        if kind in _BELOW_DATASETS:
            return Key(kind, index.replace("/", ".", 1))
        return Key(kind, index)
    base = re.sub(r"_(member|binding)$", "", type)
    if kind := _GRANTS.get(base):
        # thing/grant/member, and a member may have slashes of its own: the grant comes before the member's colon.
        head = index.partition(":")[0]
        parts = head.split("/")
        thing = parts[: 2 if kind in _BELOW_DATASETS else 1]
        return Key(kind, ".".join(thing), grant=True)
    return None


def keys_of(addresses: Iterable[str]) -> dict[Key, list[str]]:
    """Addresses by what they are of."""
    found: dict[Key, list[str]] = {}
    for address in addresses:
        key = key_of(address)
        if key is not None:
            found.setdefault(key, []).append(address)
    return found


def key_of_thing(kind: str, key: str, *, grant: bool = False) -> Key:
    """The key that the addresses of a thing of the validation have."""
    return Key("tables" if kind in _VIEWS else kind, key, grant)


@dataclass(frozen=True, slots=True)
class Adoption:
    """How a thing comes into the state: its address, and what Terraform's import calls it."""

    address: str
    identity: str

    @property
    def block(self) -> str:
        """As Terraform reads it."""
        return f'import {{\n  to = {self.address}\n  id = "{self.identity}"\n}}'


def adoption(kind: str, name: str, project: str, region: str, subproject: str, key: str) -> Adoption | None:
    """How a thing would be adopted; None for a kind that can't be."""
    known = IMPORTS.get(kind)
    if known is None:
        return None
    dataset, _, table = key.partition(".")
    values = {"p": project, "r": region, "n": name, "s": subproject, "k": key, "d": dataset, "t": table}
    return Adoption(*(text.format(**values) for text in known))

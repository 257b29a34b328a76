"""Plans as Terraform would print them, made for a test."""

from __future__ import annotations

import json
import re
from typing import Any


def change(
    address: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    *actions: str,
    type: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One resource change; the actions follow from what is there before and after, where they aren't given."""
    if not actions:
        created, gone = before is None, after is None
        actions = ("create",) if created else ("delete",) if gone else ("no-op",) if before == after else ("update",)
    top = {key: more.pop(key) for key in ("previous_address",) if key in more}
    named = re.search(r"google_\w+", address)
    kind = type or (named[0] if named else "")
    body = {"actions": list(actions), "before": before, "after": after, "after_unknown": {}, **more}
    return {"address": address, "type": kind, "mode": "managed", **top, "change": body}


def plan(*changes: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """A plan's document."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {name: {"value": value} for name, value in variables.items()},
        "planned_values": {"root_module": {"child_modules": [{}]}},
        "resource_changes": list(changes),
    }


def bucket(key: str = "a", **other: Any) -> dict[str, Any]:
    """A bucket's values as the provider has them."""
    return {
        "name": f"p-{key}",
        "location": "ASIA-SOUTH1",
        "storage_class": "STANDARD",
        "uniform_bucket_level_access": True,
        "public_access_prevention": "enforced",
        "force_destroy": False,
        "versioning": [{"enabled": True}],
        "labels": {"platform": "ai-trading-machine", "environment": "prod", "subproject": "alpha"},
        **other,
    }


def at(resource: str, key: str = "a", subproject: str = "alpha", module: str = "gcs") -> str:
    """An address of a subproject's module.

    >>> at("google_storage_bucket")
    'module.gcs["alpha"].google_storage_bucket.this["a"]'
    """
    return f'module.{module}["{subproject}"].{resource}.this["{key}"]'


def large(number: int) -> dict[str, Any]:
    """A plan of many resources as a platform has them; one in ten changes.

    As Terraform prints it: beside the changes it tells what is planned, and what was there before.
    """
    changes: list[dict[str, Any]] = []
    for index in range(number):
        type, values = _KINDS[index % len(_KINDS)]
        before = {**values, "name": f"n{index}", "etag": f"e{index}"}
        after = {**before, "description": "changed"} if index % 10 == 0 else before
        module = f'module.m["s{index % 40}"].{type}.this["k{index}"]'
        marks = {key: {} for key in values}
        changes.append(change(module, before, after, type=type, before_sensitive=marks, after_sensitive=marks))
    return {
        **plan(*changes),
        "planned_values": {"root_module": _root(changes, "after")},
        "prior_state": {"format_version": "1.0", "values": {"root_module": _root(changes, "before")}},
    }


def _root(changes: list[dict[str, Any]], side: str) -> dict[str, Any]:
    """The values of a side, by module."""
    modules: dict[str, list[dict[str, Any]]] = {}
    for one in changes:
        values, marks = one["change"][side], one["change"][f"{side}_sensitive"]
        told = {key: one[key] for key in ("address", "type", "mode")} | {"values": values, "sensitive_values": marks}
        modules.setdefault(one["address"].partition(".google_")[0], []).append(told)
    return {"child_modules": [{"address": address, "resources": found} for address, found in modules.items()]}


_LABELS = {"platform": "ai-trading-machine", "environment": "prod", "managed-by": "terraform", "subproject": "alpha"}
_ALL_LABELS = {"labels": _LABELS, "effective_labels": _LABELS, "terraform_labels": _LABELS}
_CONTAINER = {
    "image": "asia-south1-docker.pkg.dev/p/services/engine@sha256:00",
    "env": [
        {"name": f"VARIABLE_{index}", "value": "projects/p/topics/signals", "value_source": []} for index in range(8)
    ],
    "resources": [{"limits": {"cpu": "1", "memory": "512Mi"}, "cpu_idle": True, "startup_cpu_boost": False}],
    "ports": [{"container_port": 8080, "name": "http1"}],
    "startup_probe": [{"http_get": [{"path": "/health", "port": 8080}], "period_seconds": 5, "failure_threshold": 12}],
}
_COLUMNS = [{"name": f"column_{index}", "type": "STRING", "mode": "NULLABLE"} for index in range(12)]
_KINDS: list[tuple[str, dict[str, Any]]] = [
    (
        "google_cloud_run_v2_service",
        {
            **_ALL_LABELS,
            "location": "asia-south1",
            "deletion_protection": True,
            "template": [{"containers": [_CONTAINER]}],
        },
    ),
    ("google_storage_bucket", {**bucket(), **_ALL_LABELS}),
    (
        "google_bigquery_table",
        {**_ALL_LABELS, "dataset_id": "d", "schema": json.dumps(_COLUMNS), "deletion_protection": True},
    ),
    ("google_pubsub_topic", {**_ALL_LABELS, "message_retention_duration": "86400s", "kms_key_name": ""}),
    ("google_pubsub_subscription", {**_ALL_LABELS, "topic": "projects/p/topics/t", "ack_deadline_seconds": 60}),
    (
        "google_storage_bucket_iam_member",
        {"bucket": "b/p", "role": "roles/storage.objectViewer", "member": "serviceAccount:a@p.iam.gserviceaccount.com"},
    ),
    (
        "google_project_iam_member",
        {"project": "p", "role": "roles/bigquery.jobUser", "member": "serviceAccount:a@p.iam.gserviceaccount.com"},
    ),
    ("google_secret_manager_secret", {**_ALL_LABELS, "secret_id": "s"}),
]

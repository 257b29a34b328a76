"""Names that share one name space in a Google Cloud project, labels, and APIs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared_services.yaml.nodes import locate

from ..models import Subproject
from ..origins import origin
from ..paths import Path
from ..problems import Problem
from ..tfvars import all_labels, bucket_name, state_bucket
from ..triggers import triggers
from .context import Context

# What things of a kind are called when two subprojects have one of the same name, and the API they need.
_KINDS = {
    "custom_roles": ("custom role", "iam.googleapis.com"),
    "service_accounts": ("service account", "iam.googleapis.com"),
    "kms_keys": ("KMS key", "cloudkms.googleapis.com"),
    "secrets": ("secret", "secretmanager.googleapis.com"),
    "repositories": ("repository", "artifactregistry.googleapis.com"),
    "buckets": ("bucket", "storage.googleapis.com"),
    "bigquery_connections": ("BigQuery connection", "bigqueryconnection.googleapis.com"),
    "taxonomies": ("taxonomy", "datacatalog.googleapis.com"),
    "datasets": ("dataset", "bigquery.googleapis.com"),
    "sql_instances": ("Cloud SQL instance", "sqladmin.googleapis.com"),
    "redis_instances": ("Redis instance", "redis.googleapis.com"),
    "schemas": ("schema", "pubsub.googleapis.com"),
    "topics": ("topic", "pubsub.googleapis.com"),
    "subscriptions": ("subscription", "pubsub.googleapis.com"),
    "services": ("service", "run.googleapis.com"),
    "jobs": ("job", "run.googleapis.com"),
    "worker_pools": ("worker pool", "run.googleapis.com"),
    "load_balancers": ("load balancer", "compute.googleapis.com"),
    "workflows": ("workflow", "workflows.googleapis.com"),
    "schedules": ("schedule", "cloudscheduler.googleapis.com"),
    "scheduled_queries": ("scheduled query", "bigquerydatatransfer.googleapis.com"),
    "queues": ("queue", "cloudtasks.googleapis.com"),
    "triggers": ("trigger", "eventarc.googleapis.com"),
    "log_metrics": ("log-based metric", "logging.googleapis.com"),
    "alert_policies": ("alert policy", "monitoring.googleapis.com"),
    "uptime_checks": ("uptime check", "monitoring.googleapis.com"),
    "slo_services": ("service with objectives", "monitoring.googleapis.com"),
    "dashboards": ("dashboard", "monitoring.googleapis.com"),
}
# What each subproject has in a name space of its own: keys are in its key ring, alerts carry its name.
_OWN_NAMES = {"kms_keys", "alert_policies", "uptime_checks", "dashboards"}
_BUCKET = re.compile(r"[a-z0-9][a-z0-9_-]*[a-z0-9]")
_RESERVED_LABELS = {
    "environment": "the environment's name",
    "managed-by": "terraform",
    "subproject": "the subproject's key",
}
_MOST_LABELS = 64
_ADDED_LABELS = 2  # subproject, and goog-terraform-provisioned, which the provider adds


def check_names(context: Context) -> Iterator[Problem]:
    """Two of a name in one project, and buckets' names with the project id in front."""
    for kind, (thing, _) in _KINDS.items():
        if kind in _OWN_NAMES:
            continue
        seen: dict[str, Path] = {}
        for above, _, subproject in context.subprojects():
            for key, value in _things(subproject, kind).items():
                path = (*above, kind, key)
                name = bucket_name(context.environment, key, value.name) if kind == "buckets" else key
                if kind == "queues":
                    name = value.name or key
                if kind == "buckets":
                    yield from _check_bucket(context, path, name, value.name is not None)
                if name in seen:
                    first = locate(context.tree, origin(context.tree, seen[name]), key=True)
                    message = f'the project already has a {thing} "{name}": in {seen[name][1]}, {first}'
                    yield context.problem(path, message, "rename one of the two", key=True)
                else:
                    seen[name] = path
            if kind == "schedules":
                yield from _check_triggers(context, above, subproject, seen)
    bucket = state_bucket(context.environment)
    yield from _check_bucket(context, ("state", "bucket"), bucket, context.environment.state.bucket is not None)


def _check_triggers(context: Context, above: Path, subproject: Subproject, seen: dict[str, Path]) -> Iterator[Problem]:
    """Schedules within jobs and workflows, which get names of their own."""
    for trigger in triggers(subproject):
        path = (*above, trigger.kind, trigger.thing, "schedule")
        if trigger.id in seen:
            first = locate(context.tree, seen[trigger.id], key=True)
            message = f'its schedule is named "{trigger.id}", as another of the project is: {first}'
            yield context.problem(path, message, "rename the other", key=True)
        else:
            seen[trigger.id] = path


def _check_bucket(context: Context, path: Path, name: str, given: bool) -> Iterator[Problem]:
    where = (*path, "name") if given and path[0] != "state" else path
    if not 3 <= len(name) <= 63:
        message = f'the bucket\'s name "{name}" has {len(name)} characters; 3 to 63 are allowed'
        yield context.problem(where, message, "shorten the key, or give a name", key=not given)
    elif not _BUCKET.fullmatch(name) or "google" in name or name.startswith("goog"):
        message = f'the bucket\'s name "{name}" is not allowed: lower-case letters, digits, - and _, without google'
        yield context.problem(where, message, "give it a name of its own", key=not given)


def check_labels(context: Context) -> Iterator[Problem]:
    """Labels that envctl sets itself, and more of them than Google takes once all are together."""
    environment = context.environment
    yield from reserved_labels(context, ("labels",), environment.labels)
    common = len(all_labels(context.name, environment)) + _ADDED_LABELS
    for above, _, subproject in context.subprojects():
        for kind in _KINDS:
            for key, value in _things(subproject, kind).items():
                yield from _thing_labels(context, (*above, kind, key), value, common)
                if kind == "datasets":
                    for inner in ("tables", "external_tables", "views", "materialized_views"):
                        for name, table in getattr(value, inner).items():
                            yield from _thing_labels(context, (*above, kind, key, inner, name), table, common)


def _thing_labels(context: Context, path: Path, thing: Any, common: int) -> Iterator[Problem]:
    labels: dict[str, str] = getattr(thing, "labels", {})
    yield from reserved_labels(context, (*path, "labels"), labels)
    total = common + len(labels.keys() - context.environment.labels.keys())
    if total > _MOST_LABELS:
        message = (
            f"has {total} labels with those of the environment and those that are added; Google takes {_MOST_LABELS}"
        )
        yield context.problem((*path, "labels"), message, key=True)


def reserved_labels(context: Context, path: Path, labels: Mapping[str, str]) -> Iterator[Problem]:
    """Labels that envctl sets itself."""
    for key in labels:
        if key in _RESERVED_LABELS:
            message = f'the label "{key}" is set by envctl, to {_RESERVED_LABELS[key]}'
            yield context.problem((*path, key), message, "remove it", key=True)


def check_apis(context: Context) -> Iterator[Problem]:
    """A kind of thing whose API the project doesn't enable."""
    enabled = set(context.environment.apis)
    wanted: dict[str, Path] = {}
    for path, _, _ in context.proxied():
        wanted.setdefault("iap.googleapis.com", path)
    for above, _, subproject in context.subprojects():
        for kind, (_, api) in _KINDS.items():
            if _things(subproject, kind):
                wanted.setdefault(api, (*above, kind))
        for key, taxonomy in subproject.taxonomies.items():
            for tag, declared in taxonomy.tags.items():
                if declared.masking:
                    path = (*above, "taxonomies", key, "tags", tag, "masking")
                    wanted.setdefault("bigquerydatapolicy.googleapis.com", path)
        for key, schedule in subproject.schedules.items():
            if schedule.http is not None and schedule.http.workflow is not None:
                wanted.setdefault("workflowexecutions.googleapis.com", (*above, "schedules", key, "http", "workflow"))
        for key, event in subproject.triggers.items():
            if event.workflow is not None:
                wanted.setdefault("workflowexecutions.googleapis.com", (*above, "triggers", key, "workflow"))
        for trigger in triggers(subproject):
            path = (*above, trigger.kind, trigger.thing, "schedule")
            wanted.setdefault("cloudscheduler.googleapis.com", path)
            if trigger.kind == "workflows":
                wanted.setdefault("workflowexecutions.googleapis.com", path)
    for api, path in wanted.items():
        if api not in enabled:
            yield context.problem(path, f"needs the API {api}, which apis doesn't list", f"add {api} to apis", key=True)


def _things(subproject: Any, kind: str) -> dict[str, Any]:
    things: dict[str, Any] = getattr(subproject, kind)
    return things

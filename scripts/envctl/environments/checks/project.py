"""The project's number: Google's own agents are named by it, and nothing else tells it before there is a cloud."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.events import STORAGE_EVENTS
from ..paths import Path
from ..problems import Problem
from .context import Context


def check_project_number(context: Context) -> Iterator[Problem]:
    """Whatever gives a role to one of Google's agents needs `project_number`."""
    if context.environment.project_number is not None:
        return
    for path, agent in _needs(context):
        yield context.problem(
            path,
            f"needs the project's number, which names {agent}",
            "add project_number to the environment; "
            f"`gcloud projects describe {context.environment.project_id}` shows it",
            key=True,
        )


def _needs(context: Context) -> Iterator[tuple[Path, str]]:
    """What is declared that gives a role to an agent, and which."""
    for above, _, subproject in context.subprojects():
        for name, subscription in subproject.subscriptions.items():
            if subscription.dead_letter is not None:
                yield (*above, "subscriptions", name, "dead_letter"), "Pub/Sub's agent, which forwards dead letters"
            for delivery in ("bigquery", "cloud_storage"):
                if getattr(subscription, delivery) is not None:
                    yield (*above, "subscriptions", name, delivery), "Pub/Sub's agent, which writes them"
        for name, topic in subproject.topics.items():
            if topic.ingestion is not None and topic.ingestion.cloud_storage is not None:
                yield (*above, "topics", name, "ingestion"), "Pub/Sub's agent, which reads the bucket"
        for name, bucket in subproject.buckets.items():
            if bucket.notifications:
                yield (*above, "buckets", name, "notifications"), "Cloud Storage's agent, which publishes them"
        for name, uptime in subproject.uptime_checks.items():
            if uptime.authenticate:
                yield (*above, "uptime_checks", name, "authenticate"), "Monitoring's agent, which calls the service"
        for name, trigger in subproject.triggers.items():
            if trigger.criteria["type"].startswith(STORAGE_EVENTS):
                yield (*above, "triggers", name), "Cloud Storage's agent, which publishes the events"
        for name, dataset in subproject.datasets.items():
            for id, routine in dataset.routines.items():
                if routine.remote is not None and routine.remote.service is not None:
                    yield (*above, "datasets", name, "routines", id, "remote", "service"), "the service's address"
        for name, key in subproject.kms_keys.items():
            if key.used_by:
                yield (*above, "kms_keys", name, "used_by"), "the agents of the products that use the key"
    for path, _, _ in context.proxied():
        yield path, "Identity-Aware Proxy's agent, which calls the service"

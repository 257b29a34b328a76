"""Eventarc triggers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, always
from envctl.validation.normal import dig, email, flag, mapping, text

from .common import LABELS


def _found_criteria(*, patterns: bool) -> Any:
    def found(trigger: Mapping[str, Any]) -> dict[str, str]:
        filters = trigger.get("eventFilters") or []
        return {
            text(each.get("attribute")): text(each.get("value"))
            for each in filters
            if bool(each.get("operator")) is patterns
        }

    return found


_STORAGE_EVENTS = "google.cloud.storage.object.v1."
_PUBLISHER = re.compile(r"serviceAccount:service-[0-9]+@gs-project-accounts\.iam\.gserviceaccount\.com")


def _storage_publishes(policy: Mapping[str, Any]) -> bool:
    """Whether Cloud Storage's own agent may publish in the project."""
    return any(
        binding.get("role") == "roles/pubsub.publisher"
        and not binding.get("condition")
        and any(_PUBLISHER.fullmatch(str(member)) for member in binding.get("members") or [])
        for binding in policy.get("bindings") or []
    )


TRIGGERS = Kind(
    name="triggers",
    noun="trigger",
    document=Read("eventarc", "v1/{name}", "eventarc.triggers.get"),
    resource=lambda place, fields: f"projects/{place.project}/locations/{fields['location']}/triggers/{place.key}",
    settings=(
        Setting("criteria", "eventFilters", normal=mapping, found=_found_criteria(patterns=False)),
        Setting("path_patterns", "eventFilters.operator", normal=mapping, found=_found_criteria(patterns=True)),
        Setting("service", "destination.cloudRun.service", normal=lambda value: text(value).rpartition("/")[2]),
        Setting("path", "destination.cloudRun.path", normal=lambda value: text(value) or "/"),
        Setting("workflow", "destination.workflow", normal=text),
        Setting(
            "topic",
            "transport.pubsub.topic",
            normal=text,
            when=lambda fields: fields["topic"] is not None,
            says="where one is declared; else it is Eventarc's own",
        ),
        Setting("service_account", "serviceAccount", normal=email),
        Setting(
            "content_type",
            "eventDataContentType",
            normal=text,
            when=lambda fields: fields["content_type"] is not None,
            says="where it isn't left to Google",
        ),
        Setting(
            "retry",
            "retryPolicy.maxAttempts",
            normal=flag,
            found=lambda trigger: not dig(trigger, "retryPolicy.maxAttempts"),
        ),
        Setting(
            "storage_agent",
            "bindings",
            declared=always(True),
            found=_storage_publishes,
            when=lambda fields: str(fields["criteria"]["type"]).startswith(_STORAGE_EVENTS),
            says="for events of Cloud Storage: its own agent has roles/pubsub.publisher on the project",
            reader="project",
        ),
        LABELS,
    ),
    reads={
        "project": Read(
            "cloudresourcemanager",
            "v1/projects/{project}:getIamPolicy",
            "resourcemanager.projects.getIamPolicy",
            method="POST",
            body={"options": {"requestedPolicyVersion": 3}},
        )
    },
    unchecked={"bucket": "part of criteria", "location": "part of the trigger's name"},
)

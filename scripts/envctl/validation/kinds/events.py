"""Eventarc triggers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting
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
        LABELS,
    ),
    unchecked={"location": "part of the trigger's name"},
)

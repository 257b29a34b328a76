"""Workflows and the schedules that start them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import block, dig, document, duration, email, mapping, number, text

from .common import DESCRIPTION, LABELS, TERRAFORM_ONLY, at

WORKFLOWS = Kind(
    name="workflows",
    noun="workflow",
    document=Read("workflows", "{name}", "workflows.workflows.get", client="workflow"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/workflows/{place.key}",
    settings=(
        DESCRIPTION,
        Setting("source", "sourceContents", normal=block),
        Setting("service_account", "serviceAccount", normal=email),
        Setting("call_log_level", "callLogLevel", normal=text),
        Setting(
            "execution_history_level",
            "executionHistoryLevel",
            normal=text,
            when=lambda fields: fields["execution_history_level"] is not None,
            says="where it isn't left to Workflows",
        ),
        Setting("env", "userEnvVars", normal=mapping, hidden=True),
        Setting("kms_key", "cryptoKeyName", normal=text),
        Setting("state", "state", declared=always("ACTIVE"), says="ACTIVE"),
        LABELS,
    ),
    unchecked={
        "deletion_protection": TERRAFORM_ONLY,
        "tags": "bindings of Resource Manager, which Workflows doesn't tell",
        "schedule": "a schedule of its own, workflow-NAME, which is checked as such",
    },
)

_RETRY_DEFAULTS = {"count": 0, "max_duration": "0s", "min_backoff": "5s", "max_backoff": "3600s", "max_doublings": 5}


def _retry(field: str, api: str, normal: Callable[[Any], Any]) -> Setting:
    return Setting(
        f"retry.{field}",
        f"retryConfig.{api}",
        normal=lambda value: normal(_RETRY_DEFAULTS[field] if value is None else value),
        declared=lambda thing, _world: dig(thing.fields, f"retry.{field}"),
    )


def _has(target: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda fields: fields[target] is not None


def _uri(thing: Thing, world: World) -> str:
    http = thing.fields["http"]
    return f"{world.service_uri(http['service'])}{http['path']}" if http["service"] is not None else str(http["uri"])


def _audience(thing: Thing, world: World) -> str | None:
    """Whom the ID token is for: what is declared, or else the service's address, or else the one that is called."""
    http = thing.fields["http"]
    if http["oidc"] is None:
        return None
    if http["oidc"]["audience"] is not None:
        return str(http["oidc"]["audience"])
    return world.service_uri(http["service"]) if http["service"] is not None else str(http["uri"])


def _found_audience(schedule: Mapping[str, Any]) -> str | None:
    oidc = dig(schedule, "httpTarget.oidcToken")
    return text(oidc.get("audience") or dig(schedule, "httpTarget.uri")) if oidc else None


def _decoded(api: str) -> Callable[[Mapping[str, Any]], str]:
    def found(schedule: Mapping[str, Any]) -> str:
        encoded = text(dig(schedule, api))
        try:
            return base64.b64decode(encoded).decode()
        except (binascii.Error, UnicodeDecodeError):
            return f"(not text: {len(encoded)} characters of base64)"

    return found


# Scheduler sends these by itself; they stand in the job too.
_OWN_HEADERS = {"user-agent", "content-length"}


def _headers(headers: Any) -> dict[str, str]:
    named = {str(name).lower(): str(value) for name, value in (headers or {}).items()}
    if named.get("content-type") == "application/octet-stream":
        del named["content-type"]  # the default for a body without a type
    return {name: value for name, value in named.items() if name not in _OWN_HEADERS}


SCHEDULES = Kind(
    name="schedules",
    noun="schedule",
    document=Read("cloudscheduler", "v1/{name}", "cloudscheduler.jobs.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/jobs/{place.key}",
    settings=(
        DESCRIPTION,
        Setting("cron", "schedule", normal=text),
        Setting("time_zone", "timeZone", normal=text),
        Setting("paused", "state", declared=lambda thing, _world: "PAUSED" if thing.fields["paused"] else "ENABLED"),
        Setting("attempt_deadline", "attemptDeadline", normal=duration, when=_has("http")),
        _retry("count", "retryCount", number),
        _retry("max_duration", "maxRetryDuration", duration),
        _retry("min_backoff", "minBackoffDuration", duration),
        _retry("max_backoff", "maxBackoffDuration", duration),
        _retry("max_doublings", "maxDoublings", number),
        Setting("http.uri", "httpTarget.uri", normal=text, declared=_uri, when=_has("http")),
        Setting("http.method", "httpTarget.httpMethod", normal=text, declared=at("http.method"), when=_has("http")),
        Setting(
            "http.body",
            "httpTarget.body",
            normal=document,
            declared=lambda thing, _world: text(thing.fields["http"]["body"]),
            found=_decoded("httpTarget.body"),
            when=_has("http"),
            hidden=True,
        ),
        Setting(
            "http.headers",
            "httpTarget.headers",
            normal=_headers,
            declared=at("http.headers"),
            when=_has("http"),
            hidden=True,
            says="and no other but Scheduler's own",
        ),
        Setting(
            "http.oauth",
            "httpTarget.oauthToken.serviceAccountEmail",
            normal=text,
            declared=at("http.oauth.service_account"),
            when=_has("http"),
            says="the account whose access token it carries, for Google's APIs",
        ),
        Setting(
            "http.oidc",
            "httpTarget.oidcToken.serviceAccountEmail",
            normal=text,
            declared=at("http.oidc.service_account"),
            when=_has("http"),
            says="the account whose ID token it carries, for anything else",
        ),
        Setting(
            "http.audience",
            "httpTarget.oidcToken.audience",
            normal=text,
            declared=_audience,
            found=_found_audience,
            when=_has("http"),
        ),
        Setting(
            "pubsub.topic", "pubsubTarget.topicName", normal=text, declared=at("pubsub.topic"), when=_has("pubsub")
        ),
        Setting(
            "pubsub.data",
            "pubsubTarget.data",
            normal=text,
            declared=at("pubsub.data"),
            found=_decoded("pubsubTarget.data"),
            when=_has("pubsub"),
            hidden=True,
        ),
        Setting(
            "pubsub.attributes",
            "pubsubTarget.attributes",
            normal=mapping,
            declared=at("pubsub.attributes"),
            when=_has("pubsub"),
        ),
    ),
    unchecked={
        "http.service": "part of http.uri",
        "http.path": "part of http.uri",
        "http.workflow": "part of http.uri",
        "http.service_account": "http.oauth or http.oidc",
    },
)

"""Cloud Tasks queues. Their tasks are never read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World
from envctl.validation.normal import dig, duration, mapping, number, text

from .common import TERRAFORM_ONLY, at, policy_read


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0)).normalize()


def _uri(thing: Thing, world: World) -> str | None:
    target = thing.fields["target"]
    if target is None:
        return None
    return world.service_uri(target["service"]) if target["service"] is not None else str(target["uri"])


def _found_uri(queue: Mapping[str, Any]) -> str | None:
    override = dig(queue, "httpTarget.uriOverride") or {}
    if not override.get("host"):
        return None
    port = f":{override['port']}" if override.get("port") else ""
    return f"{text(override.get('scheme') or 'HTTPS').lower()}://{override['host']}{port}"


def _enforced(thing: Thing, _world: World) -> str:
    target = thing.fields["target"]
    return "" if target is None else "IF_NOT_EXISTS" if target["only_if_missing"] else "ALWAYS"


def _method(value: Any) -> str:
    return text(value).removeprefix("HTTP_METHOD_UNSPECIFIED")


def _found_headers(queue: Mapping[str, Any]) -> dict[str, str]:
    headers = [override.get("header") or {} for override in dig(queue, "httpTarget.headerOverrides") or []]
    return {text(header.get("key")): text(header.get("value")) for header in headers}


def _audience(thing: Thing, world: World) -> str | None:
    """Whom the ID token is for: what is declared, or else the address that is called."""
    oidc = dig(thing.fields, "target.oidc")
    if oidc is None:
        return None
    return str(oidc["audience"]) if oidc["audience"] is not None else _uri(thing, world)


QUEUES = Kind(
    name="queues",
    noun="queue",
    document=Read("cloudtasks", "v2/{name}", "cloudtasks.queues.get"),
    resource=lambda place, fields: f"projects/{place.project}/locations/{place.region}/queues/{fields['name']}",
    settings=(
        Setting("paused", "state", declared=lambda thing, _world: "PAUSED" if thing.fields["paused"] else "RUNNING"),
        Setting("max_dispatches_per_second", "rateLimits.maxDispatchesPerSecond", normal=_decimal),
        Setting("max_concurrent_dispatches", "rateLimits.maxConcurrentDispatches", normal=number),
        Setting("max_attempts", "retryConfig.maxAttempts", normal=number),
        Setting("max_retry_duration", "retryConfig.maxRetryDuration", normal=lambda value: duration(value or "0s")),
        Setting("min_backoff", "retryConfig.minBackoff", normal=duration),
        Setting("max_backoff", "retryConfig.maxBackoff", normal=duration),
        Setting("max_doublings", "retryConfig.maxDoublings", normal=number),
        Setting("log_sampling_ratio", "stackdriverLoggingConfig.samplingRatio", normal=_decimal),
        Setting(
            "target.uri",
            "httpTarget.uriOverride.host",
            normal=text,
            declared=_uri,
            found=_found_uri,
            says="the uri, or the service's address, as scheme, host and port; none where tasks say where they go",
        ),
        Setting("target.path", "httpTarget.uriOverride.pathOverride.path", normal=text, declared=at("target.path")),
        Setting(
            "target.query", "httpTarget.uriOverride.queryOverride.queryParams", normal=text, declared=at("target.query")
        ),
        Setting(
            "target.only_if_missing",
            "httpTarget.uriOverride.uriOverrideEnforceMode",
            normal=text,
            declared=_enforced,
        ),
        Setting("target.method", "httpTarget.httpMethod", normal=_method, declared=at("target.method")),
        Setting(
            "target.headers",
            "httpTarget.headerOverrides",
            normal=mapping,
            declared=at("target.headers"),
            found=_found_headers,
            hidden=True,
        ),
        Setting(
            "target.oauth",
            "httpTarget.oauthToken.serviceAccountEmail",
            normal=text,
            declared=at("target.oauth.service_account"),
            says="the account whose access token requests carry, for Google's APIs",
        ),
        Setting(
            "target.oidc",
            "httpTarget.oidcToken.serviceAccountEmail",
            normal=text,
            declared=at("target.oidc.service_account"),
            says="the account whose ID token requests carry, for anything else",
        ),
        Setting("target.audience", "httpTarget.oidcToken.audience", normal=text, declared=_audience),
    ),
    policy=policy_read("cloudtasks", "v2", "cloudtasks.queues.getIamPolicy", method="POST"),
    unchecked={
        "name": "by which it is looked up",
        "deletion_protection": TERRAFORM_ONLY,
        "target.service": "part of target.uri",
        "target.service_account": "target.oauth or target.oidc",
    },
)

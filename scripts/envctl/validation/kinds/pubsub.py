"""Pub/Sub schemas, topics and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always, declared_things
from envctl.validation.normal import dig, document, duration, flag, number, text, unordered

from .common import LABELS

SCHEMAS = Kind(
    name="schemas",
    noun="schema",
    document=Read("pubsub", "{name}", "pubsub.schemas.get", client="schema"),
    resource=lambda place, _fields: f"projects/{place.project}/schemas/{place.key}",
    settings=(
        Setting("type", "type", normal=text),
        Setting("definition", "definition", normal=document, says="without regard to blanks"),
    ),
)

TOPICS = Kind(
    name="topics",
    noun="topic",
    document=Read("pubsub", "{name}", "pubsub.topics.get", client="topic"),
    resource=lambda place, _fields: f"projects/{place.project}/topics/{place.key}",
    settings=(
        Setting("retention", "messageRetentionDuration", normal=duration),
        Setting(
            "schema.id",
            "schemaSettings.schema",
            normal=text,
            declared=lambda thing, _world: dig(thing.fields, "schema.id"),
        ),
        Setting(
            "schema.encoding",
            "schemaSettings.encoding",
            normal=text,
            declared=lambda thing, _world: dig(thing.fields, "schema.encoding"),
        ),
        Setting(
            "regions",
            "messageStoragePolicy.allowedPersistenceRegions",
            normal=unordered,
            when=lambda fields: bool(fields["regions"]),
            says="where any are declared; else an organisation's policy may set them",
        ),
        LABELS,
    ),
    policy=Read("pubsub", "{name}", "pubsub.topics.getIamPolicy", client="topic_policy"),
)


def _endpoint(thing: Thing, world: World) -> str | None:
    push = thing.fields.get("push")
    if push is None:
        return None
    if push["service"] is None:
        return str(push["endpoint"])
    return f"{world.service_uri(push['service'])}{push['path']}"


def _audience(thing: Thing, world: World) -> str | None:
    push = thing.fields.get("push")
    if push is None:
        return None
    if push["audience"] is not None:
        return str(push["audience"])
    return world.service_uri(push["service"]) if push["service"] is not None else str(push["endpoint"])


def _found_audience(subscription: Mapping[str, Any]) -> str | None:
    # Without an audience Pub/Sub takes the endpoint itself.
    push = subscription.get("pushConfig") or {}
    return dig(push, "oidcToken.audience") or push.get("pushEndpoint")


def _of_push(name: str) -> Any:
    return lambda thing, _world: (thing.fields.get("push") or {}).get(name)


SUBSCRIPTIONS = Kind(
    name="subscriptions",
    noun="subscription",
    document=Read("pubsub", "{name}", "pubsub.subscriptions.get", client="subscription"),
    resource=lambda place, _fields: f"projects/{place.project}/subscriptions/{place.key}",
    settings=(
        Setting("topic", "topic", normal=text),
        Setting("ack_deadline_seconds", "ackDeadlineSeconds", normal=number),
        Setting("retention", "messageRetentionDuration", normal=duration),
        Setting("retain_acked_messages", "retainAckedMessages", normal=flag),
        Setting("enable_message_ordering", "enableMessageOrdering", normal=flag),
        Setting("enable_exactly_once_delivery", "enableExactlyOnceDelivery", normal=flag),
        Setting("filter", "filter", normal=text),
        Setting("expiration_ttl", "expirationPolicy.ttl", normal=duration),
        Setting(
            "retry.minimum_backoff",
            "retryPolicy.minimumBackoff",
            normal=duration,
            declared=lambda thing, _world: dig(thing.fields, "retry.minimum_backoff"),
        ),
        Setting(
            "retry.maximum_backoff",
            "retryPolicy.maximumBackoff",
            normal=duration,
            declared=lambda thing, _world: dig(thing.fields, "retry.maximum_backoff"),
        ),
        Setting(
            "dead_letter.topic",
            "deadLetterPolicy.deadLetterTopic",
            normal=text,
            declared=lambda thing, _world: dig(thing.fields, "dead_letter.topic"),
        ),
        Setting(
            "dead_letter.max_delivery_attempts",
            "deadLetterPolicy.maxDeliveryAttempts",
            normal=number,
            declared=lambda thing, _world: dig(thing.fields, "dead_letter.max_delivery_attempts"),
        ),
        Setting(
            "push.endpoint",
            "pushConfig.pushEndpoint",
            normal=text,
            declared=_endpoint,
            says="the endpoint, or the service's address and path; none for a pull subscription",
        ),
        Setting(
            "push.service_account",
            "pushConfig.oidcToken.serviceAccountEmail",
            normal=text,
            declared=_of_push("service_account"),
        ),
        Setting(
            "push.audience",
            "pushConfig.oidcToken.audience",
            normal=text,
            declared=_audience,
            found=_found_audience,
            when=lambda fields: fields.get("push") is not None,
        ),
        Setting(
            "state",
            "state",
            normal=lambda state: text(state) or "ACTIVE",
            declared=always("ACTIVE"),
            says="ACTIVE",
        ),
        Setting("attached", "detached", normal=flag, declared=always(False), says="not detached from its topic"),
        LABELS,
    ),
    policy=Read("pubsub", "{name}", "pubsub.subscriptions.getIamPolicy", client="subscription_policy"),
    things=lambda kind, environment: declared_things(kind, environment, "subscriptions", "push_subscriptions"),
    unchecked={"push.service": "part of push.endpoint", "push.path": "part of push.endpoint"},
)

"""Pub/Sub subscriptions: pulled, pushed, and written to BigQuery or Cloud Storage by Pub/Sub itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always, declared_things
from envctl.validation.normal import dig, duration, flag, number, text

from .common import LABELS, at
from .pubsub import TRANSFORMS, policy


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


def _no_wrapper(found: Mapping[str, Any] | None, field: str) -> str | None:
    return None if found is None else f"data alone{', metadata in headers' if found.get(field) else ''}"


def _avro(found: Mapping[str, Any] | None, metadata: str, schema: str) -> str | None:
    if found is None:
        return None
    return "avro" + (" with metadata" if found.get(metadata) else "") + (" by schema" if found.get(schema) else "")


def _table(thing: Thing, _world: World) -> str | None:
    rows = thing.fields.get("bigquery")
    if rows is None:
        return None
    _, project, _, dataset = rows["dataset"].split("/")
    return f"{project}.{dataset}.{rows['table']}"


_ROWS = {
    "use_topic_schema": "useTopicSchema",
    "use_table_schema": "useTableSchema",
    "write_metadata": "writeMetadata",
    "drop_unknown_fields": "dropUnknownFields",
}
_OBJECTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "prefix": ("filenamePrefix", text),
    "suffix": ("filenameSuffix", text),
    "datetime_format": ("filenameDatetimeFormat", text),
    "max_duration": ("maxDuration", duration),
    "max_bytes": ("maxBytes", number),
    "max_messages": ("maxMessages", number),
}


def _of_export(kind: str, name: str, found: str, normal: Callable[[Any], Any]) -> Setting:
    """A setting of what Pub/Sub itself writes; the target's own setting tells where there is none."""
    return Setting(
        f"{kind}.{name}",
        found,
        normal=normal,
        declared=lambda thing, _world: dig(thing.fields, f"{kind}.{name}"),
        when=lambda fields: fields.get(kind) is not None,
    )


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
            declared=at("retry.minimum_backoff"),
        ),
        Setting(
            "retry.maximum_backoff",
            "retryPolicy.maximumBackoff",
            normal=duration,
            declared=at("retry.maximum_backoff"),
        ),
        Setting(
            "dead_letter.topic",
            "deadLetterPolicy.deadLetterTopic",
            normal=text,
            declared=at("dead_letter.topic"),
        ),
        Setting(
            "dead_letter.max_delivery_attempts",
            "deadLetterPolicy.maxDeliveryAttempts",
            normal=number,
            declared=at("dead_letter.max_delivery_attempts"),
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
            "push.no_wrapper",
            "pushConfig.noWrapper.writeMetadata",
            normal=text,
            declared=lambda thing, _world: _no_wrapper(
                (thing.fields.get("push") or {}).get("no_wrapper"), "write_metadata"
            ),
            found=lambda subscription: _no_wrapper(
                (subscription.get("pushConfig") or {}).get("noWrapper"), "writeMetadata"
            ),
            says="wrapped, or the data alone, with or without metadata in headers",
        ),
        Setting(
            "bigquery.table",
            "bigqueryConfig.table",
            normal=text,
            declared=_table,
            says="project, dataset and table; none for a subscription that writes no rows",
        ),
        *(_of_export("bigquery", name, f"bigqueryConfig.{field}", flag) for name, field in _ROWS.items()),
        Setting(
            "cloud_storage.bucket",
            "cloudStorageConfig.bucket",
            normal=text,
            declared=at("cloud_storage.bucket"),
        ),
        *(
            _of_export("cloud_storage", name, f"cloudStorageConfig.{field}", normal)
            for name, (field, normal) in _OBJECTS.items()
        ),
        Setting(
            "cloud_storage.avro",
            "cloudStorageConfig.avroConfig",
            normal=text,
            declared=lambda thing, _world: _avro(
                dig(thing.fields, "cloud_storage.avro"), "write_metadata", "use_topic_schema"
            ),
            found=lambda subscription: _avro(
                dig(subscription, "cloudStorageConfig.avroConfig"), "writeMetadata", "useTopicSchema"
            ),
            says="text, or Avro with metadata or the topic's schema",
        ),
        Setting(
            "state",
            "state",
            normal=lambda state: text(state) or "ACTIVE",
            declared=always("ACTIVE"),
            says="ACTIVE",
        ),
        TRANSFORMS,
        Setting("attached", "detached", normal=flag, declared=always(False), says="not detached from its topic"),
        LABELS,
    ),
    policy=policy("subscriptions"),
    things=lambda kind, environment: declared_things(
        kind, environment, "subscriptions", "push_subscriptions", "export_subscriptions"
    ),
    unchecked={
        "bigquery.dataset": "part of bigquery.table",
        "push.service": "part of push.endpoint",
        "push.path": "part of push.endpoint",
        "tags": "bindings of Resource Manager, which Pub/Sub doesn't tell",
    },
)

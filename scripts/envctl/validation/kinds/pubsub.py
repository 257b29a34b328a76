"""Pub/Sub schemas, topics and subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always, declared_things
from envctl.validation.normal import dig, document, duration, flag, mapping, number, text, unordered

from .common import LABELS, policy_read


def _policy(kind: str) -> Read:
    # Not through Google's client, which takes five times the work for a document of three lines.
    return policy_read("pubsub", "v1", f"pubsub.{kind}.getIamPolicy")


SCHEMAS = Kind(
    name="schemas",
    noun="schema",
    document=Read("pubsub", "{name}", "pubsub.schemas.get", client="schema"),
    resource=lambda place, _fields: f"projects/{place.project}/schemas/{place.key}",
    settings=(
        Setting("type", "type", normal=text),
        Setting("definition", "definition", normal=document, says="without regard to blanks"),
    ),
    policy=_policy("schemas"),
)


def _found_transforms(found: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    udfs = [(one.get("javascriptUdf") or {}, flag(one.get("disabled"))) for one in found.get("messageTransforms") or []]
    return [(text(udf.get("functionName")), text(udf.get("code")).strip(), disabled) for udf, disabled in udfs]


def _declared_transforms(thing: Thing, _world: World) -> list[tuple[str, str, bool]]:
    return [(one["function"], one["code"].strip(), one["disabled"]) for one in thing.fields["transforms"]]


TRANSFORMS = Setting(
    "transforms",
    "messageTransforms",
    normal=list,
    declared=_declared_transforms,
    found=_found_transforms,
    says="functions, their code and whether they are disabled, in their order",
)

# What fills a topic: by source, the API's name of it and of its fields.
_SOURCES: dict[str, tuple[str, dict[str, str]]] = {
    "cloud_storage": (
        "cloudStorage",
        {"bucket": "bucket", "match_glob": "matchGlob", "created_after": "minimumObjectCreateTime"},
    ),
    "aws_kinesis": (
        "awsKinesis",
        {
            "stream_arn": "streamArn",
            "consumer_arn": "consumerArn",
            "aws_role_arn": "awsRoleArn",
            "service_account": "gcpServiceAccount",
        },
    ),
    "aws_msk": (
        "awsMsk",
        {
            "cluster_arn": "clusterArn",
            "topic": "topic",
            "aws_role_arn": "awsRoleArn",
            "service_account": "gcpServiceAccount",
        },
    ),
    "azure_event_hubs": (
        "azureEventHubs",
        {
            "resource_group": "resourceGroup",
            "namespace": "namespace",
            "event_hub": "eventHub",
            "client_id": "clientId",
            "tenant_id": "tenantId",
            "subscription_id": "subscriptionId",
            "service_account": "gcpServiceAccount",
        },
    ),
    "confluent_cloud": (
        "confluentCloud",
        {
            "bootstrap_server": "bootstrapServer",
            "cluster_id": "clusterId",
            "topic": "topic",
            "identity_pool_id": "identityPoolId",
            "service_account": "gcpServiceAccount",
        },
    ),
}


def _ingestion(thing: Thing, _world: World) -> dict[str, Any]:
    declared = thing.fields["ingestion"]
    if declared is None:
        return {}
    told: dict[str, Any] = {"platform_logs": text(declared["platform_logs"])}
    for source, (_, names) in _SOURCES.items():
        if declared[source] is not None:
            told[source] = {name: text(declared[source][name]) for name in names}
    if files := declared["cloud_storage"]:
        told["format"] = (files["format"], files["delimiter"])
    return told


def _ingestion_found(topic: Mapping[str, Any]) -> dict[str, Any]:
    found = topic.get("ingestionDataSourceSettings")
    if not found:
        return {}
    severity = text(dig(found, "platformLogsSettings.severity"))
    told: dict[str, Any] = {"platform_logs": "" if severity == "SEVERITY_UNSPECIFIED" else severity}
    for source, (api, names) in _SOURCES.items():
        if found.get(api) is not None:
            told[source] = {name: text(found[api].get(field)) for name, field in names.items()}
    if (files := found.get("cloudStorage")) is not None:
        kinds = {"avroFormat": "avro", "pubsubAvroFormat": "pubsub_avro"}
        kind = next((kind for field, kind in kinds.items() if files.get(field) is not None), "text")
        told["format"] = (kind, dig(files, "textFormat.delimiter") or "\n")
    return told


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
        Setting("enforce_in_transit", "messageStoragePolicy.enforceInTransit", normal=flag),
        Setting("kms_key", "kmsKeyName", normal=text),
        Setting(
            "schema.first_revision",
            "schemaSettings.firstRevisionId",
            normal=text,
            declared=lambda thing, _world: dig(thing.fields, "schema.first_revision"),
        ),
        Setting(
            "schema.last_revision",
            "schemaSettings.lastRevisionId",
            normal=text,
            declared=lambda thing, _world: dig(thing.fields, "schema.last_revision"),
        ),
        TRANSFORMS,
        Setting(
            "ingestion",
            "ingestionDataSourceSettings",
            normal=mapping,
            declared=_ingestion,
            found=_ingestion_found,
            says="the source with all its fields; none for a topic that only publishers fill",
        ),
        Setting(
            "state",
            "state",
            normal=lambda state: text(state) or "ACTIVE",
            declared=always("ACTIVE"),
            says="ACTIVE: what fills it can be reached",
        ),
        LABELS,
    ),
    policy=_policy("topics"),
    unchecked={"tags": "bindings of Resource Manager, which Pub/Sub doesn't tell"},
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
            declared=lambda thing, _world: dig(thing.fields, "cloud_storage.bucket"),
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
    policy=_policy("subscriptions"),
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

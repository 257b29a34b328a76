"""Pub/Sub schemas and topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, document, duration, flag, mapping, text, unordered

from .common import LABELS, at, policy_read


def policy(kind: str) -> Read:
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
    policy=policy("schemas"),
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
            declared=at("schema.id"),
        ),
        Setting(
            "schema.encoding",
            "schemaSettings.encoding",
            normal=text,
            declared=at("schema.encoding"),
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
            declared=at("schema.first_revision"),
        ),
        Setting(
            "schema.last_revision",
            "schemaSettings.lastRevisionId",
            normal=text,
            declared=at("schema.last_revision"),
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
    policy=policy("topics"),
    unchecked={"tags": "bindings of Resource Manager, which Pub/Sub doesn't tell"},
)

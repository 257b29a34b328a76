"""Schemas, topics and subscriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.thing import Deployed, bindings, service_uri


def pubsub(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"pubsub/v1/projects/{values['project_id']}"
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    for id, schema in sub["schemas"].items():
        document: dict[str, Any] = {"type": schema["type"], "definition": schema["definition"]}
        at = f"{parent}/schemas"
        yield Deployed(at, id, document, policy=f"{at}/{id}:getIamPolicy", bindings=bindings(schema))
    every = {**sub["subscriptions"], **sub["push_subscriptions"], **sub["export_subscriptions"]}
    dead = {s["dead_letter"]["topic"] for s in every.values() if s["dead_letter"]}
    told = {notification["topic"] for notification in sub["bucket_notifications"].values()}
    for id, topic in sub["topics"].items():
        document = {"labels": {**common, **topic["labels"]}}
        if topic["retention"]:
            document["messageRetentionDuration"] = topic["retention"]
        if topic["schema"]:
            document["schemaSettings"] = {"schema": topic["schema"]["id"], "encoding": topic["schema"]["encoding"]}
            for field, name in (("first_revision", "firstRevisionId"), ("last_revision", "lastRevisionId")):
                if topic["schema"][field]:
                    document["schemaSettings"][name] = topic["schema"][field]
        if topic["regions"]:
            document["messageStoragePolicy"] = {"allowedPersistenceRegions": topic["regions"]}
            if topic["enforce_in_transit"]:
                document["messageStoragePolicy"]["enforceInTransit"] = True
        if topic["kms_key"]:
            document["kmsKeyName"] = topic["kms_key"]
        document |= _transforms(topic)
        if source := topic["ingestion"]:
            files = source["cloud_storage"]
            document["ingestionDataSourceSettings"] = {
                "cloudStorage": {
                    "bucket": files["bucket"],
                    "matchGlob": files["match_glob"],
                    "minimumObjectCreateTime": files["created_after"],
                    "textFormat": {"delimiter": files["delimiter"]},
                },
                "platformLogsSettings": {"severity": source["platform_logs"]},
            }
        own = bindings(topic)
        if f"projects/{values['project_id']}/topics/{id}" in dead:
            own.append({"role": "roles/pubsub.publisher", "members": [agent]})
        if f"projects/{values['project_id']}/topics/{id}" in told:
            storage = agent.replace("gcp-sa-pubsub", "gs-project-accounts")
            own.append({"role": "roles/pubsub.publisher", "members": [storage]})
        yield Deployed(f"{parent}/topics", id, document, {"state": "ACTIVE"}, f"{parent}/topics/{id}:getIamPolicy", own)
    for id, subscription in every.items():
        own = bindings(subscription)
        if subscription["dead_letter"]:
            own.append({"role": "roles/pubsub.subscriber", "members": [agent]})
        document = _subscription(subscription, {**common, **subscription["labels"]})
        policy = f"{parent}/subscriptions/{id}:getIamPolicy"
        yield Deployed(f"{parent}/subscriptions", id, document, {"state": "ACTIVE"}, policy, own)


def _transforms(fields: Mapping[str, Any]) -> dict[str, Any]:
    made = [
        {"javascriptUdf": {"functionName": one["function"], "code": one["code"]}, "disabled": one["disabled"]}
        for one in fields["transforms"]
    ]
    return {"messageTransforms": made} if made else {}


def _subscription(fields: Mapping[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "topic": fields["topic"],
        "ackDeadlineSeconds": fields["ack_deadline_seconds"],
        "messageRetentionDuration": fields["retention"],
        "expirationPolicy": {"ttl": fields["expiration_ttl"]} if fields["expiration_ttl"] else {},
        "labels": labels,
    }
    optional = {
        "retainAckedMessages": fields["retain_acked_messages"],
        "enableMessageOrdering": fields["enable_message_ordering"],
        "enableExactlyOnceDelivery": fields["enable_exactly_once_delivery"],
        "filter": fields["filter"],
    }
    document |= {name: value for name, value in optional.items() if value}
    if retry := fields["retry"]:
        document["retryPolicy"] = {
            "minimumBackoff": retry["minimum_backoff"],
            "maximumBackoff": retry["maximum_backoff"],
        }
    document |= _transforms(fields)
    if dead := fields["dead_letter"]:
        document["deadLetterPolicy"] = {
            "deadLetterTopic": dead["topic"],
            "maxDeliveryAttempts": dead["max_delivery_attempts"],
        }
    if push := fields.get("push"):
        uri = service_uri(push["service"].partition("/")[2]) if push["service"] else None
        document["pushConfig"] = {
            "pushEndpoint": f"{uri}{push['path']}" if uri else push["endpoint"],
            "oidcToken": {
                "serviceAccountEmail": push["service_account"],
                "audience": push["audience"] or uri or push["endpoint"],
            },
        }
        if push["no_wrapper"]:
            document["pushConfig"]["noWrapper"] = {"writeMetadata": push["no_wrapper"]["write_metadata"]}
    if rows := fields.get("bigquery"):
        _, project, _, dataset = rows["dataset"].split("/")
        document["bigqueryConfig"] = {
            "table": f"{project}.{dataset}.{rows['table']}",
            "useTopicSchema": rows["use_topic_schema"],
            "useTableSchema": rows["use_table_schema"],
            "writeMetadata": rows["write_metadata"],
            "dropUnknownFields": rows["drop_unknown_fields"],
        }
    if objects := fields.get("cloud_storage"):
        avro = objects["avro"]
        document["cloudStorageConfig"] = {
            "bucket": objects["bucket"],
            "filenamePrefix": objects["prefix"],
            "filenameSuffix": objects["suffix"],
            "maxDuration": objects["max_duration"],
            **({"filenameDatetimeFormat": objects["datetime_format"]} if objects["datetime_format"] else {}),
            **({"maxBytes": str(objects["max_bytes"])} if objects["max_bytes"] else {}),
            **({"maxMessages": str(objects["max_messages"])} if objects["max_messages"] else {}),
        }
        document["cloudStorageConfig"] |= (
            {"avroConfig": {"writeMetadata": avro["write_metadata"], "useTopicSchema": avro["use_topic_schema"]}}
            if avro
            else {"textConfig": {}}
        )
    return document

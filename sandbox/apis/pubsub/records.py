"""Messages of topics with Avro schemas as records, and records as Avro files."""

from __future__ import annotations

import base64
import datetime
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sandbox.apis.pubsub import schemas
from sandbox.apis.pubsub.messages import Delivery
from sandbox.control.context import Control
from sandbox.control.store import Resource

_DATA = {"name": "data", "type": "bytes"}
_FILE = {"type": "record", "namespace": "com.google.pubsub", "name": "PubsubMessage", "fields": [_DATA]}
_FILE_WITH_METADATA = {
    "type": "record",
    "namespace": "com.google.pubsub",
    "name": "PubsubMessageWithMetadata",
    "fields": [
        {"name": "subscription_name", "type": "string"},
        {"name": "message_id", "type": "string"},
        {"name": "publish_time", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "ordering_key", "type": "string", "default": ""},
        {"name": "attributes", "type": {"type": "map", "values": "string"}},
        _DATA,
    ],
}


class NoSchema(ValueError):
    """The topic has no Avro schema (any more)."""


def topic_schema(control: Control, subscription: Resource) -> tuple[dict[str, Any], str]:
    """The current definition of the topic's schema, and how messages are encoded."""
    topic = control.store.get("pubsub.topics", subscription.document["topic"])
    settings = (topic.document.get("schemaSettings") if topic else None) or {}
    schema = schemas.schemas.find(control, settings["schema"]) if settings.get("schema") else None
    if schema is None or schema.document["type"] != "AVRO":
        raise NoSchema("the topic has no Avro schema")
    return json.loads(schema.document["definition"]), settings.get("encoding", "JSON")


def record(definition: Mapping[str, Any], encoding: str, data: bytes) -> dict[str, Any]:
    """A message as a record: what its schema says, unions without the name of their branch."""
    import fastavro

    schema = fastavro.parse_schema(dict(definition))
    if encoding == "BINARY":
        found: Any = fastavro.schemaless_reader(io.BytesIO(data), schema, None)
    else:
        line = json.dumps(json.loads(data))  # one record a line
        found = next(iter(fastavro.json_reader(io.StringIO(line), schema)))
    return dict(found)


def row(definition: Mapping[str, Any], encoding: str, data: bytes) -> dict[str, Any]:
    """A record as insertAll takes it."""
    return {name: _json(value) for name, value in record(definition, encoding, data).items()}


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    return [_json(item) for item in value] if isinstance(value, list) else value


def avro_file(control: Control, subscription: Resource, deliveries: Iterable[Delivery]) -> bytes:
    """An Avro file of messages, by `avroConfig` of the subscription."""
    import fastavro

    config = subscription.document["cloudStorageConfig"]["avroConfig"]
    if config.get("useTopicSchema"):
        definition, encoding = topic_schema(control, subscription)
        found = [record(definition, encoding, each.data) for each in deliveries]
    elif config.get("writeMetadata"):
        definition = _FILE_WITH_METADATA
        found = [
            {
                "subscription_name": subscription.name,
                "message_id": str(each.id),
                "publish_time": datetime.datetime.fromtimestamp(each.published, datetime.UTC),
                "ordering_key": each.ordering_key,
                "attributes": each.attributes,
                "data": each.data,
            }
            for each in deliveries
        ]
    else:
        definition, found = _FILE, [{"data": each.data} for each in deliveries]
    target = io.BytesIO()
    fastavro.writer(target, fastavro.parse_schema(definition), found)
    return target.getvalue()

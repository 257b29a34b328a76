"""Topics and publishing."""

from __future__ import annotations

from typing import Any

from sandbox.apis.pubsub import ingestion, schemas, transforms
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Message
from sandbox.control import binary, durations, paging
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

ID_RULE = r"(?!goog)[A-Za-z][\w.~+%-]{2,254}"
ID_MESSAGE = "It must begin with a letter and have 3 to 255 letters, numbers or -._~+%, and not begin with goog."
DELETED = "_deleted-topic_"

topics = Collection(
    path="v1/projects/{project}/topics/{topic}",
    id_rule=ID_RULE,
    id_message=ID_MESSAGE,
    create="PUT",
    body_field="topic",
    mask="required",
    defaults={"state": "ACTIVE"},
    output_only=("state", "satisfiesPzs"),
    enums={"schemaSettings.encoding": schemas.ENCODINGS},
    iam=True,
)


def check_duration(document: dict[str, Any], field: str, least: float, most: float) -> None:
    """400 for a duration out of its limits; it is kept as `600s`."""
    value = document.get(field)
    if value is None:
        return
    if not durations.FORM.fullmatch(str(value)) or not least <= float(value[:-1]) <= most:
        text = f"Invalid {field} '{value}': seconds with an s, from {least:.0f}s to {most:.0f}s."
        raise invalid_argument(text, {field: text})


async def _check(topic: Resource, call: Call) -> None:
    document = topic.document
    ingestion.check(call.control, document)
    transforms.check(document)
    policy = document.get("messageStoragePolicy") or {}
    if policy.get("enforceInTransit") and not policy.get("allowedPersistenceRegions"):
        raise invalid_argument(
            "enforceInTransit needs allowedPersistenceRegions.", {"message_storage_policy": "no regions"}
        )
    check_duration(document, "messageRetentionDuration", 600, 2_678_400)
    settings = document.get("schemaSettings")
    if settings is not None:
        if not settings.get("schema"):
            document.pop("schemaSettings")
            return
        name = settings["schema"]
        if name != schemas.DELETED and schemas.schemas.find(call.control, name) is None:
            raise not_found(f"Resource not found (resource={name.rpartition('/')[2]}).")
        if settings.get("encoding") not in schemas.ENCODINGS[1:]:
            raise invalid_argument(
                "schemaSettings.encoding must be JSON or BINARY.", {"schema_settings.encoding": "required"}
            )


@topics.on_create
async def check_new(topic: Resource, call: Call) -> None:
    """What Google would refuse."""
    await _check(topic, call)


@topics.on_update
async def check_change(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    await _check(new, call)


@topics.created
async def fill_new(topic: Resource, call: Call) -> None:
    """What its bucket holds already."""
    ingestion.begin(call.control, topic)


@topics.updated
async def fill_changed(old: Resource, new: Resource, call: Call) -> None:
    """The same, where it comes from elsewhere now."""
    ingestion.begin(call.control, new)


@topics.deleted
async def orphan(topic: Resource, call: Call) -> None:
    """Subscriptions outlive their topic; its grants went with it."""
    ingestion.forget(call.control, topic.name)
    for subscription in call.store.select("pubsub.subscriptions"):
        if subscription.document["topic"] == topic.name:
            subscription.document["topic"] = DELETED
            subscription.document.pop("topicMessageRetentionDuration", None)
            call.store.put(subscription)


@topics.verb("publish", data=True)
async def publish(topic: Resource, call: Call) -> dict[str, Any]:
    """`topics.publish`: all messages or none."""
    given = call.body().get("messages")
    if not isinstance(given, list) or not given:
        raise invalid_argument("The publish request has no messages.", {"messages": "required"})
    if len(given) > 1000:
        raise invalid_argument("The value for message_count is too large: at most 1000.", {"messages": "too many"})
    if len(call.request.body) > 14_000_000:
        raise invalid_argument("Request payload size exceeds the limit: 10485760 bytes.", {"messages": "too large"})
    engine = call.control.part(Engine)
    transforms.refuse_to_publish([topic, *engine.subscribers(topic.name)])
    messages = [_message(item) for item in given]
    for message in messages:
        schemas.check_publish(call.control, topic, message.data)
    return {"messageIds": engine.publish(topic.name, messages)}


def _message(given: Any) -> Message:
    if not isinstance(given, dict):
        raise invalid_argument("A message must be an object.", {"messages": "not an object"})
    try:
        data = binary.decode(given.get("data"))
    except ValueError as error:
        raise invalid_argument("message.data is not base64.", {"messages.data": "not base64"}) from error
    attributes = given.get("attributes") or {}
    key = given.get("orderingKey", given.get("ordering_key")) or ""
    if not data and not attributes:
        raise invalid_argument(
            "One or more messages in the publish request is empty. Each message must contain data or attributes."
        )
    if not isinstance(attributes, dict) or len(attributes) > 100:
        raise invalid_argument("A message has at most 100 attributes.", {"messages.attributes": "too many"})
    for name, value in attributes.items():
        if not isinstance(value, str) or not name or len(name.encode()) > 256 or len(value.encode()) > 1024:
            raise invalid_argument(
                f"Invalid attribute '{name[:40]}': keys have 1 to 256 bytes, values are text of at most 1024.",
                {"messages.attributes": "too long"},
            )
        if name.startswith("goog") and not name.startswith("googclient_"):
            raise invalid_argument(
                f"Attribute keys must not begin with goog: '{name}'.", {"messages.attributes": "reserved"}
            )
    if len(str(key).encode()) > 1024:
        raise invalid_argument("An ordering key has at most 1024 bytes.", {"messages.ordering_key": "too long"})
    return Message(data, attributes, str(key))


async def list_subscriptions(call: Call) -> Response:
    """`topics.subscriptions.list`: names."""
    topic = topics.must(call.control, topics.name(call.params))
    names = sorted(
        each.name for each in call.store.select("pubsub.subscriptions") if each.document["topic"] == topic.name
    )
    size = call.integer("pageSize", 100, 1000) or 100
    after = paging.after(call.query("pageToken"))
    page = [name for name in names if name > after][: size + 1]
    return Response.of(paging.page("subscriptions", page, size, lambda name: name))


ROUTES = [
    Route("GET", "v1/projects/{project}/topics/{topic}/subscriptions", list_subscriptions),
]

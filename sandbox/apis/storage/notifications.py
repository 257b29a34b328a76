"""Notifications: a Pub/Sub message for each change of an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.apis.pubsub import ingestion
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Message
from sandbox.apis.storage import buckets, documents
from sandbox.control import iam, payload, projects
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

COLLECTION = "storage.notificationConfigs"
_HOST = "//pubsub.googleapis.com/"
_EVENTS = ("OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE")
_PUBLISHES = {"roles/pubsub.publisher", "roles/pubsub.editor", "roles/pubsub.admin", "roles/owner", "roles/editor"}


def agent(project: str) -> str:
    """The account that Storage itself acts as, as a member."""
    return f"serviceAccount:service-{projects.number(project)}@gs-project-accounts.iam.gserviceaccount.com"


async def insert(call: Call) -> Response:
    """`notifications.insert`: the topic must be there, and Storage's agent must be allowed to publish to it."""
    bucket = buckets.of_path(call)
    given = payload.without_nulls(documents.body(call))
    topic = str(given.get("topic") or "")
    if topic.startswith("projects/"):  # as the real provider sends it
        topic = given["topic"] = _HOST + topic
    if not topic.startswith(_HOST):
        raise invalid_argument(f"Invalid Google Cloud Pub/Sub topic: '{topic}'. It begins with {_HOST}.")
    if given.get("payload_format") not in ("JSON_API_V1", "NONE"):
        raise invalid_argument(f"Invalid payload_format: '{given.get('payload_format')}'")
    for event in given.get("event_types") or []:
        if event not in _EVENTS:
            raise invalid_argument(f"Invalid event type: '{event}'")
    _check_publisher(call, bucket, topic.removeprefix(_HOST))
    number = str(call.store.next(f"{COLLECTION} {bucket.name}"))
    kept = ("topic", "payload_format", "event_types", "custom_attributes", "object_name_prefix")
    document = {
        "kind": "storage#notification",
        "id": number,
        "selfLink": f"{documents.WEB}/b/{bucket.name}/notificationConfigs/{number}",
        **{key: given[key] for key in kept if given.get(key)},
        "etag": number,
    }
    clock = call.control.clock()
    call.store.insert(Resource(COLLECTION, f"{bucket.name}/notificationConfigs/{number}", document, clock, clock))
    return Response.of(document)


def _check_publisher(call: Call, bucket: Resource, topic: str) -> None:
    project = call.control.projects.resolve(bucket.document["projectNumber"], call.control.clock())
    on = [f"//pubsub.googleapis.com/{topic}", iam.project(topic.split("/")[1])]
    allowed = iam.holds(call.control, agent(project), _PUBLISHES, on, "pubsub.topics.publish")
    if call.store.get("pubsub.topics", topic) is None or not allowed:
        email = agent(project).removeprefix("serviceAccount:")
        raise invalid_argument(
            f"The service account '{email}' does not have permission to publish messages to to the Cloud Pub/Sub "
            f"topic '{_HOST}{topic}', or that topic does not exist."
        )


def _find(call: Call) -> Resource:
    bucket = buckets.of_path(call)
    found = call.store.get(COLLECTION, f"{bucket.name}/notificationConfigs/{call.params['notification']}")
    if found is None:
        raise not_found(f"Notification {call.params['notification']} not found.")
    return found


async def get(call: Call) -> Response:
    """`notifications.get`."""
    return Response.of(_find(call).document)


async def list_notifications(call: Call) -> Response:
    """`notifications.list`: all of a bucket."""
    found = in_bucket(call.control, buckets.of_path(call).name)
    return Response.of({"kind": "storage#notifications", "items": [item.document for item in found]})


async def delete(call: Call) -> Response:
    """`notifications.delete`."""
    call.store.delete(COLLECTION, _find(call).name)
    return Response(204)


def in_bucket(control: Control, bucket: str) -> list[Resource]:
    """The notifications of a bucket."""
    return control.store.select(COLLECTION, bucket)


def tell(control: Control, event: str, shown: Mapping[str, Any], more: Mapping[str, str]) -> None:
    """Publish what happened to an object, to the topics that are still there. `shown` is the object as an answer."""
    ingestion.tell(control, event, shown)
    for item in in_bucket(control, shown["bucket"]):
        config, topic = item.document, item.document["topic"].removeprefix(_HOST)
        wanted = config.get("event_types") or _EVENTS
        if event not in wanted or not shown["name"].startswith(config.get("object_name_prefix", "")):
            continue
        if control.store.get("pubsub.topics", topic) is None:
            continue
        attributes = {
            **config.get("custom_attributes", {}),
            "notificationConfig": f"projects/_/buckets/{item.name}",
            "eventType": event,
            "payloadFormat": config["payload_format"],
            "bucketId": shown["bucket"],
            "objectId": shown["name"],
            "objectGeneration": shown["generation"],
            "eventTime": timestamp(control.clock()),
            **more,
        }
        payload = json.dumps(shown).encode() if config["payload_format"] == "JSON_API_V1" else b""
        control.part(Engine).publish(topic, [Message(payload, attributes)])

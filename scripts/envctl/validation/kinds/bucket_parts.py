"""What is in a bucket: managed folders, objects, notifications."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import md5
from typing import Any
from urllib.parse import quote

from envctl.validation.model import Environment, Kind, Read, Setting, Thing, declared_things
from envctl.validation.normal import text

from .buckets import BUCKETS
from .common import TERRAFORM_ONLY


def _below(field: str) -> Callable[[Kind, Environment], Iterator[Thing]]:
    """The things in a map of each bucket, named BUCKET/NAME."""

    def things(kind: Kind, environment: Environment) -> Iterator[Thing]:
        for bucket in declared_things(BUCKETS, environment):
            for key, fields in bucket.fields[field].items():
                place = replace(bucket.place, key=f"{bucket.place.key}/{key}")
                known = {**fields, "bucket": bucket.name, "name": key}
                yield Thing(
                    kind, place, kind.resource(place, known), known, (*bucket.path, field, key), parent=bucket.id
                )

    return things


MANAGED_FOLDERS = Kind(
    name="managed_folders",
    noun="managed folder",
    document=Read("storage", "v1/{name}", "storage.managedFolders.get"),
    resource=lambda _place, fields: f"b/{fields['bucket']}/managedFolders/{quote(fields['name'], safe='')}",
    policy=Read(
        "storage", "v1/{name}/iam", "storage.managedFolders.getIamPolicy", query={"optionsRequestedPolicyVersion": "3"}
    ),
    things=_below("managed_folders"),
    unchecked={"force_destroy": TERRAFORM_ONLY},
)

OBJECTS = Kind(
    name="objects",
    noun="object",
    document=Read("storage", "v1/{name}", "storage.objects.get"),
    resource=lambda _place, fields: f"b/{fields['bucket']}/o/{quote(fields['name'], safe='')}",
    settings=(
        Setting(
            "content",
            "md5Hash",
            declared=lambda thing, _world: _md5(thing.fields["content"]),
            says="by its MD5 hash",
        ),
        Setting("content_type", "contentType", normal=text, when=lambda fields: fields["content_type"] is not None),
        Setting("cache_control", "cacheControl", normal=text),
        Setting("storage_class", "storageClass", normal=text, when=lambda fields: fields["storage_class"] is not None),
        Setting(
            "metadata",
            "metadata",
            declared=lambda thing, _world: dict(thing.fields["metadata"]),
            found=lambda document: document.get("metadata") or {},
        ),
    ),
    things=_below("objects"),
)


def _md5(content: str) -> str:
    return b64encode(md5(content.encode(), usedforsecurity=False).digest()).decode()


def _same_notification(thing: Thing, found: Mapping[str, Any]) -> bool:
    fields = thing.fields
    return (
        str(found.get("topic")) == f"//pubsub.googleapis.com/{fields['topic']}"
        and sorted(found.get("event_types") or []) == sorted(fields["events"])
        and (found.get("object_name_prefix") or "") == (fields["prefix"] or "")
        and found.get("payload_format") == fields["payload_format"]
        and (found.get("custom_attributes") or {}) == fields["attributes"]
    )


def _notifications(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for thing in declared_things(kind, environment, "bucket_notifications"):
        bucket, _, name = thing.place.key.partition("/")
        path = (*thing.path[:2], "buckets", bucket, "notifications", name)
        yield replace(thing, path=path, labels={}, parent=f"{thing.place.subproject}/buckets/{bucket}")


# A notification has no name that is known before it is made: it is the one that says what is declared.
NOTIFICATIONS = Kind(
    name="notifications",
    noun="notification",
    document=Read("storage", "v1/b/{name}/notificationConfigs", "storage.buckets.get", items="items"),
    resource=lambda _place, fields: str(fields["bucket"]),
    select=lambda thing, answer: next(
        (found for found in answer.get("items") or [] if _same_notification(thing, found)), None
    ),
    things=_notifications,
    unchecked=dict.fromkeys(
        ("topic", "events", "prefix", "payload_format", "attributes"), "tells the notification from others"
    ),
)

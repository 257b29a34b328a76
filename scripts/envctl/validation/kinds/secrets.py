"""Secret Manager secrets. Values are never read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, duration, same, unordered

from .common import LABELS, policy_read


def _replicas(document: Mapping[str, Any]) -> list[str]:
    return [str(replica.get("location")) for replica in dig(document, "replication.userManaged.replicas") or []]


def _rotation(thing: Thing, _world: World) -> Any:
    return dig(thing.fields, "rotation.period")


SECRETS = Kind(
    name="secrets",
    noun="secret",
    document=Read("secretmanager", "v1/{name}", "secretmanager.secrets.get"),
    resource=lambda place, _fields: f"projects/{place.project}/secrets/{place.key}",
    settings=(
        Setting("locations", "replication.userManaged.replicas", normal=unordered, found=_replicas),
        Setting(
            "topics",
            "topics",
            normal=unordered,
            found=lambda document: [topic.get("name") for topic in document.get("topics") or []],
        ),
        Setting("rotation.period", "rotation.rotationPeriod", normal=duration, declared=_rotation),
        Setting(
            "placeholder",
            "versions/latest: state",
            normal=same,
            declared=always("ENABLED"),
            found=lambda version: version.get("state", "missing"),
            when=lambda fields: bool(fields["placeholder"]),
            says="the latest version is ENABLED, whether it is still the placeholder or not",
            reader="version",
        ),
        LABELS,
    ),
    policy=policy_read("secretmanager", "v1", "secretmanager.secrets.getIamPolicy"),
    reads={"version": Read("secretmanager", "v1/{name}/versions/latest", "secretmanager.versions.get")},
    unchecked={"rotation.next_time": "Google moves it on after every rotation"},
)

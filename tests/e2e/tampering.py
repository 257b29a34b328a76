"""Ways to change what is deployed behind Terraform's back, through the same APIs that anybody would use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from envctl.validation.grants import Grant
from envctl.validation.model import Thing

Call = Callable[..., Any]


@dataclass(frozen=True)
class Door:
    """How a kind of thing is changed: its URL, and what its API wants a change wrapped in.

    Attributes:
        url: with `{name}`, or the parts of it between dots; relative to the sandbox.
        method: of a change.
        wrap: the field of the body that holds the thing; empty where the body is the thing.
        mask: "query", "body" or "" where the API takes no mask.
        whole: send the whole document, not the changed field alone.
    """

    url: str
    method: str = "PATCH"
    wrap: str = ""
    mask: str = "query"
    whole: bool = False


DOORS = {
    "topics": Door("/pubsub/v1/{name}", wrap="topic", mask="body"),
    "subscriptions": Door("/pubsub/v1/{name}", wrap="subscription", mask="body"),
    "schemas": Door("/pubsub/v1/{name}"),
    "buckets": Door("/storage/v1/b/{name}", mask=""),
    "datasets": Door("/bigquery/v2/projects/{parts[0]}/datasets/{parts[1]}", mask=""),
    "tables": Door("/bigquery/v2/projects/{parts[0]}/datasets/{parts[1]}/tables/{parts[2]}", mask=""),
    "views": Door("/bigquery/v2/projects/{parts[0]}/datasets/{parts[1]}/tables/{parts[2]}", mask=""),
    "secrets": Door("/secretmanager/v1/{name}"),
    "service_accounts": Door("/iam/v1/{name}", wrap="serviceAccount", mask="body"),
    "repositories": Door("/artifactregistry/v1/{name}"),
    "services": Door("/run/v2/{name}", mask="", whole=True),
    "jobs": Door("/run/v2/{name}", mask="", whole=True),
    "workflows": Door("/workflows/v1/{name}"),
    "schedules": Door("/cloudscheduler/v1/{name}"),
}

# What is changed: the API's field, its new value (or what makes it of the old one), and the check that must fail.
FIELDS: dict[str, list[tuple[str, Any, str]]] = {
    "topics": [("messageRetentionDuration", "1234s", "retention"), ("labels.subproject", "other", "labels")],
    "subscriptions": [
        ("ackDeadlineSeconds", 77, "ack_deadline_seconds"),
        ("messageRetentionDuration", "1234s", "retention"),
        ("retainAckedMessages", True, "retain_acked_messages"),
        ("labels.subproject", "other", "labels"),
    ],
    "buckets": [
        ("storageClass", "COLDLINE", "storage_class"),
        ("labels.subproject", "other", "labels"),
        ("softDeletePolicy", {"retentionDurationSeconds": "864000"}, "soft_delete_seconds"),
        ("cors", [{"origin": ["*"], "method": ["GET"], "maxAgeSeconds": 60}], "cors"),
    ],
    "datasets": [
        ("description", "changed", "description"),
        ("labels.subproject", "other", "labels"),
        ("maxTimeTravelHours", "48", "max_time_travel_hours"),
    ],
    "tables": [("description", "changed", "description"), ("labels.subproject", "other", "labels")],
    "views": [("description", "changed", "description"), ("view.query", "SELECT 1 AS one", "query")],
    "secrets": [("labels.subproject", "other", "labels")],
    "service_accounts": [("displayName", "changed", "display_name"), ("description", "changed", "description")],
    "repositories": [("description", "changed", "description"), ("labels.subproject", "other", "labels")],
    "services": [
        ("template.timeout", "77s", "timeout"),
        ("template.scaling.maxInstanceCount", 9, "max_instances"),
        ("template.containers.0.image", "example.com/other:1", "image"),
        ("ingress", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "ingress"),
        ("labels.subproject", "other", "labels"),
    ],
    "jobs": [("template.template.timeout", "77s", "timeout"), ("template.template.maxRetries", 9, "max_retries")],
    "workflows": [("description", "changed", "description"), ("callLogLevel", "LOG_ALL_CALLS", "call_log_level")],
    "schedules": [
        ("schedule", "1 1 1 1 *", "cron"),
        ("timeZone", "Europe/London", "time_zone"),
        ("attemptDeadline", "222s", "attempt_deadline"),
    ],
}
OPENED = Grant("roles/viewer", "allUsers")
# Deleting these takes others along, or stops what the other tamperings need.
UNDELETED = {"apis", "service_accounts", "datasets", "services", "schemas"}


@dataclass(frozen=True)
class Tampering:
    """One change behind Terraform's back.

    Attributes:
        thing: what is changed.
        what: in words.
        expected: the id of the check that must fail.
        do: makes the change.
    """

    thing: Thing
    what: str
    expected: str
    do: Callable[[Call], None]


def possible(things: list[Thing]) -> Iterator[Tampering]:
    """Every tampering that these things offer."""
    for thing in things:
        door = DOORS.get(thing.kind.name)
        if door is None:
            continue
        for path, value, field in FIELDS.get(thing.kind.name, []):
            yield Tampering(thing, f"{path} = {value}", f"{thing.id}#{field}", _changes(thing, door, path, value))
        if thing.kind.name not in UNDELETED:
            yield Tampering(thing, "deleted", f"{thing.id}#exists", _deletes(thing, door))
        if thing.kind.policy and thing.kind.name in ("topics", "subscriptions", "secrets", "services"):
            yield Tampering(thing, "opened to allUsers", f"{thing.id}#grants {OPENED}", _opens(thing, door))


def chosen(things: list[Thing], count: int, seed: int) -> list[Tampering]:
    """Some of them, drawn at random: at most one a thing, and every kind as often as the others."""
    draw = random.Random(seed)
    by_kind: dict[str, dict[str, list[Tampering]]] = {}
    for each in possible(things):
        by_kind.setdefault(each.thing.kind.name, {}).setdefault(each.thing.id, []).append(each)
    found: list[Tampering] = []
    while len(found) < count:
        kind = draw.choice(sorted(by_kind))
        of_thing = by_kind[kind].pop(draw.choice(sorted(by_kind[kind])))
        found.append(draw.choice(of_thing))
        if not by_kind[kind]:
            del by_kind[kind]
    return found


def _url(thing: Thing, door: Door) -> str:
    return door.url.format(name=thing.name, parts=thing.name.split("."))


def _changes(thing: Thing, door: Door, path: str, value: Any) -> Callable[[Call], None]:
    def do(call: Call) -> None:
        url = _url(thing, door)
        document = deepcopy(call("GET", url))
        holder: Any = document
        *above, last = path.split(".")
        for part in above:
            holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, {})
        holder[last] = value
        top = path.partition(".")[0]
        body = document if door.whole else {"name": document.get("name"), top: document[top]}
        body = {key: item for key, item in body.items() if item is not None and key != "etag"}
        if door.mask == "query":
            url = f"{url}?updateMask={top}"
        if door.wrap:
            body = {door.wrap: body, "updateMask": top}
        call(door.method, url, body)

    return do


def _deletes(thing: Thing, door: Door) -> Callable[[Call], None]:
    return lambda call: call("DELETE", _url(thing, door))


def _opens(thing: Thing, door: Door) -> Callable[[Call], None]:
    return lambda call: _grant(call, thing, door, opened=True)


def close(call: Call, tampering: Tampering) -> None:
    """Take a grant back that nobody declared: Terraform leaves it alone, so a person has to."""
    _grant(call, tampering.thing, DOORS[tampering.thing.kind.name], opened=False)


def _grant(call: Call, thing: Thing, door: Door, *, opened: bool) -> None:
    url = _url(thing, door)
    policy = call("GET", f"{url}:getIamPolicy")
    grant = {"role": OPENED.role, "members": [OPENED.member]}
    others = [binding for binding in policy.get("bindings", []) if binding != grant]
    call("POST", f"{url}:setIamPolicy", {"policy": {**policy, "bindings": [*others, *([grant] if opened else [])]}})

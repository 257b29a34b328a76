"""Eventarc v1: triggers. They are stored and checked; events are not delivered yet. Channels are not served."""

from __future__ import annotations

from typing import Any

from sandbox.control import locations, names, operations
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.router import Api
from sandbox.control.store import Resource

_PUBSUB_EVENT = "google.cloud.pubsub.topic.v1.messagePublished"
_LACKING = ("gke", "httpEndpoint", "cloudFunction", "networkConfig")

triggers = Collection(
    path="v1/projects/{project}/locations/{location}/triggers/{trigger}",
    type="google.cloud.eventarc.v1.Trigger",
    operation_metadata="google.cloud.eventarc.v1.OperationMetadata",
    id_rule=r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    id_message="It must be 1 to 63 lowercase letters, numbers or hyphens, a letter first and no hyphen last.",
    id_param="triggerId",
    output_only=("conditions", "satisfiesPzs"),
    on_create_set={"uid": uid, "createTime": now},
    on_update_set={"updateTime": now, "etag": etag},
    immutable=("transport", "channel"),
    required=("eventFilters", "destination"),
    lro=True,
)

API = Api("eventarc.googleapis.com", "eventarc", [triggers], [*operations.routes("v1"), *locations.routes("v1")])


def _refused(field: str, message: str) -> Exception:
    return invalid_argument(message, {f"trigger.{field}": message})


def _check(trigger: Resource, location: str) -> None:
    document = trigger.document
    if document.get("channel"):
        raise unimplemented("The sandbox does not implement channels of Eventarc.")
    attributes = [str(each.get("attribute", "")) for each in document["eventFilters"]]
    if "type" not in attributes:
        raise _refused("event_filters", "The trigger needs an event filter for the attribute 'type'.")
    if len(set(attributes)) != len(attributes):
        raise _refused("event_filters", "Each attribute may have one event filter.")
    for each in document["eventFilters"]:
        if not each.get("value"):
            raise _refused("event_filters.value", "An event filter needs a value.")
        if each.get("operator", "match-path-pattern") not in ("", "match-path-pattern"):
            raise _refused("event_filters.operator", "The only operator is match-path-pattern.")
    _destination(document["destination"], location)
    attempts = (document.get("retryPolicy") or {}).get("maxAttempts", 1)
    if int(attempts) != 1:
        raise _refused("retry_policy.max_attempts", "maxAttempts can only be 1.")
    if document.get("retryPolicy") and "cloudRun" not in document["destination"]:
        raise _refused("retry_policy", "A retry policy is only allowed with a Cloud Run destination.")


def _destination(destination: dict[str, Any], location: str) -> None:
    for kind in _LACKING:
        if destination.get(kind):
            raise unimplemented(f"The sandbox does not implement {kind} destinations of Eventarc.")
    given = [kind for kind in ("cloudRun", "workflow") if destination.get(kind)]
    if len(given) != 1:
        raise _refused("destination", "A trigger needs exactly one destination.")
    if given == ["cloudRun"]:
        run = destination["cloudRun"]
        if not run.get("service"):
            raise _refused("destination.cloud_run.service", "A Cloud Run destination needs a service.")
        if not run.get("region") and location == "global":
            raise _refused("destination.cloud_run.region", "A global trigger needs the region of its service.")
        run.setdefault("region", location)


@triggers.on_create
async def complete(trigger: Resource, call: Call) -> None:
    """Checked, with the topic and subscription that carry the events."""
    location = call.params["location"]
    if location != "global":
        names.check_location(location, multi=True)
    _check(trigger, location)
    document = trigger.document
    document.setdefault("eventDataContentType", "application/json")
    kinds = {each["attribute"]: each.get("value") for each in document["eventFilters"]}
    pubsub = document.setdefault("transport", {}).setdefault("pubsub", {})
    if pubsub.get("topic") and kinds["type"] != _PUBSUB_EVENT:
        raise _refused("transport.pubsub.topic", f"A topic can only be given for events of the type {_PUBSUB_EVENT}.")
    number = int(call.control.hex(4), 16) % 1000
    carrier = f"eventarc-{location}-{trigger.id}"
    pubsub.setdefault("topic", f"projects/{call.project}/topics/{carrier}-{number:03d}")
    pubsub["subscription"] = f"projects/{call.project}/subscriptions/{carrier}-sub-{number:03d}"


@triggers.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _check(new, call.params["location"])
    new.document.setdefault("eventDataContentType", "application/json")

"""Eventarc v1: triggers for events of Pub/Sub and Cloud Storage, to Cloud Run and Workflows.

Not served: events of other kinds (audit logs among them), in protocol buffers, or by channels.
"""

from __future__ import annotations

import logging
from typing import Any

from sandbox.apis.eventarc import advanced, transport
from sandbox.apis.eventarc.events import PUBSUB_TYPE, STORAGE_TYPES
from sandbox.control import locations, names, operations
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.router import Api
from sandbox.control.store import Resource

log = logging.getLogger("sandbox.eventarc")

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
    lro_deleted=True,
)

API = Api(
    "eventarc.googleapis.com",
    "eventarc",
    [triggers, *advanced.COLLECTIONS],
    [*operations.routes("v1"), *locations.routes("v1")],
)
advanced.routes(API)


async def _start(control: Control) -> None:
    """What brings the events of triggers that an earlier sandbox only stored."""
    for trigger in control.store.select(triggers.key):
        if control.store.get("pubsub.subscriptions", trigger.document["transport"]["pubsub"]["subscription"]) is None:
            try:
                await transport.connect(control, trigger)
            except ApiError as error:
                log.warning("%s brings no events: %s", trigger.name, error)


API.start = _start


def _refused(field: str, message: str) -> Exception:
    return invalid_argument(message, {f"trigger.{field}": message})


def _check(trigger: Resource, location: str) -> None:
    document = trigger.document
    if document.get("channel"):
        raise unimplemented("The sandbox does not bring events by channels of Eventarc.")
    attributes = [str(each.get("attribute", "")) for each in document["eventFilters"]]
    if "type" not in attributes:
        raise _refused("event_filters", "The trigger needs an event filter for the attribute 'type'.")
    if len(set(attributes)) != len(attributes):
        raise _refused("event_filters", "Each attribute may have one event filter.")
    for each in document["eventFilters"]:
        if not each.get("attribute") or not each.get("value"):
            raise _refused("event_filters.value", "An event filter needs an attribute and a value.")
        if each.get("operator", "match-path-pattern") not in ("", "match-path-pattern"):
            raise _refused("event_filters.operator", "The only operator is match-path-pattern.")
    _kind(trigger)
    _destination(document["destination"], location)
    attempts = (document.get("retryPolicy") or {}).get("maxAttempts", 1)
    if int(attempts) != 1:
        raise _refused("retry_policy.max_attempts", "maxAttempts can only be 1.")
    if document.get("retryPolicy") and "cloudRun" not in document["destination"]:
        raise _refused("retry_policy", "A retry policy is only allowed with a Cloud Run destination.")


def _kind(trigger: Resource) -> None:
    filters = transport.filters_of(trigger)
    if filters["type"] != PUBSUB_TYPE and filters["type"] not in STORAGE_TYPES:
        raise unimplemented(f"The sandbox has no events of the type '{filters['type']}'.")
    if filters["type"] in STORAGE_TYPES and "bucket" not in filters:
        raise _refused("event_filters", "Events of Cloud Storage need an event filter for the attribute 'bucket'.")
    if trigger.document.setdefault("eventDataContentType", "application/json") != "application/json":
        raise unimplemented("The sandbox brings events as JSON only: eventDataContentType must be application/json.")


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
    kind = transport.filters_of(trigger)["type"]
    pubsub = trigger.document.setdefault("transport", {}).setdefault("pubsub", {})
    if pubsub.get("topic") and kind != PUBSUB_TYPE:
        raise _refused("transport.pubsub.topic", f"A topic can only be given for events of the type {PUBSUB_TYPE}.")
    if kind in STORAGE_TYPES:
        transport.check_bucket(call.control, trigger, location)
    number = int(call.control.hex(4), 16) % 1000
    carrier = transport.carrier(trigger)
    pubsub.setdefault("topic", f"projects/{call.project}/topics/{carrier}-{number:03d}")
    pubsub["subscription"] = f"projects/{call.project}/subscriptions/{carrier}-sub-{number:03d}"
    if not call.flag("validateOnly"):
        await transport.connect(call.control, trigger)


@triggers.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; what brings the events follows."""
    location = call.params["location"]
    _check(new, location)
    filters = transport.filters_of(new)
    if filters["type"] in STORAGE_TYPES and filters != transport.filters_of(old):
        transport.check_bucket(call.control, new, location)
    if not call.flag("validateOnly"):
        await transport.change(call.control, old, new)


@triggers.deleted
async def take_away(trigger: Resource, call: Call) -> None:
    """What brought its events goes with it."""
    await transport.disconnect(call.control, trigger)

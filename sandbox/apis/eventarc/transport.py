"""The transport of a trigger: its topic and subscription in Pub/Sub, and the notifications of its bucket."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.apis.eventarc.events import MODE, OF_STORAGE, PUBSUB_TYPE, STORAGE_TYPES, account_of, service_name
from sandbox.control import agents
from sandbox.control.asking import ask
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Request
from sandbox.control.store import Resource

MANAGED_BY, FIRST_GENERATION = "goog-managed-by", "cloudfunctions-v1"
"""Functions of the first generation need no grant to the agent of Cloud Storage: Google sees to it."""
_TOPIC_OF = "//pubsub.googleapis.com/"


def filters_of(trigger: Resource) -> dict[str, str]:
    """The values that a trigger's filters want, by attribute."""
    return {each["attribute"]: each["value"] for each in trigger.document["eventFilters"]}


def check_bucket(control: Control, trigger: Resource, location: str) -> None:
    """The bucket of a trigger for events of Cloud Storage must be there, and be where the trigger is."""
    name = filters_of(trigger).get("bucket", "")
    bucket = control.store.get("storage.buckets", name)
    if bucket is None:
        raise not_found(f'Bucket "{name}" not found.')
    place = str(bucket.document["location"]).lower()
    if place != location:
        text = f'The bucket "{name}" is in {place}, and the trigger in {location}: they must be in one location.'
        raise invalid_argument(text, {"trigger.event_filters": text})


async def connect(control: Control, trigger: Resource) -> None:
    """Make what brings the events; all of it or nothing."""
    pubsub = trigger.document["transport"]["pubsub"]
    try:
        if _is_own(trigger):
            await ask(control, "PUT", f"/pubsub/v1/{pubsub['topic']}", {})
        settings = {
            "topic": pubsub["topic"],
            "pushConfig": _push(control, trigger),
            "messageRetentionDuration": "86400s",
            "retryPolicy": {"minimumBackoff": "10s", "maximumBackoff": "600s"},
            "expirationPolicy": {},
        }
        await ask(control, "PUT", f"/pubsub/v1/{pubsub['subscription']}", settings)
        await _watch(control, trigger)
    except ApiError:
        await disconnect(control, trigger)
        raise


async def change(control: Control, old: Resource, new: Resource) -> None:
    """What brings the events follows a change of the trigger."""
    name = new.document["transport"]["pubsub"]["subscription"]
    if control.store.get("pubsub.subscriptions", name) is None:
        await connect(control, new)
        return
    body = {"subscription": {"pushConfig": _push(control, new)}, "updateMask": "pushConfig"}
    await ask(control, "PATCH", f"/pubsub/v1/{name}", body)
    if filters_of(old) != filters_of(new):
        await _unwatch(control, old)
        await _watch(control, new)


async def disconnect(control: Control, trigger: Resource) -> None:
    """Take away what was made for a trigger, as far as it is there."""
    pubsub = trigger.document["transport"]["pubsub"]
    await _unwatch(control, trigger)
    await control.dispatch(Request.of("DELETE", f"/pubsub/v1/{pubsub['subscription']}"))
    if _is_own(trigger):
        await control.dispatch(Request.of("DELETE", f"/pubsub/v1/{pubsub['topic']}"))


def carrier(trigger: Resource) -> str:
    """How the names of what is made for a trigger begin."""
    return f"eventarc-{trigger.name.split('/')[3]}-{trigger.id}"


def _is_own(trigger: Resource) -> bool:
    topic: str = trigger.document["transport"]["pubsub"]["topic"]
    return topic.rpartition("/")[2].startswith(f"{carrier(trigger)}-")


def _push(control: Control, trigger: Resource) -> dict[str, Any]:
    """Where the subscription pushes to. The service may come later, and its address change: it is looked up anew."""
    destination = trigger.document["destination"]
    mode = OF_STORAGE
    if filters_of(trigger)["type"] == PUBSUB_TYPE:
        mode = f"CUSTOM_PUBSUB_{quote(trigger.document['transport']['pubsub']['topic'], safe='')}"
    if destination.get("workflow"):
        uri = "https://workflowexecutions.googleapis.com"
        path = f"/v1/{destination['workflow']}:triggerPubsubExecution"
    else:
        run = destination["cloudRun"]
        service = control.store.get("run.services", service_name(trigger))
        uri = (service.document if service else {}).get("uri") or f"https://{run['service']}.{run['region']}.run.app"
        path = run.get("path") or ""
    push: dict[str, Any] = {"pushEndpoint": f"{uri}{path}?{MODE}={mode}"}
    if account := account_of(trigger):
        push["oidcToken"] = {"serviceAccountEmail": account, "audience": uri}
    return push


async def _watch(control: Control, trigger: Resource) -> None:
    """Have the bucket tell the topic of what the trigger is for, and of nothing else."""
    event = STORAGE_TYPES.get(filters_of(trigger)["type"])
    if event is None:
        return
    await _unwatch(control, trigger)
    topic, bucket = trigger.document["transport"]["pubsub"]["topic"], filters_of(trigger)["bucket"]
    if (trigger.document.get("labels") or {}).get(MANAGED_BY) == FIRST_GENERATION:
        agent = f"serviceAccount:{agents.email('storage', topic.split('/')[1])}"
        policy = {"bindings": [{"role": "roles/pubsub.publisher", "members": [agent]}]}
        await ask(control, "POST", f"/pubsub/v1/{topic}:setIamPolicy", {"policy": policy})
    body = {"topic": _TOPIC_OF + topic, "payload_format": "JSON_API_V1", "event_types": [event]}
    try:
        await ask(control, "POST", f"/storage/v1/b/{quote(bucket)}/notificationConfigs", body)
    except ApiError as error:
        agent = agents.email("storage", topic.split("/")[1])
        raise failed_precondition(
            f"Cloud Storage can't publish the bucket's events: {agent} needs roles/pubsub.publisher on the project."
        ) from error


async def _unwatch(control: Control, trigger: Resource) -> None:
    bucket = filters_of(trigger).get("bucket")
    if filters_of(trigger)["type"] not in STORAGE_TYPES or not bucket:
        return
    path = f"/storage/v1/b/{quote(bucket)}/notificationConfigs"
    listed = await control.dispatch(Request.of("GET", path))
    for item in listed.json().get("items", []) if listed.status == 200 else []:
        if item["topic"] == _TOPIC_OF + trigger.document["transport"]["pubsub"]["topic"]:
            await control.dispatch(Request.of("DELETE", f"{path}/{item['id']}"))

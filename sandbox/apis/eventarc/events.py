"""Messages of a trigger's subscription become CloudEvents for its destination.

A trigger's transport is a topic and a push subscription of Pub/Sub, which keeps events, tries them again and forgets
them. Its endpoint says in a query parameter how a message is to be read, as at Google.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.id_token import id_token
from sandbox.control.sending import Outgoing, Sender
from sandbox.control.store import Resource

if TYPE_CHECKING:
    from sandbox.apis.pubsub.messages import Delivery

log = logging.getLogger("sandbox.eventarc")

TRIGGERS = "eventarc.triggers"
MODE = "__GCP_CloudEventsMode"
OF_STORAGE = "GCS_NOTIFICATION"
PUBSUB_TYPE = "google.cloud.pubsub.topic.v1.messagePublished"
STORAGE_TYPES = {
    "google.cloud.storage.object.v1.finalized": "OBJECT_FINALIZE",
    "google.cloud.storage.object.v1.deleted": "OBJECT_DELETE",
    "google.cloud.storage.object.v1.archived": "OBJECT_ARCHIVE",
    "google.cloud.storage.object.v1.metadataUpdated": "OBJECT_METADATA_UPDATE",
}
_TYPE_OF = {event: kind for kind, event in STORAGE_TYPES.items()}


def carried(endpoint: str) -> bool:
    """Whether a push endpoint is that of a trigger."""
    return f"?{MODE}=" in endpoint


async def deliver(
    control: Control, sender: Sender, subscription: Resource, delivery: Delivery, envelope: dict[str, Any]
) -> str:
    """Bring a message to the trigger's destination as an event; what went wrong, or nothing.

    envelope: the message as Pub/Sub pushes it.
    """
    trigger = next(
        (each for each in control.store.select(TRIGGERS) if _pubsub(each)["subscription"] == subscription.name), None
    )
    if trigger is None:
        return "its trigger is gone"
    document = trigger.document
    if OF_STORAGE in subscription.document["pushConfig"]["pushEndpoint"]:
        event = of_storage(delivery)
    else:
        event = of_topic(_pubsub(trigger)["topic"], delivery, envelope)
    if not fits(document["eventFilters"], event):
        return ""
    if document["destination"].get("workflow"):
        problem = await _execute(control, document["destination"]["workflow"], event)
    else:
        problem = await _call(control, sender, trigger, subscription, event)
    if problem and int((document.get("retryPolicy") or {}).get("maxAttempts", 0)) == 1:
        log.warning("%s: event %s is given up: %s", trigger.name, event["id"], problem)
        return ""
    return problem


def of_topic(topic: str, delivery: Delivery, envelope: dict[str, Any]) -> dict[str, Any]:
    """The event of a message that was published."""
    return {
        "id": str(delivery.id),
        "source": f"//pubsub.googleapis.com/{topic}",
        "specversion": "1.0",
        "type": PUBSUB_TYPE,
        "datacontenttype": "application/json",
        "time": timestamp(delivery.published, 3),
        "data": envelope,
    }


def of_storage(delivery: Delivery) -> dict[str, Any]:
    """The event of a change of an object, from the notification that Cloud Storage published."""
    told = delivery.attributes
    return {
        "id": str(delivery.id),
        "source": f"//storage.googleapis.com/projects/_/buckets/{told.get('bucketId', '')}",
        "specversion": "1.0",
        "type": _TYPE_OF.get(told.get("eventType", ""), ""),
        "datacontenttype": "application/json",
        "subject": f"objects/{told.get('objectId', '')}",
        "time": told.get("eventTime") or timestamp(delivery.published),
        "bucket": told.get("bucketId", ""),
        "data": json.loads(delivery.data or b"{}"),
    }


def fits(filters: list[dict[str, Any]], event: dict[str, Any]) -> bool:
    """Whether all filters let an event through.

    >>> fits([{"attribute": "subject", "value": "objects/*.csv", "operator": "match-path-pattern"}],
    ...      {"subject": "objects/bars.csv"})
    True
    """
    for each in filters:
        found = str(event.get(each["attribute"], ""))
        if each.get("operator"):
            if not re.fullmatch(_pattern(each["value"]), found):
                return False
        elif found != each["value"]:
            return False
    return True


def _pattern(text: str) -> str:
    """A path pattern as a regular expression: `*` is of one segment, `**` of any number, `{name=*}` has a name."""
    text = re.sub(r"\{\w+(?:=([^{}]*))?\}", lambda match: match[1] or "*", text)
    parts = {"**": ".*", "*": "[^/]*"}
    return "".join(parts.get(part) or re.escape(part) for part in re.split(r"(\*\*|\*)", text))


async def _execute(control: Control, workflow: str, event: dict[str, Any]) -> str:
    """Start an execution; from then on the event is the workflow's."""
    body = {"argument": json.dumps(event, ensure_ascii=False)}
    response = await control.dispatch(Request.of("POST", f"/workflowexecutions/v1/{workflow}/executions", body))
    if response.status == 200:
        return ""
    return f"{workflow}: {response.problem()}"


async def _call(
    control: Control, sender: Sender, trigger: Resource, subscription: Resource, event: dict[str, Any]
) -> str:
    """POST to the service, with the event's attributes as headers."""
    run = trigger.document["destination"]["cloudRun"]
    service = control.store.get("run.services", service_name(trigger))
    uri = (service.document if service else {}).get("uri")
    if not uri:
        return f"the service {run['service']} has no address"
    headers = {
        "content-type": event["datacontenttype"],
        "user-agent": "CloudPubSub-Google",
        **{f"ce-{key}": _header(text) for key, text in event.items() if key not in ("data", "datacontenttype")},
    }
    mode = subscription.document["pushConfig"]["pushEndpoint"].partition("?")[2]
    url = f"{uri}{run.get('path') or '/'}?{mode}"
    if account := account_of(trigger):
        token = id_token(control, {"serviceAccountEmail": account, "audience": uri}, url)
        headers["authorization"] = f"Bearer {token}"
    made = Outgoing("POST", url, headers, json.dumps(event["data"]).encode())
    answer = await sender.send(made, float(subscription.document["ackDeadlineSeconds"]))
    return answer.problem


def _header(text: str) -> str:
    """An attribute in a header: what isn't printable ASCII is percent-encoded, as are space, `"` and `%`.

    >>> _header('objects/é "1".csv')
    'objects/%C3%A9%20%221%22.csv'
    """
    return quote(text, safe="".join(map(chr, (33, *range(35, 37), *range(38, 127)))))


def service_name(trigger: Resource) -> str:
    """The full name of the service that a trigger leads to."""
    run = trigger.document["destination"]["cloudRun"]
    project = trigger.name.split("/")[1]
    return f"projects/{project}/locations/{run['region']}/services/{run['service'].rpartition('/')[2]}"


def account_of(trigger: Resource) -> str:
    """The account that a trigger calls its destination as, by email."""
    return str(trigger.document.get("serviceAccount") or "").rpartition("/")[2]


def _pubsub(trigger: Resource) -> dict[str, str]:
    found: dict[str, str] = trigger.document["transport"]["pubsub"]
    return found

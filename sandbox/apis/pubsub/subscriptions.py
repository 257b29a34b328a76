"""Subscriptions: settings with Google's defaults, pulling, acknowledging."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.apis.pubsub import filters, transforms
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Delivery, refused_acks
from sandbox.apis.pubsub.push import Deliverer
from sandbox.apis.pubsub.topics import DELETED, ID_MESSAGE, ID_RULE, check_duration, topics
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.store import Resource

_PULL_WAIT = 10.0
_TABLE = re.compile(r"[^.:\s]+[.:][^.\s]+\.[^.\s]+")

subscriptions = Collection(
    path="v1/projects/{project}/subscriptions/{subscription}",
    id_rule=ID_RULE,
    id_message=ID_MESSAGE,
    create="PUT",
    body_field="subscription",
    mask="required",
    defaults={
        "ackDeadlineSeconds": 10,
        "messageRetentionDuration": "604800s",
        "expirationPolicy": {"ttl": "2678400s"},
        "pushConfig": {},
        "state": "ACTIVE",
    },
    output_only=("state", "topicMessageRetentionDuration", "analyticsHubSubscriptionInfo"),
    immutable=("topic", "filter", "enableMessageOrdering"),
    required=("topic",),
    iam=True,
)


def _check(subscription: Resource, call: Call) -> None:
    document = subscription.document
    transforms.check(document)
    deadline = document.get("ackDeadlineSeconds") or 10
    if not isinstance(deadline, int) or not 10 <= deadline <= 600:
        raise invalid_argument(
            f"Invalid ack deadline given (ack_deadline_seconds={deadline}): 10 to 600.",
            {"ack_deadline_seconds": "10 to 600"},
        )
    document["ackDeadlineSeconds"] = deadline
    check_duration(document, "messageRetentionDuration", 600, 2_678_400)
    check_duration(document.get("expirationPolicy") or {}, "ttl", 86_400, 10**10)
    filters.parse(document.get("filter", ""))
    retry = document.get("retryPolicy")
    if retry is not None:
        check_duration(retry, "minimumBackoff", 0, 600)
        check_duration(retry, "maximumBackoff", 0, 600)
        document["retryPolicy"] = {"minimumBackoff": "10s", "maximumBackoff": "600s", **retry}
        if float(document["retryPolicy"]["minimumBackoff"][:-1]) > float(
            document["retryPolicy"]["maximumBackoff"][:-1]
        ):
            raise invalid_argument(
                "retryPolicy.minimumBackoff is above maximumBackoff.", {"retry_policy": "minimum above maximum"}
            )
    _check_dead_letter(document, call)
    _check_targets(document)
    _check_objects(document, call)


def _check_dead_letter(document: dict[str, Any], call: Call) -> None:
    policy = document.get("deadLetterPolicy")
    if policy is None:
        return
    if not policy.get("deadLetterTopic"):
        document.pop("deadLetterPolicy")
        return
    attempts = policy.get("maxDeliveryAttempts") or 5
    if not isinstance(attempts, int) or not 5 <= attempts <= 100:
        raise invalid_argument(
            f"Invalid max delivery attempts given (max_delivery_attempts={attempts}): 5 to 100.",
            {"dead_letter_policy.max_delivery_attempts": "5 to 100"},
        )
    policy["maxDeliveryAttempts"] = attempts
    if policy["deadLetterTopic"] != DELETED:
        topics.must(call.control, policy["deadLetterTopic"])


def _check_targets(document: dict[str, Any]) -> None:
    push = document.get("pushConfig") or {}
    document["pushConfig"] = push
    endpoint, table = push.get("pushEndpoint"), (document.get("bigqueryConfig") or {}).get("table")
    if document.get("bigqueryConfig") is not None and not table:
        document.pop("bigqueryConfig")
    if endpoint and table:
        raise invalid_argument(
            "Only one of pushConfig and bigqueryConfig may be set.", {"push_config": "two kinds of delivery"}
        )
    if endpoint:
        url = urlsplit(endpoint)
        local = url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost", "::1")
        if not local and (url.scheme != "https" or not url.hostname):
            raise invalid_argument(
                f"Invalid push endpoint given (endpoint={endpoint}): https, or http on this machine.",
                {"push_config.push_endpoint": "not https"},
            )
        token = push.get("oidcToken")
        if token is not None and not token.get("serviceAccountEmail"):
            raise invalid_argument(
                "oidcToken.serviceAccountEmail is required.", {"push_config.oidc_token": "no account"}
            )
    if table:
        if not _TABLE.fullmatch(table):
            raise invalid_argument(
                f"Invalid table '{table}': project.dataset.table.", {"bigquery_config.table": "invalid"}
            )
        document["bigqueryConfig"]["state"] = "ACTIVE"
    if (endpoint or table) and document.get("enableExactlyOnceDelivery"):
        raise invalid_argument(
            "Exactly-once delivery is for pull subscriptions only.", {"enable_exactly_once_delivery": "pull only"}
        )


def _check_objects(document: dict[str, Any], call: Call) -> None:
    """`cloudStorageConfig` with Google's defaults: text, an object every five minutes."""
    config = document.get("cloudStorageConfig")
    if config is None:
        return
    if not config.get("bucket"):
        document.pop("cloudStorageConfig")
        return
    if document["pushConfig"].get("pushEndpoint") or document.get("bigqueryConfig"):
        raise invalid_argument("Only one kind of delivery may be set.", {"cloud_storage_config": "two kinds"})
    if document.get("enableExactlyOnceDelivery"):
        raise invalid_argument(
            "Exactly-once delivery is for pull subscriptions only.", {"enable_exactly_once_delivery": "pull only"}
        )
    if call.store.get("storage.buckets", config["bucket"]) is None:
        raise not_found(f"Resource not found (resource={config['bucket']}).")
    config.setdefault("maxDuration", "300s")
    check_duration(config, "maxDuration", 60, 600)
    for field, least, most in (("maxBytes", 1000, 10_737_418_240), ("maxMessages", 1000, 2**63)):
        value = int(config.get(field) or 0)
        if value:
            config[field] = str(value)
            if not least <= value <= most:
                text = f"Invalid {field} '{value}': at least {least}."
                raise invalid_argument(text, {f"cloud_storage_config.{field}": text})
        else:
            config.pop(field, None)
    if str(config.get("filenameSuffix") or "").endswith("/"):
        raise invalid_argument("filenameSuffix must not end in a slash.", {"cloud_storage_config": "suffix"})
    if config.get("avroConfig") is None:
        config["textConfig"] = {}
    else:
        config.pop("textConfig", None)
        if config["avroConfig"].get("useTopicSchema") and config["avroConfig"].get("writeMetadata"):
            raise unimplemented("The sandbox writes Avro by the topic's schema, or with metadata, not both at once.")
    config["state"] = "ACTIVE"


@subscriptions.on_create
async def check_new(subscription: Resource, call: Call) -> None:
    """The topic must exist; the rest as Google checks it."""
    topic = topics.find(call.control, subscription.document["topic"])
    if topic is None:
        raise not_found(f"Resource not found (resource={subscription.document['topic'].rpartition('/')[2]}).")
    _check(subscription, call)
    if "messageRetentionDuration" in topic.document:
        subscription.document["topicMessageRetentionDuration"] = topic.document["messageRetentionDuration"]


@subscriptions.on_update
async def check_change(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _check(new, call)


@subscriptions.created
async def begin_delivery(subscription: Resource, call: Call) -> None:
    """Pushes begin."""
    call.control.part(Deliverer).reconcile(subscription)


@subscriptions.updated
async def change_delivery(old: Resource, new: Resource, call: Call) -> None:
    """Pushes begin, go elsewhere or end."""
    call.control.part(Deliverer).reconcile(new)


@subscriptions.deleted
async def end_delivery(subscription: Resource, call: Call) -> None:
    """Its messages go with it."""
    call.control.part(Deliverer).end(subscription.name)
    call.control.part(Engine).forget_subscription(subscription.name)


def _ids(call: Call) -> list[str]:
    found = call.body().get("ackIds")
    if not isinstance(found, list) or not found:
        raise invalid_argument("No ack ids specified.", {"ackIds": "required"})
    return [str(each) for each in found]


def _shown(subscription: Resource, delivery: Delivery) -> dict[str, Any]:
    document: dict[str, Any] = {"ackId": delivery.ack_id, "message": delivery.document()}
    if subscription.document.get("deadLetterPolicy"):
        document["deliveryAttempt"] = delivery.attempt
    return document


def refuse_to_pull(subscription: Resource) -> None:
    """400 where nobody may ask for its messages."""
    document = subscription.document
    exports = document.get("bigqueryConfig") or document.get("cloudStorageConfig")
    if document["pushConfig"].get("pushEndpoint") or exports:
        raise failed_precondition("The subscription is delivered by Pub/Sub itself: it can't be pulled.")
    if document.get("detached"):
        raise failed_precondition(f"The subscription {subscription.name} is detached.")


@subscriptions.verb("pull", data=True)
async def pull(subscription: Resource, call: Call) -> dict[str, Any]:
    """`subscriptions.pull`: what is there at once, or what comes within a few seconds."""
    body = call.body()
    most = body.get("maxMessages", 0)
    if not isinstance(most, int) or most < 1:
        raise invalid_argument("maxMessages must be a positive number.", {"maxMessages": "required"})
    refuse_to_pull(subscription)
    engine = call.control.part(Engine)
    until = asyncio.get_running_loop().time() + (0 if body.get("returnImmediately") else _PULL_WAIT)
    while True:
        waiter = engine.waiter(subscription.name)
        waiter.clear()
        found = engine.pull(subscription, min(most, 1000))
        left = until - asyncio.get_running_loop().time()
        if found or left <= 0:
            return {"receivedMessages": [_shown(subscription, each) for each in found]} if found else {}
        due = engine.next_available(subscription.name)
        rest = left if due is None else min(left, max(0.01, due - call.control.clock()))
        try:
            async with asyncio.timeout(rest):  # not `wait_for`, which may lose that the client is gone
                await waiter.wait()
        except TimeoutError:
            subscription = subscriptions.must(call.control, subscription.name)


@subscriptions.verb("acknowledge", data=True)
async def acknowledge(subscription: Resource, call: Call) -> dict[str, Any]:
    """`subscriptions.acknowledge`."""
    refused = call.control.part(Engine).acknowledge(subscription, _ids(call))
    if refused:
        raise refused_acks(refused)
    return {}


@subscriptions.verb("modifyAckDeadline", data=True)
async def modify_ack_deadline(subscription: Resource, call: Call) -> dict[str, Any]:
    """`subscriptions.modifyAckDeadline`: 0 gives the messages back."""
    deadline = call.body().get("ackDeadlineSeconds", 0)
    if not isinstance(deadline, int) or not 0 <= deadline <= 600:
        raise invalid_argument("ackDeadlineSeconds must be 0 to 600.", {"ackDeadlineSeconds": "0 to 600"})
    call.control.part(Engine).modify_deadline(subscription, _ids(call), deadline)
    return {}


@subscriptions.verb("modifyPushConfig")
async def modify_push_config(subscription: Resource, call: Call) -> dict[str, Any]:
    """`subscriptions.modifyPushConfig`: an empty one makes it a pull subscription."""
    subscription.document["pushConfig"] = call.body().get("pushConfig") or {}
    _check(subscription, call)
    call.store.put(subscription)
    call.control.part(Deliverer).reconcile(subscription)
    return {}


@subscriptions.verb("detach")
async def detach(subscription: Resource, call: Call) -> dict[str, Any]:
    """`subscriptions.detach`: its messages are dropped, and no more come."""
    subscription.document["detached"] = True
    call.store.put(subscription)
    call.control.part(Deliverer).end(subscription.name)
    call.control.part(Engine).forget_subscription(subscription.name)
    return {}

"""Delivery by Pub/Sub itself: pushes over HTTP, rows into BigQuery, and objects (in `objects`)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.apis.eventarc import events as eventarc_events
from sandbox.apis.pubsub import objects, records
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Delivery
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.id_token import authorization
from sandbox.control.sending import Outgoing, Sender
from sandbox.control.store import Resource

log = logging.getLogger("sandbox.pubsub")

COLLECTION = "pubsub.subscriptions"
_AT_ONCE = 50
_OK = frozenset({102, 200, 201, 202, 204})


@dataclass(slots=True)
class Deliverer:
    """One background task a subscription that is delivered by Pub/Sub itself."""

    control: Control
    engine: Engine
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _gathers: set[str] = field(default_factory=set)
    _sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        self._sender = Sender(self.control, most_connections=200)

    def reconcile(self, subscription: Resource) -> None:
        """Begin or end delivery as the subscription's settings say; a change takes effect with the next message."""
        document = subscription.document
        gathers = bool(document.get("cloudStorageConfig"))
        wanted = gathers or document.get("pushConfig", {}).get("pushEndpoint") or document.get("bigqueryConfig")
        if wanted and not document.get("detached"):
            if gathers != (subscription.name in self._gathers):
                self.end(subscription.name)  # what it does now is another way of delivery
            if subscription.name not in self._tasks:
                if gathers:
                    self._gathers.add(subscription.name)
                    work = objects.gather(self.control, self.engine, subscription.name)
                else:
                    work = self._deliver(subscription.name)
                self._tasks[subscription.name] = self.control.spawn(work, f"push {subscription.name}")
            self.engine.wake(subscription.name)
        else:
            self.end(subscription.name)

    def end(self, name: str) -> None:
        """Stop the delivery of a subscription."""
        self._gathers.discard(name)
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """End all delivery and close the connections."""
        for name in list(self._tasks):
            self.end(name)
        await self._sender.close()

    async def _deliver(self, name: str) -> None:
        waiter = self.engine.waiter(name)
        while True:
            waiter.clear()
            subscription = self.control.store.get(COLLECTION, name)
            if subscription is None:
                return
            found = self.engine.pull(subscription, _AT_ONCE)
            if found:
                if subscription.document.get("enableMessageOrdering"):
                    await self._in_order(subscription, found)
                else:
                    await asyncio.gather(*(self._one(subscription, delivery) for delivery in found))
                continue
            due = self.engine.next_available(name)
            rest = None if due is None else max(0.01, due - self.control.clock())
            try:
                async with asyncio.timeout(rest):  # wait_for of Python 3.11 may lose a cancellation
                    await waiter.wait()
            except TimeoutError:
                continue

    async def _in_order(self, subscription: Resource, found: list[Delivery]) -> None:
        """A key whose message failed waits: its later messages are given back with it."""
        failed: set[str] = set()
        for delivery in found:
            if delivery.ordering_key and delivery.ordering_key in failed:
                continue
            if not await self._one(subscription, delivery):
                failed.add(delivery.ordering_key)

    async def _one(self, subscription: Resource, delivery: Delivery) -> bool:
        how: Callable[[Resource, Delivery], Awaitable[str]]
        how = self._insert if subscription.document.get("bigqueryConfig") else self._post
        try:
            problem = await how(subscription, delivery)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            log.warning("%s: message %s not delivered: %s", subscription.name, delivery.id, problem)
            self.engine.modify_deadline(subscription, [delivery.ack_id], 0)
        else:
            self.engine.acknowledge(subscription, [delivery.ack_id])
        return not problem

    async def _post(self, subscription: Resource, delivery: Delivery) -> str:
        """POST to the endpoint; what went wrong, or nothing."""
        push = subscription.document["pushConfig"]
        if eventarc_events.carried(push["pushEndpoint"]):
            said = envelope(subscription, delivery)
            return await eventarc_events.deliver(self.control, self._sender, subscription, delivery, said)
        headers = {"content-type": "application/json", "user-agent": "CloudPubSub-Google"}
        if push.get("oidcToken"):
            headers |= authorization(self.control, push, push["pushEndpoint"])
        if "noWrapper" in push:
            content: bytes = delivery.data
            headers.pop("content-type")
            if (push["noWrapper"] or {}).get("writeMetadata"):
                headers |= _metadata(subscription, delivery)
        else:
            content = json.dumps(envelope(subscription, delivery)).encode()
        deadline = float(subscription.document["ackDeadlineSeconds"])
        answer = await self._sender.send(Outgoing("POST", push["pushEndpoint"], headers, content), deadline)
        if answer.status:
            return "" if answer.status in _OK else f"{push['pushEndpoint']} answered {answer.status}"
        return answer.problem

    async def _insert(self, subscription: Resource, delivery: Delivery) -> str:
        """One row by insertAll of the BigQuery API."""
        config = subscription.document["bigqueryConfig"]
        project, dataset, table = config["table"].replace(":", ".", 1).split(".")  # it is told as it was given
        if config.get("useTopicSchema"):
            row = records.row(*records.topic_schema(self.control, subscription), delivery.data)
        elif config.get("useTableSchema"):
            row = json.loads(delivery.data)
            if not isinstance(row, dict):
                return "the message is no JSON object"
        else:
            row = {"data": delivery.data.decode("utf-8", errors="replace")}
        if config.get("writeMetadata"):
            row |= {
                "subscription_name": subscription.name,
                "message_id": str(delivery.id),
                "publish_time": timestamp(delivery.published),
                "attributes": json.dumps(delivery.attributes),
            }
        body = {
            "rows": [{"insertId": str(delivery.id), "json": row}],
            "ignoreUnknownValues": bool(config.get("dropUnknownFields")),
        }
        path = f"/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{table}/insertAll"
        response = await self.control.dispatch(Request.of("POST", path, body))
        if response.status != 200:
            return response.problem()
        errors = response.json().get("insertErrors")
        return json.dumps(errors) if errors else ""


def envelope(subscription: Resource, delivery: Delivery) -> dict[str, Any]:
    """The JSON body of a push."""
    message = delivery.document()
    message["message_id"], message["publish_time"] = message["messageId"], message["publishTime"]
    document: dict[str, Any] = {"message": message, "subscription": subscription.name}
    if subscription.document.get("deadLetterPolicy"):
        document["deliveryAttempt"] = delivery.attempt
    return document


def _metadata(subscription: Resource, delivery: Delivery) -> dict[str, str]:
    headers = {
        "x-goog-pubsub-subscription-name": subscription.name,
        "x-goog-pubsub-message-id": str(delivery.id),
        "x-goog-pubsub-publish-time": timestamp(delivery.published, 3),
    }
    if delivery.ordering_key:
        headers["x-goog-pubsub-ordering-key"] = delivery.ordering_key
    headers |= {key: value for key, value in delivery.attributes.items() if key.isascii() and value.isascii()}
    return headers

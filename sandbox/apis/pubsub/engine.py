"""Messages: stored durably, leased to subscribers, redelivered, dead-lettered, expired."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.apis.pubsub import filters, ordering
from sandbox.apis.pubsub.messages import Delivery, Message, ack_id_of, parse_ack_id, seconds
from sandbox.control.context import Control, timestamp
from sandbox.control.store import Resource

SCHEMA = """
CREATE TABLE IF NOT EXISTS pubsub_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, published REAL NOT NULL, data BLOB NOT NULL,
  attributes TEXT NOT NULL, ordering_key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pubsub_deliveries (
  subscription TEXT NOT NULL, message INTEGER NOT NULL, ordering_key TEXT NOT NULL, available REAL NOT NULL,
  leased_until REAL NOT NULL, attempts INTEGER NOT NULL, acked INTEGER NOT NULL,
  PRIMARY KEY (subscription, message)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pubsub_deliveries_by_message ON pubsub_deliveries (message);
"""
_RESPONSE_MOST = 10_000_000


Subscriptions = Callable[[str], list[Resource]]


class Engine:
    """The messages of all subscriptions. `of_topic` finds the subscriptions of a topic."""

    def __init__(self, control: Control, of_topic: Subscriptions) -> None:
        self._control = control
        self._store = control.store
        self._store.schema(SCHEMA + ordering.SCHEMA)
        self._of_topic = of_topic
        self._waiters: dict[str, asyncio.Event] = {}
        self._filters: dict[str, filters.Filter] = {}

    def publish(self, topic: str, messages: Sequence[Message]) -> list[str]:
        """Store messages for every subscription of the topic whose filter takes them; their ids."""
        now, ids = self._control.clock(), []
        subscriptions = self.subscribers(topic)
        with self._store.transaction():
            for message in messages:
                cursor = self._store.execute(
                    "INSERT INTO pubsub_messages (topic, published, data, attributes, ordering_key) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (topic, now, message.data, json.dumps(dict(message.attributes)), message.ordering_key),
                )
                ids.append(str(cursor.lastrowid))
                for each in subscriptions:
                    if self.takes(each, message.attributes):
                        self._store.execute(
                            "INSERT INTO pubsub_deliveries VALUES (?, ?, ?, 0, 0, 0, 0)",
                            (each.name, cursor.lastrowid, message.ordering_key),
                        )
        for each in subscriptions:
            self.wake(each.name)
        return ids

    def subscribers(self, topic: str) -> list[Resource]:
        """The subscriptions that get what is published."""
        return [each for each in self._of_topic(topic) if not each.document.get("detached")]

    def takes(self, subscription: Resource, attributes: Mapping[str, str]) -> bool:
        """Whether the subscription's filter lets a message through."""
        text = subscription.document.get("filter", "")
        if not text:
            return True
        if text not in self._filters:
            self._filters[text] = filters.parse(text)
        return self._filters[text](attributes)

    def waiter(self, subscription: str) -> asyncio.Event:
        """Set when something may have become available."""
        return self._waiters.setdefault(subscription, asyncio.Event())

    def wake(self, subscription: str) -> None:
        """Let those who wait for a subscription look again."""
        if subscription in self._waiters:
            self._waiters[subscription].set()

    def pull(
        self, subscription: Resource, most: int, lease: float | None = None, size_most: int = _RESPONSE_MOST
    ) -> list[Delivery]:
        """Lease up to `most` messages of `size_most` bytes in all, one at least. With ordering, a key waits for its
        earlier messages.
        """
        document, now = subscription.document, self._control.clock()
        ordered = bool(document.get("enableMessageOrdering"))
        oldest = now - seconds(document.get("messageRetentionDuration"), 604_800)
        available = "" if ordered else "AND d.available <= :now"
        if ordered:
            ordering.come_again(self._store, subscription.name, now)
        rows = self._store.execute(
            f"""SELECT d.message, d.available, d.attempts, d.ordering_key, m.data, m.attributes, m.published
            FROM pubsub_deliveries d JOIN pubsub_messages m ON m.id = d.message
            WHERE d.subscription = :name AND d.acked = 0 AND m.published >= :oldest {available}
            ORDER BY d.message""",  # noqa: S608 - the text is ours
            {"name": subscription.name, "now": now, "oldest": oldest},
        )
        blocked: set[str] = set()
        taken: list[Delivery] = []
        dead: list[Delivery] = []
        size, limit = 0, self._attempts_most(document)
        for identity, free_at, attempts, key, data, attributes, published in rows:
            if ordered and key:
                if free_at > now:
                    blocked.add(key)
                if key in blocked:
                    continue
            if free_at > now:
                continue
            ack_id = ack_id_of(identity, attempts + 1)
            delivery = Delivery(ack_id, identity, attempts + 1, data, json.loads(attributes), key, published)
            if limit is not None and attempts >= limit:
                dead.append(delivery)
                continue
            size += len(data) + len(attributes)
            if taken and size > size_most:
                break
            taken.append(delivery)
            if len(taken) >= most:
                break
        rows.close()
        until = now + (lease if lease is not None else float(document.get("ackDeadlineSeconds", 10)))
        with self._store.transaction():
            for delivery in taken:
                self._store.execute(
                    "UPDATE pubsub_deliveries SET available = ?, leased_until = ?, attempts = ? "
                    "WHERE subscription = ? AND message = ?",
                    (
                        until + self._backoff(document, delivery.attempt),
                        until,
                        delivery.attempt,
                        subscription.name,
                        delivery.id,
                    ),
                )
            for delivery in dead:
                self._bury(subscription, delivery)
        return taken

    def acknowledge(self, subscription: Resource, ack_ids: Sequence[str]) -> list[str]:
        """Forget messages; the ack ids that were refused (only with exactly-once delivery)."""
        now, refused = self._control.clock(), []
        exact = bool(subscription.document.get("enableExactlyOnceDelivery"))
        keep = bool(subscription.document.get("retainAckedMessages"))
        ordered = bool(subscription.document.get("enableMessageOrdering"))
        parsed = [(text, *parse_ack_id(text)) for text in ack_ids]
        with self._store.transaction():
            for text, message, attempt in parsed:
                if exact and not self._store.rows(
                    "SELECT 1 FROM pubsub_deliveries WHERE subscription = ? AND message = ? AND attempts = ? "
                    "AND leased_until >= ? AND acked = 0",
                    (subscription.name, message, attempt, now),
                ):
                    refused.append(text)
                    continue
                if not (ordered and ordering.acknowledged_early(self._store, subscription.name, message)):
                    self._forget(subscription.name, message, keep=keep)
            if ordered:
                ordering.settle(self._store, subscription.name, keep=keep)
        self.wake(subscription.name)  # a key has its next message, a stream has room
        return refused

    def leased(self, subscription: str) -> set[tuple[int, int]]:
        """The messages that subscribers hold, each with its attempt."""
        sql = (
            "SELECT message, attempts FROM pubsub_deliveries WHERE subscription = ? AND acked = 0 AND leased_until > ?"
        )
        return {(row[0], row[1]) for row in self._store.rows(sql, (subscription, self._control.clock()))}

    def _forget(self, subscription: str, message: int, *, keep: bool = False) -> None:
        sql = "DELETE FROM pubsub_deliveries WHERE subscription = ? AND message = ?"
        if keep:
            sql = "UPDATE pubsub_deliveries SET acked = 1 WHERE subscription = ? AND message = ?"
        self._store.execute(sql, (subscription, message))

    def modify_deadline(self, subscription: Resource, ack_ids: Sequence[str], deadline: float) -> None:
        """Extend leases, or give messages back (`deadline` 0)."""
        now, document = self._control.clock(), subscription.document
        parsed = [parse_ack_id(text) for text in ack_ids]
        with self._store.transaction():
            for message, attempt in parsed:
                free = now + deadline + self._backoff(document, attempt)
                self._store.execute(
                    "UPDATE pubsub_deliveries SET available = ?, leased_until = ? "
                    "WHERE subscription = ? AND message = ? AND attempts = ? AND acked = 0",
                    (free, now + deadline, subscription.name, message, attempt),
                )
                if not deadline and document.get("enableMessageOrdering"):
                    # What was leased after it with the same key comes again, after it.
                    self._store.execute(
                        "UPDATE pubsub_deliveries SET available = ?, leased_until = 0 "
                        "WHERE subscription = ? AND message > ? AND acked = 0 AND attempts > 0 AND ordering_key != '' "
                        "AND ordering_key = "
                        "(SELECT ordering_key FROM pubsub_deliveries WHERE subscription = ? AND message = ?)",
                        (free, subscription.name, message, subscription.name, message),
                    )
        if not deadline:
            self.wake(subscription.name)

    def _backoff(self, document: Mapping[str, Any], attempt: int) -> float:
        """How long a message rests after its lease. Pushes back off without a policy too."""
        policy = document.get("retryPolicy")
        if policy is not None:
            least, most = seconds(policy.get("minimumBackoff"), 10), seconds(policy.get("maximumBackoff"), 600)
        elif document.get("pushConfig", {}).get("pushEndpoint") or document.get("bigqueryConfig"):
            least, most = 0.1, 60.0
        else:
            return 0.0
        return float(min(most, least * 2 ** min(attempt - 1, 30)) * random.uniform(1.0, 1.05))  # noqa: S311 - jitter

    def _attempts_most(self, document: Mapping[str, Any]) -> int | None:
        """After how many attempts a message is dead; None where the dead-letter topic is missing."""
        policy = document.get("deadLetterPolicy") or {}
        topic = policy.get("deadLetterTopic")
        if not topic or self._store.get("pubsub.topics", topic) is None:
            return None
        return int(policy.get("maxDeliveryAttempts") or 5)

    def _bury(self, subscription: Resource, delivery: Delivery) -> None:
        """Publish to the dead-letter topic and forget."""
        project, short = subscription.name.split("/")[1], subscription.id
        attributes = {
            **delivery.attributes,
            "CloudPubSubDeadLetterSourceDeliveryCount": str(delivery.attempt - 1),
            "CloudPubSubDeadLetterSourceSubscription": short,
            "CloudPubSubDeadLetterSourceSubscriptionProject": project,
            "CloudPubSubDeadLetterSourceTopicPublishTime": timestamp(delivery.published, 3),
        }
        topic = subscription.document["deadLetterPolicy"]["deadLetterTopic"]
        self.publish(topic, [Message(delivery.data, attributes, delivery.ordering_key)])
        self._forget(subscription.name, delivery.id)

    def sweep(self, subscriptions: Sequence[Resource]) -> None:
        """Move dead messages, drop expired ones and those that nobody waits for."""
        now = self._control.clock()
        for each in subscriptions:
            limit = self._attempts_most(each.document)
            if limit is not None and self._store.rows(
                "SELECT 1 FROM pubsub_deliveries WHERE subscription = ? AND acked = 0 AND attempts >= ? "
                "AND available <= ? LIMIT 1",
                (each.name, limit, now),
            ):
                self._bury_all(each, limit, now)
            oldest = now - seconds(each.document.get("messageRetentionDuration"), 604_800)
            self._store.execute(
                "DELETE FROM pubsub_deliveries WHERE subscription = ? AND message IN "
                "(SELECT id FROM pubsub_messages WHERE published < ?)",
                (each.name, oldest),
            )
            if each.document.get("enableMessageOrdering"):
                ordering.settle(self._store, each.name, keep=bool(each.document.get("retainAckedMessages")))
        self._store.execute(
            "DELETE FROM pubsub_messages WHERE id NOT IN (SELECT message FROM pubsub_deliveries) "
            "AND id NOT IN (SELECT message FROM pubsub_snapshot_messages) AND NOT EXISTS (SELECT 1 FROM "
            "pubsub_snapshots WHERE topic = pubsub_messages.topic AND last < pubsub_messages.id)"
        )

    def _bury_all(self, subscription: Resource, limit: int, now: float) -> None:
        rows = self._store.rows(
            """SELECT d.message, d.attempts, d.ordering_key, m.data, m.attributes, m.published
            FROM pubsub_deliveries d JOIN pubsub_messages m ON m.id = d.message
            WHERE d.subscription = ? AND d.acked = 0 AND d.attempts >= ? AND d.available <= ? ORDER BY d.message""",
            (subscription.name, limit, now),
        )
        with self._store.transaction():
            for message, attempts, key, data, attributes, published in rows:
                self._bury(
                    subscription, Delivery("", message, attempts + 1, data, json.loads(attributes), key, published)
                )

    def next_available(self, subscription: str) -> float | None:
        """When the next message of a subscription can be delivered; None where none waits."""
        sql = "SELECT min(available) FROM pubsub_deliveries WHERE subscription = ? AND acked = 0"
        value = self._store.rows(sql, (subscription,))[0][0]
        return None if value is None else float(value)

    def forget_subscription(self, subscription: str) -> None:
        """Drop the messages of a subscription that goes."""
        self._store.execute("DELETE FROM pubsub_deliveries WHERE subscription = ?", (subscription,))
        self.wake(subscription)

    def seek(self, subscription: str, moment: float) -> None:
        """What was published before a time counts as acknowledged, what came after as not."""
        with self._store.transaction():
            self._store.execute(
                "UPDATE pubsub_deliveries SET available = 0, leased_until = 0, acked = "
                "(SELECT published < ? FROM pubsub_messages WHERE id = message) WHERE subscription = ?",
                (moment, subscription),
            )
        self.wake(subscription)

"""Replay: subscriptions go back to a time or to a snapshot, which keeps what one had not acknowledged at a moment.

https://cloud.google.com/pubsub/docs/replay-overview says what a snapshot keeps, and for how long.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.subscriptions import subscriptions
from sandbox.apis.pubsub.topics import DELETED, ID_MESSAGE, ID_RULE, topics
from sandbox.control import paging
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

SCHEMA = """
CREATE TABLE IF NOT EXISTS pubsub_snapshots (
  name TEXT PRIMARY KEY, topic TEXT NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pubsub_snapshot_messages (
  snapshot TEXT NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (snapshot, message)) WITHOUT ROWID;
"""
_LIFE = 7 * 86_400.0
_LEAST = 3_600.0

snapshots = Collection(
    path="v1/projects/{project}/snapshots/{snapshot}",
    id_rule=ID_RULE,
    id_message=ID_MESSAGE,
    create="PUT",
    body_field="snapshot",
    mask="required",
    immutable=("topic",),
    required=("subscription",),
    iam=True,
)


@snapshots.on_create
async def take(snapshot: Resource, call: Call) -> None:
    """The subscription's backlog at this moment. Refused where the oldest of it would soon be gone."""
    subscription = subscriptions.must(call.control, str(snapshot.document.pop("subscription")))
    topic = subscription.document["topic"]
    if topic == DELETED:
        raise failed_precondition("The subscription's topic was deleted.")
    now, store = call.control.clock(), call.store
    oldest = store.rows(
        "SELECT min(m.published) FROM pubsub_deliveries d JOIN pubsub_messages m ON m.id = d.message "
        "WHERE d.subscription = ? AND d.acked = 0",
        (subscription.name,),
    )[0][0]
    left = _LIFE - (now - oldest if oldest is not None else 0.0)
    if left < _LEAST:
        raise failed_precondition(
            "The subscription's oldest message is so old that a snapshot would last below an hour."
        )
    snapshot.document = {
        **snapshot.document,
        "topic": topic,
        "expireTime": timestamp(now + left, 3),
    }
    with store.transaction():
        _forget(call.control, snapshot.name)
        last = store.rows("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'pubsub_messages'")[0][0]
        store.execute("INSERT INTO pubsub_snapshots VALUES (?, ?, ?)", (snapshot.name, topic, last))
        store.execute(
            "INSERT INTO pubsub_snapshot_messages SELECT ?, message FROM pubsub_deliveries "
            "WHERE subscription = ? AND acked = 0",
            (snapshot.name, subscription.name),
        )


@snapshots.on_update
async def check_change(old: Resource, new: Resource, call: Call) -> None:
    """Its end may be moved, into the future."""
    try:
        moment = datetime.fromisoformat(str(new.document.get("expireTime"))).timestamp()
    except ValueError as error:
        raise invalid_argument("Invalid expireTime.", {"snapshot.expire_time": "not a timestamp"}) from error
    if moment <= call.control.clock():
        raise invalid_argument("expireTime is in the past.", {"snapshot.expire_time": "in the past"})
    new.document["expireTime"] = timestamp(moment, 3)


@snapshots.deleted
async def forget(snapshot: Resource, call: Call) -> None:
    """What it kept may go."""
    _forget(call.control, snapshot.name)


def _forget(control: Control, name: str) -> None:
    control.store.execute("DELETE FROM pubsub_snapshots WHERE name = ?", (name,))
    control.store.execute("DELETE FROM pubsub_snapshot_messages WHERE snapshot = ?", (name,))


@subscriptions.verb("seek")
async def seek(subscription: Resource, call: Call) -> dict[str, Any]:
    """`subscriptions.seek` to a time or a snapshot. What only the topic retains isn't brought back."""
    body = call.body()
    if body.get("snapshot"):
        _restore(call.control, subscription, str(body["snapshot"]))
        return {}
    if "time" not in body:
        raise invalid_argument("A time or a snapshot to seek to is required.", {"target": "required"})
    try:
        moment = datetime.fromisoformat(str(body["time"])).timestamp()
    except ValueError as error:
        raise invalid_argument(f"Invalid time '{body['time']}'.", {"time": "not a timestamp"}) from error
    if moment < call.control.clock() and "topicMessageRetentionDuration" in subscription.document:
        raise unimplemented("The sandbox does not bring back messages that only the topic retains.")
    call.control.part(Engine).seek(subscription.name, moment)
    return {}


def _restore(control: Control, subscription: Resource, name: str) -> None:
    """What the snapshot keeps and what was published since is to be delivered again, and nothing else."""
    snapshot, store, engine = snapshots.must(control, name), control.store, control.part(Engine)
    if snapshot.document["topic"] != subscription.document["topic"]:
        text = "The topic of the snapshot must be the one of the subscription."
        raise invalid_argument(text, {"snapshot": text})
    with store.transaction():
        kept = store.rows(
            "SELECT m.id, m.attributes, m.ordering_key FROM pubsub_messages m, pubsub_snapshots s "
            "WHERE s.name = ? AND m.topic = s.topic AND (m.id > s.last OR m.id IN "
            "(SELECT message FROM pubsub_snapshot_messages WHERE snapshot = s.name)) ORDER BY m.id",
            (name,),
        )
        store.execute("DELETE FROM pubsub_deliveries WHERE subscription = ?", (subscription.name,))
        for message, attributes, key in kept:
            if engine.takes(subscription, json.loads(attributes)):
                store.execute(
                    "INSERT INTO pubsub_deliveries VALUES (?, ?, ?, 0, 0, 0, 0)", (subscription.name, message, key)
                )
    engine.wake(subscription.name)


@topics.deleted
async def orphan(topic: Resource, call: Call) -> None:
    """Snapshots outlive their topic."""
    for snapshot in call.store.select(snapshots.key):
        if snapshot.document["topic"] == topic.name:
            snapshot.document["topic"] = DELETED
            call.store.put(snapshot)


def expire(control: Control) -> None:
    """Remove those whose time has come."""
    now = timestamp(control.clock(), 3)
    for snapshot in control.store.select(snapshots.key):
        ends = str(snapshot.document["expireTime"])
        if datetime.fromisoformat(ends).astimezone(UTC) <= datetime.fromisoformat(now):
            with control.store.transaction():
                control.store.delete(snapshots.key, snapshot.name)
                control.store.delete_policy(snapshot.name)
                _forget(control, snapshot.name)


async def list_of_topic(call: Call) -> Response:
    """`topics.snapshots.list`: names."""
    topic = topics.must(call.control, topics.name(call.params))
    names = [each.name for each in call.store.select(snapshots.key) if each.document["topic"] == topic.name]
    size = call.integer("pageSize", 100, 1000) or 100
    after = paging.after(call.query("pageToken"))
    page = [name for name in sorted(names) if name > after][: size + 1]
    return Response.of(paging.page("snapshots", page, size, lambda name: name))


ROUTES = [Route("GET", "v1/projects/{project}/topics/{topic}/snapshots", list_of_topic)]

"""Pub/Sub v1: topics, subscriptions, schemas, durable messages, streams, push, BigQuery and Cloud Storage delivery.

Message transforms are stored and not run.

Not served: ingestion from other clouds and of Avro.
"""

from __future__ import annotations

import asyncio

from sandbox.apis.pubsub import ingestion, replay, schemas, subscriptions, topics
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.push import Deliverer
from sandbox.control.context import Control
from sandbox.control.router import Api
from sandbox.control.store import Resource

_SWEEP_EVERY = 1.0
_BY_TOPIC = """CREATE INDEX IF NOT EXISTS pubsub_subscriptions_by_topic ON resources (json_extract(document, '$.topic'))
  WHERE collection = 'pubsub.subscriptions'"""


async def _start(control: Control) -> None:
    control.store.schema(_BY_TOPIC)
    control.store.schema(replay.SCHEMA)

    def of_topic(topic: str) -> list[Resource]:
        sql = "SELECT name FROM resources WHERE collection = 'pubsub.subscriptions' "
        names = control.store.rows(sql + "AND json_extract(document, '$.topic') = ?", (topic,))
        found = (subscriptions.subscriptions.find(control, name) for (name,) in names)
        return [each for each in found if each is not None]

    engine = Engine(control, of_topic)
    deliverer = Deliverer(control, engine)
    control.provide(engine)
    control.provide(deliverer)
    for subscription in control.store.select(subscriptions.subscriptions.key):
        deliverer.reconcile(subscription)
    control.spawn(_sweep(control, engine), "pubsub sweep")
    ingestion.start(control)


async def _stop(control: Control) -> None:
    await control.part(Deliverer).close()


async def _sweep(control: Control, engine: Engine) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY)
        replay.expire(control)
        engine.sweep(control.store.select(subscriptions.subscriptions.key))


API = Api(
    "pubsub.googleapis.com",
    "pubsub",
    [topics.topics, subscriptions.subscriptions, replay.snapshots, schemas.schemas],
    [*topics.ROUTES, *replay.ROUTES, *schemas.ROUTES],
    start=_start,
    stop=_stop,
)

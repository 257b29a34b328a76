"""A subscriber's stream, without gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.apis.pubsub import api as pubsub
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Message
from sandbox.apis.pubsub.streaming import Stream
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store

TOPIC, NAME = "projects/atm-streams/topics/quotes", "projects/atm-streams/subscriptions/quotes"


@pytest.fixture
async def control(tmp_path: Path) -> AsyncIterator[Control]:
    made = Control(Store(tmp_path / "sandbox.db"), tmp_path)
    router = Router(made)
    router.add(pubsub.API)
    assert pubsub.API.start is not None
    assert pubsub.API.stop is not None
    await pubsub.API.start(made)
    await router.dispatch(Request.of("PUT", f"/pubsub/v1/{TOPIC}", {}))
    await router.dispatch(Request.of("PUT", f"/pubsub/v1/{NAME}", {"topic": TOPIC}))
    yield made
    await pubsub.API.stop(made)
    await made.stop()
    made.store.close()


@pytest.mark.parametrize("turns", range(4))
async def test_a_stream_that_ends_while_it_is_woken_takes_nothing(control: Control, turns: int) -> None:
    engine = control.part(Engine)
    waiting = asyncio.ensure_future(Stream(control, NAME, 10).next())
    await asyncio.sleep(0.01)
    engine.wake(NAME)
    for _ in range(turns):
        await asyncio.sleep(0)
    waiting.cancel()
    engine.publish(TOPIC, [Message(b"x", {})])
    await asyncio.wait({waiting}, timeout=2)
    assert waiting.cancelled()
    _, (delivery,) = await asyncio.wait_for(Stream(control, NAME, 10).next(), 2)
    assert delivery.attempt == 1


async def test_what_could_not_be_sent_is_for_others(control: Control) -> None:
    control.part(Engine).publish(TOPIC, [Message(b"x", {})])
    stream = Stream(control, NAME, 600)
    stream.give_back((await stream.next())[1])
    _, (again,) = await asyncio.wait_for(Stream(control, NAME, 10).next(), 2)
    assert again.attempt == 2


async def test_bytes_that_are_outstanding_are_bounded_too(control: Control) -> None:
    control.part(Engine).publish(TOPIC, [Message(b"x" * 100, {}) for _ in range(3)])
    stream = Stream(control, NAME, 600, most_bytes=100)
    _, first = await stream.next()
    waiting = asyncio.ensure_future(stream.next())
    await asyncio.sleep(0.05)
    assert (len(first), waiting.done()) == (1, False)
    stream.acknowledge([first[0].ack_id])
    _, second = await asyncio.wait_for(waiting, 2)
    assert len(second) == 1

"""Messages with keys that come again: https://cloud.google.com/pubsub/docs/ordering."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.pubsub import api as pubsub
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

TOPIC, NAME = "projects/atm-order/topics/quotes", "projects/atm-order/subscriptions/quotes"


class Line:
    """An ordered subscription, and the time."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.time = 1_800_000_000.0
        router.control.clock = lambda: self.time

    async def open(self, **settings: Any) -> Line:
        assert pubsub.API.start is not None
        await pubsub.API.start(self.router.control)
        await ask(self.router, "PUT", f"/pubsub/v1/{TOPIC}", {})
        await ask(self.router, "PUT", f"/pubsub/v1/{NAME}", {"topic": TOPIC, "enableMessageOrdering": True, **settings})
        return self

    async def publish(self, *texts: str) -> None:
        """The first letter is the key."""
        messages = [{"data": base64.b64encode(one.encode()).decode(), "orderingKey": one[0]} for one in texts]
        await ask(self.router, "POST", f"/pubsub/v1/{TOPIC}:publish", {"messages": messages})

    async def pull(self) -> dict[str, str]:
        body = {"maxMessages": 100, "returnImmediately": True}
        found = await ask(self.router, "POST", f"/pubsub/v1/{NAME}:pull", body)
        return {
            base64.b64decode(one["message"]["data"]).decode(): one["ackId"] for one in found.get("receivedMessages", [])
        }

    async def acknowledge(self, *ids: str) -> None:
        await ask(self.router, "POST", f"/pubsub/v1/{NAME}:acknowledge", {"ackIds": ids})

    async def refuse(self, *ids: str) -> None:
        body = {"ackIds": ids, "ackDeadlineSeconds": 0}
        await ask(self.router, "POST", f"/pubsub/v1/{NAME}:modifyAckDeadline", body)


@pytest.fixture
async def line(tmp_path: Path) -> Any:
    with routing(tmp_path, pubsub.API) as router:
        yield Line(router)
        assert pubsub.API.stop is not None
        await pubsub.API.stop(router.control)
        await router.control.stop()


async def test_a_refused_message_brings_the_later_ones_of_its_key_again_acknowledged_or_not(line: Line) -> None:
    await line.open()
    await line.publish("a1", "a2", "b1", "a3", "a4")
    first = await line.pull()
    await line.acknowledge(first["a2"], first["a4"], first["b1"])
    await line.refuse(first["a1"])
    again = await line.pull()
    assert list(again) == ["a1", "a2", "a3", "a4"]
    await line.acknowledge(*again.values())
    line.time += 60
    assert await line.pull() == {}


async def test_so_does_one_whose_time_is_over(line: Line) -> None:
    await line.open()
    await line.publish("a1", "a2", "a3")
    first = await line.pull()
    await line.acknowledge(first["a3"])
    line.time += 11
    assert list(await line.pull()) == ["a1", "a2", "a3"]


async def test_what_all_earlier_ones_were_acknowledged_for_comes_no_more(line: Line) -> None:
    await line.open()
    await line.publish("a1", "a2", "a3")
    first = await line.pull()
    await line.acknowledge(first["a2"])
    await line.acknowledge(first["a1"])
    await line.refuse(first["a3"])
    assert list(await line.pull()) == ["a3"]


@pytest.mark.parametrize("kept", [False, True])
async def test_after_all_are_acknowledged_only_a_seek_brings_back_what_is_retained(line: Line, kept: bool) -> None:
    await line.open(retainAckedMessages=kept)
    await line.publish("a1", "a2")
    first = await line.pull()
    await line.acknowledge(first["a2"])
    await line.acknowledge(first["a1"])
    assert await line.pull() == {}
    await ask(line.router, "POST", f"/pubsub/v1/{NAME}:seek", {"time": "2020-01-01T00:00:00Z"})
    assert list(await line.pull()) == (["a1", "a2"] if kept else [])

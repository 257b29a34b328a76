"""Snapshots and seeking through google-cloud-pubsub, unchanged, against the sandbox."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import pubsub_v1

from tests.integration.sandbox_process import Sandbox

PROJECT = "projects/pubsub-replay"


@pytest.fixture(scope="module")
def clients(sandbox: Sandbox) -> Iterator[tuple[Any, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", str(sandbox.document["grpc"]))
        yield pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()


class Line:
    """A topic and a subscription of its own."""

    def __init__(self, clients: tuple[Any, Any], **settings: Any) -> None:
        self.publisher, self.subscriber = clients
        stem = f"t{os.urandom(4).hex()}"
        self.topic, self.name = f"{PROJECT}/topics/{stem}", f"{PROJECT}/subscriptions/{stem}"
        self.snapshot = f"{PROJECT}/snapshots/{stem}"
        self.publisher.create_topic(name=self.topic)
        self.subscribe(self.name, **settings)

    def subscribe(self, name: str, **settings: Any) -> None:
        self.subscriber.create_subscription(request={"name": name, "topic": self.topic, **settings})

    def publish(self, *texts: str, **attributes: str) -> None:
        for text in texts:
            self.publisher.publish(self.topic, text.encode(), **attributes).result(10)

    def take(self, *, ack: bool = True, name: str = "") -> list[str]:
        """What is there, acknowledged."""
        asked = {"subscription": name or self.name, "max_messages": 100, "return_immediately": True}
        received = self.subscriber.pull(request=asked).received_messages
        if received and ack:
            self.subscriber.acknowledge(subscription=name or self.name, ack_ids=[each.ack_id for each in received])
        return sorted(each.message.data.decode() for each in received)

    def take_snapshot(self) -> Any:
        return self.subscriber.create_snapshot(name=self.snapshot, subscription=self.name)

    def seek(self, **to: Any) -> None:
        self.subscriber.seek(request={"subscription": self.name, **to})


@pytest.mark.filterwarnings("ignore:The return_immediately:DeprecationWarning")
def test_a_snapshot_brings_back_its_backlog_and_what_came_since(clients: tuple[Any, Any]) -> None:
    line = Line(clients)
    line.publish("done")
    assert line.take() == ["done"]
    line.publish("open")
    made = line.take_snapshot()
    assert made.topic == line.topic
    week = datetime.timedelta(days=7)
    assert week - datetime.timedelta(minutes=1) < made.expire_time - datetime.datetime.now(datetime.UTC) <= week
    line.publish("after")
    assert line.take() == ["after", "open"]
    time.sleep(1.5)  # what nobody waits for is swept away each second
    for _ in range(2):  # as often as one likes
        line.seek(snapshot=line.snapshot)
        assert line.take() == ["after", "open"]


def test_another_subscription_of_the_topic_goes_there_by_its_own_filter(clients: tuple[Any, Any]) -> None:
    line = Line(clients)
    line.publish("plain")
    line.publish("urgent", tier="1")
    line.take_snapshot()
    other = line.name + "-tier"
    line.subscribe(other, filter='attributes.tier = "1"')
    line.subscriber.seek(request={"subscription": other, "snapshot": line.snapshot})
    assert line.take(name=other) == ["urgent"]
    foreign = Line(clients)
    with pytest.raises(exceptions.InvalidArgument, match="topic"):
        foreign.seek(snapshot=line.snapshot)


def test_snapshots_are_listed_changed_and_deleted(clients: tuple[Any, Any]) -> None:
    line = Line(clients)
    line.take_snapshot()
    subscriber = line.subscriber
    assert line.snapshot in [each.name for each in subscriber.list_snapshots(project=PROJECT)]
    assert list(line.publisher.list_topic_snapshots(topic=line.topic)) == [line.snapshot]
    changed = {"name": line.snapshot, "labels": {"why": "release"}}
    request = {"snapshot": changed, "update_mask": {"paths": ["labels"]}}
    assert subscriber.update_snapshot(request=request).labels == {"why": "release"}
    with pytest.raises(exceptions.AlreadyExists):
        line.take_snapshot()
    with pytest.raises(exceptions.NotFound):
        subscriber.create_snapshot(name=line.snapshot + "-2", subscription=line.name + "-none")
    policy = subscriber.get_iam_policy(request={"resource": line.snapshot})
    assert not policy.bindings
    line.publisher.delete_topic(topic=line.topic)
    assert subscriber.get_snapshot(snapshot=line.snapshot).topic == "_deleted-topic_"
    subscriber.delete_snapshot(snapshot=line.snapshot)
    with pytest.raises(exceptions.NotFound):
        subscriber.get_snapshot(snapshot=line.snapshot)


def test_a_snapshot_ends_and_what_it_kept_goes(clients: tuple[Any, Any]) -> None:
    line = Line(clients)
    line.publish("kept")
    line.take_snapshot()
    assert line.take() == ["kept"]
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    changed = {"name": line.snapshot, "expire_time": soon}
    line.subscriber.update_snapshot(request={"snapshot": changed, "update_mask": {"paths": ["expire_time"]}})
    until = time.monotonic() + 10
    while line.snapshot in [each.name for each in line.subscriber.list_snapshots(project=PROJECT)]:
        assert time.monotonic() < until
        time.sleep(0.1)
    with pytest.raises(exceptions.NotFound):
        line.seek(snapshot=line.snapshot)


def test_a_time_is_sought_back_and_forth(clients: tuple[Any, Any]) -> None:
    line = Line(clients, retain_acked_messages=True)
    line.publish("one")
    time.sleep(0.05)
    between = datetime.datetime.now(datetime.UTC)
    time.sleep(0.05)
    line.publish("two")
    assert line.take() == ["one", "two"]
    line.seek(time=between)
    assert line.take() == ["two"]
    line.seek(time=between - datetime.timedelta(minutes=1))
    assert line.take(ack=False) == ["one", "two"]
    line.seek(time=datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1))
    assert line.take() == []

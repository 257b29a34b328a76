"""Publisher and Subscriber, against the sandbox: order, idempotency, dead letters."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared_services import (
    CloudNotFound,
    InputError,
    Publisher,
    ReceivedMessage,
    Subscriber,
    TransientError,
    bound_correlation_id,
    correlation_id,
)

Made = Callable[..., Any]


@pytest.fixture
def pair(make: Made, name: str) -> str:
    """A topic and a subscription of one name, and a dead-letter topic with its own."""
    for topic in (name, f"{name}-dead"):
        make("PUT", f"/pubsub/v1/projects/{{project}}/topics/{topic}")
        body = {
            "topic": f"projects/library-tests/topics/{topic}",
            "enableMessageOrdering": True,
            "ackDeadlineSeconds": 10,
        }
        make("PUT", f"/pubsub/v1/projects/{{project}}/subscriptions/{topic}", body)
    return name


@pytest.fixture
def publisher(pair: str, environ: dict[str, str]) -> Iterator[Publisher]:
    with Publisher(pair, ordering=True, environ=environ) as publisher:
        yield publisher


def drain(subscriber: Subscriber, handler: Callable[[ReceivedMessage], object], wanted: int) -> int:
    done, until = 0, time.monotonic() + 20
    while done < wanted and time.monotonic() < until:
        done += subscriber.pull(handler)
    return done


def test_messages_of_a_key_are_handled_in_order(pair: str, publisher: Publisher, environ: dict[str, str]) -> None:
    for number in range(30):
        publisher.publish({"number": number}, ordering_key=f"S{number % 3}")
    publisher.flush()
    seen: dict[str, list[int]] = {}
    subscriber = Subscriber(pair, environ=environ)
    assert drain(subscriber, lambda m: seen.setdefault(m.ordering_key, []).append(m.json()["number"]), 30) == 30
    assert seen == {f"S{key}": list(range(key, 30, 3)) for key in range(3)}


def test_what_is_sent_twice_is_handled_once(pair: str, publisher: Publisher, environ: dict[str, str]) -> None:
    for _ in range(3):
        publisher.publish(b"order", idempotency_key="order-17")
    publisher.flush()
    seen: list[str] = []
    assert drain(Subscriber(pair, environ=environ), lambda m: seen.append(m.key), 3) == 3
    assert seen == ["order-17"]


def test_a_passing_error_brings_the_message_again_in_order(
    pair: str, publisher: Publisher, environ: dict[str, str]
) -> None:
    for number in range(3):
        publisher.publish({"number": number}, ordering_key="TCS")
    publisher.flush()
    seen: list[int] = []
    failed = threading.Event()

    def handler(message: ReceivedMessage) -> None:
        if message.json()["number"] == 1 and not failed.is_set():
            failed.set()
            raise TransientError("database busy")
        seen.append(message.json()["number"])

    assert drain(Subscriber(pair, environ=environ), handler, 3) == 3
    assert seen == [0, 1, 2]


def test_what_cant_be_handled_is_put_aside_with_its_reason(
    pair: str, publisher: Publisher, environ: dict[str, str]
) -> None:
    publisher.publish(b"not JSON", idempotency_key="bad-1")
    publisher.publish({"number": 1})
    publisher.flush()
    good: list[int] = []
    subscriber = Subscriber(pair, dead_letter=f"{pair}-dead", environ=environ)
    assert drain(subscriber, lambda m: good.append(m.json()["number"]), 2) == 2
    assert good == [1]
    dead: list[ReceivedMessage] = []
    assert drain(Subscriber(f"{pair}-dead", environ=environ), dead.append, 1) == 1
    (message,) = dead
    assert (message.data, message.key, message.attributes["error_class"]) == (b"not JSON", "bad-1", "input")
    assert message.attributes["source_subscription"] == f"projects/library-tests/subscriptions/{pair}"


def test_the_correlation_id_goes_along(pair: str, publisher: Publisher, environ: dict[str, str]) -> None:
    with bound_correlation_id("c-42"):
        publisher.publish(b"x").result(timeout=10)
    seen: list[str | None] = []
    assert drain(Subscriber(pair, environ=environ), lambda m: seen.append(correlation_id()), 1) == 1
    assert (seen, correlation_id()) == (["c-42"], None)


def test_a_running_subscriber_receives_and_stops(pair: str, publisher: Publisher, environ: dict[str, str]) -> None:
    got = threading.Event()
    subscriber = Subscriber(pair, environ=environ)
    subscriber.start(lambda message: got.set())
    publisher.publish(b"x").result(timeout=10)
    assert got.wait(20)
    subscriber.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "subscriber"]


def test_a_missing_topic_is_said(environ: dict[str, str]) -> None:
    with Publisher("no-such-topic", environ=environ) as publisher, pytest.raises(CloudNotFound, match="no-such-topic"):
        publisher.publish(b"x").result(timeout=20)


def test_a_missing_subscription_is_said(environ: dict[str, str]) -> None:
    with pytest.raises(CloudNotFound, match="no-such-subscription"):
        Subscriber("no-such-subscription", environ=environ).pull(print)


def test_a_key_needs_order_and_a_message_has_an_end(pair: str, environ: dict[str, str]) -> None:
    publisher = Publisher(pair, environ=environ)
    with pytest.raises(InputError, match="ordering=True"):
        publisher.publish(b"x", ordering_key="TCS")
    with pytest.raises(InputError, match="10,000,000"):
        publisher.publish(b"x" * 10_000_001)

"""Messages that Pub/Sub pushes: who may, in which form, once, and what the answer says of them."""

from __future__ import annotations

import asyncio
import base64
import json
from concurrent.futures import Future
from typing import Any

import pytest
from fastapi import FastAPI

from shared_services import (
    Idempotency,
    InputError,
    MemoryKeys,
    PushEndpoint,
    ReceivedMessage,
    TransientError,
    create_app,
)
from shared_services.logging import correlation_id, current_trace

from .asgi import Line, client, settings
from .test_auth import Token, keys, secured, token  # noqa: F401 - fixtures

SUBSCRIPTION = "projects/p/subscriptions/signals-risk"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def envelope(data: bytes = b'{"symbol": "TCS"}', id: str = "9001", **attributes: str) -> dict[str, Any]:
    message = {"data": base64.b64encode(data).decode(), "messageId": id, "publishTime": "2026-01-02T10:30:00.5Z"}
    return {"message": {**message, "attributes": attributes}, "subscription": SUBSCRIPTION, "deliveryAttempt": 2}


class Handled:
    """An application with one push endpoint, and what it was given."""

    def __init__(self, **more: Any) -> None:
        self.messages: list[ReceivedMessage] = []
        self.seen: list[tuple[str | None, str]] = []
        self.error: Exception | None = None
        self.app: FastAPI = create_app(settings=more.pop("settings", None) or settings())
        self.app.post("/push")(PushEndpoint(**more)(self.handle))

    async def handle(self, message: ReceivedMessage) -> None:
        await asyncio.sleep(0)
        trace = current_trace()
        self.seen.append((correlation_id(), trace.trace_id if trace else ""))
        if self.error:
            raise self.error
        self.messages.append(message)


async def test_a_message_is_taken_out_of_its_envelope() -> None:
    made = Handled()
    async with client(made.app) as http:
        sent = envelope(correlation_id="c-17", traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
        answer = await http.post("/push", json=sent)
    assert (answer.status_code, answer.content) == (204, b"")
    (message,) = made.messages
    assert (message.json(), message.message_id, message.delivery_attempt) == ({"symbol": "TCS"}, "9001", 2)
    assert message.published is not None
    assert made.seen == [("c-17", TRACE)]


async def test_a_message_without_an_envelope_is_the_request_itself() -> None:
    made = Handled()
    headers = {
        "x-goog-pubsub-message-id": "77",
        "x-goog-pubsub-subscription-name": SUBSCRIPTION,
        "x-goog-pubsub-ordering-key": "TCS",
        "strategy": "momentum",
        "correlation_id": "c-18",
    }
    async with client(made.app) as http:
        codes = [(await http.post("/push", content=b"raw", headers=headers)).status_code for _ in range(2)]
    (message,) = made.messages
    assert codes == [204, 204]
    assert (message.data, message.message_id, message.ordering_key) == (b"raw", "77", "TCS")
    assert message.attributes == {"strategy": "momentum", "correlation_id": "c-18"}
    assert made.seen == [("c-18", made.seen[0][1])]


async def test_without_metadata_the_same_bytes_are_the_same_message() -> None:
    made = Handled(form="unwrapped")
    async with client(made.app) as http:
        for body in (b"a", b"a", b"b"):
            assert (await http.post("/push", content=body)).status_code == 204
    assert [message.data for message in made.messages] == [b"a", b"b"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"message": 1}',
        b'{"message": {"data": "aGk="}, "subscription": "s"}',
        b'{"message": {"messageId": "1", "data": "not base64"}, "subscription": "s"}',
        b'{"message": {"messageId": "1", "attributes": [1]}, "subscription": "s"}',
    ],
)
async def test_what_is_no_push_is_400(body: bytes) -> None:
    made = Handled()
    async with client(made.app) as http:
        answer = await http.post("/push", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert made.messages == []


async def test_a_message_that_comes_again_is_acknowledged_and_not_handled() -> None:
    made = Handled()
    async with client(made.app) as http:
        for id, key in (("1", "order-17"), ("2", "order-17"), ("3", "order-18")):
            assert (await http.post("/push", json=envelope(id=id, idempotency_key=key))).status_code == 204
    assert [message.message_id for message in made.messages] == ["1", "3"]


async def test_while_it_is_handled_the_same_message_is_given_back() -> None:
    going, ends = asyncio.Event(), asyncio.Event()
    app = create_app(settings=settings())

    @app.post("/push")
    @PushEndpoint(once=Idempotency(MemoryKeys()))
    async def slow(message: ReceivedMessage) -> None:
        going.set()
        await ends.wait()

    async with client(app) as http:
        first = asyncio.create_task(http.post("/push", json=envelope()))
        await going.wait()
        again = await http.post("/push", json=envelope())
        ends.set()
        assert (again.status_code, (await first).status_code) == (409, 204)


async def test_a_passing_error_gives_the_message_back_and_it_is_handled_when_it_comes_again() -> None:
    made = Handled()
    async with client(made.app) as http:
        made.error = TransientError("the database is away")
        assert (await http.post("/push", json=envelope())).status_code == 503
        made.error = InputError("there is no symbol XYZ")
        assert (await http.post("/push", json=envelope())).status_code == 422
        made.error = None
        assert (await http.post("/push", json=envelope())).status_code == 204
    assert len(made.messages) == 1


class Topic:
    """What would be published."""

    def __init__(self) -> None:
        self.messages: list[tuple[bytes, dict[str, str]]] = []
        self.error: Exception | None = None

    def publish(self, data: bytes, *, attributes: dict[str, str]) -> Future[str]:
        done: Future[str] = Future()
        if self.error is not None:
            done.set_exception(self.error)
        else:
            self.messages.append((data, attributes))
            done.set_result("1")
        return done


async def test_what_never_can_be_handled_is_put_aside_once(_lines: list[Line]) -> None:
    topic = Topic()
    made = Handled(dead_letter=topic)
    async with client(made.app) as http:
        made.error = TransientError("away")
        assert (await http.post("/push", json=envelope())).status_code == 503
        made.error = InputError("no such symbol")
        topic.error = TransientError("the topic is away")
        assert (await http.post("/push", json=envelope())).status_code == 503
        topic.error = None
        assert (await http.post("/push", json=envelope())).status_code == 204
    ((data, attributes),) = topic.messages
    assert json.loads(data) == {"symbol": "TCS"}
    assert attributes["error_message"] == "no such symbol"
    assert (attributes["source_subscription"], attributes["idempotency_key"]) == (SUBSCRIPTION, "9001")
    assert any("put aside" in line["message"] for line in _lines)


async def test_a_plain_function_is_run_in_a_thread() -> None:
    app = create_app(settings=settings())
    found: list[Any] = []

    @app.post("/push")
    @PushEndpoint()
    def handle(message: ReceivedMessage) -> None:
        found.append((message.json(), correlation_id()))

    async with client(app) as http:
        assert (await http.post("/push", json=envelope(correlation_id="c-1"))).status_code == 204
    assert found == [({"symbol": "TCS"}, "c-1")]


async def test_only_the_accounts_that_are_named_may_push(token: Token, keys: Any, tmp_path: Any) -> None:  # noqa: F811
    certificates = tmp_path / "certificates.json"
    certificates.write_text(json.dumps({"ours": keys["ours"][1]}))
    account = "pubsub-push@p.iam.gserviceaccount.com"
    audience = "https://risk.example.com/push"
    base = secured(str(certificates), audiences=())
    made = Handled(settings=base, accounts=[account], audience=audience)
    async with client(made.app) as http:

        async def push(**claims: Any) -> int:
            headers = {"authorization": f"Bearer {token(**{'email': account, 'aud': audience, **claims})}"}
            return (await http.post("/push", json=envelope(), headers=headers)).status_code

        assert await push() == 204
        assert await push(email="asha@example.com") == 403
        assert await push(email_verified=False) == 403
        assert await push(aud="https://other.example.com") == 401
        assert await push(exp=1_000_000, iat=1) == 401
        assert await push(by="theirs") == 401
        assert (await http.post("/push", json=envelope())).status_code == 401
    open_ = Handled(accounts=[account])
    async with client(open_.app) as http:  # nobody verifies a token: so nobody is let in
        assert (await http.post("/push", json=envelope())).status_code == 401

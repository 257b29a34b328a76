"""Which address is called: known, healthy, the less busy; and what a call carries."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from shared_services import (
    IdTokens,
    InputError,
    NoEndpoint,
    ServiceClient,
    ServiceRegistry,
    StaticSource,
    TimedOut,
    UnknownService,
    bound_correlation_id,
    current_traceparent,
    deadline,
    span,
)
from tests.support.waiting import eventually_async

URLS = ("http://risk-1:8003", "http://risk-2:8003", "http://risk-3:8003")


def registry(**more: Any) -> ServiceRegistry:
    return ServiceRegistry([StaticSource({"risk-manager": URLS, "auth": ("http://auth:8081",)})], **more)


class Network(httpx.AsyncBaseTransport):
    """Answers by host; an exception is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.seen: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = self.answers.get(request.url.host, 200)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, json={"from": request.url.host})

    def hosts(self) -> list[str]:
        return [request.url.host for request in self.seen]


async def test_an_unknown_service_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownService, match=r"no service risk\n  why: known: auth, risk-manager"):
        await registry().pick("risk")


async def test_calls_are_spread_over_the_addresses_and_the_busy_are_spared() -> None:
    found = registry()
    picked = Counter([(await found.pick("risk-manager")).url for _ in range(600)])
    assert all(count > 120 for count in picked.values())
    busy = (await found.endpoints("risk-manager"))[0]
    busy.active = 10
    picked = Counter([(await found.pick("risk-manager")).url for _ in range(600)])
    assert picked[busy.url] < 130


async def test_an_address_that_fails_is_left_alone_and_tried_again_later() -> None:
    network = Network(risk_1=httpx.ConnectError("refused"))
    client = ServiceClient(registry(), "risk-manager", transport=network)
    answers = [await client.get("/limits") for _ in range(60)]
    assert {answer.status_code for answer in answers} == {200}
    assert network.hosts().count("risk-1") == 3
    await client.close()


async def test_when_none_works_it_says_so() -> None:
    refused = httpx.ConnectError("refused")
    network = Network(risk_1=refused, risk_2=refused, risk_3=refused)
    client = ServiceClient(registry(), "risk-manager", transport=network)
    for _ in range(12):
        with pytest.raises((httpx.ConnectError, NoEndpoint)):
            await client.get("/limits")
    with pytest.raises(NoEndpoint, match="no address of risk-manager works"):
        await client.get("/limits")
    await client.close()


async def test_what_may_not_be_repeated_is_sent_once() -> None:
    network = Network(risk_1=503, risk_2=503, risk_3=503)
    client = ServiceClient(registry(), "risk-manager", transport=network, attempts=3)
    assert (await client.post("/orders")).status_code == 503
    assert len(network.seen) == 1
    assert (await client.post("/orders", headers={"Idempotency-Key": "o-1"})).status_code == 503
    assert len(network.seen) == 4
    network.answers = dict.fromkeys(("risk-1", "risk-2", "risk-3"), httpx.ReadError("reset"))
    with pytest.raises(httpx.ReadError):
        await client.post("/orders")
    assert len(network.seen) == 5
    await client.close()


async def test_a_call_carries_what_belongs_to_the_request() -> None:
    network = Network()
    tokens = IdTokens(fetch=lambda audience: f"token-for-{audience}")
    client = ServiceClient(registry(), "auth", transport=network, tokens=tokens)
    with bound_correlation_id("c-1"), span("outer"):
        trace = (current_traceparent() or "").split("-")[1]
        await client.get("/users")
    sent = network.seen[0].headers
    assert (sent["x-correlation-id"], sent["traceparent"].split("-")[1]) == ("c-1", trace)
    assert sent["authorization"] == "Bearer token-for-http://auth:8081"
    with deadline(0), pytest.raises(TimedOut):
        await client.get("/users")
    await client.close()


async def test_tokens_are_kept_until_shortly_before_they_expire() -> None:
    now, fetched = [0.0], []
    tokens = IdTokens(fetch=lambda audience: fetched.append(audience) or "t", clock=lambda: now[0])
    for now[0] in (0.0, 2999.0, 3001.0):
        assert tokens("https://a") == "t"
    assert len(fetched) == 2


async def test_known_addresses_serve_on_when_the_source_is_down() -> None:
    now = [0.0]

    class Flapping:
        answers: list[Mapping[str, tuple[str, ...]] | Exception] = [
            {"auth": ("http://auth-1",)},
            ConnectionError("down"),
            {"auth": ("http://auth-1", "http://auth-2")},
        ]

        async def addresses(self) -> Mapping[str, tuple[str, ...]]:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    found = ServiceRegistry([Flapping()], ttl_seconds=10, clock=lambda: now[0])
    first = (await found.endpoints("auth"))[0]
    first.active = 5
    counts = []
    for now[0] in (5.0, 11.0, 22.0):
        counts.append(len(await found.endpoints("auth")))
    assert counts == [1, 1, 2]
    assert (await found.endpoints("auth"))[0] is first


async def test_those_that_say_they_are_not_ready_are_not_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = registry()
    network = Network(risk_1=503, risk_2=httpx.ConnectError("x"))
    make = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **more: make(transport=network, **more))
    found.start(interval_seconds=0.01)
    # Asked twice, each: the first round is over.
    assert await eventually_async(lambda: Counter(network.hosts()) >= Counter(["risk-1", "risk-2", "risk-3"] * 2))
    await found.stop()
    assert {(await found.pick("risk-manager")).url for _ in range(50)} == {URLS[2]}
    assert "auth" not in network.hosts()  # one address: its platform balances, and it may sleep
    said = {each.url: each.status for each in await found.health(["risk-manager"])}
    assert said[URLS[2]] == "HTTP 200"
    assert said[URLS[1]].startswith("ConnectError")


def test_variables_name_services() -> None:
    given = {
        "PLATFORM_SERVICES": '{"shared-services/auth": "https://auth.run.app", "x/risk-manager": ["http://a", "http://b"]}',
        "DASHBOARD_URL": "http://dash-1:8009, http://dash-2:8009/",
        "DATABASE_URL": "postgresql://x",
        "SANDBOX_URL": "http://127.0.0.1:1",
    }
    assert asyncio.run(StaticSource.of(given).addresses()) == {
        "auth": ("https://auth.run.app",),
        "risk-manager": ("http://a", "http://b"),
        "dashboard": ("http://dash-1:8009", "http://dash-2:8009"),
    }


@pytest.mark.parametrize("text", ["{", "[]", '{"auth": "ftp://x"}', '{"auth": "http://user:pw@x"}'])
def test_variables_that_name_none_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        StaticSource.of({"PLATFORM_SERVICES": text})

"""What the base does for every request: health, metrics, correlation, errors, limits, deadline."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import StreamingResponse

from shared_services import (
    CircuitOpen,
    HttpProblem,
    InputError,
    PermanentError,
    create_app,
    get_logger,
    remaining,
    run_service,
    service_of,
)
from shared_services.logging import state
from shared_services.service.base import Base
from shared_services.service.identity import Identity
from shared_services.service.service import Service
from tests.support.waiting import eventually_async

from .asgi import client, lines, settings


@pytest.fixture
def app() -> FastAPI:
    made = create_app(settings=settings())

    @made.get("/bars/{symbol}")
    async def bars(symbol: str, days: Annotated[int, Query(ge=1)] = 1) -> dict[str, Any]:
        get_logger("quotes").info("read", symbol=symbol)
        return {"symbol": symbol, "seconds": remaining()}

    errors = {
        "input": InputError("there is no symbol XYZ"),
        "open": CircuitOpen("kite", 4.2),
        "permanent": PermanentError("the disk /srv/secret is full"),
        "bug": KeyError("password=hunter2"),
        "http": HTTPException(418, "a teapot"),
        "own": HttpProblem(409, "it exists", headers={"x-own": "1"}, existing="N1"),
        "value": ValueError("inside"),
        "said": HttpProblem(503, "nobody may follow it just now"),
    }

    @made.get("/fails/{how}")
    async def fails(how: str) -> None:
        raise errors[how]

    return made


async def test_health_names_what_it_needs(app: FastAPI) -> None:
    health = service_of(app).health
    health.fresh_seconds = 0
    health.add("postgres", lambda: "3 connections", kind="database")
    health.add("redis", lambda: False, kind="cache", required=False)
    async with client(app) as http:
        answer = (await http.get("/health")).json()
        assert (answer["service"], answer["version"], answer["kind"]) == ("quotes", "1.2.3", "service")
        assert answer["status"] == "degraded"
        assert answer["checks"]["postgres"]["status"] == "ok"
        assert answer["checks"]["redis"] == {**answer["checks"]["redis"], "kind": "cache", "status": "down"}
        assert (await http.get("/health/ready")).status_code == 200

        def down() -> None:
            raise ConnectionRefusedError("postgres")

        health.add("postgres", down, kind="database")
        ready, live, whole = [await http.get(f"/health{path}") for path in ("/ready", "/live", "")]
        assert (ready.status_code, live.status_code, whole.status_code) == (503, 200, 200)
        assert "dependency: ConnectionRefusedError" in ready.json()["checks"]["postgres"]["detail"]


async def test_a_check_that_hangs_costs_its_time_and_is_asked_once(app: FastAPI) -> None:
    health, asked = service_of(app).health, []

    async def slow() -> None:
        asked.append(1)
        await asyncio.sleep(60)

    health.add("risk-manager", slow, timeout_seconds=0.02)
    async with client(app) as http:
        answers = await asyncio.gather(*(http.get("/health/ready") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].json()["checks"]["risk-manager"]["detail"] == "no answer within 0.02 s"
    assert len(asked) == 1


async def test_it_is_not_ready_before_it_started_nor_when_it_ends(app: FastAPI) -> None:
    async with client(app, started=False) as http:
        assert (await http.get("/health/ready")).json()["status"] == "starting"
        await service_of(app).start()
        assert (await http.get("/health/ready")).status_code == 200
        await service_of(app).drain()
        answer = await http.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (503, "draining")
        assert (await http.get("/bars/TCS")).headers["connection"] == "close"
        assert (await http.post("/health")).headers["allow"] == "GET, HEAD"
        assert (await http.head("/health")).content == b""


async def test_requests_are_counted_by_their_route(app: FastAPI) -> None:
    async with client(app) as http:
        for symbol in ("TCS", "INFY"):
            await http.get(f"/bars/{symbol}")
        await http.get("/nowhere/at/all")
        text = (await http.get("/metrics")).text
    found = dict(re.findall(r'^http_requests_total\{(.*route=".*?".*)\} ([\d.]+)$', text, re.MULTILINE))
    counts = {tuple(re.findall(r'(?:route|status)="(.*?)"', labels)): float(n) for labels, n in found.items()}
    assert counts[("/bars/{symbol}", "200")] >= 2
    assert counts[("unmatched", "404")] >= 1
    assert (
        'http_request_duration_seconds_bucket{le="0.005",method="GET",route="/bars/{symbol}",service="quotes"}' in text
    )
    assert not [labels for labels in found if "TCS" in labels or "nowhere" in labels]


async def test_lines_of_a_request_carry_its_correlation_id_and_trace(app: FastAPI) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"x-correlation-id": "c-17", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    with lines() as found:
        async with client(app) as http:
            answer = await http.get("/bars/TCS", headers=headers)
            await http.get("/health")
    assert answer.headers["x-correlation-id"] == "c-17"
    assert [line["message"] for line in found] == ["read", "GET /bars/TCS 200"]
    for line in found:
        assert line["correlation_id"] == "c-17"
        assert line["logging.googleapis.com/trace"].endswith(trace)
        assert line["logging.googleapis.com/trace_sampled"] is True
    assert found[0]["logging.googleapis.com/spanId"] != "00f067aa0ba902b7"


async def test_a_correlation_id_that_could_forge_lines_is_replaced(app: FastAPI) -> None:
    async with client(app) as http:
        answer = await http.get("/bars/TCS", headers={"x-correlation-id": "a b\tc"})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-correlation-id"])


@pytest.mark.parametrize(
    ("how", "status", "detail"),
    [
        ("input", 422, "there is no symbol XYZ"),
        ("open", 503, "kite is not called"),
        ("permanent", 500, None),
        ("bug", 500, None),
        ("value", 500, None),
        ("http", 418, "a teapot"),
        ("own", 409, "it exists"),
        ("said", 503, "nobody may follow it just now"),
    ],
)
async def test_errors_are_documents(app: FastAPI, how: str, status: int, detail: str | None) -> None:
    with lines() as found:
        async with client(app) as http:
            answer = await http.get(f"/fails/{how}", headers={"x-correlation-id": "c-1"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["instance"], said["correlation_id"]) == (status, f"/fails/{how}", "c-1")
    assert said["detail"] == (detail or "an error that is logged under the correlation id")
    assert "hunter2" not in answer.text
    assert "secret" not in answer.text
    assert any(line.get("error_type") for line in found) == (status >= 500 and how != "said")
    assert [line["why"] for line in found if "why" in line] == ([detail] if how == "said" else [])
    if how == "open":
        assert answer.headers["retry-after"] == "5"
    if how == "own":
        assert (answer.headers["x-own"], said["existing"]) == ("1", "N1")


async def test_a_request_that_is_not_valid_says_where_and_shows_no_value(app: FastAPI) -> None:
    async with client(app) as http:
        answer = await http.get("/bars/TCS?days=hunter2")
        missing = await http.get("/nowhere")
        wrong = await http.put("/bars/TCS")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/days")
    assert "hunter2" not in answer.text
    assert missing.json()["title"] == "Not Found"
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "application/problem+json")


async def test_a_client_that_asks_too_often_is_told_when_to_come_again() -> None:
    app = create_app(settings=settings(rate_per_second=0.5, rate_burst=2, trusted_proxies=1))
    async with client(app) as http:
        mine = {"x-forwarded-for": "6.6.6.6, 1.2.3.4"}
        answers = [await http.get("/", headers=mine) for _ in range(3)]
        other = await http.get("/", headers={"x-forwarded-for": "6.6.6.6, 5.6.7.8"})
        health = [(await http.get("/health", headers=mine)).status_code for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[2].headers["retry-after"] == "2"
    assert answers[2].json()["type"] == "urn:platform:problem:rate-limited"
    assert other.status_code == 404
    assert health == [200] * 5


async def test_more_at_a_time_than_it_can_do_is_refused() -> None:
    app = create_app(settings=settings(concurrency=2))
    let_go = asyncio.Event()

    @app.get("/wait")
    async def wait() -> None:
        await let_go.wait()

    async with client(app) as http:
        waiting = [asyncio.create_task(http.get("/wait")) for _ in range(2)]
        assert await eventually_async(lambda: service_of(app).active == 2)
        refused = await http.get("/wait")
        let_go.set()
        served = [(await answer).status_code for answer in waiting]
    assert (refused.status_code, refused.headers["retry-after"], served) == (503, "1", [200, 200])
    assert service_of(app).active == 0


async def test_a_request_that_takes_too_long_ends_but_a_begun_answer_goes_on() -> None:
    app = create_app(settings=settings(request_seconds=0.05))

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(60)

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"x"
                await asyncio.sleep(0.04)

        return StreamingResponse(parts())

    async with client(app) as http:
        late, streamed = await http.get("/slow"), await http.get("/stream")
    assert (late.status_code, late.json()["detail"]) == (504, "no answer within 0.05 s")
    assert streamed.content == b"xxx"


async def test_a_service_without_routes_has_a_life_too() -> None:
    service = Service(settings())
    async with client(Base(service=service)) as http:
        await service.start()
        assert (await http.get("/health/ready")).status_code == 200
        detail = (await http.get("/orders")).json()["detail"]
        assert detail == "there is no /orders: so far /health, /health/live, /health/ready, /metrics are all"


async def test_a_starter_says_that_its_service_is_not_written_yet() -> None:
    service = Service(settings(identity=Identity.of(kind="starter", service="quotes")))
    async with client(Base(service=service, health=["/up"])) as http:
        detail = (await http.post("/run")).json()["detail"]
    assert detail.startswith("quotes is not written yet: its starter answers /health, ")
    assert "/up" in detail


async def test_hooks_run_in_order_and_one_that_fails_stops_no_other() -> None:
    service, seen = Service(settings(drain_seconds=0.2)), []

    async def hangs() -> None:
        await asyncio.sleep(60)

    service.on_start(lambda: seen.append("start"))
    service.on_stop(lambda: seen.append("database"))
    service.on_stop(lambda: seen.append(1 / 0))
    service.on_stop(hangs)
    service.on_stop(lambda: seen.append("publisher"))
    await service.start()
    await service.stop()
    assert seen == ["start", "publisher", "database"]


def test_a_port_that_is_taken_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    before = state.current()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run_service(create_app(settings=settings(host="127.0.0.1", port=port))) == 1
    state.replace(before)
    said = capsys.readouterr()
    assert json.loads(said.out)["message"].startswith(f"can't listen on 127.0.0.1:{port}: Address already in use")
    assert said.err == ""

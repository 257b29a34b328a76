"""Database, Redis, Secret Manager and another service: down, hanging and back again, under an application that runs."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared_services import (
    DatabaseManager,
    Idempotency,
    Identity,
    NoEndpoint,
    RedisKeys,
    SecretManager,
    ServiceClient,
    ServiceRegistry,
    ServiceSettings,
    StaticSource,
    TimedOut,
    create_app,
    get_async_db_session,
    idempotent,
    initialize_database,
    service_of,
)
from shared_services.database import manager as databases
from tests.support.faulty import Faulty, faulty
from tests.support.servers import RedisServer

from .conftest import Made

SECONDS = 1.5


def application(**more: Any) -> Any:
    return create_app(settings=ServiceSettings(Identity("portfolio-manager"), request_seconds=SECONDS, **more))


async def asked(http: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response:
    """The answer, which is there within the request's time whatever is down, and is a document where it is an error."""
    began = time.monotonic()
    answer = await http.request(method, path, **more)
    assert time.monotonic() - began < SECONDS + 30  # the machine may be busy; nothing waits for ever
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
    return answer


async def eventually(http: httpx.AsyncClient, path: str, status: int) -> None:
    until = time.monotonic() + 20
    while (await http.get(path)).status_code != status:
        assert time.monotonic() < until
        await asyncio.sleep(0.05)


@pytest.fixture
def database(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[DatabaseManager, Faulty]]:
    monkeypatch.setattr(databases, "_current", None)
    with faulty(urlsplit(postgres).port or 0) as way:
        address = postgres.replace(f":{urlsplit(postgres).port}/", f":{way.port}/")
        initialize_database(address)
        yield databases.database(), way


async def test_a_database_that_flaps_costs_requests_their_time_and_comes_back(
    database: tuple[DatabaseManager, Faulty],
) -> None:
    manager, way = database
    app = application()
    service_of(app).health.add("database", manager.check, kind="database", timeout_seconds=0.5)
    service_of(app).health.fresh_seconds = 0

    @app.get("/cash")
    async def cash(session: Annotated[AsyncSession, Depends(get_async_db_session)]) -> int:
        return int((await session.execute(text("SELECT 7"))).scalar_one())

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as http:
        await service_of(app).start()
        for fault in (way.down, way.hang, way.down):
            assert (await asked(http, "GET", "/cash")).json() == 7
            fault()
            answer = await asked(http, "GET", "/cash")
            assert answer.status_code in (502, 503, 504)
            ready = await http.get("/health/ready")
            assert (ready.status_code, ready.json()["checks"]["database"]["status"]) == (503, "down")
            assert (await http.get("/health/live")).status_code == 200
            way.well()
            await eventually(http, "/health/ready", 200)
            await eventually(http, "/cash", 200)
    await manager.close()


async def test_a_redis_that_flaps_refuses_requests_and_does_none_twice(redis: RedisServer) -> None:
    import redis as library

    done: list[str] = []
    with faulty(redis.port) as way:
        client = library.Redis(port=way.port, socket_timeout=0.5, socket_connect_timeout=0.5)
        keys = RedisKeys(client, prefix=f"faults-{os.urandom(4).hex()}:")
        routes = APIRouter(route_class=idempotent(Idempotency(keys, lease_seconds=1)))

        @routes.post("/orders/{symbol}")
        async def order(symbol: str) -> str:
            done.append(symbol)
            return f"N{len(done)}"

        apps = [application(), application()]
        for app in apps:
            app.include_router(routes)
            await service_of(app).start()
        one, other = (
            httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://app")
            for app in apps
        )
        headers = {"idempotency-key": "k-1"}
        assert (await asked(one, "POST", "/orders/TCS", headers=headers)).json() == "N1"
        again = await asked(other, "POST", "/orders/TCS", headers=headers)
        assert (again.json(), again.headers["idempotency-replayed"]) == ("N1", "true")
        for fault, key in ((way.down, "k-2"), (way.hang, "k-3")):
            fault()
            refused = await asked(one, "POST", "/orders/INFY", headers={"idempotency-key": key})
            assert refused.status_code in (502, 503, 504)
            way.well()
            # A claim that hung may have arrived after all: then the key is nobody's until its lease is over.
            until = time.monotonic() + 20
            while (answer := await asked(other, "POST", "/orders/INFY", headers={"idempotency-key": key})).is_error:
                assert answer.status_code == 409
                assert time.monotonic() < until
                await asyncio.sleep(0.1)
            assert (await asked(one, "POST", "/orders/TCS", headers=headers)).json() == "N1"
        assert done == ["TCS", "INFY", "INFY"]
        await one.aclose()
        await other.aclose()


def test_a_secret_manager_that_hangs_or_is_down_costs_its_time_and_the_old_value_serves_on(
    make: Made, name: str, environ: dict[str, str]
) -> None:
    make("POST", f"/secretmanager/v1/projects/{{project}}/secrets?secretId={name}", {"replication": {"automatic": {}}})
    SecretManager(environ=environ).rotate(name, "one")
    now = [0.0]
    variable = "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT"
    with faulty(urlsplit(environ[variable]).port or 0) as way:
        variables = {**environ, variable: f"http://127.0.0.1:{way.port}/"}
        secrets = SecretManager(environ=variables, ttl_seconds=10, timeout_seconds=0.5, clock=lambda: now[0])
        assert secrets.get_secret(name) == "one"
        for fault in (way.hang, way.down):
            now[0] += 11
            fault()
            began = time.monotonic()
            assert secrets.get_secret(name) == "one"
            with pytest.raises(Exception, match="can't be reached") as caught:
                SecretManager(environ=variables, timeout_seconds=0.5).get_secret(name)
            assert caught.value.error_class.retryable  # type: ignore[attr-defined]
            assert time.monotonic() - began < 10
            way.well()
        SecretManager(environ=environ).rotate(name, "two")
        now[0] += 11
        assert secrets.get_secret(name) == "two"


@pytest.fixture
def dependency(tmp_path: Path) -> Iterator[Faulty]:
    """A service that runs, behind a faulty way."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Limits(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"42")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Limits)
    Thread(target=server.serve_forever, daemon=True).start()
    with faulty(server.server_port) as way:
        yield way
    server.shutdown()


async def test_a_service_that_flaps_is_left_alone_and_asked_again(dependency: Faulty) -> None:
    registry = ServiceRegistry([StaticSource({"risk-manager": (f"http://127.0.0.1:{dependency.port}",)})])
    client = ServiceClient(registry, "risk-manager", timeout_seconds=0.5)
    app = application()

    @app.get("/limits")
    async def limits() -> int:
        return int((await client.get("/limits")).text)

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as http:
        await service_of(app).start()
        assert (await asked(http, "GET", "/limits")).json() == 42
        dependency.hang()
        assert (await asked(http, "GET", "/limits")).status_code == 504
        with pytest.raises(TimedOut):
            await client.get("/limits")
        dependency.down()
        codes = [(await asked(http, "GET", "/limits")).status_code for _ in range(4)]
        assert set(codes) <= {502, 503}
        with pytest.raises(NoEndpoint):  # the breaker is open: it isn't even asked
            await client.get("/limits")
        dependency.well()
        await eventually(http, "/limits", 200)
    await client.close()

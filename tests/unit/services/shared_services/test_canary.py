"""A canary in every secret place of the configuration service: no answer, no page, no log and no object repeats it."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from services.shared_services import api_reports
from services.shared_services.app import make_app
from services.shared_services.parts import Parts
from shared_services import ConfigManager, Identity, ServiceRegistry, ServiceSettings, flush_logs, service_of
from shared_services.cloud.storage import ObjectInfo
from shared_services.config.changes import MemoryObjects
from shared_services.discovery.registry import ServiceHealth
from shared_services.discovery.sources import StaticSource
from shared_services.logging import setup_logging, state
from shared_services.logging.stdlib import Handler

Log = Callable[[], str]
CANARY = "canary-5e0b"
URL = f"postgresql://app:{CANARY}@db:5432/trading"
VARIABLES = {
    "BROKERS__KITE__API_KEY": CANARY,
    "DATABASE_URL": URL,
    "JWT_SIGNING_KEY": CANARY,
    "REDIS_URL": f"redis://:{CANARY}@cache:6379/0",
    "SECRET_KEY": CANARY,
    "SHARED_SERVICES__TELEGRAM_BOT_TOKEN": CANARY,
    "TELEGRAM_BOT_TOKEN": CANARY,
}
# What somebody wrote into the bucket by hand, and should not have.
BY_HAND = {
    "brokers.yaml": f"kite:\n  api_key: {CANARY}\n  api_secret: |\n    {CANARY}\n  acess_token: [{CANARY}]\n",
    "cache.yaml": f"redis: {{url: 'redis://:{CANARY}@cache:6379/0'}}\n",
    "database.yaml": f"password: {CANARY}\nhost: [broken\n",
    "services/auth.yaml": f"JWT_SIGNING_KEY: {{secret: jwt, value: {CANARY}}}\n",
    "notifications.yaml": f"# the password is password={CANARY}\ntelegram: {{bot_token: {CANARY}}}\n",
}
# What somebody sends, and should not.
SENT: dict[str, dict[str, Any]] = {
    "brokers": {"kite": {"api_key": CANARY, "api_secret": {"secret": "kite", "value": CANARY}}},
    "security": {"tokens": {"signing_key": [CANARY], "pasword": CANARY}},
    "database": {"url": URL},
}
HEADERS = {"authorization": f"Bearer {CANARY}", "cookie": f"session={CANARY}", "x-api-key": CANARY}


class Source:
    """Secret Manager in memory."""

    def get_secret(self, name: str, version: str = "latest") -> str:
        return CANARY


class Registry(ServiceRegistry):
    """A service that tells of its database what it should not."""

    async def health(self, *_: Any, **__: Any) -> tuple[ServiceHealth, ...]:
        checks = {"database": {"status": "down", "detail": f"no answer from {URL}"}, "api_key": CANARY}
        return (ServiceHealth("auth", "http://127.0.0.1:1", f"refused: password={CANARY}", checks=checks),)


class Reports:
    """A bucket of reports that can't be read."""

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        raise RuntimeError(f"token={CANARY} was refused")


class Logs:
    """BigQuery, with what a library printed by itself."""

    def __init__(self, **_: Any) -> None: ...

    def query(self, *_: Any) -> list[dict[str, Any]]:
        return [{"service": "auth", "message": f"can't connect to {URL}, api_key: '{CANARY}'", "times": 3}]


@pytest.fixture
def objects() -> MemoryObjects:
    made = MemoryObjects()
    for name, text in BY_HAND.items():
        made.write(name, text.encode())
    return made


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """What was logged, at every level."""

    before, root = state.current(), logging.getLogger()
    level = root.level
    setup_logging("shared-services", "DEBUG", log_file=tmp_path / "logs/service.log", to_stdout=False)

    def read() -> str:
        assert flush_logs()
        return (tmp_path / "logs/service.log").read_text()

    yield read
    state.replace(before)
    for handler in [handler for handler in root.handlers if isinstance(handler, Handler)]:
        root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
async def http(
    objects: MemoryObjects, log: Log, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(api_reports, "BigQueryClient", Logs)
    manager = ConfigManager(environ=VARIABLES, secrets=Source())
    assert manager.get_secret_config("security").tokens.signing_key.get_secret_value() == CANARY
    parts = Parts(manager, {"LOGS_TABLE": "p.logs.lines"}, objects=objects, reports=Reports())  # type: ignore[arg-type]
    parts.registry = Registry([StaticSource({"auth": ("http://127.0.0.1:1",)})])
    app = make_app(parts, settings=ServiceSettings(identity=Identity("shared-services", environment="local")))

    def database() -> None:
        raise ConnectionError(f"no answer from {URL}")

    service_of(app).health.add("database", database, kind="database")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HEADERS) as made:
        yield made, app


def asked(app: Any) -> list[str]:
    """Every path that can be read, with each name of a configuration in it, and the pages."""
    found = ["/", "/health", "/health/live", "/health/ready", "/metrics", "/openapi.json", "/ui/", "/ui/app.js"]
    for path, methods in app.openapi()["paths"].items():
        if "get" in methods and not path.endswith("/events"):  # it never ends; what it tells is looked at by itself
            for name in ("brokers", "database", "notifications", "auth", "security", "cache", "none"):
                filled = path.replace("{name}", name).replace("{number}", "1")
                found.append(re.sub(r"\{\w+\}", "x", filled) + f"?token={CANARY}&after=0&seconds=0")
    return list(dict.fromkeys(found))


async def test_no_answer_repeats_it(http: tuple[httpx.AsyncClient, Any], log: Log) -> None:
    client, app = http
    paths = asked(app)
    assert {"/api/v1/errors", "/api/v1/services/health", "/api/v1/config/brokers/history/1"} <= {
        path.partition("?")[0] for path in paths
    }
    answers = {path: await client.get(path) for path in paths}
    leaks = [path for path, got in answers.items() if CANARY in got.text]
    assert leaks == []
    assert not any(CANARY in str(got.headers) for got in answers.values())
    brokers = answers[f"/api/v1/config/brokers?token={CANARY}&after=0&seconds=0"].json()
    assert brokers["problems"], "what is wrong is still said"
    assert "/api/v1/errors" in log()
    assert [line for line in log().splitlines() if CANARY in line] == []


async def test_what_is_sent_is_refused_and_not_repeated(
    http: tuple[httpx.AsyncClient, Any], objects: MemoryObjects, log: Log
) -> None:
    client, _ = http
    for file in BY_HAND:
        await client.get(f"/api/v1/config/{Path(file).stem}")
    for name, override in SENT.items():
        base = (await client.get(f"/api/v1/config/{name}")).json()["version"]
        said = {"if-match": f'"{base}"', "idempotency-key": f"k-{name}"}
        for method, path in (("POST", "/validate"), ("POST", "/proposals"), ("PUT", "")):
            got = await client.request(
                method, f"/api/v1/config/{name}{path}", json={"override": override}, headers=said
            )
            assert got.status_code == (200 if path == "/validate" else 422), got.text
            assert CANARY not in got.text, (name, path)
    assert [info.name for info in objects.list("proposals/")] == []
    kept = [objects.read_with_generation(info.name)[0] for info in objects.list() if info.name not in BY_HAND]
    assert sum(b'"outside"' in data for data in kept) == len(BY_HAND), "what was written by hand has its record"
    assert not any(CANARY.encode() in data for data in kept)
    assert [line for line in log().splitlines() if CANARY in line] == []


async def test_what_is_shown_in_place_of_it_can_be_mended(
    http: tuple[httpx.AsyncClient, Any], objects: MemoryObjects
) -> None:
    client, _ = http
    state = (await client.get("/api/v1/config/brokers")).json()
    assert state["override"]["kite"]["api_key"] == "[redacted]"
    assert yaml.safe_load(state["text"]) == state["override"]
    base = {"if-match": f'"{state["version"]}"'}
    again = await client.put("/api/v1/config/brokers", json={"override": state["override"]}, headers=base)
    assert again.status_code == 422
    kite = {name: {"secret": f"kite-{name}"} for name in ("api_key", "api_secret", "access_token")}
    said = f"password={CANARY} was wrong"
    checked = await client.post("/api/v1/config/brokers/validate", json={"override": {"kite": kite}})
    assert checked.json()["valid"]
    assert CANARY not in checked.text
    (version, *_) = (await client.get("/api/v1/config/brokers/history")).json()["versions"]
    assert (version["action"], version["withheld"]) == ("outside", True)
    back = {"to": state["version"], "comment": said}
    refused = await client.post("/api/v1/config/brokers/rollback", json=back, headers=base)
    assert (refused.status_code, CANARY in refused.text) == (409, False)
    assert "by hand" in refused.json()["detail"]
    body = {"override": {"kite": kite}, "comment": said}
    done = await client.put("/api/v1/config/brokers", json=body, headers=base)
    assert done.status_code == 200, done.text
    assert done.json()["override"]["kite"] == kite
    assert CANARY not in done.text + (await client.get("/api/v1/config/brokers/history")).text
    kept = [info.name for info in objects.list() if CANARY.encode() in objects.read_with_generation(info.name)[0]]
    assert kept == sorted(BY_HAND.keys() - {"brokers.yaml"}), "the others' own objects, as they were written"

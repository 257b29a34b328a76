"""The API of shared-services over HTTP: preconditions, keys, roles, and what a browser of another site may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.shared_services.app import make_app
from services.shared_services.events import Events
from services.shared_services.keys import BucketKeys
from services.shared_services.parts import Parts
from shared_services import ConfigManager, HttpProblem, Identity, Principal, ServiceSettings, service_of
from shared_services.cache.idempotency import Record
from shared_services.config.changes import MemoryObjects
from shared_services.service.auth import InvalidToken

ROLES = {
    "admin": ("config.read", "config.write", "config.approve"),
    "editor": ("config.read", "config.write"),
    "auditor": ("config.read", "reports.read"),
}
PEOPLE = {"ana": "admin", "bela": "admin", "ravi": "editor", "uma": "auditor", "eve": ""}
Client = httpx.AsyncClient


class Known:
    """Believes a token that is a name."""

    async def authenticate(self, header: str | None) -> Principal:
        name = (header or "").removeprefix("Bearer ")
        if not name:
            raise InvalidToken("")
        permissions = frozenset(ROLES.get(PEOPLE[name], ()))
        return Principal(name, f"{name}@example.com", permissions=permissions)


@asynccontextmanager
async def client(signed_in: bool = False, environment: str = "local", **variables: str) -> AsyncIterator[Client]:
    settings = ServiceSettings(
        identity=Identity("shared-services", environment=environment),
        audiences=("shared-services",) if signed_in else (),
        quiet_paths=("/",),
    )
    parts = Parts(ConfigManager(environ=variables), environ={}, objects=MemoryObjects())
    app = make_app(parts, settings=settings)
    if signed_in:
        service_of(app)._authenticator = Known()  # type: ignore[assignment]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1") as made:
        yield made


def body(value: Any, **more: Any) -> dict[str, Any]:
    return {"override": {"limits": {"orders_per_minute": value}}, **more}


def base(version: int, who: str = "", key: str = "") -> dict[str, str]:
    found = {"if-match": f'"{version}"'}
    if who:
        found["authorization"] = f"Bearer {who}"
    return found | ({"idempotency-key": key} if key else {})


async def test_read_check_apply_and_take_back() -> None:
    async with client() as http:
        risk = await http.get("/config/risk")
        assert (risk.headers["etag"], risk.json()["version"]) == ('"0"', 0)
        assert risk.json()["values"]["limits"]["orders_per_minute"] == 120
        checked = (await http.post("/config/risk/validate", json=body(60))).json()
        assert [each["path"] for each in checked["differences"]] == ["limits.orders_per_minute"]
        wrong = (await http.post("/config/risk/validate", json=body(0))).json()
        assert [each["parts"] for each in wrong["problems"]] == [["limits", "orders_per_minute"]]
        done = await http.put("/config/risk", json=body(60, comment="slower"), headers=base(0))
        assert (done.status_code, done.headers["etag"], done.json()["by"]) == (200, '"1"', "local")
        assert (await http.get("/config/risk")).json()["values"]["limits"]["orders_per_minute"] == 60
        back = await http.post("/config/risk/rollback", json={"to": 0}, headers=base(1))
        assert (back.status_code, back.json()["of_version"]) == (200, 0)
        versions = (await http.get("/config/risk/history")).json()["versions"]
        assert [(each["version"], each["action"]) for each in versions] == [(2, "rollback"), (1, "apply")]
        assert (await http.get("/config/risk/history/1")).json()["override"] == body(60)["override"]
        listed = {each["name"]: each["version"] for each in (await http.get("/config")).json()["configurations"]}
        assert (len(listed), listed["risk"], listed["trading"]) == (30, 2, 0)


async def test_preconditions() -> None:
    async with client() as http:
        answers = [
            (await http.put("/config/risk", json=body(60), headers=headers)).status_code
            for headers in ({}, {"if-match": "*"}, {"if-match": "W/0"}, base(1), base(0), base(0))
        ]
        assert answers == [428, 428, 412, 412, 200, 412]
        stale = await http.put("/config/risk", json=body(70), headers=base(0))
        assert stale.headers["content-type"] == "application/problem+json"
        assert (stale.json()["version"], stale.json()["type"]) == (1, "urn:platform:problem:conflict")
        refused = await http.put("/config/risk", json=body(-1), headers=base(1))
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "limits.orders_per_minute")


async def test_a_request_that_comes_twice_is_done_once() -> None:
    async with client() as http:
        first = await http.put("/config/risk", json=body(60), headers=base(0, key="k1"))
        again = await http.put("/config/risk", json=body(60), headers=base(0, key="k1"))
        assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])
        other = await http.put("/config/risk", json=body(70), headers=base(0, key="k1"))
        assert other.status_code == 422
        made = [await http.post("/config/risk/proposals", json=body(5), headers=base(1, key="k2")) for _ in range(2)]
        assert [each.status_code for each in made] == [201, 201]
        assert len((await http.get("/proposals")).json()["proposals"]) == 1
        refused = await http.put("/config/risk", json=body(0), headers=base(1, key="k3"))
        mended = await http.put("/config/risk", json=body(9), headers=base(1, key="k3"))
        assert (refused.status_code, mended.status_code) == (422, 200)  # what failed may be tried again


async def test_roles() -> None:
    async with client(signed_in=True) as http:
        may = {}
        for who in PEOPLE:
            token = {"authorization": f"Bearer {who}"}
            proposed = await http.post("/config/risk/proposals", json=body(60), headers=base(0, who))
            applied = await http.put("/config/risk", json=body(60), headers=base(99, who))  # 412: it would be let
            read = await http.get("/config/risk", headers=token)
            may[who] = (read.status_code, proposed.status_code, applied.status_code)
        assert may == {
            "ana": (200, 201, 412),
            "bela": (200, 201, 412),
            "ravi": (200, 201, 403),
            "uma": (200, 403, 403),
            "eve": (403, 403, 403),
        }
        assert (await http.get("/me", headers={"authorization": "Bearer ravi"})).json()["permissions"] == [
            "config.read",
            "config.write",
        ]
        assert (await http.get("/reports", headers={"authorization": "Bearer ravi"})).status_code == 403


async def test_a_proposal_goes_from_one_to_another() -> None:
    async with client(signed_in=True, FOUR_EYES="true") as http:
        assert (await http.put("/config/risk", json=body(60), headers=base(0, "ana"))).status_code == 403
        made = await http.post("/config/risk/proposals", json=body(60, comment="slower"), headers=base(0, "ana"))
        where = f"/config/risk/proposals/{made.json()['id']}"
        assert (await http.get(where, headers=base(0, "uma"))).json()["state"] == "open"
        own = await http.post(f"{where}/apply", headers=base(0, "ana"))
        assert (own.status_code, own.json()["type"]) == (403, "urn:platform:problem:four-eyes")
        assert (await http.post(f"{where}/reject", headers=base(0, "ravi"))).status_code == 403  # not his
        applied = await http.post(f"{where}/apply", headers=base(0, "bela"))
        assert (applied.json()["by"], applied.json()["proposed_by"]) == ("bela@example.com", "ana@example.com")
        assert (await http.post(f"{where}/apply", headers=base(0, "bela"))).status_code == 409
        mine = await http.post("/config/risk/proposals", json=body(50), headers=base(1, "ravi"))
        where = f"/config/risk/proposals/{mine.json()['id']}"
        assert (await http.post(f"{where}/reject", headers=base(0, "ravi"))).json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("environment", "host", "status"),
    [("local", "127.0.0.1:8000", 412), ("local", "evil.example", 403), ("prod", "127.0.0.1", 403)],
)
async def test_signed_out_only_this_machine_changes_anything(environment: str, host: str, status: int) -> None:
    async with client(environment=environment) as http:
        answer = await http.put("/config/risk", json=body(60), headers={**base(9), "host": host})
        assert answer.status_code == status
        assert (await http.get("/config/risk", headers={"host": host})).status_code == 200


async def _endless(part: bytes) -> AsyncIterator[bytes]:
    for _ in range(40_000):
        yield part


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"content-type": "text/plain"},
        {"content-length": "2000000"},
    ],
)
async def test_what_another_site_sends_is_refused(headers: dict[str, str]) -> None:
    async with client() as http:
        content = b'{"override": {"limits": {"orders_per_minute": 1}}}'
        sent = {"content-type": "application/json", **base(0), **headers}
        answer = await http.put("/config/risk", content=content, headers=sent)
        assert answer.status_code in (403, 413, 422)
        assert (await http.get("/config/risk")).json()["version"] == 0
        kind = {"content-type": "application/json", **base(0)}
        long = await http.put("/config/risk", content=_endless(content), headers=kind)
        assert long.status_code in (403, 413)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/config/riskk", 404),
        ("GET", "/config/..%2Frisk", 404),
        ("GET", "/config/risk/history/7", 404),
        ("GET", "/config/risk/proposals/x", 404),
        ("GET", "/config/risk/history/-1", 422),
        ("GET", "/reports", 503),
        ("DELETE", "/config/risk", 405),
    ],
)
async def test_what_is_not_there_is_a_document(method: str, path: str, status: int) -> None:
    async with client() as http:
        answer = await http.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_the_page_loads_nothing_from_elsewhere() -> None:
    async with client(signed_in=True) as http:
        page = await http.get("http://127.0.0.1/ui/")
        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (await http.get("http://127.0.0.1/ui/app.js", headers={"if-none-match": "x"})).status_code == 200
        tag = page.headers["etag"]
        assert (await http.get("http://127.0.0.1/ui/", headers={"if-none-match": tag})).status_code == 304
        assert (await http.get("http://127.0.0.1/ui/..%2Fapp.py")).status_code == 404
        assert (await http.get("http://127.0.0.1/api/v1/me")).status_code == 401


def test_the_files_of_the_page_are_its_own() -> None:
    folder = Path(__file__).resolve().parents[4] / "services/shared_services/page"
    for file in folder.iterdir():
        text = file.read_text()
        assert "http://" not in text.replace("http://www.w3.org", ""), file.name
        assert "https://" not in text, file.name
        assert "innerHTML" not in text, file.name
        assert "style=" not in text, file.name


async def test_listeners_are_told_and_let_go() -> None:
    events = Events(waiting=2)
    events.open()
    stream = events.listen({"revision": "r1"}, most=1, seconds=30)
    assert b"event: hello" in await anext(stream)
    with pytest.raises(HttpProblem):
        events.listen({}, most=1, seconds=30)
    await asyncio.to_thread(events.tell, "applied", name="risk", version=3)
    assert await anext(stream) == b'event: applied\ndata: {"name":"risk","version":3}\n\n'
    events.close()
    assert [each async for each in stream] == []
    events.open()
    slow = events.listen({}, most=1, seconds=30)
    await anext(slow)
    for number in range(5):
        events.tell("applied", version=number)
    await asyncio.sleep(0.01)
    assert len([each async for each in slow]) < 5  # it didn't keep up: it comes again, and asks


async def test_waiting_for_a_newer_version() -> None:
    async with client() as http:
        assert (await http.get("/config/risk/wait?after=0&seconds=0")).status_code == 304
        waiting = asyncio.create_task(http.get("/config/risk/wait?after=0&seconds=20"))
        await asyncio.sleep(0.05)
        await http.put("/config/risk", json=body(60), headers=base(0))
        assert (await waiting).json()["version"] == 1


def test_keys_in_a_bucket() -> None:
    now = [100.0]
    keys = BucketKeys(MemoryObjects(), clock=lambda: now[0])
    assert keys.claim("k", Record("f", "me"), 10) is None
    assert keys.claim("k", Record("f", "you"), 10) == Record("f", "me")
    assert not keys.finish("k", Record("f", "", b"1"), "you", 10)
    assert keys.finish("k", Record("f", "", b"1"), "me", 10)
    assert keys.claim("k", Record("f", "you"), 10) == Record("f", "", b"1")
    now[0] = 120
    assert keys.claim("k", Record("g", "you"), 10) is None
    keys.release("k", "you")
    assert keys.claim("k", Record("h", "me"), 10) is None

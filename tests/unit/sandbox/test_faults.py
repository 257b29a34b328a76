"""Rules of faults: which calls they hit, how often, and what those get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.pubsub import api as pubsub
from sandbox.apis.storage import api as storage
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.control.faults import Faults
from sandbox.control.http import ConnectionCut, Request, Response
from sandbox.control.router import Router
from sandbox.control.store import Store

TOPICS = "/pubsub/v1/projects/atm-faults/topics"


@pytest.fixture
def faults(tmp_path: Path) -> Iterator[Faults]:
    control = Control(Store(tmp_path / "sandbox.db"), tmp_path)
    router = Router(control)
    for api in (pubsub.API, storage.API):
        router.add(api)
    yield Faults(router)
    control.store.close()


async def ask(faults: Faults, method: str, url: str, document: Any = None) -> int:
    return (await faults.dispatch(Request.of(method, url, document))).status


@pytest.mark.parametrize("url", [f"{TOPICS}/one", "/v1/projects/atm-faults/topics/one"])
async def test_a_status_is_answered_in_place_of_the_call(faults: Faults, url: str) -> None:
    faults.add({"service": "pubsub", "method": "put", "path": "v1/projects/*/topics/*", "status": 503, "times": 2})

    assert [await ask(faults, "PUT", url, {}) for _ in range(3)] == [503, 503, 200]
    assert (faults.rules["1"].matched, faults.rules["1"].hit) == (3, 2)


async def test_an_error_has_the_shape_of_its_api(faults: Faults) -> None:
    faults.add({"status": 412, "message": "another time"})

    rpc = (await faults.dispatch(Request.of("GET", TOPICS))).json()["error"]
    legacy = (await faults.dispatch(Request.of("GET", "/storage/v1/b/x"))).json()["error"]

    assert rpc == {"code": 412, "message": "another time", "status": "FAILED_PRECONDITION"}
    assert legacy["errors"] == [{"message": "another time", "domain": "global", "reason": "conditionNotMet"}]


@pytest.mark.parametrize(("cut", "found"), [("before", 404), ("after", 200)])
async def test_a_connection_is_cut_before_or_after_the_call(faults: Faults, cut: str, found: int) -> None:
    faults.add({"method": "PUT", "cut": cut})

    with pytest.raises(ConnectionCut):
        await ask(faults, "PUT", f"{TOPICS}/one", {})
    assert await ask(faults, "GET", f"{TOPICS}/one") == found


async def test_latencies_add_up_and_the_call_goes_on(faults: Faults) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    faults.sleep = sleep
    faults.add({"latency_ms": 50})
    faults.add({"latency_ms": 25, "service": "pubsub.googleapis.com"})
    assert await ask(faults, "GET", TOPICS) == 200
    assert await ask(faults, "GET", "/storage/v1/b/x") == 404

    assert waited == [0.075, 0.05]


async def test_some_calls_go_by_first_and_some_by_chance(faults: Faults) -> None:
    faults.chance = iter([0.1, 0.9, 0.2]).__next__
    faults.add({"status": 500, "skip": 1, "probability": 0.5})

    assert [await ask(faults, "GET", TOPICS) for _ in range(4)] == [200, 500, 200, 500]


async def test_rules_are_listed_and_cleared(faults: Faults) -> None:
    def page(method: str, path: str, document: Any = None) -> Response:
        answer = faults.page(Request.of(method, path, document))
        assert answer is not None
        return answer

    one = page("POST", "/sandbox/faults", {"status": 429}).json()
    page("POST", "/sandbox/faults", {"latency_ms": 1})

    assert [rule["status"] for rule in page("GET", "/sandbox/faults").json()["faults"]] == [429, 0]
    assert page("DELETE", f"/sandbox/faults/{one['id']}").json() == {"cleared": 1}
    assert page("DELETE", f"/sandbox/faults/{one['id']}").status == 404
    assert page("DELETE", "/sandbox/faults").json() == {"cleared": 1}
    assert page("PUT", "/sandbox/faults").status == 405
    assert faults.page(Request.of("GET", "/sandbox/faultsome")) is None
    assert await ask(faults, "GET", TOPICS) == 200


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "A fault is an object"),
        ({}, "a status, a cut or a latency"),
        ({"status": 418}, "status: one of 400"),
        ({"status": "503"}, "status: a whole number"),
        ({"status": 503, "cut": "before"}, "cut: a connection that is cut answers no status"),
        ({"cut": "within"}, "cut: before or after"),
        ({"latency_ms": -1}, "latency_ms: a whole number"),
        ({"latency_ms": 10**9}, "latency_ms: 600000 at most"),
        ({"status": 503, "probability": 0}, "probability: a number above 0"),
        ({"status": 503, "service": "pubsup"}, "service: no API of the sandbox is called so"),
        ({"status": 503, "hit": 3}, "hit: no such field"),
        ({"status": 503, "path": 3}, "path: a text"),
    ],
)
def test_what_is_no_fault_is_refused_with_its_field(faults: Faults, document: Any, said: str) -> None:
    with pytest.raises(ApiError, match=said):
        faults.add(document)
    assert not faults.rules

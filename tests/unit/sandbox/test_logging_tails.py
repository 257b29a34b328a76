"""Following log entries as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.apis.logging import api as logging
from sandbox.apis.logging import entries as logging_entries
from sandbox.apis.logging import tails as logging_tails
from sandbox.apis.logging.tails import Tails
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store


@pytest.fixture
async def router(tmp_path: Path) -> AsyncIterator[Router]:
    control = Control(Store(tmp_path / "sandbox.db"), tmp_path)
    made = Router(control)
    made.add(logging.API)
    await logging_entries.start(control)
    yield made
    control.store.close()


async def _write(router: Router, *entries: dict[str, str], project: str = "atm-local") -> None:
    body = {"logName": f"projects/{project}/logs/app", "resource": {"type": "global"}, "entries": entries}
    assert (await router.dispatch(Request.of("POST", "/logging/v2/entries:write", body))).status == 200


async def test_what_is_asked_for_comes_in_the_order_of_time(router: Router) -> None:
    tail = router.control.part(Tails).follow(["projects/atm-local"], "severity>=WARNING")
    coming = asyncio.ensure_future(tail.next(0.01))
    await _write(
        router,
        {"textPayload": "late", "severity": "ERROR", "timestamp": "2026-01-31T10:00:00Z"},
        {"textPayload": "dull", "severity": "INFO"},
        {"textPayload": "early", "severity": "WARNING", "timestamp": "2026-01-31T09:00:00Z"},
    )
    await _write(router, {"textPayload": "elsewhere", "severity": "ERROR"}, project="atm-other")
    entries, suppressed = await coming
    assert ([entry["textPayload"] for entry in entries], suppressed) == (["early", "late"], 0)


async def test_what_nobody_takes_is_counted(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging_tails, "_MOST", 1)
    tail = router.control.part(Tails).follow(["projects/atm-local"], "")
    await _write(router, {"textPayload": "a"}, {"textPayload": "b"}, {"textPayload": "c"})
    entries, suppressed = await tail.next(0)
    assert (len(entries), suppressed) == (1, 2)


async def test_who_ended_is_told_no_more(router: Router) -> None:
    tails = router.control.part(Tails)
    tail = tails.follow(["projects/atm-local"], "")
    tails.end(tail)
    await _write(router, {"textPayload": "a"})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(tail.next(0), 0.01)


@pytest.mark.parametrize("names", [[], ["atm-local"], ["projects/atm-local", "nothing"]])
async def test_what_has_no_logs_is_refused(router: Router, names: list[str]) -> None:
    with pytest.raises(ApiError):
        router.control.part(Tails).follow(names, "")

"""When scheduled queries run, by a clock that the test sets. There is no BigQuery here, so each run fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.apis.bigquerydatatransfer import api as bigquerydatatransfer
from sandbox.apis.bigquerydatatransfer.runs import Runs
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store
from tests.support.waiting import eventually_async

_PLACE = "/bigquerydatatransfer/v1/projects/runs-unit/locations/us/transferConfigs"


class Transfers:
    """The API over a state directory."""

    def __init__(self, path: Path, now: str) -> None:
        self.time = datetime.fromisoformat(now).timestamp()
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: self.time)
        self.router = Router(self.control)
        self.router.add(bigquerydatatransfer.API)

    async def start(self) -> Transfers:
        api = bigquerydatatransfer.API
        assert api.start is not None and api.ready is not None
        await api.start(self.control)
        await api.ready(self.control)
        return self

    async def stop(self) -> None:
        await self.control.stop()
        self.control.store.close()

    async def at(self, moment: str) -> None:
        self.time = datetime.fromisoformat(moment).timestamp()
        self.control.part(Runs).wake()
        await asyncio.sleep(0.01)

    async def ask(self, method: str, path: str, document: Any = None) -> dict[str, Any]:
        answer = await self.router.dispatch(Request.of(method, f"{_PLACE}{path}", document))
        assert answer.status == 200, answer.json()
        return dict(answer.json())

    async def make(self, **fields: Any) -> str:
        whole = {"displayName": "n", "dataSourceId": "scheduled_query", "params": {"query": "SELECT 1"}, **fields}
        return "/" + str((await self.ask("POST", "", whole))["name"]).rpartition("/")[2]

    async def times(self, config: str) -> list[str]:
        runs = (await self.ask("GET", f"{config}/runs")).get("transferRuns", [])
        return [run["runTime"][:16] for run in runs]

    async def come(self, config: str, *wanted: str) -> None:
        """The runs are these, as soon as those that are due were made, and still after all had a turn."""
        await eventually(lambda: self.times(config), list(wanted))
        await asyncio.sleep(0.01)
        assert await self.times(config) == list(wanted)


async def eventually(read: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    """What is read comes to be as wanted."""
    found: list[Any] = []

    async def as_wanted() -> bool:
        found[:] = [await read()]
        return found == [wanted]

    assert await eventually_async(as_wanted), found


async def test_runs_come_at_their_times_and_missed_ones_once(tmp_path: Path) -> None:
    here = await Transfers(tmp_path, "2026-11-26T10:00:30Z").start()
    daily = await here.make(schedule="every day 12:30")
    options = {"startTime": "2026-11-27T00:00:00Z", "endTime": "2026-11-27T12:00:00Z"}
    bounded = await here.make(schedule="every 6 hours", scheduleOptions=options)
    by_hand = await here.make(scheduleOptions={"disableAutoScheduling": True})
    otherwise = await here.make()
    await here.at("2026-11-26T12:29:59Z")
    assert await here.times(daily) == []
    await here.at("2026-11-26T12:30:00Z")
    await here.come(daily, "2026-11-26T12:30")
    await here.come(otherwise, "2026-11-26T10:00")  # every 24 hours, from when it was made
    await here.stop()

    later = await Transfers(tmp_path, "2026-11-29T09:00:00Z").start()
    await later.come(daily, "2026-11-28T12:30", "2026-11-26T12:30")
    await later.come(bounded, "2026-11-27T06:00")
    assert await later.times(by_hand) == []
    assert (await later.ask("GET", daily))["nextRunTime"][:16] == "2026-11-29T12:30"
    assert "nextRunTime" not in await later.ask("GET", bounded)
    await later.ask("DELETE", daily)
    await later.at("2026-11-30T12:30:00Z")

    async def state() -> str:
        return str((await later.ask("GET", otherwise))["state"])

    await eventually(state, "FAILED")
    await later.stop()


async def test_a_run_without_bigquery_fails_and_says_so(tmp_path: Path) -> None:
    here = await Transfers(tmp_path, "2026-11-26T10:00:30Z").start()
    config = await here.make(schedule="every day 12:30")
    await here.ask("POST", f"{config}:startManualRuns", {"requestedRunTime": "2026-11-01T00:00:00Z"})

    async def runs() -> list[tuple[str, int]]:
        found = (await here.ask("GET", f"{config}/runs"))["transferRuns"]
        return [(run["state"], run["errorStatus"].get("code")) for run in found]

    await eventually(runs, [("FAILED", 12)])
    (run,) = (await here.ask("GET", f"{config}/runs"))["transferRuns"]
    logs = await here.ask("GET", f"{config}/runs/{run['name'].rpartition('/')[2]}/transferLogs")
    assert [each["severity"] for each in logs["transferMessages"]] == ["INFO", "ERROR"]
    await here.stop()

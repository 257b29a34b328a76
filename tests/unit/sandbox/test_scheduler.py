"""Cloud Scheduler: jobs are fired for real, to a server of the test, at the times of a clock that the test sets."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.pubsub import api as pubsub
from sandbox.apis.scheduler import api as scheduler
from sandbox.apis.scheduler.runs import Runs
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store
from tests.support.target import Target
from tests.support.waiting import eventually_async

_PLACE = "projects/jobs-unit/locations/asia-south1/jobs"
_JOB = f"{_PLACE}/tick"
_BEGIN = "2026-11-26T10:00:30Z"  # a Thursday


class Jobs:
    """The API over a state directory."""

    def __init__(self, path: Path, now: str = _BEGIN) -> None:
        self.time = datetime.fromisoformat(now).timestamp()
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: self.time)
        self.router = Router(self.control)
        for api in (scheduler.API, pubsub.API):
            self.router.add(api)

    async def start(self) -> Jobs:
        for api in self.router.apis:
            if api.start is not None:
                await api.start(self.control)
        assert scheduler.API.ready is not None
        await scheduler.API.ready(self.control)
        return self

    async def stop(self) -> None:
        for api in self.router.apis:
            if api.stop is not None:
                await api.stop(self.control)
        await self.control.stop()
        self.control.store.close()

    async def at(self, moment: str) -> None:
        """The clock says so, and what is due begins."""
        self.time = datetime.fromisoformat(moment).timestamp()
        self.control.part(Runs).wake()
        await asyncio.sleep(0.01)

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> dict[str, Any]:
        answer = await self.router.dispatch(Request.of(method, path, document))
        told: dict[str, Any] = answer.json()
        assert answer.status == status, told
        return told

    async def job(self, target: str | dict[str, Any], schedule: str = "*/5 * * * *", **fields: Any) -> dict[str, Any]:
        http = {"uri": target} if isinstance(target, str) else target
        body = {"name": _JOB, "schedule": schedule, "httpTarget": http, **fields}
        return await self.ask("POST", f"/cloudscheduler/v1/{_PLACE}", body)

    async def verb(self, verb: str) -> dict[str, Any]:
        return await self.ask("POST", f"/cloudscheduler/v1/{_JOB}:{verb}", {})

    async def shown(self, when: Callable[[dict[str, Any]], object] = bool) -> dict[str, Any]:
        """The job, once it is so."""
        document: dict[str, Any] = {}

        async def is_so() -> bool:
            document.clear()
            document.update(await self.ask("GET", f"/cloudscheduler/v1/{_JOB}"))
            return bool(when(document))

        assert await eventually_async(is_so), document
        return document


@pytest.fixture
async def jobs(tmp_path: Path) -> AsyncIterator[Jobs]:
    made = await Jobs(tmp_path).start()
    yield made
    await made.stop()


async def test_a_job_is_fired_at_its_times_with_its_headers_body_and_token(jobs: Jobs, target: Target) -> None:
    http = {
        "uri": target.url,
        "httpMethod": "PUT",
        "body": base64.b64encode(b"\x00go").decode(),
        "headers": {"X-Kind": "tick", "X-CloudScheduler-JobName": "forged", "User-Agent": "mine"},
        "oidcToken": {"serviceAccountEmail": "r@jobs-unit.iam.gserviceaccount.com", "audience": "https://tick"},
    }
    made = await jobs.job(http, "*/5 15-16 * * *", timeZone="Asia/Kolkata")
    assert (made["scheduleTime"], made["state"]) == ("2026-11-26T10:05:00.000000Z", "ENABLED")
    await jobs.at("2026-11-26T10:04:59Z")
    assert target.got.empty()
    await jobs.at("2026-11-26T10:05:00Z")
    line, headers, body = await target.next()
    assert (line, body, headers["x-kind"]) == ("PUT /work HTTP/1.1", b"\x00go", "tick")
    assert (headers["user-agent"], headers["content-type"]) == ("Google-Cloud-Scheduler", "application/octet-stream")
    assert (headers["x-cloudscheduler"], headers["x-cloudscheduler-jobname"]) == ("true", "tick")
    assert headers["x-cloudscheduler-scheduletime"] == "2026-11-26T15:35:00+05:30"
    part = headers["authorization"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (claims["aud"], claims["email"]) == ("https://tick", "r@jobs-unit.iam.gserviceaccount.com")
    shown = await jobs.shown(lambda job: "status" in job)
    assert (shown["status"], shown["lastAttemptTime"]) == ({}, "2026-11-26T10:05:00.000000Z")
    assert shown["scheduleTime"] == "2026-11-26T10:10:00.000000Z"
    await jobs.at("2026-11-26T10:10:01Z")
    assert (await target.next())[1]["x-cloudscheduler-scheduletime"] == "2026-11-26T15:40:00+05:30"


async def test_a_topic_gets_a_message(jobs: Jobs) -> None:
    topic, subscription = "projects/jobs-unit/topics/ticks", "projects/jobs-unit/subscriptions/ticks"
    await jobs.ask("PUT", f"/pubsub/v1/{topic}", {})
    await jobs.ask("PUT", f"/pubsub/v1/{subscription}", {"topic": topic})
    message = {"data": base64.b64encode(b"tick").decode(), "attributes": {"kind": "eod"}}
    body = {"name": _JOB, "schedule": "0 18 * * *", "pubsubTarget": {"topicName": topic, **message}}
    await jobs.ask("POST", f"/cloudscheduler/v1/{_PLACE}", body)
    await jobs.at("2026-11-26T18:00:00Z")
    await jobs.shown(lambda job: job.get("status") == {})
    pulled = await jobs.ask("POST", f"/pubsub/v1/{subscription}:pull", {"maxMessages": 5})
    assert [{key: each["message"][key] for key in message} for each in pulled["receivedMessages"]] == [message]
    await jobs.ask("DELETE", f"/pubsub/v1/{topic}")
    await jobs.verb("run")
    assert (await jobs.shown(lambda job: job.get("status")))["status"]["code"] == 5


async def test_what_fails_is_tried_again_for_the_same_time(jobs: Jobs, target: Target) -> None:
    retry = {"retryCount": 2, "minBackoffDuration": "10s", "maxBackoffDuration": "15s"}
    await jobs.job(target.url, "0 * * * *", retryConfig=retry)
    target.answers = [500, 503, 404, 200]
    await jobs.at("2026-11-26T11:00:00Z")
    first = (await target.next())[1]["x-cloudscheduler-scheduletime"]
    shown = await jobs.shown(lambda job: job.get("status"))
    assert (shown["status"]["code"], shown["scheduleTime"]) == (13, "2026-11-26T11:00:10.000000Z")
    await jobs.at("2026-11-26T11:00:09Z")
    assert target.got.empty()
    await jobs.at("2026-11-26T11:00:10Z")
    assert (await target.next())[1]["x-cloudscheduler-scheduletime"] == first == "2026-11-26T11:00:00Z"
    assert (await jobs.shown(lambda job: job["status"]["code"] == 14))["scheduleTime"] == "2026-11-26T11:00:25.000000Z"
    await jobs.at("2026-11-26T11:00:25Z")
    await target.next()
    assert (await jobs.shown(lambda job: job["status"]["code"] == 5))["scheduleTime"] == "2026-11-26T12:00:00.000000Z"
    await jobs.at("2026-11-26T12:00:00Z")
    assert (await target.next())[1]["x-cloudscheduler-scheduletime"] == "2026-11-26T12:00:00Z"
    assert (await jobs.shown(lambda job: job["status"] == {}))["scheduleTime"] == "2026-11-26T13:00:00.000000Z"


async def test_a_time_for_retries_holds_beside_their_number(jobs: Jobs, target: Target) -> None:
    await jobs.job(target.url, "0 12 * * *", retryConfig={"maxRetryDuration": "12s", "maxDoublings": 0})
    target.answers = [500, 503, 500]
    for moment, code in (("12:00:00", 13), ("12:00:05", 14), ("12:00:15", 13)):
        await jobs.at(f"2026-11-26T{moment}Z")
        await target.next()
        await jobs.shown(lambda job, code=code: job.get("status", {}).get("code") == code)  # type: ignore[misc]
    await jobs.shown(lambda job: job["scheduleTime"] == "2026-11-27T12:00:00.000000Z")


async def test_a_redirect_counts_by_where_it_leads_and_never_leads_to_google(jobs: Jobs, target: Target) -> None:
    await jobs.job({"uri": target.url, "httpMethod": "GET"}, "0 11 * * *")
    target.answers = ["/other", 204, "https://pubsub.googleapis.com/v1/x", 403, "https://vision.googleapis.com/v1"]
    jobs.control.url = target.url.removesuffix("/work")
    await jobs.verb("run")
    assert [(await target.next())[0] for _ in range(2)] == ["GET /work HTTP/1.1", "GET /other HTTP/1.1"]
    await jobs.shown(lambda job: job.get("status") == {})
    await jobs.verb("run")
    assert [(await target.next())[0] for _ in range(2)] == ["GET /work HTTP/1.1", "GET /pubsub/v1/x HTTP/1.1"]
    assert (await jobs.shown(lambda job: job["status"]))["status"]["code"] == 7
    await jobs.verb("run")
    shown = await jobs.shown(lambda job: job["status"].get("code") == 12)
    assert shown["status"]["message"] == "UNIMPLEMENTED: the sandbox does not serve vision.googleapis.com"


async def test_a_job_never_overlaps_itself_and_what_was_due_meanwhile_is_one_run(jobs: Jobs, target: Target) -> None:
    await jobs.job(target.url, "* * * * *")
    target.held.clear()
    await jobs.at("2026-11-26T10:01:00Z")
    await target.next()
    for moment in ("10:02:00", "10:03:00", "10:04:10"):
        await jobs.at(f"2026-11-26T{moment}Z")
    assert target.got.empty()
    await jobs.verb("run")  # which is by hand, and does
    assert "x-cloudscheduler-scheduletime" not in (await target.next())[1]
    target.held.set()
    assert (await target.next())[1]["x-cloudscheduler-scheduletime"] == "2026-11-26T10:04:00Z"
    await jobs.shown(lambda job: job["scheduleTime"] == "2026-11-26T10:05:00.000000Z")
    assert target.got.empty()


async def test_a_paused_job_waits_runs_by_hand_and_resumes_with_the_next_time(jobs: Jobs, target: Target) -> None:
    await jobs.job(target.url)
    assert "scheduleTime" not in await jobs.verb("pause")
    await jobs.at("2026-11-26T10:06:00Z")
    assert target.got.empty()
    assert (await jobs.verb("run"))["state"] == "PAUSED"
    await target.next()
    assert (await jobs.verb("resume"))["scheduleTime"] == "2026-11-26T10:10:00.000000Z"
    await jobs.at("2026-11-26T10:10:00Z")
    await target.next()


async def test_a_changed_schedule_holds_from_now_on_and_a_deleted_job_ends(jobs: Jobs, target: Target) -> None:
    await jobs.job(target.url)
    path = f"/cloudscheduler/v1/{_JOB}"
    changed = await jobs.ask(
        "PATCH", f"{path}?updateMask=schedule,timeZone", {"schedule": "0 18 * * *", "timeZone": "Asia/Kolkata"}
    )
    assert changed["scheduleTime"] == "2026-11-26T12:30:00.000000Z"
    kept = await jobs.ask("PATCH", path, {**changed, "description": "other", "scheduleTime": "2020-01-01T00:00:00Z"})
    assert kept["scheduleTime"] == "2026-11-26T12:30:00.000000Z"
    await jobs.at("2026-11-26T10:05:00Z")
    assert target.got.empty()
    await jobs.ask("DELETE", path)
    await jobs.at("2026-11-26T12:30:00Z")
    assert target.got.empty()


async def test_what_was_missed_while_there_was_no_sandbox_is_one_run(
    jobs: Jobs, target: Target, tmp_path: Path
) -> None:
    await jobs.job(target.url)
    await jobs.at("2026-11-26T10:05:00Z")
    await target.next()
    await jobs.shown(lambda job: "status" in job)
    again = await Jobs(tmp_path, "2026-11-26T10:09:59Z").start()
    await again.at("2026-11-26T10:09:59Z")
    assert target.got.empty()  # nothing twice
    await again.stop()
    later = await Jobs(tmp_path, "2026-11-27T08:01:00Z").start()
    assert (await target.next())[1]["x-cloudscheduler-scheduletime"] == "2026-11-27T08:00:00Z"
    await later.shown(lambda job: job["scheduleTime"] == "2026-11-27T08:05:00.000000Z")
    await later.stop()
    assert target.got.empty()


@pytest.mark.parametrize("clean", [False, True], ids=["killed", "stopped"])
async def test_an_attempt_that_a_sandbox_did_not_live_to_finish_is_made_again(
    jobs: Jobs, target: Target, tmp_path: Path, clean: bool
) -> None:
    await jobs.job(target.url)
    target.held.clear()
    await jobs.at("2026-11-26T10:05:00Z")
    await jobs.verb("run")
    wanted = {"2026-11-26T10:05:00Z", None}
    assert {(await target.next())[1].get("x-cloudscheduler-scheduletime") for _ in range(2)} == wanted
    if clean:
        assert scheduler.API.stop is not None
        await scheduler.API.stop(jobs.control)
        await asyncio.sleep(0.05)
    await jobs.control.stop()
    target.held.set()
    again = await Jobs(tmp_path, "2026-11-26T10:12:00Z").start()
    got = [(await target.next())[1].get("x-cloudscheduler-scheduletime") for _ in range(3)]
    assert set(got[:2]) == wanted
    assert got[2] == "2026-11-26T10:10:00Z"
    await again.stop()


@pytest.mark.parametrize(
    ("retry", "field"),
    [
        ({"retryCount": 6}, "retry_config.retry_count"),
        ({"minBackoffDuration": "soon"}, "retry_config.minBackoffDuration"),
        ({"maxDoublings": -1}, "retry_config.max_doublings"),
    ],
)
async def test_retries_that_a_job_can_t_have(jobs: Jobs, retry: dict[str, Any], field: str) -> None:
    body = {"name": _JOB, "schedule": "* * * * *", "httpTarget": {"uri": "http://x"}, "retryConfig": retry}
    told = await jobs.ask("POST", f"/cloudscheduler/v1/{_PLACE}", body, 400)
    assert told["error"]["details"][0]["fieldViolations"][0]["field"] == field

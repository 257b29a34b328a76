"""Cloud Scheduler fires: Google's client, unchanged, over REST and gRPC, and sandboxes that are killed."""

from __future__ import annotations

import queue
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import scheduler_v1

from tests.integration.sandbox_process import Sandbox
from tests.support.target import Listener, listener
from tests.support.waiting import eventually

PLACE = "projects/scheduler-client/locations/asia-south1"
_PATH = f"/cloudscheduler/v1/{PLACE}/jobs"


@pytest.fixture(scope="module", params=["rest", "grpc"])
def client(sandbox: Sandbox, request: pytest.FixtureRequest) -> Any:
    kind = scheduler_v1.CloudSchedulerClient
    if request.param == "grpc":
        return sandbox.over_grpc(kind)
    return kind(credentials=AnonymousCredentials(), transport="rest", client_options={"api_endpoint": sandbox.url})


@pytest.fixture
def target() -> Iterator[Listener]:
    with listener() as made:
        yield made


def test_jobs_are_run_and_show_how_it_went(client: Any, target: Listener) -> None:
    name = f"{PLACE}/jobs/{type(client.transport).__name__}"
    token = {"service_account_email": "runner@scheduler-client.iam.gserviceaccount.com"}
    http = {
        "uri": target.url,
        "http_method": "PUT",
        "body": b"\x00go",
        "headers": {"X-Kind": "eod"},
        "oidc_token": token,
    }
    job = {"name": name, "schedule": "0 18 * * 1-5", "time_zone": "Asia/Kolkata", "http_target": http}
    made = client.create_job(parent=PLACE, job=job)
    assert (made.schedule_time.hour, made.schedule_time.minute, made.last_attempt_time) == (12, 30, None)
    target.answers = [503]
    assert client.run_job(name=name).last_attempt_time is not None
    got = target.next()
    assert (got.line, got.body, got.headers["x-kind"]) == ("PUT /work HTTP/1.1", b"\x00go", "eod")
    assert (got.headers["x-cloudscheduler"], got.headers["authorization"][:7]) == ("true", "Bearer ")
    assert eventually(lambda: client.get_job(name=name).status.code == 14)
    client.run_job(name=name)
    target.next()
    assert eventually(lambda: client.get_job(name=name).status.code == 0)
    assert client.pause_job(name=name).schedule_time is None
    assert client.resume_job(name=name).schedule_time == made.schedule_time
    client.delete_job(name=name)


def test_a_job_for_a_google_api_reaches_the_sandbox_s_own(sandbox: Sandbox) -> None:
    topic, name = "projects/scheduler-client/topics/jobs", f"{PLACE}/jobs/api"
    http = {"uri": f"https://pubsub.googleapis.com/v1/{topic}", "httpMethod": "PUT", "body": "e30="}
    job = {"name": name, "schedule": "0 0 1 1 *", "httpTarget": http}
    assert sandbox.request("POST", _PATH, job).status == 200
    assert sandbox.request("POST", f"{_PATH}/api:run").status == 200
    assert eventually(lambda: sandbox.request("GET", f"/pubsub/v1/{topic}").status == 200)
    sandbox.request("DELETE", f"{_PATH}/api")


def test_kill_nine_in_an_attempt_repeats_it_and_what_was_missed_is_fired_once(
    own_sandbox: Sandbox, target: Listener
) -> None:
    sandbox = own_sandbox.start()
    for name, schedule in (("by-hand", "0 0 1 1 *"), ("missed", "0 0 29 2 *")):
        job = {"name": f"{PLACE}/jobs/{name}", "schedule": schedule, "httpTarget": {"uri": target.url}}
        assert sandbox.request("POST", _PATH, job).status == 200
    target.held.clear()
    assert sandbox.request("POST", f"{_PATH}/by-hand:run").status == 200
    assert target.next().headers["x-cloudscheduler-jobname"] == "by-hand"
    sandbox.kill()
    target.held.set()
    with sqlite3.connect(sandbox.state / "sandbox.db") as store:  # as if the sandbox had been there four years ago
        sql = "UPDATE cloudscheduler_runs SET scheduled = ?, due = ? WHERE job LIKE '%/missed'"
        store.execute(sql, (1582934400.0, 1582934400.0))

    sandbox.start()
    got = {each.headers["x-cloudscheduler-jobname"]: each for each in (target.next(), target.next())}
    assert got["missed"].headers["x-cloudscheduler-scheduletime"] == "2024-02-29T00:00:00Z"
    assert "by-hand" in got
    for name in got:
        assert eventually(lambda name=name: sandbox.get(f"{_PATH}/{name}").get("status") == {})  # type: ignore[misc]
    with pytest.raises(queue.Empty):
        target.next(0.5)


@pytest.mark.whole
def test_a_job_is_fired_when_its_minute_comes(sandbox: Sandbox, target: Listener) -> None:
    job = {"name": f"{PLACE}/jobs/minutes", "schedule": "* * * * *", "httpTarget": {"uri": target.url}}
    due = sandbox.request("POST", _PATH, job).json()["scheduleTime"]
    got = target.next(65)
    assert abs(time.time() % 60 - 0) < 2
    assert got.headers["x-cloudscheduler-scheduletime"] == f"{due[:19]}Z"
    sandbox.request("DELETE", f"{_PATH}/minutes")

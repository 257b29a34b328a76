"""Cloud Tasks: tasks are sent for real, to a server of the test, and follow their queue's rules."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.cloudtasks import api as cloudtasks
from sandbox.apis.cloudtasks.request import outgoing
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Resource, Store
from tests.support.target import Target
from tests.support.waiting import eventually_async

_PLACE = "projects/tasks-unit/locations/asia-south1/queues"
_QUEUE = f"{_PLACE}/orders"


class Tasks:
    """The API over a state directory."""

    def __init__(self, path: Path) -> None:
        self.control = Control(Store(path / "sandbox.db"), path)
        self.router = Router(self.control)
        self.router.add(cloudtasks.API)

    async def start(self) -> Tasks:
        assert cloudtasks.API.start is not None
        await cloudtasks.API.start(self.control)
        return self

    async def stop(self) -> None:
        assert cloudtasks.API.stop is not None
        await cloudtasks.API.stop(self.control)
        await self.control.stop()
        self.control.store.close()

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> dict[str, Any]:
        answer = await self.router.dispatch(Request.of(method, f"/cloudtasks/v2/{path}", document))
        told: dict[str, Any] = answer.json()
        assert answer.status == status, told
        return told

    async def queue(self, **settings: Any) -> None:
        await self.ask("POST", _PLACE, {"name": _QUEUE, **settings})

    async def task(self, url: str, name: str = "", status: int = 200, **fields: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"httpRequest": {"url": url, **fields.pop("http", {})}, **fields}
        if name:
            body["name"] = f"{_QUEUE}/tasks/{name}"
        return await self.ask("POST", f"{_QUEUE}/tasks", {"task": body}, status)

    async def none_left(self) -> None:
        async def all_gone() -> bool:
            return not (await self.ask("GET", f"{_QUEUE}/tasks")).get("tasks")

        assert await eventually_async(all_gone), "tasks are left"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Tasks]:
    made = await Tasks(tmp_path).start()
    yield made
    await made.stop()


async def test_a_task_is_sent_with_its_headers_body_and_token(api: Tasks, target: Target) -> None:
    await api.queue()
    http = {
        "body": base64.b64encode(b"{}").decode(),
        "headers": {"X-Kind": "order", "User-Agent": "mine", "X-CloudTasks-TaskName": "forged"},
        "oidcToken": {"serviceAccountEmail": "r@tasks-unit.iam.gserviceaccount.com"},
    }
    await api.task(target.url, "one", http=http)
    line, headers, body = await target.next()
    assert (line, body, headers["x-kind"]) == ("POST /work HTTP/1.1", b"{}", "order")
    assert (headers["user-agent"], headers["x-cloudtasks-taskname"]) == ("Google-Cloud-Tasks", "one")
    assert (headers["x-cloudtasks-queuename"], headers["x-cloudtasks-taskretrycount"]) == ("orders", "0")
    part = headers["authorization"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (claims["aud"], claims["email"]) == (target.url, "r@tasks-unit.iam.gserviceaccount.com")
    await api.none_left()
    told = await api.task(target.url, "one", 409)
    assert "existed too recently" in told["error"]["message"]


async def test_what_fails_is_sent_again_and_given_up_in_the_end(api: Tasks, target: Target) -> None:
    await api.queue(retryConfig={"maxAttempts": 3, "minBackoff": "0.01s", "maxBackoff": "0.02s"})
    target.answers = [500, 503, 404]
    await api.task(target.url, "fails")
    seen = [(await target.next())[1] for _ in range(3)]
    assert [each["x-cloudtasks-taskretrycount"] for each in seen] == ["0", "1", "2"]
    assert seen[2]["x-cloudtasks-taskpreviousresponse"] == "503"
    await api.none_left()
    assert target.got.empty()


async def test_a_paused_queue_waits_and_run_does_not(api: Tasks, target: Target) -> None:
    await api.queue()
    await api.ask("POST", f"{_QUEUE}:pause", {})
    await api.task(target.url, "waits", http={"body": "eA=="})
    await api.task(target.url, "runs")
    shown = await api.ask("POST", f"{_QUEUE}/tasks/runs:run", {})
    assert (shown["dispatchCount"], "dispatchTime" in shown["lastAttempt"]) == (1, True)
    assert (await target.next())[1]["x-cloudtasks-taskname"] == "runs"
    basic = await api.ask("GET", f"{_QUEUE}/tasks/waits")
    assert (basic["view"], "body" in basic["httpRequest"]) == ("BASIC", False)
    full = await api.ask("GET", f"{_QUEUE}/tasks/waits?responseView=FULL")
    assert full["httpRequest"]["body"] == "eA=="
    assert target.got.empty()
    await api.ask("POST", f"{_QUEUE}:resume", {})
    assert (await target.next())[1]["x-cloudtasks-taskname"] == "waits"


async def test_no_more_at_once_than_the_queue_allows(api: Tasks, target: Target) -> None:
    await api.queue(rateLimits={"maxConcurrentDispatches": 2})
    target.held.clear()
    for _ in range(5):
        await api.task(target.url)
    await target.next()
    await target.next()
    await asyncio.sleep(0.05)
    assert target.got.empty()
    target.held.set()
    await api.none_left()
    assert target.most_open == 2


async def test_no_more_a_second_than_the_queue_allows(api: Tasks, target: Target) -> None:
    await api.queue(rateLimits={"maxDispatchesPerSecond": 20})  # 10 at once
    began = asyncio.get_running_loop().time()
    for _ in range(14):
        await api.task(target.url)
    for _ in range(14):
        await target.next()
    assert asyncio.get_running_loop().time() - began >= 0.15


async def test_tasks_outlive_a_restart_and_a_purge_ends_them(api: Tasks, target: Target, tmp_path: Path) -> None:
    await api.queue()
    soon = timestamp(api.control.clock() + 0.3)
    await api.task(target.url, "soon", scheduleTime=soon)
    await api.task(target.url, "later", scheduleTime=timestamp(api.control.clock() + 3600))
    await api.control.stop()
    again = await Tasks(tmp_path).start()
    assert (await target.next())[1]["x-cloudtasks-taskname"] == "soon"
    assert "purgeTime" in await again.ask("POST", f"{_QUEUE}:purge", {})
    await again.none_left()
    await again.task(target.url, "later", 409)
    await again.stop()


async def test_a_deleted_task_s_name_stays_taken(api: Tasks) -> None:
    await api.queue()
    await api.ask("POST", f"{_QUEUE}:pause", {})
    await api.task("http://127.0.0.1:9/x", "a")
    assert (await api.task("http://127.0.0.1:9/x", "a", 409))["error"]["status"] == "ALREADY_EXISTS"
    await api.ask("DELETE", f"{_QUEUE}/tasks/a")
    await api.ask("GET", f"{_QUEUE}/tasks/a", status=404)
    await api.task("http://127.0.0.1:9/x", "a", 409)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"httpRequest": {"url": "ftp://x"}}, "task.http_request.url"),
        ({"httpRequest": {"url": "http://x", "httpMethod": "GET", "body": "eA=="}}, "task.http_request.body"),
        ({"dispatchDeadline": "5s"}, "task.dispatch_deadline"),
        ({"scheduleTime": "2999-01-01T00:00:00Z"}, "task.schedule_time"),
        ({"retryConfig": {"minBackoff": 1}}, "task.retry_config.minBackoff"),
        ({"name": f"{_PLACE}/others/tasks/a"}, "task.name"),
        ({"pullMessage": {}}, "task.pullMessage"),
    ],
)
async def test_what_a_task_can_t_be(api: Tasks, fields: dict[str, Any], field: str) -> None:
    await api.queue()
    body = {"task": {"httpRequest": {"url": "http://127.0.0.1:9"}, **fields}}
    told = await api.ask("POST", f"{_QUEUE}/tasks", body, 400)
    assert told["error"]["details"][0]["fieldViolations"][0]["field"] == field


async def test_app_engine_and_queues_that_are_not_there(api: Tasks) -> None:
    await api.ask("POST", f"{_QUEUE}/tasks", {"task": {"httpRequest": {"url": "http://x"}}}, 404)
    await api.queue()
    await api.ask("POST", f"{_QUEUE}/tasks", {"task": {"appEngineHttpRequest": {"relativeUri": "/"}}}, 501)


def test_a_queue_s_target_comes_before_a_task_s(tmp_path: Path) -> None:
    control = Control(Store(tmp_path / "sandbox.db"), tmp_path)
    override: dict[str, Any] = {
        "scheme": "HTTPS",
        "host": "risk.example.com",
        "port": "8443",
        "pathOverride": {"path": "/check"},
        "queryOverride": {"queryParams": "dry=1"},
        "uriOverrideEnforceMode": "ALWAYS",
    }
    header = {"header": {"key": "X-Mode", "value": "live"}}
    target = {"httpMethod": "PUT", "uriOverride": override, "headerOverrides": [header]}
    queue = Resource("cloudtasks.queues", _QUEUE, {"httpTarget": target})
    document = {
        "httpRequest": {"url": "http://a.example.com/given?x=1", "httpMethod": "POST", "headers": {"x-mode": "dry"}},
        "dispatchCount": 1,
        "lastAttempt": {"scheduleTime": timestamp(0)},
    }
    task = Resource("cloudtasks.tasks", f"{_QUEUE}/tasks/a", document)
    made = outgoing(control, queue, task)
    assert (made.method, made.url) == ("PUT", "https://risk.example.com:8443/check?dry=1")
    assert made.headers["x-mode"] == "live"
    override["uriOverrideEnforceMode"] = "IF_NOT_EXISTS"
    assert outgoing(control, queue, task).url == "http://a.example.com:8443/given?x=1"
    control.store.close()


async def test_a_task_for_a_google_api_is_sent_to_the_sandbox_s_own(api: Tasks, target: Target) -> None:
    """Which has no such API in this test: only that its address is asked matters."""
    api.control.url = target.url.removesuffix("/work")
    api.control.served.add("run")
    await api.queue(retryConfig={"maxAttempts": 1})
    token = {"oauthToken": {"serviceAccountEmail": "r@tasks-unit.iam.gserviceaccount.com"}}
    await api.task("https://asia-south1-run.googleapis.com/v2/projects/p/locations/l/jobs/j:run", http=token)
    assert (await target.next())[0] == "POST /run/v2/projects/p/locations/l/jobs/j:run HTTP/1.1"
    await api.task("https://vision.googleapis.com/v1/images:annotate")
    await api.none_left()
    assert target.got.empty()

"""Which way log entries go: sinks with filters and exclusions, to log buckets, topics and buckets, where they may."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.logging import api as logging
from sandbox.apis.logging import deliveries as logging_deliveries
from sandbox.apis.logging import entries as logging_entries
from sandbox.apis.logging import to_pubsub as logging_to_pubsub
from sandbox.apis.logging import to_storage as logging_to_storage
from sandbox.apis.logging.book import Book
from sandbox.apis.logging.destination import Unavailable
from sandbox.apis.pubsub import api as pubsub
from sandbox.apis.storage import api as storage_api
from sandbox.control import projects
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Resource, Store
from tests.support.waiting import eventually_async

P, LOG = "/logging/v2/projects/atm-logs", "projects/atm-logs/logs/run.googleapis.com%2Fstdout"
AGENT = f"serviceAccount:service-{projects.number('atm-logs')}@gcp-sa-logging.iam.gserviceaccount.com"
HOUR = "2026-01-31T09:10:00Z"


class Cloud:
    """The APIs that are needed, without a process."""

    def __init__(self, folder: Path) -> None:
        self.control = Control(Store(folder / "sandbox.db"), folder)
        self.router = Router(self.control)
        self.apis = (storage_api.API, pubsub.API, logging.API)
        for api in self.apis:
            self.router.add(api)

    async def begin(self) -> None:
        for api in self.apis:
            for step in (api.start, api.ready):
                if step is not None:
                    await step(self.control)

    async def end(self) -> None:
        await self.control.stop()
        self.control.store.close()

    async def ask(self, method: str, path: str, document: Any = None) -> Any:
        response = await self.router.dispatch(Request.of(method, path, document))
        assert response.status < 300, response.body
        return response.json()

    async def write(self, *texts: str, **more: Any) -> None:
        entries = [{"logName": LOG, "resource": {"type": "global"}, "textPayload": text, **more} for text in texts]
        await self.ask("POST", "/logging/v2/entries:write", {"entries": entries})

    async def found(self, resource: str = "projects/atm-logs", asked: str = "") -> list[str]:
        listed = await self.ask("POST", "/logging/v2/entries:list", {"resourceNames": [resource], "filter": asked})
        return [entry.get("textPayload", "") for entry in listed.get("entries", [])]

    async def sink(self, name: str, destination: str, **more: Any) -> None:
        document = {"name": name, "destination": destination, **more}
        await self.ask("POST", f"{P}/sinks?uniqueWriterIdentity=true", document)

    async def idle(self) -> None:
        """Until nothing waits to be passed on."""
        deliveries = self.control.part(Book).deliveries
        assert await eventually_async(lambda: not deliveries.outbox.first()), "something waits"


@pytest.fixture
async def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cloud]:
    monkeypatch.setattr(logging_deliveries, "GRACE", 0.0)
    monkeypatch.setattr(logging_deliveries, "_GATHER", 0.0)
    monkeypatch.setattr(logging_to_pubsub.Topics, "window", 0.0)
    monkeypatch.setattr(logging_to_storage.Objects, "window", 0.0)
    made = Cloud(tmp_path)
    await made.begin()
    yield made
    await made.end()


async def topic(cloud: Cloud, *, granted: bool = True) -> str:
    """A topic with a subscription, and maybe the grant that the sink needs."""
    name = "projects/atm-logs/topics/logs"
    await cloud.ask("PUT", f"/pubsub/v1/{name}", {})
    await cloud.ask("PUT", "/pubsub/v1/projects/atm-logs/subscriptions/logs", {"topic": name})
    if granted:
        policy = {"bindings": [{"role": "roles/pubsub.publisher", "members": [AGENT]}]}
        await cloud.ask("POST", f"/pubsub/v1/{name}:setIamPolicy", {"policy": policy})
    return f"pubsub.googleapis.com/{name}"


async def pulled(cloud: Cloud) -> list[dict[str, Any]]:
    path = "/pubsub/v1/projects/atm-logs/subscriptions/logs:pull"
    answer = await cloud.ask("POST", path, {"maxMessages": 100, "returnImmediately": True})
    return [each["message"] for each in answer.get("receivedMessages", [])]


async def test_a_topic_gets_what_the_filter_takes_and_no_exclusion(cloud: Cloud) -> None:
    exclusions = [
        {"name": "noise", "filter": 'textPayload:"ping"'},
        {"name": "off", "filter": 'textPayload:"order"', "disabled": True},
    ]
    await cloud.sink("topic", await topic(cloud), filter="severity>=WARNING", exclusions=exclusions)
    await cloud.write("order refused", "ping", severity="ERROR", timestamp=HOUR)
    await cloud.write("order filled", severity="INFO")
    await cloud.idle()
    (message,) = await pulled(cloud)
    entry = json.loads(base64.b64decode(message["data"]))
    assert (entry["textPayload"], entry["logName"], entry["severity"]) == ("order refused", LOG, "ERROR")
    assert message["attributes"] == {"logging.googleapis.com/timestamp": entry["timestamp"]}
    assert sorted(await cloud.found()) == ["order filled", "order refused", "ping"]


async def test_a_disabled_sink_passes_nothing_on(cloud: Cloud) -> None:
    await cloud.sink("topic", await topic(cloud), disabled=True)
    await cloud.write("one")
    await cloud.idle()
    assert await pulled(cloud) == []


@pytest.mark.parametrize("there", [True, False])
async def test_a_sink_that_may_not_write_says_so_once(cloud: Cloud, there: bool) -> None:
    destination = await topic(cloud, granted=False) if there else "pubsub.googleapis.com/projects/atm-logs/topics/none"
    await cloud.sink("topic", destination, filter='log_id("run.googleapis.com/stdout")')
    for payload in ("one", "two"):
        await cloud.write(payload)
        await cloud.idle()
    body = {"resourceNames": ["projects/atm-logs"], "filter": 'log_id("logging.googleapis.com/sink_error")'}
    (error,) = (await cloud.ask("POST", "/logging/v2/entries:list", body))["entries"]
    code = "topic_permission_denied" if there else "topic_not_found"
    assert error["labels"]["error_code"] == code
    assert error["resource"]["labels"] == {"project_id": "atm-logs", "name": "topic", "destination": destination}
    said = f"Cloud Logging sink configuration error in atm-logs, sink topic: {code}"
    assert error["textPayload"].startswith(said)
    assert not there or AGENT in error["textPayload"]
    if there:
        assert await pulled(cloud) == []


async def test_a_grant_that_comes_after_its_sink_loses_nothing(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging_deliveries, "GRACE", 60.0)
    monkeypatch.setattr(logging_deliveries, "_PATIENCE", 0.01)
    destination = await topic(cloud, granted=False)
    await cloud.sink("topic", destination)
    await cloud.write("early")
    await asyncio.sleep(0.05)
    policy = {"bindings": [{"role": "roles/pubsub.publisher", "members": [AGENT]}]}
    await cloud.ask("POST", "/pubsub/v1/projects/atm-logs/topics/logs:setIamPolicy", {"policy": policy})
    await cloud.idle()
    assert len(await pulled(cloud)) == 1


async def test_entries_of_an_hour_are_an_object(cloud: Cloud) -> None:
    await cloud.ask("POST", "/storage/v1/b?project=atm-logs", {"name": "atm-log-archive"})
    policy = {"bindings": [{"role": "roles/storage.objectCreator", "members": [AGENT]}]}
    await cloud.ask("PUT", "/storage/v1/b/atm-log-archive/iam", policy)
    await cloud.sink("archive", "storage.googleapis.com/atm-log-archive")
    await cloud.write("one", "two", timestamp=HOUR)
    await cloud.write("three", timestamp="2026-01-31T10:59:59.9Z")
    await cloud.idle()
    await cloud.write("late", timestamp=HOUR)
    await cloud.idle()
    listed = await cloud.ask("GET", "/storage/v1/b/atm-log-archive/o")
    names = [item["name"] for item in listed["items"]]
    first, late = "run.googleapis.com/stdout/2026/01/31/09:00:00_09:59:59_", names[0]
    assert late.startswith(f"{first}A0:")
    assert names[1:] == [f"{first}S0.json", "run.googleapis.com/stdout/2026/01/31/10:00:00_10:59:59_S0.json"]
    path = f"/storage/v1/b/atm-log-archive/o/{names[1].replace('/', '%2F')}"
    content = await cloud.router.dispatch(Request("GET", path, {"alt": ["media"]}))
    assert [json.loads(line)["textPayload"] for line in content.body.splitlines()] == ["one", "two"]


async def test_what_an_hour_still_gathers_waits_over_a_restart(cloud: Cloud, tmp_path: Path) -> None:
    await cloud.ask("POST", "/storage/v1/b?project=atm-logs", {"name": "atm-log-archive"})
    await cloud.sink("archive", "storage.googleapis.com/atm-log-archive")
    await cloud.write("now")
    again = logging_deliveries.Deliveries(cloud.control, lambda entries: None)
    assert list(again.outbox.first()) == ["projects/atm-logs/sinks/archive"]


async def test_default_sink_excludes_and_other_buckets_keep(cloud: Cloud) -> None:
    await cloud.ask("POST", f"{P}/locations/global/buckets?bucketId=audit", {})
    bucket = "projects/atm-logs/locations/global/buckets/audit"
    await cloud.sink("audit", f"logging.googleapis.com/{bucket}", filter='textPayload:"audit"')
    exclusions = [{"name": "all", "filter": 'log_id("run.googleapis.com/stdout")'}]
    default = await cloud.ask("GET", f"{P}/sinks/_Default")
    assert default["destination"].endswith("/buckets/_Default")
    await cloud.ask("PATCH", f"{P}/sinks/_Default?updateMask=exclusions", {**default, "exclusions": exclusions})
    await cloud.write("audit this", "that")
    # A project has all that any of its buckets keeps.
    assert await cloud.found() == ["audit this"]
    assert await cloud.found(f"{bucket}/views/_AllLogs") == ["audit this"]
    assert await cloud.found("projects/atm-logs/locations/global/buckets/_Default/views/_Default") == []
    assert [sink["name"] for sink in (await cloud.ask("GET", f"{P}/sinks"))["sinks"]] == [
        "_Default",
        "_Required",
        "audit",
    ]


async def test_audit_logs_are_kept_whatever_the_default_sink_does(cloud: Cloud) -> None:
    default = await cloud.ask("GET", f"{P}/sinks/_Default")
    await cloud.ask("PATCH", f"{P}/sinks/_Default?updateMask=disabled", {**default, "disabled": True})
    name = "projects/atm-logs/logs/cloudaudit.googleapis.com%2Factivity"
    await cloud.write("who did what", logName=name)
    await cloud.write("printed")
    assert await cloud.found() == ["who did what"]
    assert await cloud.found("projects/atm-logs/locations/global/buckets/_Required/views/_AllLogs") == ["who did what"]
    for method, document in (("PATCH", {**default, "disabled": True}), ("DELETE", None)):
        request = Request.of(method, f"{P}/sinks/_Required?updateMask=disabled", document)
        assert (await cloud.router.dispatch(request)).status == 400


async def test_a_view_shows_what_its_filter_lets_through(cloud: Cloud) -> None:
    views = f"{P}/locations/global/buckets/_Default/views"
    await cloud.ask("GET", f"{P}/locations/global/buckets/_Default")
    await cloud.ask("POST", f"{views}?viewId=errors", {"filter": "severity>=ERROR"})
    await cloud.write("bad", severity="ERROR")
    await cloud.write("good", severity="INFO")
    view = "projects/atm-logs/locations/global/buckets/_Default/views/errors"
    assert await cloud.found(view) == ["bad"]
    assert await cloud.found(view, 'textPayload:"good"') == []
    request = Request.of("POST", "/logging/v2/entries:list", {"resourceNames": [f"{view}-not"]})
    assert (await cloud.router.dispatch(request)).status == 404


async def test_another_project_gets_entries_where_the_writer_may(cloud: Cloud) -> None:
    await cloud.sink("central", "logging.googleapis.com/projects/atm-central")
    await cloud.write("before")
    policy = {"bindings": [{"role": "roles/logging.logWriter", "members": [AGENT]}]}
    cloud.control.store.put_policy("//cloudresourcemanager.googleapis.com/projects/atm-central", policy)
    await cloud.write("after")
    assert await cloud.found("projects/atm-central") == ["after"]
    errors = await cloud.found(asked='log_id("logging.googleapis.com/sink_error")')
    assert len(errors) == 1
    assert "project_permission_denied" in errors[0]


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("sinks", {"name": "wrong", "destination": "storage.googleapis.com/atm-log-archive", "filter": "severity>="}),
        ("exclusions", {"name": "wrong", "filter": "(a=b"}),
        ("locations/global/buckets/_Default/views?viewId=wrong", {"filter": "a=)"}),
    ],
)
async def test_a_filter_that_is_none_is_refused(cloud: Cloud, path: str, document: dict[str, Any]) -> None:
    await cloud.ask("GET", f"{P}/locations/global/buckets/_Default")
    assert (await cloud.router.dispatch(Request.of("POST", f"{P}/{path}", document))).status == 400


class Fragile:
    """A destination that fails on one entry."""

    most, window = 10, 0.0

    def __init__(self) -> None:
        self.took: list[str] = []

    def due(self, entry: dict[str, Any]) -> float:
        return 0.0

    async def deliver(self, control: Control, sink: Resource, entries: Sequence[dict[str, Any]]) -> None:
        if any(entry["textPayload"] == "poison" for entry in entries):
            raise Unavailable("it broke", failed=True)
        self.took += [entry["textPayload"] for entry in entries]


async def test_an_entry_that_a_destination_fails_on_holds_up_no_other(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging_deliveries, "_PATIENCE", 0.001)
    await cloud.sink("archive", "storage.googleapis.com/atm-log-archive")
    told, fragile = list[dict[str, Any]](), Fragile()
    deliveries = logging_deliveries.Deliveries(cloud.control, told.extend, {"storage.googleapis.com": fragile})
    sinks = {"projects/atm-logs/sinks/archive": "storage.googleapis.com/atm-log-archive"}
    for text in ("before", "poison", "after"):
        deliveries.take(sinks, {"textPayload": text}, json.dumps({"textPayload": text}))
    deliveries.begin()
    assert await eventually_async(lambda: told and not deliveries.outbox.first())
    assert fragile.took == ["before", "after"]
    assert [entry["labels"]["error_code"] for entry in told] == ["entry_failed"]


async def test_entries_of_an_older_sandbox_are_found(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.db")
    store.schema(
        "CREATE TABLE log_entries (moment TEXT NOT NULL, log TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, "
        "PRIMARY KEY (moment, log, id)) WITHOUT ROWID"
    )
    entry = {"logName": LOG, "textPayload": "old", "timestamp": HOUR, "insertId": "1", "severity": "INFO"}
    store.execute("INSERT INTO log_entries VALUES (?, ?, ?, ?)", (HOUR, LOG, "1", json.dumps(entry)))
    control = Control(store, tmp_path)
    router = Router(control)
    router.add(logging.API)
    await logging_entries.start(control)
    for name in ("projects/atm-logs", "projects/atm-logs/locations/global/buckets/_Default/views/_AllLogs"):
        response = await router.dispatch(Request.of("POST", "/logging/v2/entries:list", {"resourceNames": [name]}))
        assert [each["textPayload"] for each in response.json()["entries"]] == ["old"]
    store.close()

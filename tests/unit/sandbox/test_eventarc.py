"""Eventarc: events of Pub/Sub and Cloud Storage reach a service of the test, and a workflow that runs."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import workflowexecutions
from sandbox.apis.eventarc import api as eventarc
from sandbox.apis.eventarc.events import fits
from sandbox.apis.pubsub import api as pubsub
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.resourcemanager import api as resourcemanager
from sandbox.apis.storage import api as storage
from sandbox.apis.workflows import api as workflows
from sandbox.control import agents
from sandbox.control.context import Control
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from sandbox.control.store import Resource, Store
from tests.support.target import Target
from tests.support.waiting import eventually_async

_PROJECT = "projects/events-unit"
_PLACE = f"{_PROJECT}/locations/asia-south1"
_TRIGGERS = f"/eventarc/v1/{_PLACE}/triggers"
_BUCKET = "events-unit-raw"
_ACCOUNT = "events@events-unit.iam.gserviceaccount.com"
_SERVICE = {"cloudRun": {"service": "ingest", "region": "asia-south1", "path": "/work"}}
_PUBSUB = {"attribute": "type", "value": "google.cloud.pubsub.topic.v1.messagePublished"}


def _storage(kind: str, bucket: str = _BUCKET) -> list[dict[str, str]]:
    return [
        {"attribute": "type", "value": f"google.cloud.storage.object.v1.{kind}"},
        {"attribute": "bucket", "value": bucket},
    ]


class Events:
    """The APIs over a state directory, with a bucket and a topic."""

    def __init__(self, path: Path) -> None:
        self.later = 0.0
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: time.time() + self.later)
        self.router = Router(self.control)
        for api in (resourcemanager.API, storage.API, pubsub.API, workflows.API, workflowexecutions.API, eventarc.API):
            self.router.add(api)

    async def start(self) -> Events:
        for api in self.router.apis:
            if api.start is not None:
                await api.start(self.control)
        return self

    async def stop(self) -> None:
        for api in reversed(self.router.apis):
            if api.stop is not None:
                await api.stop(self.control)
        await self.control.stop()
        self.control.store.close()

    async def raw(self, method: str, path: str, document: Any = None) -> Response:
        return await self.router.dispatch(Request.of(method, path, document))

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> dict[str, Any]:
        answer = await self.raw(method, path, document)
        told: dict[str, Any] = answer.json()
        assert answer.status == status, told
        return told

    async def service(self, url: str) -> None:
        """A Cloud Run service that answers at a URL."""
        uri = url.removesuffix("/work")
        self.control.store.insert(Resource("run.services", f"{_PLACE}/services/ingest", {"uri": uri}))

    async def bucket(self, *, allowed: bool = True) -> None:
        await self.ask("POST", "/storage/v1/b?project=events-unit", {"name": _BUCKET, "location": "asia-south1"})
        if allowed:
            member = f"serviceAccount:{agents.email('storage', 'events-unit')}"
            policy = {"bindings": [{"role": "roles/pubsub.publisher", "members": [member]}]}
            await self.ask("POST", "/cloudresourcemanager/v1/projects/events-unit:setIamPolicy", {"policy": policy})

    async def trigger(
        self, filters: list[dict[str, str]], destination: dict[str, Any] | None = None, status: int = 200, **more: Any
    ) -> dict[str, Any]:
        body = {"eventFilters": filters, "destination": destination or _SERVICE, "serviceAccount": _ACCOUNT, **more}
        told = await self.ask("POST", f"{_TRIGGERS}?triggerId=arrived", body, status)
        made: dict[str, Any] = told.get("response", told)
        return made

    async def put(self, name: str, text: bytes = b"a,b\n") -> None:
        path = f"/upload/storage/v1/b/{_BUCKET}/o"
        request = Request("POST", path, {"uploadType": ["media"], "name": [name]}, {"content-type": "text/csv"}, text)
        assert (await self.router.dispatch(request)).status == 200

    async def until(self, path: str, when: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        document: dict[str, Any] = {}

        async def is_so() -> bool:
            document.clear()
            document.update(await self.ask("GET", path))
            return bool(when(document))

        assert await eventually_async(is_so), document
        return document


@pytest.fixture
async def events(tmp_path: Path) -> AsyncIterator[Events]:
    made = await Events(tmp_path).start()
    yield made
    await made.stop()


async def test_a_finished_object_reaches_a_service_as_a_cloudevent(events: Events, target: Target) -> None:
    await events.bucket()
    await events.service(target.url)
    made = await events.trigger(_storage("finalized"))
    await events.put("nse/é 1.csv")
    line, headers, body = await target.next()
    assert line == "POST /work?__GCP_CloudEventsMode=GCS_NOTIFICATION HTTP/1.1"
    said = json.loads(body)
    assert (said["kind"], said["bucket"], said["name"], said["size"]) == ("storage#object", _BUCKET, "nse/é 1.csv", "4")
    assert headers["content-type"] == "application/json"
    wanted = {
        "ce-specversion": "1.0",
        "ce-type": "google.cloud.storage.object.v1.finalized",
        "ce-source": f"//storage.googleapis.com/projects/_/buckets/{_BUCKET}",
        "ce-subject": "objects/nse/%C3%A9%201.csv",
        "ce-bucket": _BUCKET,
    }
    assert {key: headers[key] for key in wanted} == wanted
    assert headers["ce-id"].isdigit()
    assert headers["ce-time"][:19] >= said["timeCreated"][:19]
    part = headers["authorization"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (claims["email"], claims["aud"]) == (_ACCOUNT, target.url.removesuffix("/work"))

    subscription = await events.ask("GET", f"/pubsub/v1/{made['transport']['pubsub']['subscription']}")
    assert subscription["topic"] == made["transport"]["pubsub"]["topic"]
    assert subscription["messageRetentionDuration"] == "86400s"
    assert subscription["retryPolicy"] == {"minimumBackoff": "10s", "maximumBackoff": "600s"}
    await events.ask("DELETE", f"/storage/v1/b/{_BUCKET}/o/nse%2F%C3%A9%201.csv", status=204)
    await asyncio.sleep(0.02)
    assert target.got.empty()


@pytest.mark.parametrize("kind", ["deleted", "metadataUpdated"])
async def test_the_other_events_of_objects(events: Events, target: Target, kind: str) -> None:
    await events.bucket()
    await events.service(target.url)
    await events.trigger(_storage(kind))
    await events.put("a.csv")
    path = f"/storage/v1/b/{_BUCKET}/o/a.csv"
    if kind == "deleted":
        await events.ask("DELETE", path, status=204)
    else:
        await events.ask("PATCH", path, {"metadata": {"checked": "yes"}})
    headers = (await target.next())[1]
    assert (headers["ce-type"], headers["ce-subject"]) == (f"google.cloud.storage.object.v1.{kind}", "objects/a.csv")
    assert target.got.empty()


async def test_a_message_reaches_a_service_until_it_is_taken(events: Events, target: Target) -> None:
    topic = f"{_PROJECT}/topics/signals"
    await events.ask("PUT", f"/pubsub/v1/{topic}", {})
    await events.service(target.url)
    made = await events.trigger([_PUBSUB], transport={"pubsub": {"topic": topic}})
    target.answers = [500, 200]
    await events.ask("POST", f"/pubsub/v1/{topic}:publish", {"messages": [{"data": "eA==", "attributes": {"k": "v"}}]})
    first = await target.next()
    assert first[0] == (
        "POST /work?__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects%2Fevents-unit%2Ftopics%2Fsignals HTTP/1.1"
    )
    said, subscription = json.loads(first[2]), made["transport"]["pubsub"]["subscription"]
    assert (said["message"]["data"], said["message"]["attributes"], said["subscription"]) == (
        "eA==",
        {"k": "v"},
        subscription,
    )
    assert first[1]["ce-source"] == f"//pubsub.googleapis.com/{topic}"
    assert (first[1]["ce-id"], first[1]["ce-time"]) == (said["message"]["messageId"], said["message"]["publishTime"])
    await asyncio.sleep(0.05)
    events.later = 9
    events.control.part(Engine).wake(subscription)
    await asyncio.sleep(0.05)
    assert target.got.empty()
    events.later = 11
    events.control.part(Engine).wake(subscription)
    assert (await target.next())[1]["ce-id"] == first[1]["ce-id"]
    events.later = 100
    events.control.part(Engine).wake(subscription)
    await asyncio.sleep(0.05)
    assert target.got.empty()


async def test_one_attempt_is_one_attempt(events: Events, target: Target) -> None:
    await events.service(target.url)
    made = await events.trigger([_PUBSUB], retryPolicy={"maxAttempts": 1})
    pubsub_ = made["transport"]["pubsub"]
    assert pubsub_["topic"].startswith(f"{_PROJECT}/topics/eventarc-asia-south1-arrived-")
    target.answers = [500]
    await events.ask("POST", f"/pubsub/v1/{pubsub_['topic']}:publish", {"messages": [{"data": "eA=="}]})
    await target.next()
    await asyncio.sleep(0.05)
    events.later = 700
    events.control.part(Engine).wake(pubsub_["subscription"])
    await asyncio.sleep(0.05)
    assert target.got.empty()


async def test_an_event_starts_a_workflow_that_reads_it(events: Events) -> None:
    await events.bucket()
    source = """main:
  params: [event]
  steps:
    - done:
        return: ${event.data.bucket + "/" + event.data.name + "#" + event.data.generation + " " + event.type}
"""
    place = f"/workflows/v1/{_PLACE}/workflows"
    await events.ask("POST", f"{place}?workflowId=raw-arrived", {"sourceContents": source})
    workflow = f"{_PLACE}/workflows/raw-arrived"
    await events.trigger(_storage("finalized"), {"workflow": workflow})
    await events.put("bars.csv")
    path = f"/workflowexecutions/v1/{workflow}/executions"
    listed = await events.until(
        f"{path}?view=FULL", lambda page: page.get("executions", [{}])[0].get("state") == "SUCCEEDED"
    )
    (execution,) = listed["executions"]
    generation = (await events.ask("GET", f"/storage/v1/b/{_BUCKET}/o/bars.csv"))["generation"]
    kind = "google.cloud.storage.object.v1.finalized"
    assert json.loads(execution["result"]) == f"{_BUCKET}/bars.csv#{generation} {kind}"
    assert set(json.loads(execution["argument"])) == {
        *("id", "source", "specversion", "type", "datacontenttype", "subject", "time", "bucket", "data")
    }


async def test_an_event_waits_for_its_workflow_and_outlives_a_restart(events: Events, tmp_path: Path) -> None:
    workflow = f"{_PLACE}/workflows/later"
    made = await events.trigger([_PUBSUB], {"workflow": workflow})
    topic = made["transport"]["pubsub"]["topic"]
    await events.ask("POST", f"/pubsub/v1/{topic}:publish", {"messages": [{"data": "eA=="}]})
    await asyncio.sleep(0.05)
    await events.control.stop()
    again = Events(tmp_path)
    again.later = 30
    await again.start()
    source = "main: {params: [event], steps: [{done: {return: '${event.data.message.data}'}}]}"
    place = f"/workflows/v1/{_PLACE}/workflows"
    await again.ask("POST", f"{place}?workflowId=later", {"sourceContents": source})
    path = f"/workflowexecutions/v1/{workflow}/executions?view=FULL"
    page = await again.until(path, lambda page: page.get("executions", [{}])[0].get("state") == "SUCCEEDED")
    assert json.loads(page["executions"][0]["result"]) == "eA=="
    await again.stop()


async def test_a_trigger_changes_where_events_go_and_takes_all_with_it(events: Events, target: Target) -> None:
    await events.bucket()
    await events.service(target.url)
    made = await events.trigger(_storage("finalized"))
    carriers = made["transport"]["pubsub"]
    configs = f"/storage/v1/b/{_BUCKET}/notificationConfigs"
    (config,) = (await events.ask("GET", configs))["items"]
    assert (config["topic"], config["event_types"]) == (
        f"//pubsub.googleapis.com/{carriers['topic']}",
        ["OBJECT_FINALIZE"],
    )

    path = f"{_TRIGGERS}/arrived"
    elsewhere = {"cloudRun": {"service": "ingest", "region": "asia-south1", "path": "/other"}}
    await events.ask(
        "PATCH",
        f"{path}?updateMask=destination,eventFilters",
        {"destination": elsewhere, "eventFilters": _storage("deleted")},
    )
    subscription = await events.ask("GET", f"/pubsub/v1/{carriers['subscription']}")
    assert "/other?" in subscription["pushConfig"]["pushEndpoint"]
    await events.put("a.csv")
    await events.ask("DELETE", f"/storage/v1/b/{_BUCKET}/o/a.csv", status=204)
    line, headers, _ = await target.next()
    assert (line[:12], headers["ce-type"]) == ("POST /other?", "google.cloud.storage.object.v1.deleted")

    await events.ask("DELETE", path)
    assert (await events.ask("GET", configs))["items"] == []
    for name in carriers.values():
        await events.ask("GET", f"/pubsub/v1/{name}", status=404)


async def test_a_trigger_that_an_earlier_sandbox_only_stored_gets_its_transport(events: Events, tmp_path: Path) -> None:
    made = await events.trigger([_PUBSUB])
    carriers = made["transport"]["pubsub"]
    for name in carriers.values():
        await events.ask("DELETE", f"/pubsub/v1/{name}")
    await events.control.stop()
    again = await Events(tmp_path).start()
    assert (await again.ask("GET", f"/pubsub/v1/{carriers['subscription']}"))["topic"] == carriers["topic"]
    await again.stop()


async def test_what_google_refuses_leaves_nothing_behind(events: Events) -> None:
    assert "not found" in str(await events.trigger(_storage("finalized"), status=404))
    await events.bucket(allowed=False)
    assert "roles/pubsub.publisher" in str(await events.trigger(_storage("finalized"), status=400))
    topic = {"pubsub": {"topic": f"{_PROJECT}/topics/missing"}}
    await events.trigger([_PUBSUB], transport=topic, status=404)
    assert await events.ask("GET", _TRIGGERS) == {}
    for kind in ("topics", "subscriptions"):
        assert await events.ask("GET", f"/pubsub/v1/{_PROJECT}/{kind}") == {}
    body = {"eventFilters": _storage("finalized"), "destination": _SERVICE}
    path = "/eventarc/v1/projects/events-unit/locations/europe-west1/triggers?triggerId=far"
    assert "one location" in str(await events.ask("POST", path, body, 400))


@pytest.mark.parametrize(
    ("filters", "more", "status"),
    [
        ([{"attribute": "type", "value": "google.cloud.audit.log.v1.written"}], {}, 501),
        ([_PUBSUB], {"eventDataContentType": "application/protobuf"}, 501),
        (_storage("finalized")[:1], {}, 400),
        ([{"value": "x"}, _PUBSUB], {}, 400),
    ],
)
async def test_what_the_sandbox_does_not_bring(
    events: Events, filters: list[dict[str, str]], more: dict[str, Any], status: int
) -> None:
    await events.trigger(filters, status=status, **more)


@pytest.mark.parametrize(
    ("pattern", "subject", "through"),
    [
        ("objects/raw/*.csv", "objects/raw/a.csv", True),
        ("objects/raw/*.csv", "objects/raw/b/a.csv", False),
        ("objects/**", "objects/raw/b/a.csv", True),
        ("objects/{kind=*}/a.*", "objects/raw/a.csv", True),
        ("objects/a.csv", "objects/aXcsv", False),
    ],
)
def test_path_patterns(pattern: str, subject: str, through: bool) -> None:
    filters = [{"attribute": "subject", "value": pattern, "operator": "match-path-pattern"}]
    assert fits(filters, {"subject": subject}) is through

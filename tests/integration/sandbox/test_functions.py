"""Cloud Functions: a service that answers, a trigger, and what is refused."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.integration.sandbox_process import Sandbox

Ask = Callable[..., Any]


@pytest.fixture
def project() -> str:
    return f"functions-{secrets.token_hex(4)}"


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        response = httpx.request(method, f"{sandbox.url}{path}", json=body, timeout=60)
        assert response.status_code == status, response.text
        answer = response.json() if response.content else {}
        return answer.get("response", answer)

    return call


def _source(sandbox: Sandbox, project: str) -> dict[str, Any]:
    bucket = f"{project}-sources"
    httpx.post(f"{sandbox.url}/storage/v1/b", params={"project": project}, json={"name": bucket}).raise_for_status()
    upload = {"uploadType": "media", "name": "source.zip"}
    httpx.post(f"{sandbox.url}/upload/storage/v1/b/{bucket}/o", params=upload, content=b"zip").raise_for_status()
    return {"storageSource": {"bucket": bucket, "object": "source.zip"}}


def test_a_function_is_a_service_that_events_reach(sandbox: Sandbox, project: str, ask: Ask) -> None:
    place = f"projects/{project}/locations/asia-south1"
    ask("PUT", f"/pubsub/v1/projects/{project}/topics/work", {})
    build = {"runtime": "python312", "entryPoint": "main", "source": _source(sandbox, project)}
    trigger = {
        "eventType": "google.cloud.pubsub.topic.v1.messagePublished",
        "pubsubTopic": f"projects/{project}/topics/work",
    }
    function = ask(
        "POST",
        f"/cloudfunctions/v2/{place}/functions?functionId=worker",
        {"buildConfig": build, "eventTrigger": trigger, "serviceConfig": {"environmentVariables": {"MODE": "one"}}},
    )

    assert (function["state"], function["serviceConfig"]["availableCpu"]) == ("ACTIVE", "0.1666")
    assert httpx.get(f"{function['serviceConfig']['uri']}/health", timeout=60).status_code == 200
    service = ask("GET", f"/run/v2/{function['serviceConfig']['service']}")
    assert service["template"]["containers"][0]["env"] == [{"name": "MODE", "value": "one"}]
    made = ask("GET", f"/eventarc/v1/{function['eventTrigger']['trigger']}")
    assert made["destination"]["cloudRun"]["service"] == "worker"

    changed = {"serviceConfig": {"environmentVariables": {"MODE": "two"}}}
    ask("PATCH", f"/cloudfunctions/v2/{place}/functions/worker?updateMask=serviceConfig", changed)
    service = ask("GET", f"/run/v2/{function['serviceConfig']['service']}")
    assert service["template"]["containers"][0]["env"] == [{"name": "MODE", "value": "two"}]

    ask("DELETE", f"/cloudfunctions/v2/{place}/functions/worker")
    ask("GET", f"/run/v2/{function['serviceConfig']['service']}", status=404)
    ask("GET", f"/eventarc/v1/{function['eventTrigger']['trigger']}", status=404)


def test_a_function_needs_a_source_that_is_there(sandbox: Sandbox, project: str, ask: Ask) -> None:
    path = f"/cloudfunctions/v2/projects/{project}/locations/asia-south1/functions?functionId=worker"
    build = {"runtime": "python312", "entryPoint": "main"}

    ask("POST", path, {"buildConfig": build}, 400)
    lost = {"storageSource": {"bucket": f"{project}-none", "object": "source.zip"}}
    ask("POST", path, {"buildConfig": {**build, "source": lost}}, 404)
    source = _source(sandbox, project)
    ask("POST", path, {"buildConfig": {**build, "runtime": "cobol", "source": source}}, 400)
    ask("POST", path, {"buildConfig": {**build, "source": source}, "environment": "GEN_1"}, 501)
    unknown = {"eventType": "google.cloud.firestore.document.v1.written"}
    ask("POST", path, {"buildConfig": {**build, "source": source}, "eventTrigger": unknown}, 501)
    ask("GET", f"/run/v2/projects/{project}/locations/asia-south1/services/worker", status=404)


def test_the_default_account_of_compute_engine_is_there_until_it_is_deleted(project: str, ask: Ask) -> None:
    email = ask("GET", f"/compute/v1/projects/{project}")["defaultServiceAccount"]

    found = ask("GET", f"/iam/v1/projects/{project}/serviceAccounts/{email}")
    assert ask("GET", f"/iam/v1/projects/-/serviceAccounts/{email}") == found
    ask("DELETE", f"/iam/v1/{found['name']}")
    ask("GET", f"/iam/v1/{found['name']}", status=404)


def _first(sandbox: Sandbox, project: str, **more: Any) -> dict[str, Any]:
    source = _source(sandbox, project)["storageSource"]
    name = f"projects/{project}/locations/asia-south1/functions/Of_First"
    archive = f"gs://{source['bucket']}/{source['object']}"
    return {"name": name, "runtime": "python312", "entryPoint": "main", "sourceArchiveUrl": archive, **more}


def test_a_function_of_the_first_generation_runs_as_one_of_the_second(sandbox: Sandbox, project: str, ask: Ask) -> None:
    place = f"projects/{project}/locations/asia-south1"
    one = f"/cloudfunctions/v1/{place}/functions/Of_First"
    body = _first(sandbox, project, httpsTrigger={}, environmentVariables={"MODE": "one"})
    made = ask("POST", f"/cloudfunctions/v1/{place}/functions", body)
    assert (made["status"], made["versionId"], made["httpsTrigger"]["securityLevel"]) == (
        "ACTIVE",
        "1",
        "SECURE_OPTIONAL",
    )
    assert httpx.get(f"{made['httpsTrigger']['url']}/health", timeout=60).status_code == 200
    changed = ask("PATCH", f"{one}?updateMask=environmentVariables", {"environmentVariables": {"MODE": "two"}})
    assert changed["versionId"] == "2"
    service = ask("GET", f"/run/v2/{place}/services/of-first")
    assert service["template"]["containers"][0]["env"] == [{"name": "MODE", "value": "two"}]
    event = {"eventType": "google.pubsub.topic.publish", "resource": f"projects/{project}/topics/work"}
    ask("PATCH", f"{one}?updateMask=httpsTrigger,eventTrigger", {"eventTrigger": event}, 400)
    ask("DELETE", one)
    ask("GET", f"/run/v2/{place}/services/of-first", status=404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"runtime": "perl5"}, 400),
        ({"timeout": "541s"}, 400),
        ({"availableMemoryMb": 65536}, 400),
        ({"ingressSettings": "ALLOW_SOME"}, 400),
        ({"httpsTrigger": {"securityLevel": "SECURE"}}, 400),
        ({"sourceArchiveUrl": "gs://none-of-this-name/source.zip"}, 404),
        ({"sourceArchiveUrl": ""}, 400),
        ({"sourceUploadUrl": "https://upload.example.com"}, 501),
        ({"eventTrigger": {"eventType": "google.pubsub.topic.publish", "resource": "projects/p/topics/t"}}, 400),
        ({"httpsTrigger": None, "eventTrigger": {"eventType": "google.pubsub.topic.publish", "resource": "t"}}, 400),
        ({"httpsTrigger": None, "eventTrigger": {"eventType": "google.storage.object.finalize", "resource": "b"}}, 400),
        (
            {"httpsTrigger": None, "eventTrigger": {"eventType": "google.firebase.auth.user.create", "resource": "p"}},
            501,
        ),
    ],
)
def test_a_function_of_the_first_generation_that_google_refuses(
    sandbox: Sandbox, project: str, ask: Ask, change: dict[str, Any], status: int
) -> None:
    body = _first(sandbox, project, httpsTrigger={}) | change
    ask("POST", f"/cloudfunctions/v1/projects/{project}/locations/asia-south1/functions", body, status)


def test_no_limit_of_instances_is_the_limit_that_every_function_has(sandbox: Sandbox, project: str, ask: Ask) -> None:
    place = f"projects/{project}/locations/asia-south1/functions"
    stored = _source(sandbox, project)["storageSource"]
    account = f"builder@{project}.iam.gserviceaccount.com"
    ask("POST", f"/iam/v1/projects/{project}/serviceAccounts", {"accountId": "builder"})
    function = {
        "name": f"{place}/called",
        "runtime": "python312",
        "entryPoint": "main",
        "sourceArchiveUrl": f"gs://{stored['bucket']}/{stored['object']}",
        "httpsTrigger": {},
        "serviceAccountEmail": account,
        "maxInstances": 0,
    }
    assert ask("POST", f"/cloudfunctions/v1/{place}", function)["maxInstances"] == 3000

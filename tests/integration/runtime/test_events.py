"""Events of Eventarc in a whole sandbox: an object that arrives starts the platform's own workflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.runtime.running import LOCATION, PROJECT, SERVICES, call
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

_PLACE = f"projects/{PROJECT}/locations/{LOCATION}"
_WORKFLOW = f"{_PLACE}/workflows/raw-arrived"
_SOURCE = Path(__file__).parents[3] / "envs/workflows/raw-arrived.yaml"


def _prepare(sandbox: Sandbox) -> None:
    """A bucket whose objects start the workflow, and the service that it asks."""
    template = {"containers": [{"image": f"asia-south1-docker.pkg.dev/{PROJECT}/images/echo-env:1"}]}
    call(sandbox, "POST", f"{SERVICES}?serviceId=ingest", {"template": template})
    assert eventually(lambda: "uri" in call(sandbox, "GET", f"{SERVICES}/ingest"))
    call(sandbox, "POST", f"/storage/v1/b?project={PROJECT}", {"name": f"{PROJECT}-raw", "location": LOCATION})
    number = call(sandbox, "GET", f"/cloudresourcemanager/v1/projects/{PROJECT}")["projectNumber"]
    member = f"serviceAccount:service-{number}@gs-project-accounts.iam.gserviceaccount.com"
    policy = {"bindings": [{"role": "roles/pubsub.publisher", "members": [member]}]}
    call(sandbox, "POST", f"/cloudresourcemanager/v1/projects/{PROJECT}:setIamPolicy", {"policy": policy})
    filters = {"type": "google.cloud.storage.object.v1.finalized", "bucket": f"{PROJECT}-raw"}
    trigger = {
        "eventFilters": [{"attribute": key, "value": value} for key, value in filters.items()],
        "destination": {"workflow": _WORKFLOW},
    }
    call(sandbox, "POST", f"/eventarc/v1/{_PLACE}/triggers?triggerId=raw-arrived", trigger)


def _deploy(sandbox: Sandbox) -> None:
    variables = {"REGION": LOCATION, "SERVICE": "ingest", "ALERTS_TOPIC": f"projects/{PROJECT}/topics/alerts"}
    workflow = {"sourceContents": _SOURCE.read_text(), "userEnvVars": variables}
    call(sandbox, "POST", f"/workflows/v1/{_PLACE}/workflows?workflowId=raw-arrived", workflow)


def _put(sandbox: Sandbox) -> str:
    path = f"/upload/storage/v1/b/{PROJECT}-raw/o?uploadType=media&name=nse/bars.csv"
    answer = sandbox.request("POST", path, body=b"close\n1\n")
    assert answer.status == 200
    return str(answer.json()["generation"])


def _asked(sandbox: Sandbox, seconds: float) -> list[dict[str, Any]]:
    """What the service was asked by executions that succeeded."""
    path = f"/workflowexecutions/v1/{_WORKFLOW}/executions?view=FULL"

    def succeeded() -> list[dict[str, Any]]:
        found = call(sandbox, "GET", path).get("executions", [])
        return [each for each in found if each["state"] == "SUCCEEDED"]

    assert eventually(lambda: bool(succeeded()), seconds), json.dumps(call(sandbox, "GET", path))
    return [json.loads(json.loads(each["result"])["body"]) for each in succeeded()]


def test_an_object_that_arrives_starts_the_platform_s_workflow(cloud: Sandbox) -> None:
    _prepare(cloud)
    _deploy(cloud)
    generation = _put(cloud)
    (asked,) = _asked(cloud, 20)
    wanted = {"bucket": f"{PROJECT}-raw", "object": "nse/bars.csv", "generation": generation}
    assert {key: asked[key] for key in wanted} == wanted
    call(cloud, "DELETE", f"/eventarc/v1/{_PLACE}/triggers/raw-arrived")


@pytest.mark.whole  # an event that wasn't taken waits for ten seconds
def test_kill_nine_loses_no_event(own_cloud: Sandbox) -> None:
    own_cloud.start()
    _prepare(own_cloud)
    generation = _put(own_cloud)  # before its workflow is there
    own_cloud.kill()
    own_cloud.start()
    _deploy(own_cloud)
    (asked,) = _asked(own_cloud, 30)
    assert asked["generation"] == generation

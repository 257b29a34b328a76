"""The addresses that follow from services' names at Google lead to the services here, whoever sends there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from google.api_core.exceptions import GoogleAPICallError

from tests.integration.runtime.running import LOCATION, PROJECT, SERVICES, call, make_client
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

_PLACE = f"projects/{PROJECT}/locations/{LOCATION}"
_IMAGE = f"asia-south1-docker.pkg.dev/{PROJECT}/images/echo-env:1"


@pytest.fixture(scope="module")
def number(cloud: Sandbox) -> str:
    return str(call(cloud, "GET", f"/cloudresourcemanager/v1/projects/{PROJECT}")["projectNumber"])


@pytest.fixture(scope="module")
def scorer(cloud: Sandbox) -> dict[str, Any]:
    """A service that answers as a remote function does, with a tag on its newest revision."""
    env = [{"name": "REPLY", "value": json.dumps({"replies": [42]})}]
    traffic = [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100, "tag": "next"}]
    body = {"template": {"containers": [{"image": _IMAGE, "env": env}]}, "traffic": traffic}
    call(cloud, "POST", f"{SERVICES}?serviceId=scorer", body)
    assert eventually(lambda: "uri" in call(cloud, "GET", f"{SERVICES}/scorer"))
    return call(cloud, "GET", f"{SERVICES}/scorer")


def where(sandbox: Sandbox, url: str, expect: int = 200) -> dict[str, Any]:
    return call(sandbox, "GET", f"/sandbox/where?url={quote(url, safe='')}", expect=expect)


def test_an_address_leads_to_the_service_and_to_a_tag_of_it(
    cloud: Sandbox, scorer: dict[str, Any], number: str
) -> None:
    host = f"scorer-{number}.{LOCATION}.run.app"
    assert where(cloud, f"https://{host}/score?x=1") == {"url": f"{scorer['uri']}/score?x=1"}
    tagged = next(one["uri"] for one in scorer["trafficStatuses"] if one.get("tag") == "next")
    assert where(cloud, f"https://next---{host}/") == {"url": f"{tagged}/"}
    assert urlsplit(tagged).netloc != urlsplit(scorer["uri"]).netloc


def test_what_the_project_hasn_t_is_named_and_nobody_else_s_is_touched(
    cloud: Sandbox, scorer: dict[str, Any], number: str
) -> None:
    for host, said in (
        (f"gone-{number}.{LOCATION}.run.app", f"there is no service gone in {LOCATION} of {PROJECT}."),
        (f"scorer-{number}.us-central1.run.app", f"there is no service scorer in us-central1 of {PROJECT}."),
        (f"old---scorer-{number}.{LOCATION}.run.app", "has no address of its own for the tag old."),
    ):
        assert where(cloud, f"https://{host}/", expect=501)["error"]["message"].endswith(said)
    for url in ("https://scorer-999999999999.asia-south1.run.app/", "https://orders-x.a.run.app/go", "http://other/"):
        assert where(cloud, url) == {"url": url}


def test_a_task_reaches_the_service(cloud: Sandbox, scorer: dict[str, Any], number: str) -> None:
    queues = f"/cloudtasks/v2/{_PLACE}/queues"
    call(cloud, "POST", queues, {"name": f"{_PLACE}/queues/scores"})
    url = f"https://scorer-{number}.{LOCATION}.run.app/task"
    made = call(cloud, "POST", f"{queues}/scores/tasks", {"task": {"httpRequest": {"url": url}}})
    # A task that was done is gone; one that failed would wait to be sent again.
    assert eventually(lambda: cloud.request("GET", f"/cloudtasks/v2/{made['name']}").status == 404)


def test_a_remote_function_reaches_the_service(cloud: Sandbox, scorer: dict[str, Any], number: str) -> None:
    """By its name alone: the function is there before the service, as an apply makes them."""
    connections = f"/bigqueryconnection/v1/{_PLACE}/connections"
    call(cloud, "POST", f"{connections}?connectionId=calls", {"cloudResource": {}})
    client = make_client(cloud)
    client.query_and_wait("CREATE SCHEMA scores")
    for name in ("scorer", "gone"):
        url = f"https://{name}-{number}.{LOCATION}.run.app/score"
        client.query_and_wait(
            f"CREATE FUNCTION scores.{name}(x INT64) RETURNS INT64 "
            f"REMOTE WITH CONNECTION `{PROJECT}.{LOCATION}.calls` OPTIONS (endpoint = '{url}')"
        )
    assert [row[0] for row in client.query_and_wait("SELECT scores.scorer(1)")] == [42]
    with pytest.raises(GoogleAPICallError, match=f"there is no service gone in {LOCATION} of {PROJECT}"):
        client.query_and_wait("SELECT scores.gone(1)", job_retry=None)

"""Cloud Run services: real processes behind real listeners."""

from __future__ import annotations

import concurrent.futures
import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import BadRequest, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2

from tests.integration.runtime.running import (
    LOCATION,
    PROJECT,
    SERVICES,
    alive,
    call,
    running,
    runtime,
)
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

IMAGE = f"asia-south1-docker.pkg.dev/{PROJECT}/images"


def template(image: str = "echo-env", scaling: dict[str, int] | None = None, **container: Any) -> dict[str, Any]:
    return {
        "containers": [{"image": f"{IMAGE}/{image}:1", **container}],
        "scaling": scaling or {"maxInstanceCount": 2},
    }


def env(**variables: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in variables.items()]


def create(sandbox: Sandbox, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The operation of a new service."""
    return finished(sandbox, call(sandbox, "POST", f"{SERVICES}?serviceId={name}", {"template": body}))


def finished(sandbox: Sandbox, operation: dict[str, Any]) -> dict[str, Any]:
    assert eventually(lambda: bool(call(sandbox, "GET", f"/run/v2/{operation['name']}").get("done")))
    return call(sandbox, "GET", f"/run/v2/{operation['name']}")


def get(uri: str, path: str = "/", body: bytes | None = None) -> dict[str, Any]:
    with urllib.request.urlopen(urllib.request.Request(uri + path, data=body), timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_starter_answers_health_under_the_services_name(cloud: Sandbox) -> None:
    service = create(cloud, "risk-manager", template("risk-manager"))["response"]
    for path in ("/health", "/health/live", "/health/ready"):
        answer = get(service["uri"], path)
        assert (answer["service"], answer["status"], answer["kind"]) == ("risk-manager", "ok", "starter")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(service["uri"], "/orders")
    assert running(cloud, "risk-manager")["kind"] == "starter"


def test_starter_answers_what_the_probes_ask(cloud: Sandbox) -> None:
    """It stands in for an image that would; a service of other people's is asked at their own paths."""
    probes = {"startupProbe": {"httpGet": {"path": "/up"}}, "livenessProbe": {"httpGet": {}}}
    service = create(cloud, "theirs", template("theirs", **probes))["response"]
    for path in ("/up", "/", "/health"):
        assert get(service["uri"], path)["kind"] == "starter"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(service["uri"], "/down")


def test_google_s_sample_answers_at_its_root(cloud: Sandbox) -> None:
    hello = {"containers": [{"image": "us-docker.pkg.dev/cloudrun/container/hello:latest"}]}
    assert get(create(cloud, "hello", hello)["response"]["uri"])["kind"] == "starter"


def test_service_comes_back_as_sent_with_what_the_server_sets(cloud: Sandbox) -> None:
    sent = template(resources={"limits": {"cpu": "1", "memory": "1Gi"}}, env=env(A="b"))
    create(cloud, "whole", {**sent, "maxInstanceRequestConcurrency": 50, "timeout": "120s"})
    got = call(cloud, "GET", f"{SERVICES}/whole")
    container = got["template"]["containers"][0]
    assert container["resources"] == {"limits": {"cpu": "1", "memory": "1Gi"}}
    assert container["ports"] == [{"name": "http1", "containerPort": 8080}]
    assert container["startupProbe"]["tcpSocket"] == {"port": 8080}
    assert (got["ingress"], got["launchStage"]) == ("INGRESS_TRAFFIC_ALL", "GA")
    assert (got["generation"], got["observedGeneration"], got["reconciling"]) == ("1", "1", False)
    assert got["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"
    assert (
        got["traffic"] == got["trafficStatuses"] == [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]
    )
    assert got["latestReadyRevision"] == got["latestCreatedRevision"]
    revision = call(cloud, "GET", f"/run/v2/{got['latestReadyRevision']}")
    assert revision["containers"] == got["template"]["containers"]
    assert [r["name"] for r in call(cloud, "GET", f"{SERVICES}/whole/revisions")["revisions"]] == [revision["name"]]


def test_environment_is_the_containers_and_nothing_of_the_shell(cloud: Sandbox) -> None:
    service = create(cloud, "environs", template(env=env(MODE="paper")))["response"]
    got = get(service["uri"])["environment"]
    assert (got["MODE"], got["K_SERVICE"], got["K_CONFIGURATION"]) == ("paper", "environs", "environs")
    assert service["latestReadyRevision"].endswith(got["K_REVISION"])
    assert got["STORAGE_EMULATOR_HOST"] == got["BIGQUERY_EMULATOR_HOST"] == cloud.url
    assert "A_SECRET_OF_THE_SHELL" not in got
    assert running(cloud, "environs")["kind"] == "package"


def test_secret_reaches_the_process_and_no_file(cloud: Sandbox) -> None:
    secrets = f"/secretmanager/v1/projects/{PROJECT}/secrets"
    call(cloud, "POST", f"{secrets}?secretId=api-key", {"replication": {"automatic": {}}})
    reference = {"name": "API_KEY", "valueSource": {"secretKeyRef": {"secret": "api-key", "version": "latest"}}}
    body = {"template": template(env=[reference])}
    refused = call(cloud, "POST", f"{SERVICES}?serviceId=secretive", body, expect=400)
    assert f"Secret projects/{PROJECT}/secrets/api-key/versions/latest was not found" in refused["error"]["message"]
    call(cloud, "POST", f"{secrets}/api-key:addVersion", {"payload": {"data": "c2VzYW1lLW9wZW4="}})
    service = create(cloud, "secretive", template(env=[reference]))["response"]
    assert get(service["uri"])["environment"]["API_KEY"] == "sesame-open"
    written = [path for path in cloud.state.rglob("*.log*") if b"sesame-open" in path.read_bytes()]
    assert written == []


def test_request_passes_with_path_query_body_and_headers(cloud: Sandbox) -> None:
    service = create(cloud, "passes", template())["response"]
    got = get(service["uri"], "/a%2Fb/c?x=1&x=2", b"body")
    assert (got["path"], got["body"]) == ("/a%2Fb/c?x=1&x=2", "body")
    headers = {name.lower(): value for name, value in got["headers"].items()}
    assert headers["host"] == service["uri"].removeprefix("http://")
    assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("127.0.0.1", "http")


def test_new_revision_takes_over_and_the_old_one_ends(cloud: Sandbox) -> None:
    first = create(cloud, "rolls", template(env=env(VERSION="1")))["response"]
    old = get(first["uri"])
    body = {"template": template(env=env(VERSION="2"))}
    second = finished(cloud, call(cloud, "PATCH", f"{SERVICES}/rolls", body))["response"]
    assert (second["uri"], second["generation"]) == (first["uri"], "2")
    assert second["latestReadyRevision"] != first["latestReadyRevision"]
    assert get(second["uri"])["environment"]["VERSION"] == "2"
    assert eventually(lambda: not alive(old["pid"]))


def test_change_without_effect_keeps_the_revision(cloud: Sandbox) -> None:
    first = create(cloud, "same", template())["response"]
    again = finished(cloud, call(cloud, "PATCH", f"{SERVICES}/same", {"template": template()}))["response"]
    assert again["latestReadyRevision"] == first["latestReadyRevision"]
    assert again["generation"] == "1"
    described = call(cloud, "PATCH", f"{SERVICES}/same?updateMask=description", {"description": "d"})["response"]
    assert (described["description"], described["generation"]) == ("d", "2")
    assert described["latestReadyRevision"] == first["latestReadyRevision"]
    replaced = call(cloud, "PATCH", f"{SERVICES}/same", {"template": template()})["response"]
    assert "description" not in replaced


def test_failing_revision_is_an_error_and_the_previous_keeps_serving(cloud: Sandbox) -> None:
    first = create(cloud, "breaks", template())["response"]
    operation = finished(cloud, call(cloud, "PATCH", f"{SERVICES}/breaks", {"template": template(env=env(FAIL="1"))}))
    assert operation["error"]["code"] == 9
    assert "is not ready and cannot serve traffic" in operation["error"]["message"]
    assert get(first["uri"])["environment"]["K_REVISION"] == first["latestReadyRevision"].rpartition("/")[2]
    service = call(cloud, "GET", f"{SERVICES}/breaks")
    assert service["terminalCondition"]["state"] == "CONDITION_FAILED"
    assert service["latestReadyRevision"] == first["latestReadyRevision"] != service["latestCreatedRevision"]
    assert "this service can't start" in Path(running(cloud, "breaks")["log"]).read_text()
    mended = finished(cloud, call(cloud, "PATCH", f"{SERVICES}/breaks", {"template": template(env=env(OK="1"))}))
    assert mended["response"]["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"


def test_first_revision_that_fails_leaves_a_service_that_is_not_ready(cloud: Sandbox) -> None:
    operation = create(cloud, "stillborn", template(env=env(FAIL="1")))
    assert "exit code 3" in operation["error"]["message"]
    service = call(cloud, "GET", f"{SERVICES}/stillborn")
    with pytest.raises(urllib.error.HTTPError, match="503"):
        get(service["uri"])
    call(cloud, "DELETE", f"{SERVICES}/stillborn")


def test_instances_are_added_up_to_the_most_under_load(cloud: Sandbox) -> None:
    body = {**template(env=env(SLEEP="0.3"), scaling={"maxInstanceCount": 2}), "maxInstanceRequestConcurrency": 1}
    service = create(cloud, "scales", body)["response"]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        pids = {answer["pid"] for answer in pool.map(lambda _: get(service["uri"]), range(6))}
    assert len(pids) == 2
    assert running(cloud, "scales")["instances"] == 2


def test_request_over_its_timeout_is_a_504(cloud: Sandbox) -> None:
    service = create(cloud, "slow", {**template(env=env(SLEEP="5")), "timeout": "1s"})["response"]
    with pytest.raises(urllib.error.HTTPError, match="504"):
        get(service["uri"])


def test_instance_that_dies_is_replaced(cloud: Sandbox) -> None:
    service = create(cloud, "mortal", template())["response"]
    os.kill(get(service["uri"])["pid"], signal.SIGKILL)
    assert eventually(lambda: running(cloud, "mortal")["instances"] == 0)
    assert get(service["uri"])["environment"]["K_SERVICE"] == "mortal"


def test_traffic_is_pinned_to_a_revision(cloud: Sandbox) -> None:
    first = create(cloud, "pinned", template(env=env(VERSION="1")))["response"]
    revision = first["latestReadyRevision"].rpartition("/")[2]
    traffic = [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": revision, "percent": 100}]
    body = {"template": template(env=env(VERSION="2")), "traffic": traffic}
    finished(cloud, call(cloud, "PATCH", f"{SERVICES}/pinned", body))
    assert get(first["uri"])["environment"]["VERSION"] == "1"
    body["traffic"] = [
        {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": "pinned-00009-xxx", "percent": 100}
    ]
    assert "does not exist" in call(cloud, "PATCH", f"{SERVICES}/pinned", body, expect=400)["error"]["message"]


def test_deleted_service_stops(cloud: Sandbox) -> None:
    service = create(cloud, "short-lived", template())["response"]
    pid = get(service["uri"])["pid"]
    deleted = call(cloud, "DELETE", f"{SERVICES}/short-lived")
    assert deleted["response"]["deleteTime"]
    assert eventually(lambda: not alive(pid))
    call(cloud, "GET", f"{SERVICES}/short-lived", expect=404)
    assert "short-lived" not in [s["name"] for s in runtime(cloud)["services"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"maxInstanceRequestConcurrency": 80, "resources": {"limits": {"cpu": "0.5"}, "cpuIdle": True}},
            "concurrency > 1",
        ),
        ({"resources": {"limits": {"cpu": "4", "memory": "1Gi"}}}, "at least 2Gi"),
        ({"resources": {"limits": {"cpu": "1", "memory": "5Gi"}}}, "at least 2 CPU"),
        ({"resources": {"limits": {"cpu": "3"}}}, "specified for cpu"),
        ({"resources": {"limits": {"cpu": "8", "memory": "64Gi"}}}, "128Mi to 32Gi"),
        ({"resources": {"limits": {"memory": "lots"}}}, "specified for memory"),
        ({"timeout": "3601s"}, "at most 3600"),
        ({"scaling": {"minInstanceCount": 3, "maxInstanceCount": 2}}, "not less than minInstanceCount"),
        ({"env": [{"name": "PORT", "value": "1"}]}, "reserved env names"),
        ({"env": [{"name": "A=B", "value": "1"}]}, "not a valid name"),
        ({"image": "Not An Image"}, "not a valid image name"),
        ({"serviceAccount": f"ghost@{PROJECT}.iam.gserviceaccount.com"}, "actAs"),
    ],
)
def test_what_cloud_run_refuses_is_refused(cloud: Sandbox, change: dict[str, Any], message: str) -> None:
    body = template()
    for key, value in change.items():
        (body["containers"][0] if key in ("resources", "env", "image") else body)[key] = value
    answer = cloud.request("POST", f"{SERVICES}?serviceId=refused", {"template": body})
    assert answer.status in (400, 403)
    assert message in answer.json()["error"]["message"]
    call(cloud, "GET", f"{SERVICES}/refused", expect=404)


@pytest.mark.parametrize("name", ["Upper", "a" * 50, "-x", "x-", "1x"])
def test_bad_name_is_refused(cloud: Sandbox, name: str) -> None:
    call(cloud, "POST", f"{SERVICES}?serviceId={name}", {"template": template()}, expect=400)


def test_small_cpu_gets_one_request_at_a_time(cloud: Sandbox) -> None:
    body = template(resources={"limits": {"cpu": "0.5"}, "cpuIdle": True})
    service = create(cloud, "small", body)["response"]
    assert service["template"]["maxInstanceRequestConcurrency"] == 1


def test_official_client_creates_updates_lists_and_deletes(cloud: Sandbox) -> None:
    client = run_v2.ServicesClient(
        credentials=AnonymousCredentials(), transport="rest", client_options=ClientOptions(api_endpoint=cloud.url)
    )
    parent = f"projects/{PROJECT}/locations/{LOCATION}"
    container = run_v2.Container(image=f"{IMAGE}/echo-env", env=[run_v2.EnvVar(name="A", value="1")])
    wanted = run_v2.Service(
        template=run_v2.RevisionTemplate(containers=[container], max_instance_request_concurrency=5),
        ingress=run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY,
    )
    created = client.create_service(parent=parent, service=wanted, service_id="by-client").result(timeout=20)
    assert created.ingress == run_v2.IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY
    assert created.terminal_condition.state == run_v2.Condition.State.CONDITION_SUCCEEDED
    created.template.containers[0].env[0].value = "2"
    updated = client.update_service(service=created).result(timeout=20)
    assert updated.generation == 2
    assert get(updated.uri)["environment"]["A"] == "2"
    assert f"{parent}/services/by-client" in [service.name for service in client.list_services(parent=parent)]
    policy = client.get_iam_policy(request={"resource": created.name})
    policy.bindings.add(role="roles/run.invoker", members=["allUsers"])
    client.set_iam_policy(request={"resource": created.name, "policy": policy})
    assert client.get_iam_policy(request={"resource": created.name}).bindings[0].members == ["allUsers"]
    client.delete_service(name=created.name).result(timeout=20)
    with pytest.raises(NotFound):
        client.get_service(name=created.name)
    with pytest.raises(BadRequest):
        client.create_service(parent=parent, service=run_v2.Service(), service_id="empty")


def test_processes_die_with_a_killed_sandbox_and_the_services_come_back(own_cloud: Sandbox) -> None:
    own_cloud.start()
    service = create(own_cloud, "lasting", template(scaling={"minInstanceCount": 1, "maxInstanceCount": 2}))["response"]
    pids = [get(service["uri"])["pid"], runtime(own_cloud)["bigquery"]["pid"]]
    assert all(alive(pid) for pid in pids)
    own_cloud.kill()
    assert eventually(lambda: not any(alive(pid) for pid in pids))
    own_cloud.start()
    assert eventually(lambda: running(own_cloud, "lasting")["instances"] == 1)
    again = call(own_cloud, "GET", f"{SERVICES}/lasting")
    assert again["uri"] == service["uri"]
    assert get(again["uri"])["environment"]["K_SERVICE"] == "lasting"
    pid = running(own_cloud, "lasting")["pid"]
    assert own_cloud.stop() == 0
    assert not alive(pid)


def slow_to_start() -> dict[str, Any]:
    """A template whose revision would take 20 seconds to be ready."""
    probe = {"httpGet": {"path": "/"}, "periodSeconds": 60, "timeoutSeconds": 60, "failureThreshold": 1}
    return template(env=env(SLEEP="20"), startupProbe=probe)


def test_change_overtakes_a_rollout_that_is_not_done(cloud: Sandbox) -> None:
    first = call(cloud, "POST", f"{SERVICES}?serviceId=overtaken", {"template": slow_to_start()})
    assert "done" not in first
    second = finished(cloud, call(cloud, "PATCH", f"{SERVICES}/overtaken", {"template": template()}))
    assert second["response"]["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"
    assert finished(cloud, first)["error"]["code"] == 10


@pytest.mark.slow
def test_rollout_that_a_kill_cut_short_is_finished_after_the_restart(own_cloud: Sandbox) -> None:
    own_cloud.start()
    body = {"template": template(env=env(SLEEP="6"), startupProbe=slow_to_start()["containers"][0]["startupProbe"])}
    operation = call(own_cloud, "POST", f"{SERVICES}?serviceId=cut-short", body)
    assert "done" not in operation
    own_cloud.kill()
    own_cloud.start()
    assert eventually(lambda: "latestReadyRevision" in call(own_cloud, "GET", f"{SERVICES}/cut-short"), 20)
    assert finished(own_cloud, operation)["response"]["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"

"""Cloud Run v1, in which gcloud speaks of services, jobs and worker pools."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.apis.run import knative
from tests.integration.runtime.running import LOCATION, PROJECT, SERVICES, call
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

IMAGE = f"asia-south1-docker.pkg.dev/{PROJECT}/images/echo-env:1"
SERVING = f"/run/apis/serving.knative.dev/v1/namespaces/{PROJECT}"
RUN = f"/run/apis/run.googleapis.com/v1/namespaces/{PROJECT}"
HOST = {"host": f"{LOCATION}-run.localhost:8085"}


def ask(sandbox: Sandbox, method: str, path: str, document: Any = None, expect: int = 200) -> dict[str, Any]:
    """As gcloud asks: the region stands in the host."""
    answer = sandbox.request(method, path, document, headers=HOST)
    assert answer.status == expect, answer.body
    found: dict[str, Any] = answer.json()
    return found


def knative_service(name: str, **env: str) -> dict[str, Any]:
    container = {
        "image": IMAGE,
        "env": [{"name": key, "value": value} for key, value in env.items()],
        "resources": {"limits": {"cpu": "1", "memory": "512Mi"}},
        "ports": [{"containerPort": 8080}],
    }
    notes = {"autoscaling.knative.dev/maxScale": "2", "run.googleapis.com/cpu-throttling": "true"}
    template = {
        "metadata": {"annotations": notes},
        "spec": {"containers": [container], "containerConcurrency": 5, "timeoutSeconds": 60},
    }
    annotations = {"run.googleapis.com/ingress": "internal", "run.googleapis.com/client-name": "gcloud", "own": "kept"}
    metadata = {"name": name, "namespace": PROJECT, "labels": {"team": "a"}, "annotations": annotations}
    kind = {"apiVersion": "serving.knative.dev/v1", "kind": "Service"}
    return {**kind, "metadata": metadata, "spec": {"template": template}}


def ready(sandbox: Sandbox, name: str) -> dict[str, Any]:
    def is_ready() -> bool:
        found = ask(sandbox, "GET", f"{SERVING}/services/{name}")
        return found["status"]["conditions"][0]["status"] == "True"

    assert eventually(is_ready)
    return ask(sandbox, "GET", f"{SERVING}/services/{name}")


def test_a_service_is_one_of_v2_and_comes_back_as_it_was_sent(cloud: Sandbox) -> None:
    ask(cloud, "POST", f"{SERVING}/services", knative_service("knative", A="b"))
    shown = ready(cloud, "knative")
    spec = shown["spec"]["template"]["spec"]
    assert (spec["containerConcurrency"], spec["timeoutSeconds"]) == (5, 60)
    assert spec["containers"][0]["env"] == [{"name": "A", "value": "b"}]
    assert shown["metadata"]["annotations"]["run.googleapis.com/ingress"] == "internal"
    assert shown["metadata"]["labels"] == {"team": "a", "cloud.googleapis.com/location": LOCATION}
    assert shown["status"]["traffic"][0]["latestRevision"]
    v2 = call(cloud, "GET", f"{SERVICES}/knative")
    assert (v2["ingress"], v2["annotations"], v2["client"]) == (
        "INGRESS_TRAFFIC_INTERNAL_ONLY",
        {"own": "kept"},
        "gcloud",
    )
    assert v2["template"]["scaling"]["maxInstanceCount"] == 2
    assert v2["template"]["containers"][0]["resources"]["cpuIdle"] is True
    listed = sandbox_list(cloud, f"/run/v1/projects/{PROJECT}/locations/-/services")
    assert "knative" in listed


def sandbox_list(sandbox: Sandbox, path: str) -> list[str]:
    return [item["metadata"]["name"] for item in call(sandbox, "GET", path)["items"]]


def test_a_replaced_service_gets_a_revision_and_its_traffic(cloud: Sandbox) -> None:
    ask(cloud, "POST", f"{SERVING}/services", knative_service("replaced", A="one"))
    shown = ready(cloud, "replaced")
    changed = copy.deepcopy(shown)
    changed["spec"]["template"]["metadata"].pop("name", None)
    changed["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "A", "value": "two"}]
    first = shown["status"]["latestReadyRevisionName"]
    changed["spec"]["traffic"] = [{"revisionName": first, "percent": 100}, {"latestRevision": True, "tag": "next"}]
    ask(cloud, "PUT", f"{SERVING}/services/replaced", changed)
    after = ready(cloud, "replaced")
    assert after["metadata"]["generation"] == 2
    assert after["status"]["traffic"][0]["revisionName"] == first
    assert after["spec"]["traffic"][1]["tag"] == "next"
    chosen = ask(cloud, "GET", f"{SERVING}/revisions?labelSelector=serving.knative.dev/service%20%3D%20replaced")
    assert {item["metadata"]["labels"]["serving.knative.dev/service"] for item in chosen["items"]} == {"replaced"}
    assert len(chosen["items"]) == 2
    assert ask(cloud, "PUT", f"{SERVING}/services/replaced", changed, expect=409)["error"]["status"] == "ABORTED"
    policy = {"policy": {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}}
    place = f"/run/v1/projects/{PROJECT}/locations/{LOCATION}/services/replaced"
    ask(cloud, "POST", f"{place}:setIamPolicy", policy)
    assert ask(cloud, "GET", f"{place}:getIamPolicy")["bindings"] == policy["policy"]["bindings"]
    assert ask(cloud, "DELETE", f"{SERVING}/services/replaced")["status"] == "Success"
    ask(cloud, "GET", f"{SERVING}/services/replaced", expect=404)


def test_a_job_runs_with_overrides_and_its_execution_tells_how_it_went(cloud: Sandbox) -> None:
    task = {"spec": {"containers": [{"image": IMAGE, "args": ["first"]}], "maxRetries": 0, "timeoutSeconds": 30}}
    job = {"metadata": {"name": "knative-job"}, "spec": {"template": {"spec": {"taskCount": 1, "template": task}}}}
    made = ask(cloud, "POST", f"{RUN}/jobs", job)
    assert made["spec"]["template"]["spec"]["template"]["spec"]["containers"][0]["args"] == ["first"]
    override = {"containerOverrides": [{"args": ["second"]}], "taskCount": 2, "timeoutSeconds": 20}
    begun = ask(cloud, "POST", f"{RUN}/jobs/knative-job:run", {"overrides": override})
    name = begun["metadata"]["name"]
    assert {"type": "Started", "status": "True"}.items() <= begun["status"]["conditions"][2].items()

    def done() -> bool:
        found = ask(cloud, "GET", f"{RUN}/executions/{name}")
        return found["status"]["conditions"][0]["status"] == "True"

    assert eventually(done)
    assert ask(cloud, "GET", f"{RUN}/executions/{name}")["status"]["succeededCount"] == 2
    tasks = ask(cloud, "GET", f"{RUN}/tasks?labelSelector=run.googleapis.com/execution%20in%20({name})")["items"]
    assert sorted(item["status"].get("index", 0) for item in tasks) == [0, 1]
    assert ask(cloud, "GET", f"{RUN}/jobs/knative-job")["status"]["executionCount"] == 1
    ask(cloud, "DELETE", f"{RUN}/executions/{name}")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"run.googleapis.com/identity": "x"}, 501),
        ({"run.googleapis.com/container-dependencies": "{"}, 400),
    ],
)
def test_what_cannot_be_said_in_v2_is_refused(cloud: Sandbox, change: dict[str, str], status: int) -> None:
    service = knative_service("refused")
    service["spec"]["template"]["metadata"]["annotations"] |= change
    assert next(iter(change)) in ask(cloud, "POST", f"{SERVING}/services", service, expect=status)["error"]["message"]


def test_a_region_is_needed_to_create_and_not_to_read(cloud: Sandbox) -> None:
    refused = call(cloud, "POST", f"{SERVING}/services", knative_service("nowhere"), expect=400)
    assert "region" in refused["error"]["message"]
    assert call(cloud, "GET", f"{SERVING}/services")["kind"] == "ServiceList"


_PROBE = st.fixed_dictionaries({"periodSeconds": st.integers(1, 9)}, optional={"httpGet": st.just({"path": "/h"})})
_ENV = st.one_of(
    st.fixed_dictionaries({"name": st.just("A"), "value": st.text(min_size=1, max_size=3)}),
    st.just({"name": "S", "valueSource": {"secretKeyRef": {"secret": "s", "version": "latest"}}}),
    st.just({"name": "T", "valueSource": {"secretKeyRef": {"secret": "projects/1/secrets/t", "version": "3"}}}),
)
_CONTAINER = st.fixed_dictionaries(
    {"image": st.just("i"), "name": st.just("c")},
    optional={
        "env": st.lists(_ENV, min_size=1, max_size=3),
        "startupProbe": _PROBE,
        "args": st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=2),
        "resources": st.just({"limits": {"cpu": "1"}, "cpuIdle": False, "startupCpuBoost": True}),
    },
)
_VOLUME = st.sampled_from(
    [
        {"name": "v", "secret": {"secret": "s", "items": [{"path": "p", "version": "1"}], "defaultMode": 292}},
        {"name": "v", "gcs": {"bucket": "b", "readOnly": True, "mountOptions": ["implicit-dirs"]}},
        {"name": "v", "emptyDir": {"medium": "MEMORY", "sizeLimit": "1Mi"}},
    ]
)


@given(
    st.fixed_dictionaries(
        {"containers": st.lists(_CONTAINER, min_size=1, max_size=1)},
        optional={
            "volumes": st.lists(_VOLUME, min_size=1, max_size=1),
            "timeout": st.just("300s"),
            "serviceAccount": st.just("a@b"),
            "scaling": st.just({"minInstanceCount": 1, "maxInstanceCount": 3}),
            "vpcAccess": st.just({"egress": "ALL_TRAFFIC", "networkInterfaces": [{"network": "n", "tags": ["t"]}]}),
            "executionEnvironment": st.just("EXECUTION_ENVIRONMENT_GEN2"),
            "sessionAffinity": st.booleans(),
            "labels": st.just({"l": "m"}),
            "annotations": st.just({"own": "note"}),
            "maxInstanceRequestConcurrency": st.integers(1, 9),
        },
    )
)
@settings(max_examples=60)
def test_a_template_survives_the_way_to_v1_and_back(template: dict[str, Any]) -> None:
    there = knative.template_v1(template)
    assert knative.template_v2(there["metadata"], there["spec"], "a template") == template


def test_revisions_of_worker_pools_are_found_by_their_pool(cloud: Sandbox) -> None:
    path = f"/run/v2/projects/{PROJECT}/locations/{LOCATION}/workerPools"
    pool = {"scaling": {"manualInstanceCount": 0}, "template": {"containers": [{"image": IMAGE}]}}
    for name in ("pool-a", "pool-b"):
        call(cloud, "PATCH", f"{path}/{name}?allowMissing=true", pool)
    found = ask(cloud, "GET", f"{SERVING}/revisions?labelSelector=run.googleapis.com%2FworkerPool%20%3D%20pool-b")
    assert [item["metadata"]["name"].rpartition("-")[0] for item in found["items"]] == ["pool-b-00001"]
    for name in ("pool-a", "pool-b"):
        call(cloud, "DELETE", f"{path}/{name}")

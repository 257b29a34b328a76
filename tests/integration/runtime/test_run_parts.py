"""Side-cars, volumes and traffic tags, as they really run."""

from __future__ import annotations

import base64
import json
import os
import signal
from pathlib import Path
from typing import Any

import httpx

from tests.integration.runtime.running import JOBS, PROJECT, SERVICES, alive, call, running
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

IMAGE = f"asia-south1-docker.pkg.dev/{PROJECT}/services"
KEYS = {"name": "keys", "secret": {"secret": "order-key", "items": [{"path": "a/order.key", "version": "1"}]}}


def secret(cloud: Sandbox) -> None:
    place = f"/secretmanager/v1/projects/{PROJECT}/secrets"
    if cloud.request("GET", f"{place}/order-key").status == 404:
        call(cloud, "POST", f"{place}?secretId=order-key", {"replication": {"automatic": {}}})
        payload = {"payload": {"data": base64.b64encode(b"hush").decode()}}
        call(cloud, "POST", f"{place}/order-key:addVersion", payload)


def deploy(cloud: Sandbox, name: str, template: dict[str, Any], **more: Any) -> dict[str, Any]:
    exists = cloud.request("GET", f"{SERVICES}/{name}").status == 200
    method, path = ("PATCH", f"{SERVICES}/{name}") if exists else ("POST", f"{SERVICES}?serviceId={name}")
    operation = call(cloud, method, path, {"template": template, **more})
    assert eventually(lambda: call(cloud, "GET", f"/run/v2/{operation['name']}").get("done", False))
    assert "error" not in (done := call(cloud, "GET", f"/run/v2/{operation['name']}")), done
    return call(cloud, "GET", f"{SERVICES}/{name}")


def container(**fields: Any) -> dict[str, Any]:
    return {"image": f"{IMAGE}/echo-env", **fields}


def test_a_secret_is_a_file_where_the_variable_says(cloud: Sandbox) -> None:
    secret(cloud)
    env = [{"name": "KEY_FILE", "value": "/secrets/a/order.key"}, {"name": "OTHER", "value": "/secretsauce"}]
    mounts = [{"name": "keys", "mountPath": "/secrets"}]
    template = {"containers": [container(env=env, volumeMounts=mounts)], "volumes": [KEYS]}
    uri = deploy(cloud, "with-file", template)["uri"]

    found = httpx.get(uri, trust_env=False).json()["environment"]
    file = Path(found["KEY_FILE"])
    assert file.read_text() == "hush" and file.stat().st_mode & 0o777 == 0o444
    assert json.loads(found["SANDBOX_MOUNTS"]) == {"/secrets": str(file.parent.parent)}
    assert found["OTHER"] == "/secretsauce"

    call(cloud, "DELETE", f"{SERVICES}/with-file")
    assert eventually(lambda: not file.exists()), "the secret outlived its instance"


def test_containers_share_memory_and_end_together(cloud: Sandbox) -> None:
    mounts = [{"name": "scratch", "mountPath": "/var/scratch"}]
    proxy = container(
        name="proxy",
        env=[{"name": "PORT_FILE", "value": "/var/scratch/port"}],
        args=["--proxy"],
        volumeMounts=mounts,
    )
    missing = {"name": "collector", "image": f"{IMAGE}/no-package"}
    app = container(name="app", ports=[{"containerPort": 8080}], volumeMounts=mounts, dependsOn=["collector"])
    template = {"containers": [app, missing], "volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}}]}
    service = deploy(cloud, "with-parts", template)
    pid = running(cloud, "with-parts")["pid"]
    assert httpx.get(service["uri"], trust_env=False).status_code == 200
    said = Path(running(cloud, "with-parts")["log"]).read_text()
    assert "the side-car collector is not run: no package here is its image" in said

    # The echo needs a $PORT, which a side-car doesn't have: it ends at once.
    failing = {**template, "containers": [{**app, "dependsOn": ["proxy"]}, {**proxy, "startupProbe": PROBE}]}
    operation = call(cloud, "PATCH", f"{SERVICES}/with-parts", {"template": failing})
    assert eventually(lambda: call(cloud, "GET", f"/run/v2/{operation['name']}").get("done", False), 20)
    error = call(cloud, "GET", f"/run/v2/{operation['name']}")["error"]
    assert "The side-car proxy did not become ready" in error["message"]
    assert alive(pid), "the ready revision still serves"
    call(cloud, "DELETE", f"{SERVICES}/with-parts")


PROBE = {"tcpSocket": {"port": 9}, "periodSeconds": 1, "failureThreshold": 5}


def test_a_tag_has_an_address_that_leads_to_its_revision(cloud: Sandbox) -> None:
    name = "tagged"
    deploy(cloud, name, {"revision": f"{name}-v1", "containers": [container()]})
    traffic = [
        {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": f"{name}-v1", "percent": 100},
        {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 0, "tag": "candidate"},
    ]
    service = deploy(cloud, name, {"revision": f"{name}-v2", "containers": [container()]}, traffic=traffic)
    tagged = next(status["uri"] for status in service["trafficStatuses"] if status.get("tag") == "candidate")

    def revision(uri: str) -> str:
        return str(httpx.get(uri, trust_env=False).json()["environment"]["K_REVISION"])

    assert (revision(service["uri"]), revision(tagged)) == (f"{name}-v1", f"{name}-v2")
    call(cloud, "DELETE", f"{SERVICES}/{name}")


def test_a_task_reads_a_secret_file(cloud: Sandbox) -> None:
    secret(cloud)
    template = {
        "containers": [
            container(args=["/secrets/a/order.key"], volumeMounts=[{"name": "keys", "mountPath": "/secrets"}])
        ],
        "volumes": [KEYS],
        "maxRetries": 0,
    }
    call(cloud, "POST", f"{JOBS}?jobId=settle", {"template": {"template": template}})
    operation = call(cloud, "POST", f"{JOBS}/settle:run", {})
    assert eventually(lambda: call(cloud, "GET", f"/run/v2/{operation['name']}").get("done", False))
    assert call(cloud, "GET", f"/run/v2/{operation['name']}")["response"]["succeededCount"] == 1


def test_a_worker_pool_keeps_its_instances_running(cloud: Sandbox) -> None:
    pools = f"/run/v2/projects/{PROJECT}/locations/asia-south1/workerPools"
    place = f"{pools}/consumer"
    stays = container(command=["python", "-m", "http.server"], args=["--bind", "127.0.0.1", "0"])

    def pids() -> list[int]:
        found = call(cloud, "GET", "/sandbox/runtime")["worker_pools"]
        return next((pool["pids"] for pool in found if pool["name"] == "consumer"), [])

    document = {
        "template": {"containers": [stays]},
        "scaling": {"scalingMode": "MANUAL", "manualInstanceCount": 2},
    }
    call(cloud, "POST", f"{pools}?workerPoolId=consumer", document)
    assert eventually(lambda: len(pids()) == 2)
    first = pids()
    os.kill(first[0], signal.SIGKILL)
    assert eventually(lambda: len(now := pids()) == 2 and first[0] not in now), "one that ends is started again"

    call(cloud, "PATCH", place, {**document, "scaling": {"scalingMode": "MANUAL", "manualInstanceCount": 1}})
    assert eventually(lambda: len(pids()) == 1)
    last = pids()
    call(cloud, "DELETE", place)
    assert eventually(lambda: not alive(last[0]))

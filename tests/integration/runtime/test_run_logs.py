"""What Cloud Run prints and serves, found in Cloud Logging."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

from tests.integration.runtime.running import JOBS, LOCATION, PROJECT, SERVICES, call, running
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually


def entries(sandbox: Sandbox, count: int, log: str, more: str) -> list[dict[str, Any]]:
    """The first entries of a log of Cloud Run that a filter finds, once there are as many."""
    found: list[dict[str, Any]] = []

    def there() -> bool:
        asked = f'log_id("run.googleapis.com/{log}") AND {more}'
        body = {"resourceNames": [f"projects/{PROJECT}"], "filter": asked}
        found[:] = call(sandbox, "POST", "/logging/v2/entries:list", body).get("entries", [])
        return len(found) >= count

    assert eventually(there), found
    return found


def test_a_service_s_output_and_requests_are_entries(cloud: Sandbox) -> None:
    container = {"image": f"gcr.io/{PROJECT}/echo-env", "name": "app"}
    call(cloud, "POST", f"{SERVICES}?serviceId=logged", {"template": {"containers": [container]}})
    assert eventually(lambda: running(cloud, "logged")["state"] == "ready")
    service = call(cloud, "GET", f"{SERVICES}/logged")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    urllib.request.urlopen(urllib.request.Request(f"{service['uri']}/orders?at=1", b"four", headers)).close()

    (printed,) = entries(cloud, 1, "stderr", 'resource.labels.service_name="logged" AND "orders"')
    assert '"POST /orders?at=1 HTTP/1.1" 200' in printed["textPayload"]
    assert printed["resource"] == {
        "type": "cloud_run_revision",
        "labels": {
            "project_id": PROJECT,
            "location": LOCATION,
            "service_name": "logged",
            "configuration_name": "logged",
            "revision_name": service["latestReadyRevision"].rpartition("/")[2],
        },
    }
    assert printed["labels"]["container_name"] == "app"
    (request,) = entries(cloud, 1, "requests", f'trace="projects/{PROJECT}/traces/{trace}"')
    http = request["httpRequest"]
    assert (http["requestMethod"], http["status"], http["requestSize"]) == ("POST", 200, "4")
    assert http["requestUrl"] == f"{service['uri']}/orders?at=1"
    assert request["labels"]["instanceId"] == printed["labels"]["instanceId"]
    # The log file has it all as before.
    assert "/orders?at=1" in Path(running(cloud, "logged")["log"]).read_text()


def test_a_job_s_lines_are_structured(cloud: Sandbox) -> None:
    template = {"containers": [{"image": f"gcr.io/{PROJECT}/echo-env", "args": ["now"]}], "maxRetries": 0}
    call(cloud, "POST", f"{JOBS}?jobId=logged-job", {"template": {"taskCount": 2, "template": template}})
    call(cloud, "POST", f"{JOBS}/logged-job:run", {})
    found = entries(cloud, 2, "stdout", 'resource.labels.job_name="logged-job"')
    assert {entry["resource"]["type"] for entry in found} == {"cloud_run_job"}
    tasks = {entry["labels"]["run.googleapis.com/task_index"]: entry["jsonPayload"] for entry in found}
    assert tasks == {at: {"arguments": ["now"], "task": at} for at in ("0", "1")}


def test_a_worker_pool_s_lines_are_entries(cloud: Sandbox) -> None:
    pools = SERVICES.replace("/services", "/workerPools")
    container = {"image": f"gcr.io/{PROJECT}/echo-env", "env": [{"name": "FAIL", "value": "yes"}]}
    call(cloud, "POST", f"{pools}?workerPoolId=logged-pool", {"template": {"containers": [container]}})
    (first, *_) = entries(cloud, 1, "stderr", 'resource.labels.worker_pool_name="logged-pool"')
    call(cloud, "DELETE", f"{pools}/logged-pool")
    assert (first["resource"]["type"], first["textPayload"]) == ("cloud_run_worker_pool", "this service can't start")

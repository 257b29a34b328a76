"""Cloud Run jobs: executions that really run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2

from tests.integration.runtime.running import JOBS, LOCATION, PROJECT, call
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually


def template(image: str = "echo-env", tasks: int = 1, retries: int = 0, **container: Any) -> dict[str, Any]:
    inner = {"containers": [{"image": f"gcr.io/{PROJECT}/{image}", **container}], "maxRetries": retries}
    return {"template": {"taskCount": tasks, "template": inner}}


def make_client(sandbox: Sandbox) -> run_v2.JobsClient:
    options = ClientOptions(api_endpoint=sandbox.url)
    return run_v2.JobsClient(credentials=AnonymousCredentials(), transport="rest", client_options=options)


def test_job_comes_back_as_sent_with_what_the_server_sets(cloud: Sandbox) -> None:
    call(cloud, "POST", f"{JOBS}?jobId=whole", template(resources={"limits": {"cpu": "2", "memory": "1Gi"}}))
    got = call(cloud, "GET", f"{JOBS}/whole")
    inner = got["template"]["template"]
    assert inner["containers"][0]["resources"] == {"limits": {"cpu": "2", "memory": "1Gi"}}
    assert (inner["timeout"], inner["maxRetries"], got["template"]["taskCount"]) == ("600s", 0, 1)
    assert (got["generation"], got["launchStage"]) == ("1", "GA")
    assert got["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"
    changed = call(cloud, "PATCH", f"{JOBS}/whole", template(tasks=3))["response"]
    assert (changed["generation"], changed["template"]["taskCount"]) == ("2", 3)
    assert call(cloud, "DELETE", f"{JOBS}/whole")["response"]["deleteTime"]
    call(cloud, "GET", f"{JOBS}/whole", expect=404)


def test_execution_runs_its_tasks_with_overrides(cloud: Sandbox) -> None:
    call(cloud, "POST", f"{JOBS}?jobId=runs", template(tasks=2, args=["first"]))
    client = make_client(cloud)
    override = run_v2.RunJobRequest.Overrides.ContainerOverride(args=["second"])
    request = run_v2.RunJobRequest(
        name=f"projects/{PROJECT}/locations/{LOCATION}/jobs/runs",
        overrides=run_v2.RunJobRequest.Overrides(container_overrides=[override]),
    )
    execution = client.run_job(request).result(timeout=30)
    assert (execution.succeeded_count, execution.failed_count) == (2, 0)
    tasks = call(cloud, "GET", f"/run/v2/{execution.name}/tasks")["tasks"]
    assert [task["conditions"][0]["state"] for task in tasks] == ["CONDITION_SUCCEEDED"] * 2
    log = next((Path(cloud.state) / "logs" / "run").glob("*.job.runs.log")).read_text()
    assert sorted(log.splitlines()) == [f'{{"arguments": ["second"], "task": "{i}"}}' for i in range(2)]
    job = call(cloud, "GET", f"{JOBS}/runs")
    assert job["latestCreatedExecution"]["completionStatus"] == "EXECUTION_SUCCEEDED"
    assert job["executionCount"] == 1


def test_execution_whose_task_fails_is_an_error_after_its_retries(cloud: Sandbox) -> None:
    body = template(retries=1, env=[{"name": "EXIT", "value": "7"}])
    call(cloud, "POST", f"{JOBS}?jobId=fails", body)
    client = make_client(cloud)
    with pytest.raises(GoogleAPICallError, match="exited with code 7"):
        client.run_job(name=f"projects/{PROJECT}/locations/{LOCATION}/jobs/fails").result(timeout=30)
    execution = call(cloud, "GET", f"{JOBS}/fails/executions")["executions"][0]
    assert (execution["failedCount"], execution["retriedCount"]) == (1, 1)


def test_job_without_a_package_says_that_it_did_nothing(cloud: Sandbox) -> None:
    call(cloud, "POST", f"{JOBS}?jobId=empty", template("no-such-job"))
    operation = call(cloud, "POST", f"{JOBS}/empty:run", {})
    assert eventually(lambda: bool(call(cloud, "GET", f"/run/v2/{operation['name']}").get("done")))
    log = next((Path(cloud.state) / "logs" / "run").glob("*.job.empty.log")).read_text()
    assert "nothing was done" in log


def test_what_cloud_run_refuses_is_refused(cloud: Sandbox) -> None:
    for body, message in (
        (template(resources={"limits": {"cpu": "0.5"}}), "at least 1 CPU"),
        (template(retries=11), "maxRetries"),
        (template(tasks=10_001), "taskCount"),
        (template(env=[{"name": "CLOUD_RUN_JOB", "value": "x"}]), "reserved env names"),
    ):
        assert message in call(cloud, "POST", f"{JOBS}?jobId=no", body, expect=400)["error"]["message"]

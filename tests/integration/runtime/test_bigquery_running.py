"""Jobs of BigQuery that run apart from the request that began them, through Google's client."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core.exceptions import Conflict, GoogleAPICallError, NotFound
from google.cloud import bigquery

from tests.integration.runtime.running import PROJECT, call, make_client
from tests.integration.sandbox_process import Sandbox

QUERIES = f"/bigquery/v2/projects/{PROJECT}/queries"
JOBS = f"/bigquery/v2/projects/{PROJECT}/jobs"
# It runs for a minute or more, unless it is stopped.
LONG = """SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 250000)) AS a, UNNEST(GENERATE_ARRAY(1, 250000)) AS b
WHERE MOD(a * b, 7) = 3"""


def stopped(client: Any, job: Any) -> None:
    """A job that is cancelled ends, and says so wherever it is asked for."""
    assert job.cancel()
    with pytest.raises(GoogleAPICallError, match="User requested cancellation"):
        job.result()
    again = client.get_job(job.job_id)
    assert (again.state, again.error_result["reason"]) == ("DONE", "stopped")


def test_a_job_that_takes_longer_runs_until_it_is_cancelled(client: Any, sandbox: Sandbox) -> None:
    job = client.query(LONG)
    assert (job.state, job.done()) == ("RUNNING", False)
    results = call(sandbox, "GET", f"{QUERIES}/{job.job_id}?timeoutMs=1")
    assert (results["jobComplete"], results["jobReference"]["jobId"]) == (False, job.job_id)
    assert [each.job_id for each in client.list_jobs(state_filter="running")] == [job.job_id]
    with pytest.raises(Conflict):
        client.query("SELECT 1", job_id=job.job_id, job_retry=None, retry=None)
    refused = sandbox.request("DELETE", f"{JOBS}/{job.job_id}/delete")
    assert (refused.status, "still running" in refused.json()["error"]["message"]) == (400, True)
    stopped(client, job)
    assert not list(client.list_jobs(state_filter="running"))
    assert client.cancel_job(job.job_id).state == "DONE"
    client.delete_job_metadata(job.job_id)
    with pytest.raises(NotFound):
        client.get_job(job.job_id)
    assert [tuple(row) for row in client.query("SELECT 1").result()] == [(1,)]


def test_what_waits_for_a_job_may_be_cancelled_too(client: Any, scratch: str) -> None:
    client.query(f"CREATE TABLE {scratch}.kept (x INT64)").result()
    first = client.query(LONG)
    change = client.query(f"INSERT INTO {scratch}.kept {LONG}")
    assert change.cancel()
    stopped(client, first)
    stopped(client, change)
    assert not list(client.query(f"SELECT * FROM {scratch}.kept").result())  # noqa: S608


def test_a_script_is_stopped_with_its_handlers(client: Any) -> None:
    script = f"BEGIN {LONG}; EXCEPTION WHEN ERROR THEN SELECT 'handled'; END;"
    stopped(client, client.query(script))


def test_a_query_is_waited_for_as_long_as_its_client_does(sandbox: Sandbox, client: Any) -> None:
    asked = {"query": LONG, "useLegacySql": False, "timeoutMs": 1}
    begun = call(sandbox, "POST", QUERIES, asked)
    assert begun["jobComplete"] is False
    job = client.get_job(begun["jobReference"]["jobId"])
    assert (job.state, job.query) == ("RUNNING", LONG)
    stopped(client, job)
    text = "SELECT SUM(a) AS whole FROM UNNEST(GENERATE_ARRAY(1, 100)) AS a"
    begun = call(sandbox, "POST", QUERIES, {**asked, "query": text})
    found = call(sandbox, "GET", f"{QUERIES}/{begun['jobReference']['jobId']}")
    assert (found["jobComplete"], found["rows"]) == (True, [{"f": [{"v": "5050"}]}])
    assert [tuple(row) for row in client.query_and_wait(text)] == [(5050,)]


def test_no_job_runs_any_more_when_its_sandbox_has_ended(own_sandbox: Sandbox) -> None:
    own_sandbox.start()
    job = make_client(own_sandbox).query(LONG, job_retry=None)
    assert job.state == "RUNNING"
    own_sandbox.kill()
    own_sandbox.start()
    client = make_client(own_sandbox)
    again = client.get_job(job.job_id)
    assert (again.state, again.error_result["reason"]) == ("DONE", "backendError")
    assert "run it again" in again.error_result["message"]
    assert [(each.job_id, each.state) for each in client.list_jobs()] == [(job.job_id, "DONE")]
    assert [tuple(row) for row in client.query("SELECT 1", job_config=bigquery.QueryJobConfig()).result()] == [(1,)]

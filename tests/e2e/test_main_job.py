"""The main job: YAML → terraform apply → validated; and what people do to it afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkout import Checkout, Result

pytestmark = [pytest.mark.slow, pytest.mark.terraform, pytest.mark.xdist_group("platform"), pytest.mark.timeout(900)]
PROJECT = "atm-local"
ROOT = Path(__file__).resolve().parents[2]


def test_up_applies_validates_and_lists_starters(up: tuple[Checkout, Result]) -> None:
    _, result = up
    assert result.code == 0, result.out + result.err
    document = result.json
    assert document["applied"]["added"] > 60
    assert document["applied"]["provider"] == "embedded"
    assert {check["result"] for check in document["validation"]["checks"]} <= {"pass", "skipped"}
    services = {service["path"]: service for service in document["services"]}
    assert services["strategy-engine/strategy-engine"]["kind"] == "starter"
    assert {path: service["status"] for path, service in services.items() if service["status"] != "ok"} == {}


def script(made: Checkout, name: str, *arguments: str) -> Any:
    """What one of the users' scripts says of this checkout's `local`, as JSON."""
    command = [sys.executable, str(ROOT / f"scripts/{name}.py"), "--env", "local", "--format", "json", *arguments]
    done = subprocess.run(command, cwd=made.root, env=made.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_health_checker_shows_the_twelve_services(platform: Checkout) -> None:
    services = script(platform, "health_checker")["services"]
    assert len({service["service"] for service in services}) >= 12
    assert all(service["ok"] for service in services)


def test_the_log_aggregator_brings_what_the_services_wrote_into_bigquery(platform: Checkout) -> None:
    found = script(platform, "log_aggregator")
    assert found["lines"] >= 12
    assert {"auth", "risk-manager"} <= found["services"].keys()
    query = {"query": "SELECT COUNT(DISTINCT insert_id) FROM platform_logs.service_logs", "useLegacySql": False}
    rows = platform.call("POST", f"/bigquery/v2/projects/{PROJECT}/queries", query)["rows"]
    assert int(rows[0]["f"][0]["v"]) == found["lines"]
    assert script(platform, "log_aggregator")["duplicates"] == 0


def test_plan_is_empty_after_up_and_says_which_provider(platform: Checkout) -> None:
    result = platform.must("plan", "local")
    assert "embedded in the sandbox" in result.out
    assert "nothing to change" in result.out


def test_the_report_is_junit_too(platform: Checkout) -> None:
    tree = ElementTree.fromstring(platform.must("validate-env", "local", "--format", "junit").out)  # noqa: S314
    assert len(tree.findall(".//testcase")) > 60
    assert not tree.findall(".//failure")


def test_the_daily_cycle_runs(platform: Checkout) -> None:
    """The schedule's job starts the workflow, which asks its service and tells its topic, all by what is deployed."""
    place = f"v1/projects/{PROJECT}/locations/asia-south1"
    jobs = platform.call("GET", f"/cloudscheduler/{place}/jobs")["jobs"]
    job = next(each for each in jobs if "/workflows/daily-strategy/" in each.get("httpTarget", {}).get("uri", ""))
    executions = f"/workflowexecutions/{place}/workflows/daily-strategy/executions"
    platform.call("POST", f"/cloudscheduler/v1/{job['name']}:run", {})
    until = time.monotonic() + 60
    while (
        not (found := platform.call("GET", f"{executions}?view=FULL").get("executions"))
        or found[0]["state"] == "ACTIVE"
    ):
        assert time.monotonic() < until, found
        time.sleep(0.1)
    (execution,) = found
    # The service is a starter, which has no strategies to run yet: the workflow says so, and fails.
    assert execution["state"] == "FAILED", execution
    payload = json.loads(execution["error"]["payload"])
    assert payload["error"] == "HTTP server responded with error code 404"
    assert payload["answer"]["detail"].startswith("strategy-engine is not written yet: ")

    result = platform.envctl("start", "local", "strategy-engine/daily-strategy", "--format", "json")
    assert result.code == 1, result.out + result.err
    assert result.json["state"] == "FAILED"


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_apply_leaves_no_terraform_and_no_lock(fresh: Checkout, number: int) -> None:
    fresh.must("sandbox", "up", "local")
    fresh.must("bootstrap", "local", "--state-only")
    process = subprocess.Popen(
        fresh.command("apply", "local"),
        cwd=fresh.root,
        env=fresh.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    log = fresh.root / "build/local/terraform-apply.log"
    deadline = time.monotonic() + 60
    while not (log.exists() and "apply_complete" in log.read_text()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number, out + err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    objects = fresh.call("GET", f"/storage/v1/b/{PROJECT}-tfstate/o").get("items", [])
    assert not [item["name"] for item in objects if item["name"].endswith(".tflock")]
    fresh.must("apply", "local")
    fresh.must("plan", "local")


@pytest.mark.whole
def test_destroy_lists_what_is_left_and_two_sandboxes_run_side_by_side(fresh: Checkout, platform: Checkout) -> None:
    fresh.must("up", "local")
    assert fresh.sandbox["url"] != platform.sandbox["url"]
    left = fresh.must("destroy", "local", "--format", "json").json["left"]
    kinds = {item["kind"] for item in left}
    assert f"{PROJECT}-tfstate" in {item["name"] for item in left}
    assert kinds == {"state bucket", "apis"}, left
    assert fresh.call("GET", f"/storage/v1/b?project={PROJECT}")["items"][0]["name"] == f"{PROJECT}-tfstate"
    platform.must("plan", "local")
    again = fresh.envctl("up", "local")
    assert again.code == 1
    assert "a queue with this name existed too recently" in again.err, again.err
    assert "envctl sandbox delete" in again.err, again.err
    fresh.must("down")
    fresh.must("sandbox", "delete", "local", "--yes")
    fresh.must("up", "local")

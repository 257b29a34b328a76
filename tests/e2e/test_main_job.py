"""The main job: YAML → terraform apply → validated; and what people do to it afterwards."""

from __future__ import annotations

import json
import os
import re
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


def findings(result: Result) -> list[dict[str, Any]]:
    return [check for check in result.json["checks"] if check["result"] not in ("pass", "skipped")]


def test_up_applies_validates_and_lists_starters(up: tuple[Checkout, Result]) -> None:
    _, result = up
    assert result.code == 0, result.out + result.err
    document = result.json
    assert document["applied"]["added"] > 60
    assert document["applied"]["provider"] == "embedded"
    assert {check["result"] for check in document["validation"]["checks"]} <= {"pass", "skipped"}
    services = {service["path"]: service for service in document["services"]}
    assert services["strategy-engine/strategy-engine"]["kind"] == "starter"
    assert all(service["status"] == "ok" for service in services.values())


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


def test_up_again_changes_nothing(platform: Checkout) -> None:
    applied = platform.must("up", "local", "--format", "json").json["applied"]
    assert (applied["added"], applied["changed"], applied["removed"]) == (0, 0, 0)


def test_tampering_is_named_exactly_and_mended_by_apply(platform: Checkout) -> None:
    topic = f"/pubsub/v1/projects/{PROJECT}/topics/alerts"
    platform.call("DELETE", topic)
    policy_path = f"/storage/v1/b/{PROJECT}-config/iam"
    policy = platform.call("GET", f"{policy_path}?optionsRequestedPolicyVersion=3")
    gone = next(binding for binding in policy["bindings"] if binding["role"] == "roles/storage.objectUser")
    policy["bindings"].remove(gone)
    platform.call("PUT", policy_path, policy)

    found = findings(platform.must("validate-env", "local", "--format", "json", code=2))
    assert len(found) == 2
    named = " ".join(check["id"] for check in found)
    assert "alerts" in named
    assert "config" in named
    assert all(re.match(r"envs/(base|subprojects/[a-z-]+)\.yaml:\d+:\d+$", check["where"]) for check in found)

    applied = platform.must("apply", "local", "--format", "json").json
    assert applied["added"] >= 2
    platform.must("validate-env", "local")


def test_a_setting_changed_behind_terraform_is_named_and_mended(platform: Checkout) -> None:
    name = f"/pubsub/v1/projects/{PROJECT}/subscriptions/config-changed-api-gateway"
    platform.call("PATCH", name, {"subscription": {"ackDeadlineSeconds": 77}, "updateMask": "ackDeadlineSeconds"})
    (found,) = findings(platform.must("validate-env", "local", "--format", "json", code=2))
    assert "config-changed-api-gateway" in found["id"]
    assert "77" in json.dumps(found)
    platform.must("plan", "local", code=2)
    platform.must("apply", "local")
    platform.must("validate-env", "local")


def test_a_broader_grant_is_a_finding(platform: Checkout) -> None:
    path = f"/pubsub/v1/projects/{PROJECT}/topics/config-changed"
    policy = platform.call("GET", f"{path}:getIamPolicy")
    wider = {**policy, "bindings": [*policy["bindings"], {"role": "roles/pubsub.publisher", "members": ["allUsers"]}]}
    platform.call("POST", f"{path}:setIamPolicy", {"policy": wider})
    (found,) = findings(platform.must("validate-env", "local", "--format", "json", code=2))
    assert "allUsers" in json.dumps(found)
    current = platform.call("GET", f"{path}:getIamPolicy")
    platform.call("POST", f"{path}:setIamPolicy", {"policy": {**policy, "etag": current["etag"]}})
    platform.must("validate-env", "local")


def test_the_report_is_junit_too(platform: Checkout) -> None:
    tree = ElementTree.fromstring(platform.must("validate-env", "local", "--format", "junit").out)  # noqa: S314
    assert len(tree.findall(".//testcase")) > 60
    assert not tree.findall(".//failure")


def test_kill_9_and_restart_lose_nothing(platform: Checkout) -> None:
    pid = platform.sandbox["pid"]
    os.kill(pid, signal.SIGKILL)
    stopped = platform.envctl("plan", "local")
    assert stopped.code == 1
    assert "envctl sandbox up" in stopped.err
    platform.must("sandbox", "up", "local")
    platform.must("plan", "local")
    platform.must("validate-env", "local")


def test_plain_terraform_works_on_the_rendered_files(platform: Checkout) -> None:
    platform.must("render", "local")
    variables = platform.must("env", "local", "--format", "json").json
    assert all("\n" not in value for value in variables.values())
    environment = {**platform.environment, **variables, "TF_DATA_DIR": str(platform.root / "plain-data")}
    tfvars = platform.root / "build/local/terraform.tfvars.json"
    backend = platform.root / "build/local/backend.tfbackend"
    for arguments in (
        ["init", "-input=false", f"-backend-config={backend}"],
        ["plan", "-input=false", "-detailed-exitcode", f"-var-file={tfvars}"],
    ):
        command = ["terraform", f"-chdir={platform.root / 'infra'}", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_held_lock_says_who_since_when_and_what_to_do(platform: Checkout) -> None:
    name = "terraform/state/default.tflock"
    lock = f"/upload/storage/v1/b/{PROJECT}-tfstate/o?uploadType=media&name={name}&ifGenerationMatch=0"
    info = {
        "ID": "1",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "asha@desk",
        "Version": "1.11.4",
        "Created": "2026-11-20T10:00:00.0Z",
        "Path": "",
    }
    platform.call("POST", lock, info)
    try:
        result = platform.must("plan", "local", code=1)
        assert "locked by asha@desk" in result.err
        assert "envctl state unlock" in result.err
    finally:
        platform.call("DELETE", f"/storage/v1/b/{PROJECT}-tfstate/o/terraform%2Fstate%2Fdefault.tflock")
    platform.must("plan", "local")


def test_a_yaml_change_is_planned_applied_and_validated(platform: Checkout) -> None:
    platform.edit("envs/subprojects/shared-services.yaml", "retention: 86400s", "retention: 90000s")
    try:
        planned = platform.must("plan", "local", "--format", "json", code=2).json
        assert [(change["action"]) for change in planned["changes"]] == ["update"]
        assert [check["id"] for check in findings(platform.must("validate-env", "local", "--format", "json", code=2))]
        platform.must("apply", "local", "--plan", "build/local/plan.tfplan")
        platform.must("validate-env", "local")
    finally:
        platform.edit("envs/subprojects/shared-services.yaml", "retention: 90000s", "retention: 86400s")
        platform.must("apply", "local")


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
    fresh.must("up", "local")

"""What goes on when a platform is up: it is changed by others, by its YAML, it is killed, and it is locked."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess

import pytest

from tests.e2e.findings import findings
from tests.support.checkout import Checkout

pytestmark = [pytest.mark.slow, pytest.mark.terraform, pytest.mark.xdist_group("small"), pytest.mark.timeout(600)]
PROJECT = "atm-local"


def test_tampering_is_named_exactly_and_mended_by_apply(small: Checkout) -> None:
    topic = f"/pubsub/v1/projects/{PROJECT}/topics/alerts"
    small.call("DELETE", topic)
    policy_path = f"/storage/v1/b/{PROJECT}-config/iam"
    policy = small.call("GET", f"{policy_path}?optionsRequestedPolicyVersion=3")
    gone = next(binding for binding in policy["bindings"] if binding["role"] == "roles/storage.objectUser")
    policy["bindings"].remove(gone)
    small.call("PUT", policy_path, policy)

    found = findings(small.must("validate-env", "local", "--format", "json", code=2))
    assert len(found) == 2
    named = " ".join(check["id"] for check in found)
    assert "alerts" in named
    assert "config" in named
    assert all(re.match(r"envs/base\.yaml:\d+:\d+$", check["where"]) for check in found)

    applied = small.must("apply", "local", "--format", "json").json
    assert applied["added"] >= 2
    small.must("validate-env", "local")


def test_a_setting_changed_behind_terraform_is_named_and_mended(small: Checkout) -> None:
    name = f"/pubsub/v1/projects/{PROJECT}/subscriptions/config-changed-auth-service"
    small.call("PATCH", name, {"subscription": {"ackDeadlineSeconds": 77}, "updateMask": "ackDeadlineSeconds"})
    (found,) = findings(small.must("validate-env", "local", "--format", "json", code=2))
    assert "config-changed-auth-service" in found["id"]
    assert "77" in json.dumps(found)
    small.must("plan", "local", code=2)
    small.must("apply", "local")
    small.must("validate-env", "local")


def test_a_broader_grant_is_a_finding(small: Checkout) -> None:
    path = f"/pubsub/v1/projects/{PROJECT}/topics/config-changed"
    policy = small.call("GET", f"{path}:getIamPolicy")
    wider = {**policy, "bindings": [*policy["bindings"], {"role": "roles/pubsub.publisher", "members": ["allUsers"]}]}
    small.call("POST", f"{path}:setIamPolicy", {"policy": wider})
    (found,) = findings(small.must("validate-env", "local", "--format", "json", code=2))
    assert "allUsers" in json.dumps(found)
    current = small.call("GET", f"{path}:getIamPolicy")
    small.call("POST", f"{path}:setIamPolicy", {"policy": {**policy, "etag": current["etag"]}})
    small.must("validate-env", "local")


def test_kill_9_and_restart_lose_nothing(small: Checkout) -> None:
    pid = small.sandbox["pid"]
    os.kill(pid, signal.SIGKILL)
    stopped = small.envctl("plan", "local")
    assert stopped.code == 1
    assert "envctl sandbox up" in stopped.err
    small.must("sandbox", "up", "local")
    small.must("plan", "local")
    small.must("validate-env", "local")


def test_plain_terraform_works_on_the_rendered_files(small: Checkout) -> None:
    small.must("render", "local")
    variables = small.must("env", "local", "--format", "json").json
    assert all("\n" not in value for value in variables.values())
    environment = {**small.environment, **variables, "TF_DATA_DIR": str(small.root / "plain-data")}
    tfvars = small.root / "build/local/terraform.tfvars.json"
    backend = small.root / "build/local/backend.tfbackend"
    for arguments in (
        ["init", "-input=false", f"-backend-config={backend}"],
        ["plan", "-input=false", "-detailed-exitcode", f"-var-file={tfvars}"],
    ):
        command = ["terraform", f"-chdir={small.root / 'infra'}", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_held_lock_says_who_since_when_and_what_to_do(small: Checkout) -> None:
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
    small.call("POST", lock, info)
    try:
        result = small.must("plan", "local", code=1)
        assert "locked by asha@desk" in result.err
        assert "envctl state unlock" in result.err
    finally:
        small.call("DELETE", f"/storage/v1/b/{PROJECT}-tfstate/o/terraform%2Fstate%2Fdefault.tflock")
    small.must("plan", "local")


def test_a_yaml_change_is_planned_applied_and_validated(small: Checkout) -> None:
    small.edit("envs/base.yaml", "retention: 86400s", "retention: 90000s")
    try:
        planned = small.must("plan", "local", "--format", "json", code=2).json
        assert [(change["action"]) for change in planned["changes"]] == ["update"]
        assert [check["id"] for check in findings(small.must("validate-env", "local", "--format", "json", code=2))]
        small.must("apply", "local", "--plan", "build/local/plan.tfplan")
        small.must("validate-env", "local")
    finally:
        small.edit("envs/base.yaml", "retention: 90000s", "retention: 86400s")
        small.must("apply", "local")

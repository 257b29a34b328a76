"""What every workflow of CI keeps to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / ".github/workflows"
FILES = sorted(FOLDER.glob("*.yml"))


COMMAND = re.compile(r"\.venv/bin/envctl ([a-z-]+)([^|>&;\n]*)")
# A workflow in which something is applied or started is of a GitHub Environment, which decides who has to agree.
CHANGING = {"apply", "start", "bootstrap", "destroy", "images"}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job.get("steps", [])]


@pytest.fixture(params=FILES, ids=lambda file: file.name)
def file(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture
def workflow(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(file.read_text())
    return loaded


def test_actions_are_pinned_by_commit_and_say_their_version(file: Path) -> None:
    for line in file.read_text().splitlines():
        if "uses:" in line and "uses: ./" not in line:
            assert re.search(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_permissions_are_least_and_jobs_end(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert "concurrency" in workflow or set(workflow[True]) == {"workflow_call"}
    for name, job in workflow["jobs"].items():
        assert "uses" in job or job["timeout-minutes"] <= 60, name
        assert "write-all" not in str(job.get("permissions", ""))


def test_credentials_do_not_stay_in_the_checkout(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_terraform_is_not_wrapped(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        if "setup-terraform" in str(step.get("uses", "")):
            assert step["with"]["terraform_wrapper"] is False


def test_no_expression_is_pasted_into_a_script(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        assert "${{" not in step.get("run", ""), step["run"]


def test_the_version_of_terraform_is_the_one_that_is_pinned(workflow: dict[str, Any]) -> None:
    pinned = (FOLDER.parents[1] / ".terraform-version").read_text().strip()
    for step in steps(workflow):
        version = step.get("with", {}).get("terraform_version")
        assert version is None or str(version) == pinned


def test_every_command_of_envctl_exists_with_the_options_that_it_is_given(workflow: dict[str, Any]) -> None:
    from envctl.cli import application
    from typer.testing import CliRunner

    for step in steps(workflow):
        for command, rest in COMMAND.findall(step.get("run", "")):
            answer = CliRunner().invoke(application, [command, "--help"])
            assert answer.exit_code == 0, command
            for option in re.findall(r"(?<!\S)--[a-z-]+", rest):
                assert option in answer.output or command in ("sandbox", "state"), f"envctl {command} {option}"


def test_jobs_are_of_the_environments_that_there_are(workflow: dict[str, Any]) -> None:
    there = {file.stem for file in (FOLDER.parents[1] / "envs").glob("*.yaml")} - {"base"}
    for job in workflow["jobs"].values():
        assert set(job.get("strategy", {}).get("matrix", {}).get("environment", [])) <= there
        assert set([job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])) <= set(
            workflow["jobs"]
        )


def test_identity_is_given_only_to_jobs_that_sign_in(workflow: dict[str, Any]) -> None:
    for name, job in workflow["jobs"].items():
        signs_in = any("google-github-actions/auth" in str(step.get("uses")) for step in job.get("steps", []))
        assert (job.get("permissions", {}).get("id-token") == "write") is signs_in, name


def test_what_changes_an_environment_is_of_its_github_environment_one_at_a_time(workflow: dict[str, Any]) -> None:
    for name, job in workflow["jobs"].items():
        runs = "\n".join(step.get("run", "") for step in job.get("steps", []))
        signs_in = any("google-github-actions/auth" in str(step.get("uses")) for step in job.get("steps", []))
        if signs_in and {command for command, _ in COMMAND.findall(runs)} & CHANGING:
            assert job.get("environment"), name
            held = [job.get("concurrency"), workflow.get("concurrency")]
            assert all(one["cancel-in-progress"] is False for one in held if one), (
                f"{name}: an apply is never cancelled"
            )


def test_a_plan_in_clear_is_never_kept(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        if "upload-artifact" in str(step.get("uses", "")):
            assert "tfplan" not in str(step["with"]["path"])
            assert "plans/" not in str(step["with"]["path"])


def test_what_is_due_at_a_time_says_which_time_that_is_in_india(file: Path) -> None:
    for line in file.read_text().splitlines():
        if "cron:" in line:
            minute, hour, at = re.search(r'"(\d+) (\d+) .*" # (\d\d:\d\d) in India', line).groups()  # type: ignore[union-attr]
            total = int(hour) * 60 + int(minute) + 330
            assert f"{total // 60 % 24:02}:{total % 60:02}" == at


def test_an_account_is_taken_where_it_is_trusted(workflow: dict[str, Any]) -> None:
    # As modules/github_oidc has it: the plan's on a pull request, or on main and in no environment; the other
    # on main in its environment.
    events = set(workflow[True])  # YAML takes `on` for true
    for name, job in workflow["jobs"].items():
        for step in job.get("steps", []):
            if "google-github-actions/auth" in str(step.get("uses", "")):
                plans = "PLAN" in step["with"]["service_account"]
                assert bool(job.get("environment")) is not plans, name
                assert not plans or events <= {"pull_request", "schedule", "workflow_dispatch"}, name
                assert plans or "pull_request" not in events, name


def test_what_holds_a_lock_is_told_of_a_cancelled_run(workflow: dict[str, Any]) -> None:
    """GitHub interrupts the step's own process, and kills all seconds later: a shell in between would tell nobody."""
    for step in steps(workflow):
        for line in step.get("run", "").splitlines():
            for command, _ in COMMAND.findall(line):
                if (
                    command in {"plan", "apply", "rehearse", "drift", "bootstrap", "destroy", "state"}
                    and "local" not in line
                ):
                    assert line.strip().startswith("exec "), line


def test_what_is_for_strangers_runs_nothing_of_theirs() -> None:
    for file in FILES:
        workflow = yaml.safe_load(file.read_text())
        assert "pull_request_target" not in workflow[True]
        if "workflow_run" in workflow[True]:
            for step in steps(workflow):
                assert "ref" not in step.get("with", {}), "the code is that of the main branch"
                assert "pr-comment" not in step.get("run", "") or "--foreign" in step["run"]
        elif "pull_request" in workflow[True]:  # what may write on one of a fork has a token that can't
            for job in workflow["jobs"].values():
                writes = {scope for scope, level in job.get("permissions", {}).items() if level == "write"}
                assert writes <= {"id-token", "pull-requests"}


def test_whoever_watches_is_told_of_what_fails_by_itself() -> None:
    for file in FILES:
        workflow = yaml.safe_load(file.read_text())
        if {"schedule", "push"} & set(workflow[True]) and file.name not in ("test.yml", "parity.yml"):
            text = file.read_text()
            assert "uses: ./.github/workflows/tell.yml" in text or "gh issue create" in text, file.name

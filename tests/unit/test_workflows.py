"""What every workflow of CI keeps to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / ".github/workflows"
FILES = sorted(FOLDER.glob("*.yml"))


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


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
        if "uses:" in line:
            assert re.search(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_permissions_are_least_and_jobs_end(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert "concurrency" in workflow
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 60, name
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

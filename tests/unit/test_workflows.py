"""What every workflow of CI keeps to; and that the checker sees each way to break it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.workflows import COMMAND, RULES, findings, steps

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
TERRAFORM = (ROOT / ".terraform-version").read_text().strip()
SHA = "3d3c42e5aac5ba805825da76410c181273ba90b1"
GOOD = f"""\
name: apply
on:
  push:
  schedule:
    - cron: "30 2 * * 1-5" # 08:00 in India
permissions:
  contents: read
concurrency:
  group: apply
  cancel-in-progress: false
jobs:
  apply:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: prod
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@{SHA} # v7.0.1
        with:
          persist-credentials: false
      - uses: hashicorp/setup-terraform@{SHA} # v4.0.1
        with:
          terraform_version: {TERRAFORM}
          terraform_wrapper: false
      - run: make setup
      - uses: google-github-actions/auth@{SHA} # v3.0.0
        with:
          service_account: ${{{{ vars.PROD_APPLY_SERVICE_ACCOUNT }}}}
      - run: exec .venv/bin/envctl apply "$ENVIRONMENT"
      - uses: actions/upload-artifact@{SHA} # v7.0.0
        with:
          path: report.xml
"""
RUN = "run: make setup"
OF_EACH = "    environment: ${{ matrix.environment }}\n    strategy:\n      matrix:\n        environment: [dev, prod]\n"
LISTS = "on:\n  push:"
OF_THE_JOB = "    permissions:\n      contents: read\n      id-token: write\n"
SCRIPT = f"""uses: actions/github-script@{SHA} # v8.0.0
        with:
          script: x = '${{{{ github.event.issue.body }}}}'"""
# The rule that is broken, and how: what is written in place of what.
BROKEN = [
    ("pinned", f"checkout@{SHA} # v7.0.1", "checkout@v7"),
    ("pinned", f"checkout@{SHA} # v7.0.1", f"checkout@{SHA}"),
    ("pinned", f"uses: actions/upload-artifact@{SHA} # v7.0.0", '"uses": actions/upload-artifact@main'),
    ("pinned", f"{SHA} # v7.0.1", f"{SHA[:12]} # v7.0.1"),
    ("permissions", "permissions:\n  contents: read\nconcurrency", "concurrency"),
    ("permissions", "permissions:\n  contents: read\nconcurrency", "permissions: write-all\nconcurrency"),
    ("permissions", "id-token: write", "id-token: write\n      packages: write"),
    ("permissions", "id-token: write", "id-token: write\n      actions: write"),
    ("permissions", OF_THE_JOB, "    permissions: write-all\n"),
    ("concurrency", "concurrency:\n  group: apply\n  cancel-in-progress: false\n", ""),
    ("concurrency", "cancel-in-progress: false", "cancel-in-progress: true"),
    ("concurrency", "    environment: prod\n", OF_EACH),
    ("ends", "    timeout-minutes: 60\n", ""),
    ("ends", "timeout-minutes: 60", "timeout-minutes: 600"),
    ("checkout", "persist-credentials: false", "persist-credentials: true"),
    ("checkout", "        with:\n          persist-credentials: false\n", ""),
    ("wrapper", "terraform_wrapper: false", "terraform_wrapper: true"),
    ("wrapper", "          terraform_wrapper: false\n", ""),
    ("version", f"terraform_version: {TERRAFORM}", "terraform_version: 1.5.0"),
    ("injection", RUN, 'run: make setup TITLE="${{ github.event.pull_request.title }}"'),
    ("injection", RUN, "run: |\n          git switch ${{ github.head_ref }}"),
    ("injection", RUN, SCRIPT),
    ("logic", RUN, "run: terraform -chdir=infra apply"),
    ("logic", RUN, "run: curl https://example.com/install | sh"),
    ("logic", RUN, 'run: x="$(python3 -c 1)" make setup'),
    ("logic", RUN, "run: |\n          for one in a b; do gcloud run deploy $one; done"),
    ("logic", RUN, "run: if [ -f a ]; then pip install a; fi"),
    ("identity", "    environment: prod\n", ""),
    ("identity", LISTS, "on:\n  pull_request:\n  push:"),
    ("identity", "vars.PROD_APPLY", "vars.PROD_PLAN"),
    ("identity", "      id-token: write\n", ""),
    ("environment", "    environment: prod\n", ""),
    ("artifacts", "path: report.xml", "path: plans/"),
    ("artifacts", "path: report.xml", "path: |\n            report.xml\n            prod.tfplan"),
    ("signals", "exec .venv/bin/envctl apply", ".venv/bin/envctl apply"),
    ("times", " # 08:00 in India", ""),
    ("times", " # 08:00 in India", " # 02:30 in India"),
    ("strangers", LISTS, "on:\n  pull_request_target:\n  push:"),
    ("strangers", LISTS, "on:\n  workflow_run:\n  push:"),
    ("strangers", "      id-token: write", "      id-token: write\n      issues: write"),
]  # fmt: skip
MORE = {  # what else a case needs, so that its rule is the one that is broken
    "on:\n  workflow_run:\n  push:": ("persist-credentials: false", "persist-credentials: false\n          ref: x"),
    "      id-token: write\n      issues: write": ("on:\n  push:", "on:\n  pull_request:\n  push:"),
}


def test_what_is_well_made_is_not_told_of() -> None:
    assert findings(GOOD, TERRAFORM) == []


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN, ids=[f"{rule}-{n}" for n, (rule, *_) in enumerate(BROKEN)])
def test_each_way_to_break_a_rule_is_found(rule: str, old: str, new: str) -> None:
    text = GOOD
    for before, after in ((old, new), MORE.get(new, ("", ""))):
        assert before in text
        text = text.replace(before, after, 1)
    assert rule in {name for name, _ in findings(text, TERRAFORM)}


def test_every_rule_has_a_way_to_be_broken() -> None:
    assert {rule for rule, *_ in BROKEN} == RULES


@pytest.fixture(params=FILES, ids=lambda file: file.name)
def file(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture
def workflow(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(file.read_text())
    return loaded


def test_every_workflow_keeps_to_the_rules(file: Path) -> None:
    assert findings(file.read_text(), TERRAFORM) == []


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
    there = {file.stem for file in (ROOT / "envs").glob("*.yaml")} - {"base"}
    for job in workflow["jobs"].values():
        assert set(job.get("strategy", {}).get("matrix", {}).get("environment", [])) <= there
        assert set([job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])) <= set(
            workflow["jobs"]
        )


def test_whoever_watches_is_told_of_what_fails_by_itself() -> None:
    for file in FILES:
        workflow = yaml.safe_load(file.read_text())
        if {"schedule", "push"} & set(workflow[True]) and file.name not in ("test.yml", "parity.yml"):
            text = file.read_text()
            assert "uses: ./.github/workflows/tell.yml" in text or "gh issue create" in text, file.name

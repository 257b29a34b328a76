"""A pull request from its change to its apply: the right comment, exit code and SARIF for each kind of change."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from envctl.output.comment import fingerprints

from tests.support.checkout import Checkout, Result

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("rehearsal"),
    pytest.mark.timeout(1800),
]

PROD = """
project_id: atm-pull-request
project_number: "301872649101"
labels: {criticality: high}
deletion_protection: false
budget:
  billing_account: 01A2B3-4C5D6E-7F8091
  amount: 20000
  currency: INR
  thresholds: [{percent: 100}]
subprojects:
  data:
    topics:
      ticks: {retention: 86400s}
"""
BASE = """
apis: [pubsub, storage, bigquery, iam, run, billingbudgets, secretmanager]
subprojects:
  data:
    service_accounts:
      writer: {display_name: Writer}
    topics:
      ticks: {}
      bars: {retention: 86400s}
    buckets:
      raw: {}
    secrets:
      broker-key: {}
    services:
      engine:
        image: example.com/engine@sha256:0000000000000000000000000000000000000000000000000000000000000000
        service_account: writer
        max_instances: 2
        deletion_protection: true
"""
# What envs/prod.yaml becomes: harmless, costly, destructive, widening access, broken.
CHANGES: dict[str, tuple[str, str]] = {
    "harmless": ("ticks: {retention: 86400s}", "ticks: {retention: 172800s}"),
    "costly": (
        "    topics:\n      ticks",
        "    services:\n      engine: {cpu: '8', memory: 32Gi, min_instances: 2}\n    topics:\n      ticks",
    ),
    "destructive": ("ticks: {retention: 86400s}", "ticks: {retention: 86400s}\n      bars: null"),
    "widening": (
        "ticks: {retention: 86400s}",
        "ticks:\n        retention: 86400s\n        grants: {all: {role: roles/pubsub.publisher, members: [allUsers]}}",
    ),
    "broken": ("ticks: {retention: 86400s}", "ticks: {retention: 1 day}"),
}


def apis(text: str) -> str:
    head, _, rest = text.partition("[")
    names, _, tail = rest.partition("]")
    return f"{head}[{', '.join(f'{name.strip()}.googleapis.com' for name in names.split(','))}]{tail}"


def git(checkout: Checkout, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    done = subprocess.run(["git", *who, *arguments], cwd=checkout.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(fresh: Checkout) -> Checkout:
    """A small platform in git, its production applied to nothing yet."""
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs").mkdir()
    (fresh.root / "envs/base.yaml").write_text(apis(BASE))
    (fresh.root / "envs/prod.yaml").write_text(PROD)
    (fresh.root / ".gitignore").write_text("build/\nhome/\nplans/\n.sandbox/\n*.json\n")
    git(fresh, "init", "-q", "-b", "main")
    git(fresh, "add", "-A")
    git(fresh, "commit", "-qm", "The platform")
    return fresh


def rehearsed(repository: Checkout, kind: str) -> tuple[Result, str, dict[str, Any]]:
    """The change in a rehearsal: what it answered, the comment, and the SARIF of its plan."""
    old, new = CHANGES[kind]
    repository.edit("envs/prod.yaml", old, new)
    plans = repository.root / "plans" / kind
    done = repository.envctl("rehearse", "prod", "--base", "main", "--out", str(plans), "--format", "json", timeout=900)
    comment = repository.must("pr-comment", str(plans), "--print").out
    plan = plans / "prod/plan.json"
    sarif = repository.envctl("policy", "prod", "--plan", str(plan), "--format", "sarif").json if plan.is_file() else {}
    git(repository, "checkout", "-q", "envs")
    return done, comment, sarif


def rules(sarif: dict[str, Any]) -> set[str]:
    return {result["ruleId"] for result in sarif["runs"][0]["results"] if "suppressions" not in result}


def test_each_kind_of_change_gets_its_comment_its_exit_code_and_its_findings(repository: Checkout) -> None:
    before = set(Path(tempfile.gettempdir()).glob("envctl-rehearsal-*"))

    done, comment, sarif = rehearsed(repository, "harmless")
    assert done.code == 0, done.out + done.err
    assert "1 to change" in comment
    assert "it applies and is as declared" in comment
    assert "Look at these first" not in comment
    base = rules(sarif)

    done, comment, sarif = rehearsed(repository, "costly")
    assert done.code == 2, done.out + done.err
    assert "**above the budget**" in comment
    assert rules(sarif) - base == {"ATM-BUD-002"}

    done, comment, sarif = rehearsed(repository, "destructive")
    assert done.code == 2, done.out + done.err
    assert done.json["destroyed"] == ['module.topics["data"].google_pubsub_topic.this["bars"]']
    assert '- **destroys**: `module.topics["data"].google_pubsub_topic.this["bars"]`' in comment
    assert rules(sarif) == base

    done, comment, sarif = rehearsed(repository, "widening")
    assert done.code == 2, done.out + done.err
    assert "**widens access, exposes to the public**" in comment
    assert rules(sarif) - base == {"ATM-IAM-001"}

    done, comment, _ = rehearsed(repository, "broken")
    assert done.code == 1, done.out + done.err
    assert "envs/prod.yaml:14:26" in comment
    assert "no plan" in comment

    left = set(Path(tempfile.gettempdir()).glob("envctl-rehearsal-*")) - before
    assert not left, "a rehearsal leaves nothing behind"
    assert git(repository, "worktree", "list").count("\n") == 0
    assert git(repository, "status", "--porcelain") == ""


def test_the_reviewed_plan_is_applied_and_a_changed_one_is_refused(repository: Checkout) -> None:
    repository.must("up", "prod", "--sandbox", timeout=600)
    repository.edit("envs/prod.yaml", *CHANGES["harmless"])
    repository.must("plan", "prod", "--sandbox", "--out", "plans", code=2, timeout=300)
    reviewed = fingerprints(repository.must("pr-comment", "plans", "--print").out)["prod"]

    # After the merge it is planned again: the same change has the same fingerprint.
    repository.must("plan", "prod", "--sandbox", "--out", "again.tfplan", code=2, timeout=300)
    refused = repository.must(
        "apply", "prod", "--sandbox", "--plan", "again.tfplan", "--fingerprint", "0" * 64, code=1, timeout=300
    )
    assert "the plan is not the one that was reviewed" in refused.err

    repository.edit("envs/prod.yaml", "172800s", "259200s")
    repository.must("plan", "prod", "--sandbox", "--out", "other.tfplan", code=2, timeout=300)
    refused = repository.must(
        "apply", "prod", "--sandbox", "--plan", "other.tfplan", "--fingerprint", reviewed, code=1, timeout=300
    )
    assert f"the reviewed one is {reviewed[:12]}" in refused.err
    refused = repository.must("apply", "prod", "--sandbox", "--plan", "plans/prod/plan.tfplan", code=1, timeout=300)
    assert "made from another state of the YAML" in refused.err

    repository.edit("envs/prod.yaml", "259200s", "172800s")
    repository.must("apply", "prod", "--sandbox", "--plan", "again.tfplan", "--fingerprint", reviewed, timeout=300)
    assert "nothing to change" in repository.must("plan", "prod", "--sandbox", timeout=300).out

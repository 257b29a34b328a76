"""A canary in every secret place of a plan appears in nothing that is kept, shown or sent."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from envctl.cost.reckon import cost_of_plan
from envctl.costing import CostResult
from envctl.environments import LoadedEnvironment
from envctl.operations import PlanResult
from envctl.output import json as checks_json
from envctl.output import junit, markdown, sarif, text
from envctl.output.comment import comment
from envctl.output.cost import cost_json, cost_markdown, cost_text
from envctl.output.plan import plan_json, plan_markdown, plan_text
from envctl.output.review import reviews_json, reviews_markdown, reviews_text
from envctl.plans.provenance import Provenance
from envctl.plans.read import read_plan
from envctl.policy.check import check_plan
from envctl.redaction import resource_diffs
from envctl.reviews.make import keep_plan, review_plan

from tests.support.plans import at, change, plan
from tests.unit.environments.environment_files import EnvironmentFiles

CANARY = "canary-4c1d"
SERVICE = """
    service_accounts: {writer: {}}
    secrets: {salt: {grants: {read: {role: roles/secretmanager.secretAccessor, members: [writer]}}}}
    services:
      engine: {image: i, service_account: writer, secrets: {SALT: {secret: salt}}}
    """


def container(name: str) -> dict[str, Any]:
    return {"template": [{"containers": [{"image": "i", "env": [{"name": name, "value": CANARY}]}]}]}


def pair(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after, so that it is an update that shows its attributes."""
    return {**values, "other": 1}, {**json.loads(json.dumps(values).replace(CANARY, f"new-{CANARY}")), "other": 2}


MARKED: dict[str, Any] = {"payload": CANARY, "nested": [{"deep": {"value": CANARY}}]}
MARKS: dict[str, Any] = {"payload": True, "nested": [{"deep": {"value": True}}]}
WHOLE = {"block": True}
SECRET_PLACES = plan(
    change(at("google_x", "marked"), *pair(MARKED), before_sensitive=MARKS, after_sensitive=MARKS),
    change(at("google_x", "whole"), *pair({"block": [{"a": CANARY}]}), before_sensitive=WHOLE, after_sensitive=WHOLE),
    change(at("google_secret_manager_secret_version", "a"), *pair({"secret_data": CANARY})),
    change(at("google_secret_manager_secret_version", "new"), None, {"secret_data": CANARY}),
    change(at("google_sql_user", "a"), *pair({"password": CANARY})),
    change(at("google_redis_instance", "a"), *pair({"auth_string": CANARY})),
    change(at("google_service_account_key", "a"), *pair({"private_key": CANARY})),
    change(at("google_cloud_run_v2_service", "by-name"), *pair(container("BROKER_API_KEY"))),
    change(at("google_cloud_run_v2_service", "by-yaml"), *pair(container("SALT"))),
    change(at("google_cloud_run_v2_service", "gone"), container("BROKER_TOKEN"), None),
    broker_password=CANARY,
)  # fmt: skip


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedEnvironment:
    return EnvironmentFiles(tmp_path).subprojects(alpha=SERVICE).dev("project_id: atm-dev-1\n").load()


def test_the_canary_appears_in_no_output(loaded: LoadedEnvironment, tmp_path: Path) -> None:
    document = {**SECRET_PLACES, "prior_state": {"a": CANARY}, "configuration": {"b": CANARY}}
    found = read_plan(document)
    review = review_plan(found, loaded, Provenance())
    report = check_plan(found, loaded, today=date(2026, 11, 26))
    estimate, difference = cost_of_plan(found, loaded)
    cost = CostResult("dev", estimate, 1.0, difference)
    outputs = {
        "plan.json": keep_plan(found, loaded, tmp_path).read_text(),
        "review.json": review.write(tmp_path).read_text(),
        "comment": comment([review]),
        "review text": reviews_text([review]),
        "review json": reviews_json([review]),
        "review markdown": reviews_markdown([review]),
        "policy text": text.render(report, verbose=True),
        "policy json": checks_json.render(report),
        "policy junit": junit.render(report),
        "policy sarif": sarif.render(report),
        "policy markdown": markdown.render(report),
        "cost text": cost_text(cost, all_lines=True),
        "cost json": cost_json(cost),
        "cost markdown": cost_markdown(cost),
    }
    for name, output in outputs.items():
        assert CANARY not in output, name
    assert {finding.rule for finding in review.findings} >= {"ATM-SEC-001", "ATM-SEC-002"}
    assert "SALT" in outputs["policy json"], "what is wrong is still said"


def test_the_canary_appears_in_no_plan_that_is_shown(loaded: LoadedEnvironment) -> None:
    # Without the YAML, names and marks alone say what is secret.
    changes = [one for one in SECRET_PLACES["resource_changes"] if "by-yaml" not in one["address"]]
    result = PlanResult(
        "dev", "dev", "embedded", Path("x"), [], [], resource_diffs({"resource_changes": changes}), [], False, 0
    )
    for render in (plan_text, plan_json, plan_markdown):
        assert CANARY not in render(result), render.__name__

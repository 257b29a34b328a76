"""An environment in a real sandbox: all of it is proven, and each tampering is found and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment, load
from envctl.output import Report, Result
from envctl.validation import validate_now

from tests.integration.sandbox_process import Sandbox
from tests.integration.validation.rest_deployment import Deployment

# ruff: noqa: E501 - a line a case is easier to read
P = "projects/full-project"
RUN = f"run/v2/{P}/locations/asia-south1"
BQ = f"bigquery/v2/{P}/datasets/market_data"
ENVIRONMENTS = Path(__file__).resolve().parents[2] / "unit/validation"
EVE = {"role": "roles/viewer", "members": ["user:eve@example.com"]}
CALLER = "serviceAccount:caller@full-project.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def environment() -> LoadedEnvironment:
    return load("full", ENVIRONMENTS)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox of this module's own: its tests tamper with the one project."""
    running = Sandbox(tmp_path_factory.mktemp("validated") / "state").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def deployment(own: Sandbox, environment: LoadedEnvironment) -> Deployment:
    deployment = Deployment(own, environment.tfvars)
    deployment.create()
    return deployment


@pytest.fixture(scope="module")
def validated(own: Sandbox, environment: LoadedEnvironment, deployment: Deployment) -> Callable[[], Report]:
    return lambda: validate_now(environment, Endpoints(own.url), SandboxToken())


def not_passed(report: Report) -> list[str]:
    return [f"{check.result} {check.id}" for check in report.checks if check.result is not Result.PASS]


def test_all_that_is_declared_is_proven(validated: Callable[[], Report]) -> None:
    report = validated()
    assert not_passed(report) == []
    assert "engine/services/strategy#health" in {check.id for check in report.checks}


SETTINGS: list[tuple[str, str, Any, str]] = [
    # The path, the field, the tampering, the finding.
    (f"pubsub/v1/{P}/topics/signals", "messageRetentionDuration", "600s", "engine/topics/signals#retention"),
    ("storage/v1/b/full-project-quotes", "storageClass", "STANDARD", "engine/buckets/quotes#storage_class"),
    (BQ, "description", "x", "engine/datasets/market_data#description"),
    (f"secretmanager/v1/{P}/secrets/api-key", "labels", {"team": "x"}, "engine/secrets/api-key#labels"),
    (f"iam/v1/{P}/roles/limitsReader", "title", "x", "engine/custom_roles/limitsReader#title"),
    (f"bigqueryconnection/v1/{P}/locations/asia-south1/connections/lake", "friendlyName", "x", "engine/bigquery_connections/lake#friendly_name"),
    (f"bigquery/v2/{P}/datasets/orders_data/tables/bhavcopy", "description", "x", "engine/external_tables/orders_data.bhavcopy#description"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field", "tampered", "finding"), SETTINGS, ids=[s[3] for s in SETTINGS])  # fmt: skip
def test_a_changed_setting_is_found_and_nothing_else(
    deployment: Deployment,
    validated: Callable[[], Report],
    path: str,
    field: str,
    tampered: Any,
    finding: str,
) -> None:
    before = deployment.call("GET", path)[field]
    _patch(deployment, path, field, tampered)
    report = validated()
    _patch(deployment, path, field, before)
    assert not_passed(report) == [f"fail {finding}"]
    assert report.exit_code == 2


def _patch(deployment: Deployment, path: str, field: str, value: Any) -> None:
    if path.startswith("pubsub"):
        document = {"topic": {"name": path.removeprefix("pubsub/v1/"), field: value}, "updateMask": field}
        deployment.call("PATCH", path, document)
    elif path.startswith(("storage", "bigquery/")):
        deployment.call("PATCH", path, {field: value})
    else:
        deployment.call("PATCH", f"{path}?updateMask={field}", {field: value})


POLICIES = [
    (f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com:getIamPolicy", "engine/service_accounts/engine"),
    (f"secretmanager/v1/{P}/secrets/api-key:getIamPolicy", "engine/secrets/api-key"),
    ("storage/v1/b/full-project-quotes/iam", "engine/buckets/quotes"),
    (f"{BQ}/tables/bars:getIamPolicy", "engine/tables/market_data.bars"),
    (f"pubsub/v1/{P}/topics/signals:getIamPolicy", "engine/topics/signals"),
    (f"pubsub/v1/{P}/subscriptions/signals-pull:getIamPolicy", "engine/subscriptions/signals-pull"),
    (f"{RUN}/services/strategy:getIamPolicy", "engine/services/strategy"),
    (f"bigqueryconnection/v1/{P}/locations/asia-south1/connections/lake:getIamPolicy", "engine/bigquery_connections/lake"),
]  # fmt: skip


def test_grants_that_nobody_declared_are_found_on_every_kind_and_nothing_else(
    deployment: Deployment, validated: Callable[[], Report]
) -> None:
    before = {policy: deployment.policy(policy).get("bindings", []) for policy, _ in POLICIES}
    for policy, _ in POLICIES:
        deployment.grant(policy, [EVE])
    report = validated()
    for policy, bindings in before.items():
        deployment.grant(policy, bindings, replace=True)
    expected = {f"fail {thing}#grants roles/viewer for user:eve@example.com" for _, thing in POLICIES}
    assert set(not_passed(report)) == expected


def test_a_topic_that_is_gone_and_a_grant_that_is_gone_are_two_findings(
    deployment: Deployment, validated: Callable[[], Report], environment: LoadedEnvironment
) -> None:
    topic, policy = f"pubsub/v1/{P}/topics/dead-signals", f"{RUN}/services/strategy:getIamPolicy"
    grants, shown = deployment.policy(f"{topic}:getIamPolicy")["bindings"], deployment.call("GET", topic)
    bindings = deployment.policy(policy)["bindings"]
    deployment.call("DELETE", topic)
    less = [{**binding, "members": [m for m in binding["members"] if m != CALLER]} for binding in bindings]
    deployment.grant(policy, less, replace=True)
    report = validated()
    deployment.call("PUT", topic, {"labels": shown["labels"]})
    deployment.grant(f"{topic}:getIamPolicy", grants)
    deployment.grant(policy, bindings, replace=True)
    failed = [check.id for check in report.checks if check.result is Result.FAIL]
    assert failed == ["engine/topics/dead-signals#exists", f"engine/services/strategy#grant call/{CALLER}"]
    assert [group.result for group in report.groups()] == [Result.FAIL, Result.FAIL]
    assert not_passed(validated()) == []


def test_an_access_entry_of_a_dataset_that_nobody_declared(
    deployment: Deployment, validated: Callable[[], Report]
) -> None:
    access = deployment.call("GET", BQ)["access"]
    deployment.call("PATCH", BQ, {"access": [*access, {"role": "READER", "userByEmail": "eve@example.com"}]})
    report = validated()
    deployment.call("PATCH", BQ, {"access": access})
    finding = "engine/datasets/market_data#grants roles/bigquery.dataViewer for user:eve@example.com"
    assert not_passed(report) == [f"fail {finding}"]


def test_a_role_on_the_project_beyond_those_declared(deployment: Deployment, validated: Callable[[], Report]) -> None:
    policy = f"cloudresourcemanager/v1/{P}:getIamPolicy"
    before = deployment.policy(policy)["bindings"]
    deployment.grant(policy, [{"role": "roles/editor", "members": [CALLER]}])
    report = validated()
    deployment.grant(policy, before, replace=True)
    assert not_passed(report) == [f"fail shared/service_accounts/caller#project roles roles/editor for {CALLER}"]


def test_a_paused_schedule_and_a_disabled_version_are_found(
    deployment: Deployment, validated: Callable[[], Report]
) -> None:
    job = f"cloudscheduler/v1/{P}/locations/asia-south1/jobs/start-daily"
    version = f"secretmanager/v1/{P}/secrets/api-key/versions/1"
    deployment.call("POST", f"{job}:pause", {})
    deployment.call("POST", f"{version}:disable", {})
    report = validated()
    deployment.call("POST", f"{job}:resume", {})
    deployment.call("POST", f"{version}:enable", {})
    assert not_passed(report) == ["fail engine/secrets/api-key#placeholder", "fail engine/schedules/start-daily#paused"]

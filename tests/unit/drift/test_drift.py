"""Drift: which of YAML, state and cloud is the odd one out, since when, and what nobody declared."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.clouds.session import Session
from envctl.drift.compare import compare
from envctl.drift.model import DriftResult, StateView
from envctl.drift.unmanaged import LISTINGS, Unmanaged, unmanaged
from envctl.drifting import _first_seen
from envctl.environments import LoadedEnvironment
from envctl.errors import UserError
from envctl.output.drift import drift_json, drift_markdown, drift_text
from envctl.output.model import Check, Result
from envctl.validation.kinds import all_things

from tests.unit.environments.environment_files import EnvironmentFiles
from tests.unit.validation.fake_google import FakeGoogle, disabled, error

TODAY = date(2026, 11, 26)
TOPIC = 'module.topics["alpha"].google_pubsub_topic.this["ticks"]'
GRANT = 'module.topics["alpha"].google_pubsub_topic_iam_member.this["ticks/read/user:a@example.com"]'
HELD = frozenset({TOPIC, GRANT})
NOTHING: dict[str, str] = {}


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedEnvironment:
    return EnvironmentFiles(tmp_path).subprojects(alpha="topics: {ticks: {}}").dev("project_id: atm-dev-1\n").load()


def check(what: str, result: Result = Result.FAIL) -> Check:
    return Check(f"alpha/topics/ticks#{what}", "topics", "projects/p/topics/ticks", what, result, message=what)


def state(not_applied: dict[str, str] = NOTHING, changed: dict[str, str] = NOTHING, held: Any = HELD) -> StateView:
    return StateView(held, not_applied, changed)


def found(result: DriftResult) -> list[tuple[str, str]]:
    return [(drift.check.id, drift.verdict.name) for drift in result.drifts]


@pytest.mark.parametrize(
    ("what", "view", "verdict"),
    [
        ("retention", state(changed={TOPIC: "update"}), "CHANGED"),
        ("retention", state(not_applied={TOPIC: "update"}), "NOT_APPLIED"),
        ("retention", state(not_applied={TOPIC: "update"}, changed={TOPIC: "update"}), "ALL_DIFFER"),
        ("retention", state(not_applied={TOPIC: "create"}, held=frozenset()), "NOT_IN_STATE"),
        ("exists", state(changed={TOPIC: "delete"}), "DELETED"),
        ("exists", state(not_applied={TOPIC: "create"}, held=frozenset()), "NOT_APPLIED"),
        ("grants roles/x for allUsers", state(), "CHANGED"),
        ("grant read user:a@example.com", state(not_applied={GRANT: "create"}), "NOT_APPLIED"),
        ("grant read user:a@example.com", state(changed={GRANT: "delete"}), "CHANGED"),
        ("retention", None, "SEEN"),
    ],
)
def test_the_pair_that_disagrees_is_named(
    loaded: LoadedEnvironment, what: str, view: StateView | None, verdict: str
) -> None:
    result = compare(loaded, [check(what)], view, [], today=TODAY)
    assert found(result) == [(f"alpha/topics/ticks#{what}", verdict)]
    assert result.exit_code == 2
    assert "≠" in result.drifts[0].check.message


def test_what_only_the_state_knows_is_told(loaded: LoadedEnvironment) -> None:
    there = check("exists", Result.PASS)
    gone = 'module.topics["alpha"].google_pubsub_topic.this["old"]'
    waiting = {gone: "delete", TOPIC: "create", GRANT: "update"}
    strangers = [Unmanaged("topics", "old", {})]  # it is in the state: no stranger
    result = compare(loaded, [there], state(waiting, held=frozenset({gone, GRANT})), strangers, today=TODAY)
    assert [verdict for _, verdict in found(result)] == ["NOT_IN_YAML", "NOT_IN_STATE", "NOT_APPLIED"]
    assert result.imports == [f'import {{\n  to = {TOPIC}\n  id = "projects/atm-dev-1/topics/ticks"\n}}']


def test_nothing_is_found_where_nothing_differs(loaded: LoadedEnvironment) -> None:
    result = compare(loaded, [check("exists", Result.PASS), check("retention", Result.PASS)], state(), [], today=TODAY)
    assert result.exit_code == 0
    assert "no drift" in drift_text(result)


def test_what_cannot_be_asked_is_unknown(loaded: LoadedEnvironment) -> None:
    result = compare(loaded, [check("retention", Result.UNKNOWN)], state(), [], today=TODAY)
    assert result.exit_code == 1


def test_since_when_is_kept_from_report_to_report(loaded: LoadedEnvironment, tmp_path: Path) -> None:
    first = compare(loaded, [check("retention")], state(), [], today=date(2026, 11, 20))
    file = tmp_path / "before.json"
    file.write_text(drift_json(first))
    now = compare(loaded, [check("retention"), check("labels")], state(), [], today=TODAY, first_seen=_first_seen(file))
    assert [drift.since for drift in now.drifts] == ["2026-11-20", "2026-11-26"]
    assert "since 2026-11-20" in drift_text(now)
    assert json.loads(drift_json(now))["first_seen"]["alpha/topics/ticks#retention"] == "2026-11-20"
    file.write_text("[]")
    with pytest.raises(UserError, match="is no report of drift"):
        _first_seen(file)


EXCEPTION = """
project_id: atm-dev-1
drift:
  exceptions:
    by-hand:
      resource: {resource}
      owner: platform
      reason: The market data team tries something.
      expires: "{expires}"
"""


def excepted(tmp_path: Path, resource: str, expires: str = "2026-11-26") -> DriftResult:
    files = EnvironmentFiles(tmp_path).subprojects(alpha="topics: {ticks: {}}")
    loaded = files.dev(EXCEPTION.format(resource=resource, expires=expires)).load()
    return compare(loaded, [check("retention")], state(), [Unmanaged("topics", "x", {})], today=TODAY)


def test_an_exception_holds_until_its_end_and_is_a_finding_after(tmp_path: Path) -> None:
    held = excepted(tmp_path, "alpha/topics/ticks")
    assert [id for id, _ in found(held)] == ["unmanaged/topics/x#exists"]
    assert "by platform: The market data team tries something." in held.excepted[0].message
    late = excepted(tmp_path, "alpha/topics/ticks", "2026-11-25")
    assert len(late.drifts) == 2
    assert late.findings[0].id == "drift/exceptions/by-hand#expired"
    assert late.findings[0].where is not None
    assert late.findings[0].where.line == 5
    assert excepted(tmp_path, "alpha/topics/other").findings[0].id == "drift/exceptions/by-hand#unused"
    assert not excepted(tmp_path, "unmanaged/topics/*").findings


def listed(environment: LoadedEnvironment, cloud: FakeGoogle, apis: list[str] | None = None) -> list[Unmanaged]:
    async def ask() -> list[Unmanaged]:
        async with Session(Endpoints(cloud.url), SandboxToken()) as session:
            values = environment.tfvars
            return await unmanaged(
                session,
                all_things(environment),
                values["project_id"],
                values["region"],
                environment.state_bucket,
                values["apis"] if apis is None else apis,
            )

    return asyncio.run(ask())


P = "projects/full-project"


def test_what_nobody_declared_is_found_and_asked_for_once_more(
    environment: LoadedEnvironment, cloud: FakeGoogle
) -> None:
    named = [{"name": f"{P}/topics/stranger"}, {"name": f"{P}/topics/late"}, {"name": f"{P}/topics/bars"}]
    cloud.documents[f"pubsub/v1/{P}/topics"] = {"topics": named}
    cloud.documents[f"pubsub/v1/{P}/topics/stranger"] = {
        "name": f"{P}/topics/stranger",
        "labels": {"subproject": "engine"},
    }
    buckets = [{"name": environment.state_bucket}, {"name": "gcf-sources-1"}, {"name": "full-project_cloudbuild"}]
    cloud.documents["storage/v1/b"] = {"items": buckets}
    declared = {thing.name for thing in all_things(environment)}
    found = [each for each in listed(environment, cloud) if f"{P}/topics/{each.name}" not in declared]
    assert [(each.kind, each.name) for each in found] == [("topics", "stranger")]
    result = compare(environment, [], None, found, today=TODAY)
    assert 'to = module.topics["engine"].google_pubsub_topic.this["stranger"]' in result.imports[0]
    assert "import blocks" in drift_markdown(result)


def test_what_costs_or_runs_is_listed_and_a_triggers_own_way_is_not_told(
    environment: LoadedEnvironment, cloud: FakeGoogle
) -> None:
    at = f"{P}/locations/{environment.tfvars['region']}"
    way = f"{P}/subscriptions/eventarc-asia-south1-uploads-sub-070"
    for path, items, name in (
        (f"run/v2/{at}/workerPools", "workerPools", f"{at}/workerPools/stray"),
        (f"eventarc/v1/{at}/triggers", "triggers", f"{at}/triggers/stray"),
        (f"cloudtasks/v2/{at}/queues", "queues", f"{at}/queues/stray"),
        (f"sqladmin/v1/{P}/instances", "items", "stray"),
        (f"redis/v1/{at}/instances", "instances", f"{at}/instances/stray"),
        (f"pubsub/v1/{P}/subscriptions", "subscriptions", way),
    ):
        cloud.documents[path] = {items: [{"name": name}]}
        cloud.documents[f"{path}/{name.rpartition('/')[2]}"] = {"name": name}
    found = {each.kind for each in listed(environment, cloud) if each.name == "stray"}
    assert found == {"worker_pools", "triggers", "queues", "sql_instances", "redis_instances"}
    assert not [each for each in listed(environment, cloud) if each.name.startswith("eventarc")]


def test_a_list_that_is_refused_is_unknown_and_never_nothing(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    cloud.faults[f"pubsub/v1/{P}/topics"] = error(403, "PERMISSION_DENIED", "no")
    (refused,) = [each for each in listed(environment, cloud) if each.kind == "topics"]
    result = compare(environment, [], None, [refused], today=TODAY)
    assert result.exit_code == 1
    assert result.unknown[0].permission == "pubsub.topics.list"


def test_an_api_that_is_off_is_unknown_where_something_of_it_is_declared(
    environment: LoadedEnvironment, cloud: FakeGoogle
) -> None:
    cloud.faults["workflows/"] = disabled("workflows.googleapis.com")
    assert [each.kind for each in listed(environment, cloud) if each.failure] == ["workflows"]


def test_every_kind_that_is_listed_is_a_kind_of_the_validation(environment: LoadedEnvironment) -> None:
    assert {one.kind for one in LISTINGS} <= {thing.kind.name for thing in all_things(environment)}

"""Drift: which of YAML, state and cloud is the odd one out, since when, and what nobody declared."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from envctl.drift.compare import compare
from envctl.drift.model import DriftResult, StateView
from envctl.drift.unmanaged import Unmanaged
from envctl.drifting import _first_seen
from envctl.environments import LoadedEnvironment
from envctl.errors import UserError
from envctl.output.drift import drift_json, drift_text
from envctl.output.model import Check, Result

from tests.unit.environments.environment_files import EnvironmentFiles

TODAY = date(2026, 11, 26)
TOPIC = 'module.topics["alpha"].google_pubsub_topic.this["ticks"]'
GRANT = 'module.topics["alpha"].google_pubsub_topic_iam_member.this["ticks/read/user:a@example.com"]'
HELD = frozenset({TOPIC, GRANT})
NOTHING: dict[str, str] = {}


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedEnvironment:
    return EnvironmentFiles(tmp_path).subprojects(alpha="topics: {ticks: {}}").dev("project_id: atm-dev-1\n").load()


def check(what: str, result: Result = Result.FAIL) -> Check:
    return Check(f"alpha/topics/ticks#{what}", "topics", "projects/atm-dev-1/topics/ticks", what, result, message=what)


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


def test_a_grant_on_what_is_not_in_the_state_is_not_told_of_beside_it(loaded: LoadedEnvironment) -> None:
    view = state({TOPIC: "create", GRANT: "replace"}, held=frozenset({GRANT}))
    result = compare(loaded, [check("exists", Result.PASS)], view, [], today=TODAY)
    assert [verdict for _, verdict in found(result)] == ["NOT_IN_STATE"]


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

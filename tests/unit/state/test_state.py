"""The lock's report, and which states may be put back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from envctl.environments import LoadedEnvironment
from envctl.errors import UserError
from envctl.known import Known
from envctl.output.state import kept_text, lock_json, lock_text, versions_text
from envctl.project import Project
from envctl.sandboxes import Sandbox
from envctl.states import Lock, LockReport, StateFile, Version, _age, _state, lock_report
from envctl.target import Target

from tests.unit.validation.conftest import cloud, environment
from tests.unit.validation.fake_google import FakeGoogle, disabled, error

__all__ = ["cloud", "environment"]

LOCK = Lock("17", "me@laptop", "apply", "2026-11-26T01:02:03.123456789Z", 7_400, "https://x")


def test_a_lock_says_holder_age_link_and_recovery() -> None:
    text = lock_text(LockReport("prod", "prod --sandbox", LOCK))
    assert "prod: locked by me@laptop for 2 hours" in text
    assert "https://x" in text
    assert "`envctl state unlock prod --sandbox --lock 17`" in text
    assert LockReport("prod", "prod", LOCK).exit_code == 2
    assert '"locked": true' in lock_json(LockReport("prod", "prod", LOCK))


def test_no_lock_is_said_too() -> None:
    report = LockReport("prod", "prod")
    assert lock_text(report) == "prod: not locked"
    assert report.exit_code == 0


def test_the_age_is_reckoned_from_what_terraform_writes() -> None:
    now = datetime(2026, 11, 26, 1, 3, 3, tzinfo=UTC)
    assert _age(LOCK.created, now) == 60
    assert _age("nonsense", now) == 0


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"version": 4}', b"", b"null"])
def test_what_is_no_state_is_refused(data: bytes) -> None:
    with pytest.raises(UserError):
        _state(data, "x")


def test_versions_and_backups_are_listed() -> None:
    assert "17" in versions_text([Version("17", "2026-11-26T01:02:03Z", 10, True)])
    assert versions_text([]) == "no state is kept"
    assert kept_text(StateFile(Path("a"), 3, "l", 7), "prod") == "prod: serial 3, 7 resources: a"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (error(403, "PERMISSION_DENIED", "no"), "storage.objects.get"),
        (disabled("storage.googleapis.com"), "storage.googleapis.com"),
    ],
)
def test_a_lock_that_may_not_be_looked_at_is_no_absent_lock(
    environment: LoadedEnvironment, cloud: FakeGoogle, answer: Any, says: str
) -> None:
    cloud.faults["storage/"] = answer
    sandbox = Sandbox("x", Path("/"), 1, cloud.url, "{}")
    project = Project(Path("/"))
    with pytest.raises(UserError, match=says):
        lock_report(Target(project, Known.of(environment, project), sandbox, "embedded"))

"""What a rehearsal does is done in rehearsals only."""

from __future__ import annotations

from pathlib import Path

import pytest
from envctl.environments import load
from envctl.known import Known
from envctl.project import Project
from envctl.rehearsal import fill_secrets, lift_protection, lifted
from envctl.target import Target

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("act", [fill_secrets, lift_protection])
@pytest.mark.parametrize("name", ["prod", "local"])
def test_nothing_is_filled_or_lifted_outside_a_rehearsal(act: object, name: str) -> None:
    target = Target(Project(ROOT), Known.of(load(name, ROOT), Project(ROOT)), None, "registry")
    with pytest.raises(AssertionError, match="is no rehearsal"):
        act(target, None)  # type: ignore[operator]


def test_lifting_changes_nothing_but_protection() -> None:
    declared = load("prod", ROOT).tfvars
    free = lifted(declared)
    strategy = free["subprojects"]["strategy-engine"]
    assert strategy["services"]["strategy-engine"]["deletion_protection"] is False
    assert strategy["buckets"]["backtests"]["force_destroy"] is True
    assert declared["subprojects"]["strategy-engine"]["services"]["strategy-engine"]["deletion_protection"] is True
    assert set(free) == set(declared)

"""What differs between two environments, and where it is said."""

from __future__ import annotations

import json

from envctl.environments import load
from envctl.environments.diff import Comparison, diff
from envctl.output.diff import diff_json, diff_markdown, diff_text

from tests.unit.environments.environment_files import EnvironmentFiles

SUBPROJECT = """
    service_accounts: {runner-1: {}}
    topics: {ticks: {retention: 600s}}
    buckets: {data: {}}
    services: {engine: {image: "${region}/${project_id}/x:1", service_account: runner-1, env: {E: "${environment}"}}}
    """


def compared(envs: EnvironmentFiles, left: str, right: str) -> Comparison:
    envs.subprojects(alpha=SUBPROJECT).dev(left).file("stage.yaml", right)
    return diff(load("dev", envs.root), load("stage", envs.root))


def test_names_that_follow_from_the_project_are_no_difference(envs: EnvironmentFiles) -> None:
    one = "project_id: atm-dev-1\nproject_number: '123456789012'\n"
    other = "project_id: atm-stage-1\nproject_number: '210987654321'\n"
    comparison = compared(envs, one, other)
    assert comparison.differences == ()
    assert diff_text(comparison) == "dev and stage are the same"


def test_a_value_is_shown_with_the_line_of_either_side(envs: EnvironmentFiles) -> None:
    overlay = "subprojects:\n  alpha:\n    topics:\n      ticks:\n        retention: 900s\n"
    comparison = compared(envs, "project_id: atm-dev-1\n", f"project_id: atm-stage-1\n{overlay}")
    assert diff_text(comparison).splitlines() == [
        "subprojects.alpha.topics.ticks.retention",
        '  dev    "600s"                    envs/base.yaml:5:33',
        '  stage  "900s"                    envs/stage.yaml:6:20',
        "",
        "1 value differs",
    ]
    assert '| `subprojects.alpha.topics.ticks.retention` | `"600s"`<br>envs/base.yaml:5:33 |' in diff_markdown(
        comparison
    )
    found = json.loads(diff_json(comparison))["differences"]
    assert found == [
        {
            "path": "subprojects.alpha.topics.ticks.retention",
            "left": {"there": True, "file": "envs/base.yaml", "line": 5, "column": 33, "value": "600s"},
            "right": {"there": True, "file": "envs/stage.yaml", "line": 6, "column": 20, "value": "900s"},
        }
    ]


def test_what_one_side_lacks_is_one_difference(envs: EnvironmentFiles) -> None:
    overlay = "subprojects: {alpha: {topics: {ticks: null, more: {}}}}\n"
    found = compared(envs, "project_id: atm-dev-1\n", f"project_id: atm-stage-1\n{overlay}").differences
    assert [(one.path.rpartition(".")[2], one.left.is_absent, one.right.is_absent) for one in found] == [
        ("ticks", False, True),
        ("more", True, False),
    ]


def test_the_line_that_speaks_for_all_is_named(envs: EnvironmentFiles) -> None:
    comparison = compared(envs, "project_id: atm-dev-1\n", "project_id: atm-stage-1\ndeletion_protection: false\n")
    (found,) = comparison.differences
    assert found.path == "subprojects.alpha.services.engine.deletion_protection"
    assert (found.left.location, str(found.right.location)) == (None, "envs/stage.yaml:2:22")
    assert "default (model)" in diff_text(comparison)

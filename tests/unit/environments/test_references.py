"""Paths to other resources, and template variables."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

ALPHA = """
    service_accounts: {writer-1: {}}
    topics:
      signals:
        grants: {publish: {role: roles/pubsub.publisher, members: [writer-1]}}
    """


@pytest.mark.parametrize("path", ["signal", "alpha/signal", "Signals"])
def test_a_path_that_names_nothing_suggests_the_nearest(envs: EnvironmentFiles, path: str) -> None:
    problem = envs.subprojects(alpha=ALPHA, beta=f"subscriptions:\n  read-it:\n    topic: {path}\n").problem()
    assert problem.startswith("envs/base.yaml:")
    assert f'subprojects.beta.subscriptions.read-it.topic: "{path}" names no topic' in problem
    assert 'did you mean "alpha/signals"?' in problem


def test_an_id_of_another_subproject_needs_its_path(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha=ALPHA, beta="subscriptions:\n  read-it:\n    topic: signals\n").problem()
    assert '"signals" names no topic (did you mean "alpha/signals"?)' in problem


def test_members_are_checked_and_principals_are_not(envs: EnvironmentFiles) -> None:
    grant = "topics: {t-1: {grants: {g: {role: roles/pubsub.viewer, members: [%s]}}}}"
    assert '"writer-2" names no service account' in envs.subprojects(alpha=ALPHA, beta=grant % "writer-2").problem()
    envs.subprojects(alpha=ALPHA, beta=grant % "'group:quants@example.com', allUsers, alpha/writer-1")
    assert envs.load().tfvars["subprojects"]["beta"]["topics"]["t-1"]["grants"]["g"]["members"] == [
        "group:quants@example.com",
        "allUsers",
        "serviceAccount:writer-1@atm-dev-1.iam.gserviceaccount.com",
    ]


def test_an_unknown_template_variable_suggests(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        service_accounts: {runner-1: {}}
        services:
          engine: {image: "${regoin}/x:1", service_account: runner-1, env: {A: "$${HOME}", B: "${project_id}"}}
        """
    )
    problem = envs.problem()
    assert "subprojects.alpha.services.engine.image: there is no variable ${regoin}" in problem
    assert 'did you mean "region"?' in problem


def test_every_bad_reference_is_told_even_beside_other_mistakes(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        topics: {t-1: {retention: 5s}}
        subscriptions:
          s-1: {topic: t-9}
          s-2: {topic: t-1, ack_deadline_seconds: many}
        """
    )
    problems = "\n".join(envs.problems())
    assert 'retention is between "600s" and "2678400s", not "5s"' in problems
    assert '"t-9" names no topic' in problems
    assert "expected a whole number, got text" in problems
    assert '"t-1" names no topic' not in problems

"""Switches: what is declared with `enabled: false` is checked, and not made."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

KEYS = "kms_keys: {data: {}, spare: {enabled: false, rotation_period: 86400s}}"


def test_what_is_switched_off_is_not_rendered_and_neither_is_the_switch(envs: EnvironmentFiles) -> None:
    keys = envs.subprojects(alpha=KEYS).load().tfvars["subprojects"]["alpha"]["kms_keys"]
    assert set(keys) == {"data"}
    assert "enabled" not in keys["data"]


def test_what_is_switched_off_is_still_checked(envs: EnvironmentFiles) -> None:
    grants = "{g: {role: roles/x, members: [nobody-1]}}"
    text = f"kms_keys: {{spare: {{enabled: false, rotation_period: 5s, grants: {grants}}}}}"
    problems = envs.subprojects(alpha=text).problems()
    assert len(problems) == 2
    assert 'kms_keys.spare.rotation_period: rotation_period is between "86400s"' in problems[0]
    assert '"nobody-1" names no service account' in problems[1]


def test_what_is_switched_off_needs_no_api(envs: EnvironmentFiles) -> None:
    text = "kms_keys: {spare: {enabled: false}}"
    envs.base(f"subprojects:\n  alpha:\n    {text}\n").load()
    problem = envs.base(f"subprojects:\n  alpha:\n    {text.replace('false', 'true')}\n").problem()
    assert "needs the API cloudkms.googleapis.com" in problem


def test_an_environment_switches_on_what_the_base_leaves_off(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha=KEYS)
    envs.dev(
        "project_id: atm-dev-1\nsubprojects: {alpha: {kms_keys: {spare: {enabled: true}, data: {enabled: false}}}}\n"
    )
    assert set(envs.load().tfvars["subprojects"]["alpha"]["kms_keys"]) == {"spare"}


@pytest.mark.parametrize("value", ["'false'", "0", "[]"])
def test_a_switch_is_true_or_false(envs: EnvironmentFiles, value: str) -> None:
    problem = envs.subprojects(alpha=f"kms_keys: {{spare: {{enabled: {value}}}}}").problem()
    assert "kms_keys.spare.enabled: expected true or false" in problem


CACHE = "{network: 'projects/${project_id}/global/networks/main', kms_key: KEY}"


def test_a_reference_to_what_is_switched_off_says_so(envs: EnvironmentFiles) -> None:
    caches = f"redis_instances: {{cache: {CACHE.replace('KEY', 'spare')}}}"
    problem = envs.subprojects(alpha=f"{KEYS}\n{caches}").problem()
    assert problem.startswith("envs/base.yaml:5:")
    assert 'subprojects.alpha.redis_instances.cache.kms_key: "spare" is switched off' in problem
    assert "set its enabled: true, or switch this off too" in problem


def test_what_is_switched_off_may_name_what_is_switched_off(envs: EnvironmentFiles) -> None:
    caches = f"redis_instances: {{cache: {CACHE.replace('KEY', 'spare').replace('{', '{enabled: false, ', 1)}}}"
    assert envs.subprojects(alpha=f"{KEYS}\n{caches}").load().tfvars["subprojects"]["alpha"]["redis_instances"] == {}

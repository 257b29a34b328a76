"""Whole policies: how two are compared, and what cannot be one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider import members, policies
from sandbox.provider.suppress import suppressed


def _policy(*bindings: dict[str, Any], **more: Any) -> str:
    return json.dumps({"bindings": list(bindings), **more})


_READERS = {"role": "roles/viewer", "members": ["user:ann@example.com", "user:bob@example.com"]}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (_policy({**_READERS, "members": ["user:Bob@example.com", "user:ann@example.com"]}), True),
        (_policy(*({**_READERS, "members": [member]} for member in _READERS["members"])), True),
        (_policy(_READERS, {"role": "roles/editor", "members": []}), True),
        (_policy({**_READERS, "condition": {"title": "t", "expression": "true"}}), False),
        (_policy({**_READERS, "members": ["user:ann@example.com"]}), False),
        (_policy(_READERS, version=3), False),
        (_policy(_READERS, auditConfigs=[{"service": "s", "auditLogConfigs": [{"logType": "DATA_READ"}]}]), False),
        ("nothing", False),
    ],
)
def test_two_policies_are_the_same_where_they_grant_the_same(other: str, same: bool) -> None:
    assert suppressed("policy", _policy(_READERS), other) is same


def test_what_is_no_policy_is_refused_at_its_argument() -> None:
    (problem,) = policies.problems({"policy_data": "{"})
    assert problem.path == ("policy_data",)
    assert problem.summary.startswith("Could not unmarshal policy data {:")
    (problem,) = policies.problems({"policy_data": "[]"})
    assert problem.summary == "Could not unmarshal policy data []:\na policy is an object"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"member": "ann@example.com"}, 'invalid value "ann@example.com" for member (IAM members must have one of'),
        ({"members": ["allUsers", "ann"]}, 'invalid value "ann" for members.1 (IAM members must have one of'),
        ({"member": "deleted:user:ann@example.com?uid=1"}, "invalid value for member (Terraform does not support IAM"),
    ],
)
def test_what_cannot_be_a_member_is_refused_before_the_plan(config: dict[str, Any], message: str) -> None:
    (problem,) = members.problems(config)
    assert problem.summary.startswith(message)


def test_members_of_a_whole_policy_are_looked_at_too() -> None:
    (problem,) = policies.problems({"policy_data": _policy({"role": "roles/viewer", "members": ["ann"]})})
    assert 'invalid value "ann" for bindings.0.members.0' in problem.summary

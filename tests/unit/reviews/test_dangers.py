"""What of a change is dangerous, where a plan says it in its less common ways."""

from __future__ import annotations

import json
from typing import Any

import pytest
from envctl.plans.read import read_plan
from envctl.reviews.dangers import EXPOSES, WIDENS, dangers

from tests.support.plans import at, change, plan


def policy(*members: str) -> dict[str, Any]:
    return {"policy_data": json.dumps({"bindings": [{"role": "roles/viewer", "members": members}]})}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (policy("user:a@x.in"), policy("user:a@x.in", "user:b@x.in"), [WIDENS]),
        (policy("user:a@x.in"), policy("user:a@x.in", "allUsers"), [WIDENS, EXPOSES]),
        (policy("user:a@x.in", "user:b@x.in"), policy("user:a@x.in"), []),
        (None, policy("user:a@x.in"), [WIDENS]),
    ],
)
def test_a_whole_policy_is_held_against_the_one_before(
    before: dict[str, Any] | None, after: dict[str, Any], expected: list[str]
) -> None:
    (found,) = read_plan(plan(change(at("google_storage_bucket_iam_policy"), before, after))).resources
    assert dangers(found) == expected


@pytest.mark.parametrize("ranges", [["::/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["10.0.0.0/8", "0.0.0.0/0"]])
def test_a_firewall_that_opens_to_every_address_exposes(ranges: list[str]) -> None:
    after = {"direction": "INGRESS", "allow": [{"protocol": "tcp"}], "source_ranges": ranges}
    (found,) = read_plan(plan(change(at("google_compute_firewall"), None, after))).resources
    assert dangers(found) == [EXPOSES]


def test_a_dataset_that_everybody_may_read_exposes() -> None:
    own = {"access": [{"role": "OWNER", "user_by_email": "a@x.in"}]}
    open_to_all = {"access": [*own["access"], {"role": "READER", "iam_member": "allUsers"}]}
    (found,) = read_plan(plan(change(at("google_bigquery_dataset"), own, open_to_all))).resources
    assert dangers(found) == [EXPOSES]

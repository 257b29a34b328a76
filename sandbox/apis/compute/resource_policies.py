"""Resource policies: schedules of snapshots and of machines, and how machines lie. Nothing is done at their times."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

_WAYS = (
    "snapshotSchedulePolicy",
    "groupPlacementPolicy",
    "instanceSchedulePolicy",
    "diskConsistencyGroupPolicy",
    "workloadPolicy",
)


def _check(document: dict[str, Any], call: Call, old: Resource | None) -> None:
    given = [way for way in _WAYS if way in document]
    if len(given) != 1:
        raise invalid_argument(f"A resource policy has exactly one of {', '.join(_WAYS)}.")
    document["status"] = "READY"


resource_policies = Kind(
    "resourcePolicies",
    "resource_policy",
    "compute#resourcePolicy",
    scope="regions",
    output_only=("status", "resourceStatus"),
    check=_check,
    iam=True,
)

"""Who is given which role by a resource of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Grant = tuple[Any, Any, Any]
KINDS = ("_iam_member", "_iam_binding", "_iam_policy")


def is_grant(type: str) -> bool:
    """Whether a resource type gives somebody a role."""
    return type.endswith(KINDS)


def granted(type: str, values: Mapping[str, Any]) -> list[Grant]:
    """Role, member and condition of each grant; a member is None where it is known after apply only.

    >>> granted("google_pubsub_topic_iam_member", {"role": "roles/pubsub.publisher", "member": "allUsers"})
    [('roles/pubsub.publisher', 'allUsers', None)]
    >>> granted("google_x_iam_policy", {"policy_data": '{"bindings": [{"role": "r", "members": ["a", "b"]}]}'})
    [('r', 'a', None), ('r', 'b', None)]
    """
    if type.endswith("_iam_policy") and values.get("policy_data") is not None:
        import json

        bindings = json.loads(values["policy_data"]).get("bindings") or ()
        return [(each.get("role"), member, each.get("condition")) for each in bindings for member in each["members"]]
    members = values.get("members") or [values.get("member")]
    return [(values.get("role"), member, values.get("condition")) for member in members]

"""Rules of policies, which have a priority in the place of a name."""

from __future__ import annotations

from typing import Any

from sandbox.control.context import Call
from sandbox.control.errors import not_found

Json = dict[str, Any]


def rule_at(policy: Json, call: Call) -> Json:
    """The rule of a policy that a call names by its priority. Raises `not_found`."""
    priority = call.integer("priority", 0)
    for rule in policy["rules"]:
        if rule["priority"] == priority:
            found: Json = rule
            return found
    raise not_found(f"Invalid value for field 'priority': '{priority}'. The policy has no such rule.")

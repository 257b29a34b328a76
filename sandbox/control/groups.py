"""Which groups somebody is in, as Cloud Identity has them: what a policy gives a group, it gives who is in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.control.context import Control

GROUPS, MEMBERSHIPS = "cloudidentity.groups", "cloudidentity.memberships"


def is_over(membership: dict[str, Any], moment: float) -> bool:
    """Whether a membership was for a while, which is over."""
    ends = [(role.get("expiryDetail") or {}).get("expireTime") for role in membership["roles"]]
    return any(end and datetime.fromisoformat(end).timestamp() <= moment for end in ends)


def around(control: Control, email: str) -> frozenset[str]:
    """The addresses of the groups that somebody is in, and of those that these are in."""
    moment = control.clock()
    above: dict[str, list[str]] = {}
    for one in control.store.select(MEMBERSHIPS):
        group = control.store.get(GROUPS, one.parent)
        if group is not None and not is_over(one.document, moment):
            key = str(one.document["preferredMemberKey"]["id"]).lower()
            above.setdefault(key, []).append(str(group.document["groupKey"]["id"]).lower())
    found: set[str] = set()
    waiting = [email.lower()]
    while waiting:
        new = [name for name in above.get(waiting.pop(), []) if name not in found]
        found.update(new)
        waiting += new
    return frozenset(found)

"""Members and policies of IAM, however they are spelt."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.suppress.registry import rule


@rule("member")
def _member(old: Any, new: Any, _: str) -> bool:
    """IAM lower-cases the part after the kind of member."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    return normal_member(old) == normal_member(new)


@rule("members")
def _members(old: Any, new: Any, _: str) -> bool:
    """The same members, however they are spelt."""
    if not isinstance(old, list) or not isinstance(new, list) or not all(isinstance(one, str) for one in old + new):
        return False
    return {normal_member(one) for one in old} == {normal_member(one) for one in new}


@rule("policy")
def _policy(old: Any, new: Any, _: str) -> bool:
    """The same grants and audit configurations, in whatever order and spelling."""
    if not old and not new:
        return True
    try:
        return bool(old) and bool(new) and _granted(json.loads(old)) == _granted(json.loads(new))
    except (TypeError, ValueError, AttributeError, KeyError):
        return False


def _granted(policy: dict[str, Any]) -> tuple[Any, ...]:
    members: dict[tuple[str, ...], set[str]] = {}
    for binding in policy.get("bindings") or []:
        condition = binding.get("condition") or {}
        key = (binding["role"], *(condition.get(part) or "" for part in ("title", "description", "expression")))
        members.setdefault(key, set()).update(map(normal_member, binding.get("members") or []))
    exempted: dict[tuple[str, str], set[str]] = {}
    for config in policy.get("auditConfigs") or []:
        for log in config.get("auditLogConfigs") or []:
            exempted.setdefault((config["service"], log["logType"]), set()).update(log.get("exemptedMembers") or [])
    granted = {key: held for key, held in members.items() if held}
    return granted, exempted, policy.get("etag") or "", policy.get("version") or 0


def normal_member(member: str) -> str:
    """A member as IAM writes it: case counts only in federated identities.

    >>> normal_member("user:Ann@Example.com")
    'user:ann@example.com'
    """
    if member.startswith(("principal:", "principalSet:", "principalHierarchy:", "iamMember:")) or ":" not in member:
        return member
    kind, _, rest = member.partition(":")
    if kind == "deleted":
        inner, _, rest = rest.partition(":")
        kind = f"{kind}:{inner}"
    return f"{kind}:{rest.lower()}"


@rule("iam_user")
def _iam_user(old: Any, new: Any, _: str) -> bool:
    """MySQL knows an account by what stands before the @."""
    return bool(old) and bool(new) and old == new.partition("@")[0]

"""Whether a text can be a member of a policy: what the provider refuses before it asks anyone."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.diagnostics import Path, Problem

_MEMBER = re.compile(r".+:.+|projectOwners|projectReaders|projectWriters|allUsers|allAuthenticatedUsers")
_SAID = "https://cloud.google.com/billing/docs/reference/rest/v1/Policy#Binding"


def problems(config: dict[str, Any]) -> list[Problem]:
    """What is wrong with the members that a configuration names."""
    named = [("member", config.get("member"), ("member",))]
    if isinstance(members := config.get("members"), list):
        named = [(f"members.{at}", member, ("members",)) for at, member in enumerate(members)]
    return [problem for name, member, path in named for problem in problem_of(member, name, path)]


def problem_of(member: object, name: str, path: Path) -> list[Problem]:
    """Whether a text can be a member at all; `name` is what messages call its place."""
    if not isinstance(member, str):
        return []
    if member.startswith("deleted"):
        said = "Terraform does not support IAM members for deleted principals"
        return [Problem(f"invalid value for {name} ({said})", path=path)]
    if not _MEMBER.search(member):
        said = f"IAM members must have one of the values outlined here: {_SAID}"
        return [Problem(f'invalid value "{member}" for {name} ({said})', path=path)]
    return []

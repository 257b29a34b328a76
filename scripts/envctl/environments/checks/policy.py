"""The policy's exceptions: that they name rules that there are."""

from __future__ import annotations

from collections.abc import Iterator

from ..problems import Problem, did_you_mean
from .context import Context


def check_policy(context: Context) -> Iterator[Problem]:
    """Each exception names a rule that there is."""
    exceptions = context.environment.policy.exceptions
    if not exceptions:
        return
    from envctl.policy.rules import BY_ID

    for name, exception in exceptions.items():
        if exception.rule not in BY_ID:
            path = ("policy", "exceptions", name, "rule")
            hint = did_you_mean(exception.rule, sorted(BY_ID), otherwise="docs/reference/policy.md lists the rules")
            yield context.problem(path, f'there is no rule "{exception.rule}"', hint)

"""What renderers take: checks with their results, places and causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Result(StrEnum):
    """How a check ended. Unknown means it could not be made, and never passes."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


_WORST_FIRST = (Result.FAIL, Result.UNKNOWN, Result.SKIPPED, Result.PASS)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; lines and columns count from 1.

    >>> str(Location("envs/base.yaml", 41, 7))
    'envs/base.yaml:41:7'
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Cause:
    """What several checks have in common: a missing thing, an API that is disabled, a permission.

    Attributes:
        id: equal for checks that share the cause.
        title: what is wrong, one line.
        todo: what to do about it, one line.
    """

    id: str
    title: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        id: stable and unique within a report, such as "strategy-engine/topics/signals#retention".
        kind: the kind of thing, such as "topics".
        resource: the thing's own name.
        what: what was checked about it, such as "retention".
        result: how it ended.
        where: where it is declared.
        message: one line for a person.
        expected, actual: what was declared and what was found, where that says more than the message.
        permission: what is missing to make the check.
        cause: what it shares with other checks; None where it stands alone.
        severity: how bad it is when it fails, for rules that say so: critical, high, medium or low.
    """

    id: str
    kind: str
    resource: str
    what: str
    result: Result
    where: Location | None = None
    message: str = ""
    expected: Any = None
    actual: Any = None
    permission: str | None = None
    cause: Cause | None = None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Checks that did not pass, under one cause.

    `result` is the worst of them.
    """

    cause: Cause
    result: Result
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of a run.

    Attributes:
        subject: what was checked, such as 'environment "local"'.
        checks: in the order of declaration.
        duration: seconds.
        notes: facts about the run, such as where the APIs answered.
        tool: who checked.
    """

    subject: str
    checks: tuple[Check, ...]
    duration: float = 0.0
    notes: Mapping[str, str] = field(default_factory=dict)
    tool: Literal["envctl", "checkov"] = "envctl"

    @property
    def counts(self) -> dict[Result, int]:
        """How many checks ended each way; all four are present."""
        counted = Counter(check.result for check in self.checks)
        return {result: counted[result] for result in Result}

    @property
    def exit_code(self) -> int:
        """0: all passed or were skipped by design. 2: a check failed. 1: none failed, but some could not be made."""
        counts = self.counts
        if counts[Result.FAIL]:
            return 2
        return 1 if counts[Result.UNKNOWN] else 0

    def groups(self) -> list[Group]:
        """What did not pass, grouped under its cause, worst first, then in the order of declaration."""
        found: dict[str, list[Check]] = {}
        for check in self.checks:
            if check.result is not Result.PASS:
                found.setdefault(check.cause.id if check.cause else check.id, []).append(check)
        groups = [_group(checks) for checks in found.values()]
        return sorted(groups, key=lambda group: _WORST_FIRST.index(group.result))


def _group(checks: Sequence[Check]) -> Group:
    ordered = sorted(checks, key=lambda check: _WORST_FIRST.index(check.result))
    first = ordered[0]
    cause = first.cause or Cause(first.id, first.message)
    return Group(cause, first.result, tuple(ordered))

"""Exceptions: which finding is excepted by which, and which have expired or except nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from envctl.environments.models.policy import PolicyException


@dataclass(slots=True)
class Exceptions:
    """The exceptions of an environment on a day.

    Args:
        declared: by name.
        today: after the day on which one expires, it excepts nothing.
    """

    declared: Mapping[str, PolicyException]
    today: date
    used: set[str] = field(default_factory=set)

    def of(self, rule: str, names: Iterable[str]) -> tuple[PolicyException | None, PolicyException | None]:
        """The exception that holds for a finding, and one that would, had it not expired."""
        expired: PolicyException | None = None
        names = tuple(names)
        for key, one in self.declared.items():
            if one.rule != rule or not covers(one.resource, names):
                continue
            self.used.add(key)
            if self.has_expired(one):
                expired = expired or one
            else:
                return one, None
        return None, expired

    def has_expired(self, exception: PolicyException) -> bool:
        return date.fromisoformat(exception.expires) < self.today

    def unused(self) -> Iterator[tuple[str, PolicyException]]:
        """Those that excepted nothing, with their names."""
        yield from ((key, one) for key, one in self.declared.items() if key not in self.used)


def covers(pattern: str, names: Iterable[str]) -> bool:
    """Whether an exception's pattern covers something that goes by these names.

    >>> covers("alpha/buckets/*", ["alpha/buckets/raw"]), covers("alpha/*", ["beta/topics/a"])
    (True, False)
    """
    return any(name == pattern or _matches(name, pattern) for name in names)


def _matches(name: str, pattern: str) -> bool:
    # Brackets are part of addresses, not a choice of letters.
    return fnmatchcase(name, pattern.replace("[", "[[]"))

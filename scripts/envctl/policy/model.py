"""What the policy works on and with: subjects with facts, rules, and the ground that an environment gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")


class _Mark:
    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words


UNKNOWN: Final = _Mark("known after apply only")
UNSEEN: Final = _Mark("not visible in the cloud")
Getter = Callable[[Any], Any]


@dataclass(slots=True)
class Subject:
    """One thing that rules look at, wherever it was read.

    Attributes:
        kind: as in the YAML, such as "buckets"; "grants" for a role given to somebody.
        id: the same from plan and cloud, such as "strategy-engine/buckets/backtests".
        facts: how to get each fact from the values.
        values: as Terraform or the API has them.
        address: in Terraform; empty for what was read in the cloud.
        path: where it stands in the YAML.
        unknown: Terraform's marks of what it knows after apply only.
        known: facts that are given outright.
    """

    kind: str
    id: str
    facts: Mapping[str, Getter | None]
    values: Any
    address: str = ""
    path: tuple[str | int, ...] = ()
    unknown: Any = None
    known: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, fact: str) -> Any:
        """A fact; UNSEEN where it can't be seen, UNKNOWN where Terraform doesn't know it yet."""
        if fact in self.known:
            return self.known[fact]
        getter = self.facts.get(fact)
        value: Any = UNSEEN
        if getter is not None:
            value = getter(self.values)
            if value is None and self.unknown and getter(self.unknown) is True:
                value = UNKNOWN
        self.known[fact] = value  # most facts are asked for by several rules
        return value


@dataclass(frozen=True, slots=True)
class Ground:
    """What the environment says of itself to the rules.

    Attributes:
        environment: its name.
        production: whether it is one that people depend on.
        project: its id.
        regions: where things may be.
        cmek: kinds that must have a key of our own.
        labels: keys that must be on everything.
        log_days: how long logs are kept at least.
        secrets: names of variables that hold secrets.
        budget: a month's, in its currency; None where there is none.
        rupees: whether that is rupees.
        cost: what a month is reckoned to cost, in rupees; None where it wasn't.
    """

    environment: str
    production: bool = False
    project: str = ""
    regions: tuple[str, ...] = ("asia-south1",)
    cmek: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ("environment", "managed-by")
    log_days: int = 30
    secrets: frozenset[str] = frozenset()
    budget: float | None = None
    rupees: bool = True
    cost: float | None = None


Check = Callable[[Subject, Ground], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: stable: exceptions, reports and dashboards name it.
        severity: how bad it is when it is broken.
        title: what holds, one line.
        why: one sentence.
        remediation: what to do, one line.
        kinds: the kinds of subjects it looks at.
        facts: those it needs; where one isn't known, neither is the outcome.
        check: what is wrong with a subject, without any secret; None where nothing is.
        production: whether it holds in production only.
    """

    id: str
    severity: Severity
    title: str
    why: str
    remediation: str
    kinds: tuple[str, ...]
    facts: tuple[str, ...]
    check: Check
    production: bool = False

"""What a drift is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from envctl.output.model import Check


class Verdict(StrEnum):
    """Which of YAML, state and cloud is the odd one out."""

    CHANGED = "changed outside of Terraform"
    DELETED = "deleted outside of Terraform"
    NOT_APPLIED = "not applied yet"
    ALL_DIFFER = "all three differ"
    NOT_IN_STATE = "in the cloud, and not in the state"
    NOT_IN_YAML = "in the state, and no longer in the YAML"
    UNMANAGED = "in the cloud only"
    SEEN = "differs from the YAML"  # the state wasn't asked


# Which pairs disagree.
PAIRS: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.CHANGED: ("YAML ≠ live", "state ≠ live"),
    Verdict.DELETED: ("YAML ≠ live", "state ≠ live"),
    Verdict.NOT_APPLIED: ("YAML ≠ state", "YAML ≠ live"),
    Verdict.ALL_DIFFER: ("YAML ≠ state", "state ≠ live", "YAML ≠ live"),
    Verdict.NOT_IN_STATE: ("YAML ≠ state", "state ≠ live"),
    Verdict.NOT_IN_YAML: ("YAML ≠ state",),
    Verdict.UNMANAGED: ("YAML ≠ live", "state ≠ live"),
    Verdict.SEEN: ("YAML ≠ live",),
}


@dataclass(frozen=True, slots=True)
class Drift:
    """One disagreement.

    Attributes:
        check: what was found, for the renderers; its `kind` is the thing's.
        verdict: which of the three is the odd one out.
        since: the day on which it was first seen, where an earlier report says so; else today.
    """

    check: Check
    verdict: Verdict
    since: str


@dataclass(frozen=True, slots=True)
class StateView:
    """What Terraform says of its state.

    Attributes:
        addresses: all that the state holds.
        not_applied: addresses in which the YAML differs from the state, by the action that apply would take.
        changed: addresses in which the state differs from the cloud, by what happened there.
    """

    addresses: frozenset[str]
    not_applied: Mapping[str, str]
    changed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DriftResult:
    """All disagreements of an environment.

    Attributes:
        environment: its name.
        drifts: in the order of declaration, what is unmanaged last.
        unknown: what couldn't be asked.
        excepted: what an exception of the YAML covers.
        findings: exceptions that expired or cover nothing.
        imports: blocks that would adopt what should be ours.
        looked_at: how many things.
    """

    environment: str
    drifts: Sequence[Drift] = ()
    unknown: Sequence[Check] = ()
    excepted: Sequence[Check] = ()
    findings: Sequence[Check] = ()
    imports: Sequence[str] = ()
    looked_at: int = 0
    seconds: float = 0.0
    first_seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """2: something drifted; 1: something couldn't be asked; 0: neither."""
        if self.drifts or self.findings:
            return 2
        return 1 if self.unknown else 0

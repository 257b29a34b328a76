"""What is kept of a change and of a proposal: one JSON object each, written once (a proposal: until it is decided)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

Action = Literal["apply", "rollback", "outside"]
Decision = Literal["open", "applied", "rejected", "withdrawn", "stale"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs between two states.

    Args:
        path: where, as parts.
        kind: added, removed or changed.
        before, after: the values; None where there is none.
    """

    path: tuple[str | int, ...]
    kind: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a configuration.

    Args:
        name: the configuration.
        version: counts from 1; 0 is what the files say by themselves.
        at: when, in UTC, as ISO 8601.
        by: who applied it; empty for what somebody wrote into the bucket by hand.
        action: apply, rollback, or outside for what came by another way.
        text: the object's whole text; of what somebody wrote by hand, without the secrets in it.
        comment: why.
        differences: what became different in force.
        proposed_by: who proposed it, where another applied it.
        proposal: the proposal's id.
        of_version: the version that a rollback took up again.
        generation: of the object, where its text isn't kept as it was written.
        withheld: whether more than a comment is left out: then it can't be put in force again.
    """

    name: str
    version: int
    at: str
    by: str
    action: Action
    text: str
    comment: str = ""
    differences: tuple[Difference, ...] = ()
    proposed_by: str = ""
    proposal: str = ""
    of_version: int | None = None
    generation: int | None = None
    withheld: bool = False

    def is_of(self, text: str, generation: int) -> bool:
        """Whether an object is this version's: by its text, or by its generation where that isn't all kept."""
        return self.text == text if self.generation is None else self.generation == generation

    def data(self) -> bytes:
        """As it is kept."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)

    @classmethod
    def read(cls, data: bytes) -> Change:
        """From what is kept."""
        found = orjson.loads(data)
        return cls(**{**found, "differences": _differences(found["differences"])})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits for somebody to apply it.

    Args:
        name: the configuration.
        id: its own; later ones sort later.
        base: the version that it changes; when that is not the newest any more, it is stale.
        at: when it was made, in UTC.
        by: who proposes it.
        override: what the bucket's layer shall be.
        comment: why.
        differences: what would become different in force.
        state: open, applied, rejected, withdrawn or stale.
        decided_by: who applied, rejected or withdrew it.
        decided_at: when.
        answer: why it was rejected.
    """

    name: str
    id: str
    base: int
    at: str
    by: str
    override: dict[str, Any]
    comment: str = ""
    differences: tuple[Difference, ...] = ()
    state: Decision = "open"
    decided_by: str = ""
    decided_at: str = ""
    answer: str = ""

    def data(self) -> bytes:
        """As it is kept."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)

    def decided(self, state: Decision, by: str = "", at: str = "", answer: str = "") -> Proposal:
        """The same, decided."""
        return replace(self, state=state, decided_by=by, decided_at=at, answer=answer)

    @classmethod
    def read(cls, data: bytes) -> Proposal:
        """From what is kept."""
        found = orjson.loads(data)
        return cls(**{**found, "differences": _differences(found["differences"])})


def iso(moment: datetime) -> str:
    """A time as records have it: in UTC, as ISO 8601.

    >>> from datetime import UTC, datetime
    >>> iso(datetime(2026, 1, 30, 9, tzinfo=UTC))
    '2026-01-30T09:00:00Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _differences(found: list[dict[str, Any]]) -> tuple[Difference, ...]:
    return tuple(Difference(tuple(each["path"]), each["kind"], each["before"], each["after"]) for each in found)

"""Proposals in the bucket: an object each, `proposals/NAME/ID.json`, written once and once more when it is decided."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared_services.cloud.errors import PreconditionFailed

from .errors import Conflict, NoSuchChange, NotOpen
from .journal import Journal
from .records import Decision, Difference, Proposal, iso

_ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")


class Proposals:
    """Keeps proposals, and tells the state that each really has.

    Args:
        journal: the bucket's objects.
        clock: the time.
    """

    def __init__(self, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._journal, self._clock = journal, clock

    def put(
        self,
        name: str,
        base: int,
        by: str,
        override: dict[str, Any],
        comment: str,
        differences: tuple[Difference, ...],
    ) -> Proposal:
        """Put down a new one."""
        now = self._clock()
        id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        made = Proposal(name, id, base, iso(now), by, override, comment, differences)
        self._journal.write(f"proposals/{name}/{id}.json", made.data(), 0)
        return made

    def newest(self, name: str | None, most: int) -> list[Proposal]:
        """The newest of a configuration or of all, newest first."""
        folder = "proposals/" + (f"{name}/" if name else "")
        found = sorted(self._journal.names(folder), key=lambda each: each.rpartition("/")[2])
        read = (self._journal.read(each) for each in reversed(found[-most:]))
        return [self._judged(Proposal.read(each[0])) for each in read if each is not None]

    def get(self, name: str, proposal: str) -> Proposal:
        """One by its id.

        Raises:
            NoSuchChange: there is none.
        """
        return self._judged(self._read(name, proposal)[0])

    def open(self, name: str, proposal: str) -> tuple[Proposal, int]:
        """One that may still be decided, and its object's generation.

        Raises:
            NoSuchChange, NotOpen: there is none that is open.
            Conflict: the configuration was changed since it was proposed.
        """
        found, generation = self._read(name, proposal)
        judged = self._judged(found)
        if judged.state == "stale":
            raise Conflict(name, found.base, self._journal.newest(name, found.base or None)[1])
        if judged.state != "open":
            raise NotOpen(f"the proposal is {judged.state} already")
        return found, generation

    def decide(self, found: Proposal, generation: int, state: Decision, by: str, answer: str = "") -> Proposal:
        """Put down what became of one.

        Raises:
            NotOpen: somebody else decided it meanwhile.
        """
        decided = found.decided(state, by, iso(self._clock()), answer)
        try:
            self._journal.write(f"proposals/{found.name}/{found.id}.json", decided.data(), generation)
        except PreconditionFailed:
            raise NotOpen("the proposal was decided a moment ago") from None
        return decided

    def _read(self, name: str, proposal: str) -> tuple[Proposal, int]:
        found = self._journal.read(f"proposals/{name}/{proposal}.json") if _ID.fullmatch(proposal) else None
        if found is None:
            raise NoSuchChange(f"there is no proposal {proposal} for {name}")
        return Proposal.read(found[0]), found[1]

    def _judged(self, found: Proposal) -> Proposal:
        """With the state that it really has: what was applied says so itself, and others are overtaken by it."""
        if found.state != "open":
            return found
        next_one = self._journal.record(found.name, found.base + 1)
        if next_one is None:
            return found
        if next_one.proposal == found.id:
            return found.decided("applied", next_one.by, next_one.at)
        return found.decided("stale")

"""`ConfigChanges`: the versions of each configuration in a bucket.

A change is committed by writing its record, `history/NAME/00000007.json`, which only one writer can (generation 0). Its
text then goes into the object that services read. Whoever comes next finishes what a process that died between the two
left undone; and what somebody wrote into the object by hand becomes a version too, without the secrets in it. So no
version is ever lost.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared_services.cloud.errors import PreconditionFailed
from shared_services.errors import InputError, TransientError
from shared_services.logging.redaction import redactor

from ..errors import InvalidConfiguration
from ..layers import find_folder
from ..registry import Document, document
from .errors import Conflict, NoSuchChange, NotOpen, OwnProposal, Withheld
from .hiding import change_kept, differences_shown
from .journal import Glance, Journal, said
from .objects import Objects
from .proposals import Proposals
from .records import Action, Change, Decision, Proposal, iso
from .state import Checked, State, differing, effective, read_layer_text
from .text import layer_text, sound

_MOST_BYTES = 262_144
_ATTEMPTS = 8


class ConfigChanges:
    """Proposes, applies and takes back changes of the configuration at run time.

    Every writing call says on which version it is based, and is refused with `Conflict` where there is a newer one; so
    two editors never overwrite each other.

    Args:
        objects: the bucket; `shared_services.Bucket`.
        folder: of the files below it; by default as `ConfigManager` finds it.
        environment: whose files; by default `PLATFORM_ENVIRONMENT`, or local.
        prefix: what stands before the names of the objects.
        four_eyes: whether a change needs two people.
        shown: the bucket's name for people.
        clock: the time.
    """

    def __init__(
        self,
        objects: Objects,
        *,
        folder: Path | None = None,
        environment: str | None = None,
        prefix: str = "",
        four_eyes: bool | Callable[[], bool] = False,
        shown: str = "bucket",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._journal, self._clock, self._shown = Journal(objects, prefix), clock, shown
        self._proposals = Proposals(self._journal, clock)
        self._folder = folder or find_folder(None)
        self._environment = environment or os.environ.get("PLATFORM_ENVIRONMENT") or "local"
        self._four_eyes = four_eyes if callable(four_eyes) else lambda: bool(four_eyes)

    @property
    def four_eyes(self) -> bool:
        """Whether a change needs two people."""
        return self._four_eyes()

    def state(self, name: str) -> State:
        """A configuration as it stands.

        Raises:
            UnknownConfiguration: there is none of that name.
            CloudForbidden, CloudUnavailable: the bucket can't be read or written.
        """
        return self._state(document(name))[0]

    def glance(self, name: str) -> Glance:
        """The version that a configuration's object says of itself: one question, for a list of all."""
        return said(self._journal.text(document(name).file)[0], name)

    def check(self, name: str, override: Mapping[str, Any]) -> Checked:
        """What would come of a layer, without changing anything."""
        wanted = document(name)
        return self._checked(wanted, self._state(wanted)[0], layer_text(sound(override)))

    def propose(self, name: str, override: Mapping[str, Any], *, base: int, by: str, comment: str = "") -> Proposal:
        """Put down a change for somebody to apply.

        Raises:
            Conflict: there is a newer version than `base`.
            InvalidConfiguration: the change is wrong.
        """
        wanted = document(name)
        state, _ = self._based(wanted, base)
        layer = sound(override)
        checked = self._valid(wanted, state, layer_text(layer))
        return self._proposals.put(wanted.name, base, by, layer, _said(comment), checked.differences)

    def proposals(self, name: str | None = None, *, most: int = 100) -> list[Proposal]:
        """The newest proposals of a configuration or of all, newest first."""
        return self._proposals.newest(document(name).name if name else None, most)

    def proposal(self, name: str, proposal: str) -> Proposal:
        """A proposal.

        Raises:
            NoSuchChange: there is none of that id.
        """
        return self._proposals.get(document(name).name, proposal)

    def apply(
        self,
        name: str,
        override: Mapping[str, Any],
        *,
        base: int,
        by: str,
        comment: str = "",
    ) -> Change:
        """Put a change in force at once.

        Raises:
            Conflict: there is a newer version than `base`.
            InvalidConfiguration: the change is wrong.
            OwnProposal: a change needs two people here.
        """
        if self.four_eyes:
            raise OwnProposal("a change needs two people here", todo="propose it; another one applies it")
        return self._commit(document(name), sound(override), base, by, "apply", comment)

    def accept(self, name: str, proposal: str, *, by: str) -> Change:
        """Put a proposal in force.

        Raises:
            NoSuchChange, NotOpen: there is none that is open.
            Conflict: the configuration was changed since it was proposed.
            OwnProposal: whoever proposed it can't apply it where a change needs two people.
        """
        wanted = document(name)
        found, generation = self._proposals.open(wanted.name, proposal)
        if self.four_eyes and found.by == by:
            raise OwnProposal("a change needs two people here: another one has to apply this proposal")
        change = self._commit(wanted, found.override, found.base, by, "apply", found.comment, proposal=found)
        with contextlib.suppress(NotOpen):  # the record of the change says it too
            self._proposals.decide(found, generation, "applied", by)
        return change

    def decline(self, name: str, proposal: str, *, by: str, answer: str = "") -> Proposal:
        """Reject a proposal; its own author withdraws it so."""
        found, generation = self._proposals.open(document(name).name, proposal)
        decision: Decision = "withdrawn" if found.by == by else "rejected"
        return self._proposals.decide(found, generation, decision, by, _said(answer))

    def rollback(self, name: str, to: int, *, base: int, by: str, comment: str = "") -> Change:
        """Put an earlier version in force again, as a new one. Version 0 is what the files say by themselves.

        Raises:
            NoSuchChange: there is no such version.
            Withheld: somebody wrote it by hand with secrets in it, which aren't kept.
            Conflict, InvalidConfiguration: as `apply`.
        """
        wanted = document(name)
        found = self.version(name, to) if to else None
        if found is not None and found.withheld:
            raise Withheld(
                f"version {to} of {wanted.name} was written by hand with what may be secrets, which are not kept",
                todo="roll back to another version; or put its other values in again, and the secrets as references",
            )
        override, problems = read_layer_text(found.text) if found is not None else ({}, ())
        if problems:  # somebody wrote it by hand, and it was never in force
            raise InvalidConfiguration(wanted.name, problems)
        return self._commit(wanted, override, base, by, "rollback", comment, of_version=to)

    def history(self, name: str, *, before: int | None = None, most: int = 50) -> list[Change]:
        """The versions of a configuration, newest first.

        Args:
            name: the configuration.
            before: only those before this version.
            most: how many.
        """
        wanted = document(name)
        newest = self._state(wanted)[0].version if before is None else max(0, before - 1)
        found: list[Change] = []
        for number in range(newest, max(0, newest - most), -1):
            record = self._journal.record(wanted.name, number)
            if record is not None:
                found.append(record)
        return found

    def version(self, name: str, number: int) -> Change:
        """A version.

        Raises:
            NoSuchChange: there is none of that number.
        """
        wanted = document(name)
        found = self._journal.record(wanted.name, number)
        if found is None:
            raise NoSuchChange(f"there is no version {number} of {wanted.name}")
        return found

    def _state(self, wanted: Document) -> tuple[State, int]:
        """As it stands, and the generation of the object."""
        version, text, generation = self._settled(wanted)
        shown = f"{self._shown}/{wanted.file}"
        values, origins, problems = effective(wanted, self._folder, self._environment, text, shown)
        below = effective(wanted, self._folder, self._environment, "", shown)[0]
        return State(wanted.name, version, values, below, read_layer_text(text)[0], text, origins, problems), generation

    def _settled(self, wanted: Document) -> tuple[int, str, int]:
        """The newest version with the object's text, which is made to agree where they don't."""
        for _ in range(_ATTEMPTS):
            text, generation = self._journal.text(wanted.file)
            record, number = self._journal.newest(wanted.name, said(text, wanted.name).version or None)
            if record.is_of(text, generation) if record else not text:
                return number, text, generation
            try:
                before = self._journal.record(wanted.name, number - 1) if number > 1 else None
                if record is not None and (before.is_of(text, generation) if before else not text):
                    self._journal.write(wanted.file, record.text.encode(), generation)  # its writer didn't get so far
                else:
                    outside = Change(wanted.name, number + 1, iso(self._clock()), "", "outside", text)
                    outside = self._with_differences(wanted, outside, record.text if record else "")
                    self._journal.put_record(change_kept(outside, generation))
            except PreconditionFailed:
                continue  # another one did
        raise TransientError(f"{wanted.name} changes too often just now", todo="try again")

    def _commit(
        self,
        wanted: Document,
        override: dict[str, Any],
        base: int,
        by: str,
        action: Action,
        comment: str,
        *,
        proposal: Proposal | None = None,
        of_version: int | None = None,
    ) -> Change:
        state, generation = self._based(wanted, base)
        comment = _said(comment)
        now, number = iso(self._clock()), base + 1
        text = layer_text(override, f"version {number}, {now}, {by}\n{comment}")
        checked = self._valid(wanted, state, text)
        change = Change(
            wanted.name,
            number,
            now,
            by,
            action,
            text,
            comment,
            checked.differences,
            "" if proposal is None else proposal.by,
            "" if proposal is None else proposal.id,
            of_version,
        )
        try:
            self._journal.put_record(change)  # from here on it is committed
        except PreconditionFailed:
            raise Conflict(wanted.name, base, self._journal.newest(wanted.name, number)[1]) from None
        try:
            self._journal.write(wanted.file, text.encode(), generation)
        except PreconditionFailed:
            self._settled(wanted)
        return change

    def _based(self, wanted: Document, base: int) -> tuple[State, int]:
        state, generation = self._state(wanted)
        if state.version != base:
            raise Conflict(wanted.name, base, state.version)
        return state, generation

    def _checked(self, wanted: Document, state: State, text: str) -> Checked:
        values, _, problems = effective(wanted, self._folder, self._environment, text, "change")
        if problems:
            return Checked(problems=problems)
        return Checked(values, differences=differences_shown(wanted.name, differing(state.values, values)))

    def _valid(self, wanted: Document, state: State, text: str) -> Checked:
        if len(text.encode()) > _MOST_BYTES:
            raise InputError(f"a configuration has at most {_MOST_BYTES:,} bytes")
        checked = self._checked(wanted, state, text)
        if checked.problems:
            raise InvalidConfiguration(wanted.name, checked.problems)
        return checked

    def _with_differences(self, wanted: Document, change: Change, before: str) -> Change:
        old = effective(wanted, self._folder, self._environment, before, "before")[0]
        new = effective(wanted, self._folder, self._environment, change.text, "after")[0]
        return replace(change, differences=differences_shown(wanted.name, differing(old, new)))


def _said(comment: str) -> str:
    """What somebody says of a change, without a secret that stands in it."""
    return redactor().text(str(sound(comment)))

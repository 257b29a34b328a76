"""What a type that asks no API is, and how a change of one is planned: as Terraform's plugin framework does it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem
from sandbox.provider.fields import Field, parse_fields
from sandbox.provider.settings import Caller

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What an operation may use: the time now, whether Terraform wants it to end, where Terraform runs, and the
    address at which what a URL names answers here (a ValueError says that it doesn't).
    """

    now: Callable[[], datetime]
    stopped: asyncio.Event
    caller: Caller | None = None
    here: Callable[[str], str] = str

    def path(self, given: str) -> Path:
        """A path of the configuration: a relative one starts where Terraform runs."""
        return Path(self.caller.directory if self.caller else "") / given


@dataclass(slots=True)
class Change:
    """A planned change of something that is there, or a creation where `prior` is None."""

    prior: State | None
    planned: State
    config: State


def _nothing(config: State) -> Iterable[Problem]:
    return ()


def _no_change(change: Change) -> None:
    return None


async def _as_planned(prior: State, planned: State) -> State:
    return planned


def _kept(state: State, run: Run) -> State | None:
    return state


async def _forgotten(state: State, run: Run) -> None:
    return None


def _unchanged(version: int, state: State) -> State:
    return state


@dataclass(frozen=True, slots=True)
class Kind:
    """One type.

    Attributes:
        name: such as "random_id".
        fields: its attributes. `forces_new` replaces on any change.
        create: the state, from the planned one.
        version: of the schema.
        settled: what, once set, keeps its value: an attribute that the provider sets is else unknown in each change.
        keepers: the map whose change replaces, but for keys that came or stayed without a value.
        check: what is wrong with a configuration, beside what the fields say.
        prepare, modify: change the `planned` of a plan, before and after what replaces is found.
        replaces: whether a change of an attribute replaces, where that is not `forces_new`.
        update, read, delete: what they do where it is not nothing; `read` tells None of what is over.
        restore: the state of what is imported by an id; None where it can't be imported.
        upgrade: a state of an earlier version.
    """

    name: str
    fields: Mapping[str, Field]
    create: Callable[[State, Run], Awaitable[State]]
    version: int = 0
    settled: frozenset[str] = frozenset()
    keepers: str = ""
    check: Callable[[State], Iterable[Problem]] = _nothing
    prepare: Callable[[Change], None] = _no_change
    modify: Callable[[Change], None] = _no_change
    replaces: Mapping[str, Callable[[Change], bool]] = field(default_factory=dict)
    update: Callable[[State, State], Awaitable[State]] = _as_planned
    read: Callable[[State, Run], State | None] = _kept
    delete: Callable[[State, Run], Awaitable[None]] = _forgotten
    restore: Callable[[str, Run], Awaitable[State]] | None = None
    upgrade: Callable[[int, State], State] = _unchanged

    def fit(self, state: State) -> State:
        """A state in the shape of the schema."""
        return {name: state.get(name) for name in self.fields}


@dataclass(frozen=True, slots=True)
class DataSource:
    """One data source; the deprecated ones have `instead`."""

    name: str
    fields: Mapping[str, Field]
    read: Callable[[State, Run], Awaitable[State]]
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a provider: it takes one value and gives an object of `fields`, or raises ValueError."""

    name: str
    parameter: str
    takes: str
    fields: Mapping[str, str]
    call: Callable[[Any], State]


def fields(text: str) -> dict[str, Field]:
    """The attributes of a type, a line each: the grammar is that of the tables."""
    return parse_fields(text)


def set_by_provider(known: Mapping[str, Field]) -> frozenset[str]:
    """The attributes that only the provider sets."""
    return frozenset(name for name, f in known.items() if f.output_only)


def plan(kind: Kind, prior: State | None, proposed: State, config: State) -> tuple[State, list[str]]:
    """The planned state, and the attributes that force a replacement."""
    planned = kind.fit(proposed)
    for name, f in kind.fields.items():
        if f.default is not None and config.get(name) is None:
            planned[name] = f.default
    if planned != prior:
        for name, f in kind.fields.items():
            if f.computed and f.default is None and config.get(name) is None:
                planned[name] = UNKNOWN
    change = Change(prior, planned, config)
    if prior is not None:
        for name in kind.settled:
            if planned[name] is UNKNOWN and prior.get(name) is not None:
                planned[name] = prior[name]
    kind.prepare(change)
    replace = [] if prior is None else [name for name in kind.fields if _replaces(kind, name, change)]
    kind.modify(change)
    return planned, replace


def _replaces(kind: Kind, name: str, change: Change) -> bool:
    before, after = (change.prior or {}).get(name), change.planned.get(name)
    if name == kind.keepers:
        return _other_keepers(before, change.config.get(name))
    if before == after:
        return False
    rule = kind.replaces.get(name)
    return rule(change) if rule else kind.fields[name].forces_new


def _other_keepers(before: Mapping[str, Any] | None, after: Any) -> bool:
    if before == after:
        return False
    if after is UNKNOWN:
        return True
    given = after or {}
    if before is None:
        return any(value is not None for value in given.values())
    new = (value for key, value in given.items() if key not in before)
    return any(value is not None for value in new) or any(
        key not in given or given[key] != before[key] for key in before
    )

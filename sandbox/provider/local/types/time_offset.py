"""`time_offset`: a time so long after another, which is that of its making where none is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import times
from sandbox.provider.local.kind import Change, Kind, Run, State, fields

_OFFSETS = [f"offset_{step}" for step in times.STEPS]
_FIELDS = fields(
    """
base_rfc3339 string optional computed
triggers map(string) forces_new
offset_years number
offset_months number
offset_days number
offset_hours number
offset_minutes number
offset_seconds number
rfc3339 string computed
"""
    + times.PARTS_AND_ID
)
# The order in which they are added: days come before months.
_ORDER = ("days", "hours", "minutes", "months", "seconds", "years")


def _check(config: State) -> Iterator[Problem]:
    yield from times.one_of(config, _OFFSETS)
    yield from times.check(config, "base_rfc3339")


def _counted(state: State, base: datetime) -> State:
    moment, told = base, times.as_given(state.get("base_rfc3339"), base)
    for step in _ORDER:
        if count := state.get(f"offset_{step}"):
            moment = times.later(moment, step, count)
    return {**state, **times.parts(moment), "base_rfc3339": told, "rfc3339": times.write(moment), "id": told}


async def _create(planned: State, run: Run) -> State:
    given = planned.get("base_rfc3339")
    return _counted(planned, times.read(given) if given else run.now())


async def _update(prior: State, planned: State) -> State:
    return _counted(planned, times.read(planned.get("base_rfc3339") or prior["base_rfc3339"]))


def _shown_at_once(change: Change) -> None:
    """What another offset comes to is known when it is planned."""
    prior, planned = change.prior, change.planned
    if prior is None or all(prior.get(name) == planned[name] for name in _OFFSETS):
        return
    if UNKNOWN in [planned[name] for name in _OFFSETS]:
        return
    base = planned["base_rfc3339"]
    known = {**planned, "base_rfc3339": prior["base_rfc3339"] if base is UNKNOWN else base}
    change.planned.update(_counted(known, times.read(known["base_rfc3339"])))


async def _restore(given: str, run: Run) -> State:
    base, *offsets = given.split(",")
    try:
        if len(offsets) != len(_OFFSETS) or not any(offsets):
            raise ValueError("the id is BASETIMESTAMP,YEARS,MONTHS,DAYS,HOURS,MINUTES,SECONDS, one of them at least")
        return {**_counted(dict(times.counted(offsets, _OFFSETS)), times.read(base)), "triggers": {}}
    except ValueError as error:
        raise ProviderError(Problem("Unexpected Format of ID", str(error))) from error


KIND = Kind("time_offset", _FIELDS, _create, check=_check, modify=_shown_at_once, update=_update, restore=_restore)

"""`time_rotating`: a time that is over some day, and is then made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import times
from sandbox.provider.local.kind import Change, Kind, Run, State, fields

_STEPS = times.STEPS[:-1]
_ROTATIONS = [f"rotation_{step}" for step in _STEPS]
_FIELDS = fields(
    """
rfc3339 string optional computed forces_new
triggers map(string) forces_new
rotation_years number
rotation_months number
rotation_days number
rotation_hours number
rotation_minutes number
rotation_rfc3339 string optional computed
"""
    + times.PARTS_AND_ID
)


def _check(config: State) -> Iterator[Problem]:
    yield from times.one_of(config, [*_ROTATIONS, "rotation_rfc3339"])
    yield from times.check(config, "rfc3339", "rotation_rfc3339")
    for name in _ROTATIONS:
        count = config.get(name)
        if isinstance(count, int) and count < 1:
            detail = f"Attribute {name} value must be at least 1, got: {count}"
            yield Problem("Invalid Attribute Value", detail, (name,))


def _rotated(state: State, base: datetime) -> State:
    """Of several rotations one counts: years before a time before months, minutes, hours, days."""
    end, given = base, state.get("rotation_rfc3339")
    for step in ("days", "hours", "minutes", "months"):
        if count := state.get(f"rotation_{step}"):
            end = times.later(base, step, count)
    if times.known(given) and given:
        end = times.read(given)
    if count := state.get("rotation_years"):
        end = times.later(base, "years", count)
    told = times.as_given(state.get("rfc3339"), base)
    return {**state, **times.parts(end), "rotation_rfc3339": times.as_given(given, end), "rfc3339": told, "id": told}


async def _create(planned: State, run: Run) -> State:
    given = planned.get("rfc3339")
    return _rotated(planned, times.read(given) if given else run.now())


async def _update(prior: State, planned: State) -> State:
    return _rotated(planned, times.read(planned.get("id") or prior["id"]))


def _shown_at_once(change: Change) -> None:
    """What another rotation comes to is known when it is planned."""
    prior, planned = change.prior, change.planned
    watched = [*_ROTATIONS, "rotation_rfc3339"]
    if prior is None or all(prior.get(name) == planned[name] for name in watched):
        return
    if UNKNOWN in [planned[name] for name in _ROTATIONS] or change.config.get("rotation_rfc3339") is UNKNOWN:
        return
    given, base = planned["rotation_rfc3339"], planned["rfc3339"]
    known = {**planned, "rotation_rfc3339": None if given is UNKNOWN else given}
    known["rfc3339"] = prior["rfc3339"] if base is UNKNOWN else base
    change.planned.update(_rotated(known, times.read(known["rfc3339"])))


def _over(change: Change) -> bool:
    return datetime.now(UTC) > times.read((change.prior or {})["rotation_rfc3339"])


def _unless_over(state: State, run: Run) -> State | None:
    end = state.get("rotation_rfc3339")
    return None if end and run.now() > times.read(end) else state


async def _restore(given: str, run: Run) -> State:
    base, *rest = given.split(",")
    try:
        if len(rest) == 1 and base and rest[0]:
            end = times.read(rest[0])
            return {**_rotated({"rotation_rfc3339": times.write(end)}, times.read(base)), "triggers": {}}
        if len(rest) != len(_ROTATIONS) or not any(rest):
            raise ValueError(
                "the id is BASETIMESTAMP,YEARS,MONTHS,DAYS,HOURS,MINUTES or BASETIMESTAMP,ROTATIONTIMESTAMP"
            )
        return {**_rotated(dict(times.counted(rest, _ROTATIONS)), times.read(base)), "triggers": {}}
    except ValueError as error:
        raise ProviderError(Problem("Unexpected Format of ID", str(error))) from error


KIND = Kind(
    "time_rotating",
    _FIELDS,
    _create,
    check=_check,
    modify=_shown_at_once,
    replaces={"rotation_rfc3339": _over},
    update=_update,
    read=_unless_over,
    restore=_restore,
)

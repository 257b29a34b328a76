"""`time_static`: the time at which it was made, or one that was given."""

from __future__ import annotations

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import times
from sandbox.provider.local.kind import Change, Kind, Run, State, fields

_FIELDS = fields(
    """
rfc3339 string optional computed forces_new
triggers map(string) forces_new
"""
    + times.PARTS_AND_ID
)


async def _create(planned: State, run: Run) -> State:
    given = planned.get("rfc3339")
    moment = times.read(given) if given else run.now()
    told = times.as_given(given, moment)
    return {**planned, **times.parts(moment), "rfc3339": told, "id": told}


def _known_already(change: Change) -> None:
    """A time that is given is known when it is planned."""
    given = change.planned["rfc3339"]
    if change.prior is None and times.known(given):
        change.planned.update(times.parts(times.read(given)), id=given)


async def _restore(given: str, run: Run) -> State:
    try:
        moment = times.read(given)
    except ValueError as error:
        raise ProviderError(Problem("Import time static error", str(error))) from error
    return {**times.parts(moment), "rfc3339": times.write(moment), "id": times.write(moment), "triggers": {}}


KIND = Kind(
    "time_static",
    _FIELDS,
    _create,
    settled=frozenset(("id",)),
    check=lambda config: times.check(config, "rfc3339"),
    modify=_known_already,
    restore=_restore,
)

"""`time_sleep`: waits when it is made, and when it is destroyed."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import times
from sandbox.provider.local.kind import Kind, Run, State, fields

_FIELDS = fields("""
create_duration string
destroy_duration string
triggers map(string) forces_new
id string computed
""")
_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def _check(config: State) -> Iterator[Problem]:
    if config.get("create_duration") is None and config.get("destroy_duration") is None:
        what = "At least one attribute out of [create_duration,destroy_duration] must be specified"
        yield Problem("Invalid Attribute Combination", what, ("create_duration",))
    for name in ("create_duration", "destroy_duration"):
        value = config.get(name)
        if isinstance(value, str) and not _FORM.fullmatch(value):
            what = f'Attribute {name} must be a number followed at once by ms, s, m or h, such as "30s", got: {value}'
            yield Problem("Invalid Attribute Value Match", what, (name,))


async def _wait(duration: str | None, run: Run, step: str) -> None:
    match = _FORM.fullmatch(duration or "0s")
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0
    if seconds:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(run.stopped.wait(), seconds)
            raise ProviderError(Problem(f"{step} time sleep error", "It was interrupted."))


async def _create(planned: State, run: Run) -> State:
    await _wait(planned.get("create_duration"), run, "Create")
    return {**planned, "id": times.write(run.now())}


async def _delete(state: State, run: Run) -> None:
    await _wait(state.get("destroy_duration"), run, "Delete")


async def _restore(given: str, run: Run) -> State:
    parts = given.split(",")
    if len(parts) != 2 or not any(parts) or not all(_FORM.fullmatch(part) for part in parts if part):
        what = f'"{given}" is not CREATEDURATION,DESTROYDURATION, one of them at least'
        raise ProviderError(Problem("Unexpected Format of ID", what))
    created, destroyed = parts
    return {
        "create_duration": created or None,
        "destroy_duration": destroyed or None,
        "triggers": {},
        "id": times.write(run.now()),
    }


KIND = Kind(
    "time_sleep",
    _FIELDS,
    _create,
    settled=frozenset(("id",)),
    check=_check,
    delete=_delete,
    restore=_restore,
)

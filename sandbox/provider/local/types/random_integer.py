"""`random_integer`: a number of a range. A seed leads to the same number each time, not to the real provider's."""

from __future__ import annotations

import random

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
keepers map(string)
min number required forces_new
max number required forces_new
seed string forces_new
result number computed
id string computed
""")


async def _create(planned: State, run: Run) -> State:
    least, most = planned["min"], planned["max"]
    if most < least:
        what = f"The minimum ({least}) must not be above the maximum ({most})."
        raise ProviderError(Problem("Create Random Integer Error", what))
    seed = planned.get("seed") or None
    made = random.Random(seed).randint(least, most)  # noqa: S311 - where it must not be guessed, it isn't used
    return {**planned, "seed": seed, "result": made, "id": str(made)}


async def _restore(given: str, run: Run) -> State:
    parts = given.split(",")
    try:
        result, least, most = map(int, parts[:3])
        if len(parts) > 4:
            raise ValueError("too many parts")
    except ValueError as error:
        what = f"The id is RESULT,MIN,MAX or RESULT,MIN,MAX,SEED: {error}"
        raise ProviderError(Problem("Import Random Integer Error", what)) from error
    return {"id": parts[0], "result": result, "min": least, "max": most, "seed": parts[3] if len(parts) == 4 else None}


KIND = Kind("random_integer", _FIELDS, _create, settled=set_by_provider(_FIELDS), keepers="keepers", restore=_restore)

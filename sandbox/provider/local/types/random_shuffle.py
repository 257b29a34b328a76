"""`random_shuffle`: texts in another order. A seed leads to the same order each time, not to the real provider's."""

from __future__ import annotations

import random

from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
keepers map(string)
seed string forces_new
input list(string) required forces_new
result_count number forces_new
result list(string) computed
id string computed
""")


async def _create(planned: State, run: Run) -> State:
    given, count = planned["input"], planned.get("result_count")
    wanted = len(given) if count is None else count
    source = random.Random(planned.get("seed") or None)  # noqa: S311 - it hides nothing
    made: list[str] = []
    while given and len(made) < wanted:
        made += source.sample(given, len(given))
    return {**planned, "id": "-", "result": made[:wanted]}


KIND = Kind("random_shuffle", _FIELDS, _create, settled=set_by_provider(_FIELDS), keepers="keepers")

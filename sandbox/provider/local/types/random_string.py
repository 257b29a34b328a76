"""`random_string`: a text of characters to choose from."""

from __future__ import annotations

from sandbox.provider.local import strings
from sandbox.provider.local.kind import Run, State


async def _create(planned: State, run: Run) -> State:
    made = strings.make(planned)
    return {**planned, "id": made, "result": made}


async def _restore(given: str, run: Run) -> State:
    return {**strings.restored(given), "id": given}


KIND = strings.kind(
    "random_string",
    "result string computed\n",
    version=2,
    create=_create,
    restore=_restore,
    upgrade=lambda _version, state: strings.upgraded(state),
)

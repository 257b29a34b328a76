"""`random_password`: a `random_string` that is not shown, and its bcrypt."""

from __future__ import annotations

from sandbox.provider.local import bcrypt, strings
from sandbox.provider.local.kind import Run, State


def _hashed(state: State) -> State:
    return {**state, "id": "none", "bcrypt_hash": bcrypt.hashed(state["result"])}


async def _create(planned: State, run: Run) -> State:
    return _hashed({**planned, "result": strings.make(planned)})


async def _restore(given: str, run: Run) -> State:
    return _hashed(strings.restored(given))


def _upgrade(version: int, state: State) -> State:
    made, known = strings.upgraded(state), state.get("bcrypt_hash")
    return made if known and bcrypt.matches(made["result"], known) else {**_hashed(made), "id": made.get("id")}


KIND = strings.kind(
    "random_password",
    "result string computed sensitive\nbcrypt_hash string computed sensitive\n",
    version=3,
    create=_create,
    restore=_restore,
    upgrade=_upgrade,
)

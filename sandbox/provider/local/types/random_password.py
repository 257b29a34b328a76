"""`random_password`: a `random_string` that is not shown, and its bcrypt."""

from __future__ import annotations

from sandbox.provider.local import bcrypt, strings
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields(strings.FIELDS + "result string computed sensitive\nbcrypt_hash string computed sensitive\n")


def _hashed(state: State) -> State:
    return {**state, "id": "none", "bcrypt_hash": bcrypt.hashed(state["result"])}


async def _create(planned: State, run: Run) -> State:
    return _hashed({**planned, "result": strings.make(planned)})


async def _restore(given: str, run: Run) -> State:
    return _hashed(strings.restored(given))


def _upgrade(version: int, state: State) -> State:
    made, known = strings.upgraded(state), state.get("bcrypt_hash")
    return made if known and bcrypt.matches(made["result"], known) else {**_hashed(made), "id": made.get("id")}


KIND = Kind(
    "random_password",
    _FIELDS,
    _create,
    version=3,
    settled=set_by_provider(_FIELDS),
    keepers="keepers",
    check=strings.check,
    prepare=strings.one_of_two_names,
    replaces={"override_special": strings.other_characters},
    restore=_restore,
    upgrade=_upgrade,
)

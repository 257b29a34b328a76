"""`random_string`: a text of characters to choose from."""

from __future__ import annotations

from sandbox.provider.local import strings
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields(strings.FIELDS + "result string computed\n")


async def _create(planned: State, run: Run) -> State:
    made = strings.make(planned)
    return {**planned, "id": made, "result": made}


async def _restore(given: str, run: Run) -> State:
    return {**strings.restored(given), "id": given}


KIND = Kind(
    "random_string",
    _FIELDS,
    _create,
    version=2,
    settled=set_by_provider(_FIELDS),
    keepers="keepers",
    check=strings.check,
    prepare=strings.one_of_two_names,
    replaces={"override_special": strings.other_characters},
    restore=_restore,
    upgrade=lambda _version, state: strings.upgraded(state),
)

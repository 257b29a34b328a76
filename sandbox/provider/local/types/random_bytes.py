"""`random_bytes`: random bytes that are not shown."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterator

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
keepers map(string) forces_new
length number required forces_new
base64 string computed sensitive
hex string computed sensitive
""")


def _check(config: State) -> Iterator[Problem]:
    length = config.get("length")
    if isinstance(length, int) and length < 1:
        yield Problem(
            "Invalid Attribute Value", f"Attribute length value must be at least 1, got: {length}", ("length",)
        )


async def _create(planned: State, run: Run) -> State:
    made = secrets.token_bytes(planned["length"])
    return {**planned, "base64": base64.b64encode(made).decode(), "hex": made.hex()}


async def _restore(given: str, run: Run) -> State:
    try:
        made = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderError(Problem("Import Random bytes Error", f"The id is the bytes in base64: {error}")) from error
    return {"length": len(made), "base64": given, "hex": made.hex()}


KIND = Kind("random_bytes", _FIELDS, _create, settled=set_by_provider(_FIELDS), check=_check, restore=_restore)

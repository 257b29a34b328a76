"""`random_id`: random bytes in four notations, each behind a prefix."""

from __future__ import annotations

import base64
import binascii
import secrets

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
keepers map(string)
byte_length number required forces_new
prefix string forces_new
b64_url string computed
b64_std string computed
hex string computed
dec string computed
id string computed
""")


def _written(data: bytes, prefix: str | None) -> State:
    before, own = prefix or "", base64.urlsafe_b64encode(data).decode().rstrip("=")
    return {
        "id": own,
        "b64_url": before + own,
        "b64_std": before + base64.b64encode(data).decode(),
        "hex": before + data.hex(),
        "dec": before + str(int.from_bytes(data, "big")),
    }


async def _create(planned: State, run: Run) -> State:
    return {**planned, **_written(secrets.token_bytes(planned["byte_length"]), planned.get("prefix"))}


async def _restore(given: str, run: Run) -> State:
    prefix, _, own = given.rpartition(",")
    try:
        data = base64.b64decode(own + "=" * (-len(own) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        what = "Import Random ID Error"
        raise ProviderError(
            Problem(what, f"The id is base64 of the URL-safe alphabet, without padding: {error}")
        ) from error
    return {"byte_length": len(data), "prefix": prefix or None, **_written(data, prefix)}


KIND = Kind("random_id", _FIELDS, _create, settled=set_by_provider(_FIELDS), keepers="keepers", restore=_restore)

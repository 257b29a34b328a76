"""`null_resource`: nothing, made again when its triggers change."""

from __future__ import annotations

import secrets

from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
triggers map(string)
id string computed
""")


async def _create(planned: State, run: Run) -> State:
    return {**planned, "id": str(secrets.randbits(63))}


KIND = Kind("null_resource", _FIELDS, _create, settled=set_by_provider(_FIELDS), keepers="triggers")

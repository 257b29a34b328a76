"""`null_data_source`: its inputs once more. Deprecated: locals do it."""

from __future__ import annotations

import secrets

from sandbox.provider.local.kind import DataSource, Run, State, fields

_FIELDS = fields("""
inputs map(string)
outputs map(string) computed
random string computed
has_computed_default string optional computed
id string computed deprecated
""")


async def _read(config: State, run: Run) -> State:
    default = config.get("has_computed_default")
    return {
        "inputs": config.get("inputs"),
        "outputs": config.get("inputs"),
        "random": str(secrets.randbits(63)),
        "has_computed_default": "default" if default is None else default,
        "id": "static",
    }


SOURCE = DataSource("null_data_source", _FIELDS, _read, instead="Use locals, or terraform_data, instead.")

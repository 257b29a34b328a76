"""`random_uuid`, `random_uuid4` and `random_uuid7`."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
keepers map(string)
result string computed
id string computed
""")


def _random(run: Run) -> uuid.UUID:
    return uuid.uuid4()


def _by_time(run: Run) -> uuid.UUID:
    """Version 7: the milliseconds, then chance."""
    number = int(run.now().timestamp() * 1000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=number & ~(0x3 << 62) | 2 << 62)


def _kind(name: str, make: Callable[[Run], uuid.UUID]) -> Kind:
    async def create(planned: State, run: Run) -> State:
        made = str(make(run))
        return {**planned, "id": made, "result": made}

    return Kind(name, _FIELDS, create, settled=set_by_provider(_FIELDS), keepers="keepers", restore=_restore)


async def _restore(given: str, run: Run) -> State:
    try:
        made = str(uuid.UUID(given))
    except ValueError as error:
        raise ProviderError(Problem("Import Random UUID Error", f"The id is a UUID: {error}")) from error
    return {"id": made, "result": made}


UUID = _kind("random_uuid", _random)
UUID4 = _kind("random_uuid4", _random)
UUID7 = _kind("random_uuid7", _by_time)

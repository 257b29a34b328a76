"""What a definition may call, for reading it."""

from __future__ import annotations

from sandbox.workflows import library
from sandbox.workflows.connectors import is_connector
from sandbox.workflows.machine import CONNECTORS

_INLINE = ("pure", "task", "noted")


def blocks(name: str) -> bool | None:
    """Whether a function blocks, so that no expression may call it; None where there is no such function.

    >>> blocks("text.split"), blocks("sys.sleep"), blocks("text.nosuch")
    (False, True, None)
    """
    if name.startswith(CONNECTORS):
        return True if is_connector(name.removeprefix(CONNECTORS)) else None
    found = library.FUNCTIONS.get(name)
    return None if found is None else found.kind not in _INLINE

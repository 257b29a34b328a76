"""Values that a part of the platform which isn't applied yet decides, such as the address of a service to be made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .model import Plan

# What the root wires from one layer into another; whatever else is unknown, the cloud sets by itself.
_WIRED = {"uri", "audience", "push_endpoint", "filter", "member", "host", "service_name", "destination"}


def pending(plan: Plan) -> list[str]:
    """Addresses whose own settings are known only once something else is applied.

    A plan made after that may say more than this one does.
    """
    return sorted(
        change.address
        for change in plan.resources
        if change.unknown and any(_is_wired(path) for path in _unknown(change.unknown))
    )


def _is_wired(path: tuple[str, ...]) -> bool:
    # At the top, such names are what the cloud says of a thing, all but a grant's member.
    return path[-1] in _WIRED and (len(path) > 1 or path[-1] == "member")


def _unknown(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if value is True:
        yield path or ("",)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unknown(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _unknown(item, path)

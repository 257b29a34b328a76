"""In which order the containers of an instance start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def start_order(containers: Sequence[Mapping[str, Any]]) -> list[int] | None:
    """Indexes of containers, each after those it depends on; None where they wait for each other.

    >>> start_order([{"name": "app", "dependsOn": ["proxy"]}, {"name": "proxy"}])
    [1, 0]
    """
    order: list[int] = []
    started: set[str] = set()
    while len(order) < len(containers):
        ready = [
            index
            for index, container in enumerate(containers)
            if index not in order and set(container.get("dependsOn") or ()) <= started
        ]
        if not ready:
            return None
        order += ready
        started |= {str(containers[index].get("name", "")) for index in ready}
    return order

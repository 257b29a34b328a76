"""Merging an environment over the base: mappings deeply by key, everything else as a whole, `null` removes."""

from __future__ import annotations

from shared_services.yaml.nodes import Mapping, Node, Scalar

from .paths import Path, format_path
from .problems import Problem, did_you_mean


def merge(base: Mapping, overlay: Mapping) -> tuple[Mapping, list[Problem]]:
    """The base with an overlay over it. Neither is changed.

    Every value that replaces another remembers it (`previous`), and a mapping remembers what a null removed.

    Returns:
        The merged mapping, and a problem for every null that removes nothing.
    """
    problems: list[Problem] = []
    merged = _merge(base, overlay, (), problems)
    merged.at = overlay.at  # what an environment as a whole lacks is missing from its own file
    return merged, problems


def _merge(base: Mapping, overlay: Mapping, path: Path, problems: list[Problem]) -> Mapping:
    items = dict(base.items)
    keys = dict(base.keys)
    removed = dict(base.removed)
    for key, over in overlay.items.items():
        below, here = base.items.get(key), (*path, key)
        if _is_null(over):
            if below is None:
                problems.append(_removes_nothing(over, here, base))
            else:
                removed[key] = (items.pop(key), over.at)
                keys.pop(key)
        elif below is None:
            items[key] = over
            keys[key] = overlay.keys[key]
            _check_addition(over, here, problems)
        elif isinstance(below, Mapping) and isinstance(over, Mapping):
            items[key] = _merge(below, over, here, problems)
        else:
            items[key] = _over(over, below)
            keys[key] = overlay.keys[key]
            _check_addition(over, here, problems)
    return Mapping(items, keys, base.at, previous=base.previous, removed=removed)


def _over(node: Node, below: Node) -> Node:
    if isinstance(node, Mapping):
        return Mapping(node.items, node.keys, node.at, previous=below, removed=node.removed)
    return (
        type(node)(node.value, node.at, below) if isinstance(node, Scalar) else type(node)(node.items, node.at, below)
    )


def _check_addition(node: Node, path: Path, problems: list[Problem]) -> None:
    """In what the base doesn't have, a null would be a mistake that nobody sees."""
    if not isinstance(node, Mapping):
        return
    for key, item in node.items.items():
        if _is_null(item):
            problems.append(_removes_nothing(item, (*path, key), None))
        else:
            _check_addition(item, (*path, key), problems)


def _removes_nothing(null: Node, path: Path, base: Mapping | None) -> Problem:
    key = str(path[-1])
    hint = did_you_mean(key, base.items) if base is not None else ""
    message = f'null removes what base.yaml says, and base.yaml has no "{key}" here'
    return Problem.at(
        null.at, format_path(path), message, hint or "leave the line out, or write {} for an empty mapping"
    )


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None

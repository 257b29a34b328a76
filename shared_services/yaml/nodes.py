"""What was read from YAML: values that remember where they stand and which value they replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .paths import Path
from .problems import Location

Value: TypeAlias = str | int | float | bool | None


@dataclass(slots=True)
class Scalar:
    """One value. `previous` is what it replaced in the file below."""

    value: Value
    at: Location
    previous: Node | None = None


@dataclass(slots=True)
class Sequence:
    """A list. Lists replace as a whole."""

    items: list[Node]
    at: Location
    previous: Node | None = None


@dataclass(slots=True)
class Mapping:
    """Keys and values, in the order of the file.

    Args:
        items: the values by key.
        keys: where each key stands.
        removed: what an overlay's `null` took away, and where that null stands.
    """

    items: dict[str, Node]
    keys: dict[str, Location]
    at: Location
    previous: Node | None = None
    removed: dict[str, tuple[Node, Location]] = field(default_factory=dict)


Node: TypeAlias = Scalar | Sequence | Mapping


def plain(node: Node) -> Any:
    """The value without its places, as `json` would hold it."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(item) for key, item in node.items.items()}


def child(node: Node, part: str | int) -> Node | None:
    """The value at a key or index, or None."""
    if isinstance(node, Mapping):
        return node.items.get(str(part))
    if isinstance(node, Sequence) and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part]
    return None


def find(node: Node, path: Path) -> Node | None:
    """The value at a path, or None."""
    current: Node | None = node
    for part in path:
        if current is None:
            return None
        current = child(current, part)
    return current


def locate(node: Node, path: Path, *, key: bool = False) -> Location:
    """Where a path stands, or the nearest thing above it that does.

    A scalar is shown at its value, anything that spans lines at its key. With `key`, the key in any case.
    """
    where = node.at
    current: Node = node
    for part in path:
        below = child(current, part)
        if below is None:
            return where
        at_key = current.keys.get(str(part)) if isinstance(current, Mapping) else None
        where = at_key if at_key is not None else below.at
        current = below
    return current.at if isinstance(current, Scalar) and not key else where


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every value below a node that holds no other: scalars, empty lists and empty mappings."""
    if isinstance(node, Mapping) and node.items:
        for name, item in node.items.items():
            yield from leaves(item, (*path, name))
    elif isinstance(node, Sequence) and node.items:
        for index, item in enumerate(node.items):
            yield from leaves(item, (*path, index))
    else:
        yield path, node

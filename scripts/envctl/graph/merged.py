"""The overview: boxes of things, and between two boxes one arrow for each sort of thing that goes along it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations

from .layers import LAYERS
from .model import ENVIRONMENT, Flow, Graph, Thing

_PERMUTED = 7  # 5,040 orders are tried in a moment
_LISTED = (Flow.calls, Flow.events, Flow.data)
_COUNTED = ("schemas", "subscriptions", "tables", "views")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes from a box to another, of one sort, with the names of all that it is about."""

    source: str
    target: str
    flow: Flow
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A subproject or a layer.

    Args:
        name: its name.
        rows: the names of what is listed, by kind.
        counted: how many there are of what isn't, by kind.
    """

    name: str
    rows: dict[str, tuple[str, ...]]
    counted: dict[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """The boxes, in the order in which they are drawn, and the arrows."""

    boxes: tuple[Box, ...]
    bundles: tuple[Bundle, ...]


def by_subproject(graph: Graph) -> Overview:
    """A box a subproject, ordered so that what belongs together is near, and events go downwards."""
    bundles = _bundles(graph, lambda thing: thing.group)
    names = _ordered(graph.groups, bundles)
    return Overview(tuple(_box(graph, name, lambda thing: thing.group) for name in names), bundles)


def by_layer(graph: Graph) -> Overview:
    """A box a layer of the Terraform root, in the order in which they are made, with all that is in it."""
    there = {thing.layer for thing in graph.things.values()}
    names = [name for name in (*LAYERS, "other") if name in there]
    bundles = _bundles(graph, lambda thing: thing.layer)
    return Overview(tuple(_box(graph, name, lambda thing: thing.layer, all_kinds=True) for name in names), bundles)


def _bundles(graph: Graph, box_of: Callable[[Thing], str]) -> tuple[Bundle, ...]:
    found: dict[tuple[str, str, Flow], dict[str, None]] = {}
    for edge in graph.edges:
        ends = box_of(graph.things[edge.source]), box_of(graph.things[edge.target])
        if ends[0] != ends[1]:
            found.setdefault((*ends, edge.flow), {})[graph.things[edge.item].id] = None
    return tuple(Bundle(source, target, flow, tuple(items)) for (source, target, flow), items in found.items())


def _ordered(names: list[str], bundles: tuple[Bundle, ...]) -> list[str]:
    first = [name for name in names if name == ENVIRONMENT]
    names = [name for name in names if name != ENVIRONMENT]
    if len(names) > _PERMUTED:
        return [*first, *names]
    pairs = [(bundle.source, bundle.target, bundle.flow is not Flow.calls) for bundle in bundles]

    def cost(order: Iterable[str]) -> tuple[int, int]:
        at = {name: index for index, name in enumerate([*first, *order])}
        steps = [(at[target] - at[source], down) for source, target, down in pairs]
        return sum(down and step < 0 for step, down in steps), sum(abs(step) for step, _ in steps)

    return [*first, *min(permutations(names), key=cost)]


def _box(graph: Graph, name: str, box_of: Callable[[Thing], str], *, all_kinds: bool = False) -> Box:
    rows: dict[str, list[str]] = {}
    counted: dict[str, int] = {}
    for thing in graph.things.values():
        if box_of(thing) != name:
            continue
        listed = thing.flow in _LISTED and thing.kind not in _COUNTED
        if listed or all_kinds:
            rows.setdefault(thing.kind, []).append(thing.id)
        else:
            counted[thing.kind] = counted.get(thing.kind, 0) + 1
    # What runs comes first, then what it says, then what it keeps.
    order = sorted(rows, key=lambda kind: next(_rank(t) for t in graph.things.values() if t.kind == kind))
    return Box(name, {kind: tuple(rows[kind]) for kind in order}, counted)


def _rank(thing: Thing) -> int:
    return [*_LISTED, Flow.secrets, Flow.other].index(thing.flow)

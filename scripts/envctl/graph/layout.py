"""Nodes in columns, the edges from left to right, few of them crossing: after Sugiyama. The same graph looks the same.

Edges are turned round where they would close a circle; a node stands one column after the last that leads to it; an
edge over several columns gets a waypoint in each; columns are sorted by where the neighbours are; heights follow them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SWEEPS, _SETTLINGS = 24, 12
_WAY = 10.0  # the height of a waypoint


@dataclass(slots=True)
class _Node:
    name: str
    high: float
    column: int = 0
    y: float = 0.0  # of its middle
    before: list[_Node] = field(default_factory=list)
    after: list[_Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is.

    Args:
        columns: the names by column, from top to bottom.
        middles: the height of each node's middle.
        ways: for each edge the heights of its waypoints by column, from its source to its target, without the ends.
        high: the height of it all.
    """

    columns: list[list[str]]
    middles: dict[str, float]
    ways: dict[tuple[str, str], list[tuple[int, float]]]
    high: float


def layout(heights: Mapping[str, float], edges: Sequence[tuple[str, str]], gap: float = 14) -> Layout:
    """Place nodes.

    Args:
        heights: the height of each node.
        edges: pairs of names.
        gap: the least distance between two nodes of a column.
    """
    nodes = {name: _Node(name, high) for name, high in heights.items()}
    pairs = list(dict.fromkeys(pair for pair in edges if pair[0] != pair[1]))
    turned = _closing(list(nodes), pairs)
    ahead = list(dict.fromkeys((b, a) if (a, b) in turned else (a, b) for a, b in pairs))
    _assign(nodes, ahead)
    ways = {pair: _link(nodes, pair) for pair in ahead}
    everything = [*nodes.values(), *(way for chain in ways.values() for way in chain)]
    columns: list[list[_Node]] = [[] for _ in range(max((node.column for node in everything), default=-1) + 1)]
    for node in everything:
        columns[node.column].append(node)
    _sort(columns)
    _settle(columns, gap)
    top = min((node.y - node.high / 2 for node in everything), default=0)
    for node in everything:
        node.y -= top
    found = {}
    for a, b in pairs:
        chain = [(way.column, way.y) for way in ways[(b, a) if (a, b) in turned else (a, b)]]
        found[a, b] = chain[::-1] if (a, b) in turned else chain
    return Layout(
        [[node.name for node in column if node.name] for column in columns],
        {name: node.y for name, node in nodes.items()},
        found,
        max((node.y + node.high / 2 for node in everything), default=0),
    )


def _closing(names: list[str], pairs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges that lead back to where a walk came from."""
    after: dict[str, list[str]] = {name: [] for name in names}
    entered = set()
    for a, b in pairs:
        after[a].append(b)
        entered.add(b)
    closing: set[tuple[str, str]] = set()
    state: dict[str, int] = {}

    def walk(name: str) -> None:
        state[name] = 1
        for other in after[name]:
            if state.get(other) == 1:
                closing.add((name, other))
            elif other not in state:
                walk(other)
        state[name] = 2

    for name in [*(name for name in names if name not in entered), *names]:
        if name not in state:
            walk(name)
    return closing


def _assign(nodes: dict[str, _Node], pairs: list[tuple[str, str]]) -> None:
    for _ in nodes:
        late = [(a, b) for a, b in pairs if nodes[b].column <= nodes[a].column]
        if not late:
            break
        for a, b in late:
            nodes[b].column = max(nodes[b].column, nodes[a].column + 1)
    entered = {b for _, b in pairs}
    for name, node in nodes.items():  # what nothing leads to stands next to what it leads to
        followers = [nodes[b].column for a, b in pairs if a == name]
        if name not in entered and followers:
            node.column = min(followers) - 1


def _link(nodes: dict[str, _Node], pair: tuple[str, str]) -> list[_Node]:
    start, end = nodes[pair[0]], nodes[pair[1]]
    chain = [_Node("", _WAY, column) for column in range(start.column + 1, end.column)]
    for one, other in zip([start, *chain], [*chain, end], strict=True):
        one.after.append(other)
        other.before.append(one)
    return chain


def _crossings(columns: list[list[_Node]]) -> int:
    at = {id(node): index for column in columns for index, node in enumerate(column)}
    total = 0
    for column in columns:
        ends = [at[id(other)] for node in column for other in sorted(node.after, key=lambda one: at[id(one)])]
        total += sum(earlier > later for index, later in enumerate(ends) for earlier in ends[:index])
    return total


def _sort(columns: list[list[_Node]]) -> None:
    best, fewest = [list(column) for column in columns], _crossings(columns)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else columns[::-1]:
            at = {id(node): index for other in columns for index, node in enumerate(other)}
            means = {}
            for node in column:
                near = [at[id(other)] for other in (node.before if forward else node.after)]
                means[id(node)] = sum(near) / len(near) if near else at[id(node)]
            column.sort(key=lambda node: means[id(node)])
        count = _crossings(columns)
        if count < fewest:
            best, fewest = [list(column) for column in columns], count
    for column, order in zip(columns, best, strict=True):
        column[:] = order


def _settle(columns: list[list[_Node]], gap: float) -> None:
    for column in columns:
        y = 0.0
        for node in column:
            node.y, y = y + node.high / 2, y + node.high + gap
        for node in column:
            node.y -= y / 2
    for settling in range(_SETTLINGS):
        for column in columns if settling % 2 == 0 else columns[::-1]:
            wanted = []
            for node in column:
                near = [other.y for other in (*node.before, *node.after)]
                wanted.append(sum(near) / len(near) if near else node.y)
            _spread(column, wanted, gap)


def _spread(column: list[_Node], wanted: list[float], gap: float) -> None:
    """As near to the wanted heights as the order and the gaps allow: blocks that touch move as one."""
    blocks: list[tuple[float, int, float]] = []  # sum of the wanted tops, how many, how high
    offsets: list[float] = []
    for node, want in zip(column, wanted, strict=True):
        total, count, high = want - node.high / 2, 1, node.high + gap
        members = [0.0]
        while blocks and blocks[-1][0] / blocks[-1][1] + blocks[-1][2] > total / count:
            before, many, tall = blocks.pop()
            total, count = before + total - tall * count, many + count
            high, members = tall + high, [*offsets[-many:], *(tall + offset for offset in members)]
            del offsets[-many:]
        blocks.append((total, count, high))
        offsets += members
    index = 0
    for total, count, _ in blocks:
        for node, offset in zip(column[index : index + count], offsets[index : index + count], strict=True):
            node.y = total / count + offset + node.high / 2
        index += count

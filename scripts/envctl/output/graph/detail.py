"""One subproject as SVG: each thing a box, and the arrows from left to right."""

from __future__ import annotations

from xml.sax.saxutils import escape

from ...graph import Edge, Flow, Graph, Thing
from ...graph.kinds import singular
from ...graph.layout import Layout, layout
from . import svg

_MARGIN, _HEAD, _HIGH, _BETWEEN, _STEP = 24, 92, 40, 64, 9.0
_FLOWS = [Flow.events, Flow.data, Flow.calls, Flow.secrets, Flow.other]


def detail_svg(graph: Graph, group: str, title: str) -> str:
    """Draw a subproject, and what is at the other ends of its arrows with broken borders."""
    at_edges = {end for edge in graph.edges for end in (edge.source, edge.target)}
    nodes = {thing.path: thing for thing in graph.nodes()}
    tied = [path for path in nodes if path in at_edges]
    alone = [thing for path, thing in nodes.items() if path not in at_edges]
    highs = _heights(graph, tied)
    placed = layout(highs, [(edge.source, edge.target) for edge in graph.edges])
    lefts, wides = _columns(placed, nodes, group)
    wide = max((lefts[-1] + wides[-1] if lefts else 0) + _MARGIN, 900)
    below = _HEAD + placed.high
    pieces = [svg.text(_MARGIN, 36, title, size=18, bold=True)]
    flows = [flow for flow in _FLOWS if any(edge.flow is flow for edge in graph.edges)]
    pieces += svg.legend(_MARGIN, 62, flows, styles=True)
    pieces += _arrows(graph, placed, lefts, wides, highs)
    for column, names in enumerate(placed.columns):
        for name in names:
            y = _HEAD + placed.middles[name] - highs[name] / 2
            pieces += _box(nodes[name], lefts[column], y, wides[column], highs[name], group)
    if alone:
        pieces.append(svg.text(_MARGIN, below + 38, "nothing refers to these", fill=svg.FAINT))
        x, below = float(_MARGIN), below + 50
        for thing in alone:
            room = _wide(thing, group)
            if x + room > wide - _MARGIN:
                x, below = float(_MARGIN), below + _HIGH + 12
            pieces += _box(thing, x, below, room, _HIGH, group)
            x += room + 12
        below += _HIGH
    return svg.picture(wide, below + _MARGIN, title, pieces)


def _heights(graph: Graph, tied: list[str]) -> dict[str, float]:
    """A box is as high as the arrows of its busier side need."""
    pairs = {(edge.source, edge.target) for edge in graph.edges}
    ends = ([source for source, _ in pairs], [target for _, target in pairs])
    return {path: max(_HIGH, _STEP * max(side.count(path) for side in ends) + 8.0) for path in tied}


def _columns(placed: Layout, nodes: dict[str, Thing], group: str) -> tuple[list[float], list[float]]:
    wides = [max((_wide(nodes[name], group) for name in names), default=0) for names in placed.columns]
    lefts, x = [], float(_MARGIN)
    for wide in wides:
        lefts.append(x)
        x += wide + _BETWEEN
    return lefts, wides


def _said(thing: Thing, group: str) -> str:
    """The second line: what it is, of what, as whom, and where it belongs."""
    parts = [singular(thing.kind)]
    if thing.part_of:
        parts.append(f"of {_last(thing.part_of)}")
    if thing.group == group and thing.acts_as:
        parts.append(f"as {', '.join(_last(account) for account in thing.acts_as)}")
    if thing.group != group:
        parts.append(f"in {thing.group}")
    return " ".join(parts)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _wide(thing: Thing, group: str) -> float:
    return max(svg.width(thing.id, 13, bold=True), svg.width(_said(thing, group), 11)) + 20


def _box(thing: Thing, x: float, y: float, wide: float, high: float, group: str) -> list[str]:
    foreign = thing.group != group
    fill, stroke = (svg.PAPER if foreign else svg.TINT[thing.flow]), svg.STROKE[thing.flow]
    return [
        f"<g><title>{escape(f'{thing.path}  {thing.location}')}</title>",
        svg.rect(x, y, wide, high, fill=fill, stroke=stroke, dashed=foreign),
        svg.text(x + 10, y + high / 2 - 3, thing.id, size=13, bold=not foreign),
        svg.text(x + 10, y + high / 2 + 12, _said(thing, group), size=11, fill=svg.FAINT),
        "</g>",
    ]


def _arrows(graph: Graph, placed: Layout, lefts: list[float], wides: list[float], highs: dict[str, float]) -> list[str]:
    column = {name: index for index, names in enumerate(placed.columns) for name in names}
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        between.setdefault((edge.source, edge.target), []).append(edge)
    leaving, entering = _fans(placed, list(between), column, highs)
    pieces = []
    for (source, target), edges in between.items():
        forward = column[source] < column[target]
        x1 = lefts[column[source]] + (wides[column[source]] if forward else 0)
        x2 = lefts[column[target]] + (0 if forward else wides[column[target]])
        points = [(x1, _HEAD + placed.middles[source] + leaving[source, target])]
        for index, y in placed.ways[source, target]:
            near, far = lefts[index], lefts[index] + wides[index]
            points += [(near if forward else far, _HEAD + y), (far if forward else near, _HEAD + y)]
        points.append((x2, _HEAD + placed.middles[target] + entering[source, target]))
        says = ", ".join(dict.fromkeys(edge.says for edge in edges))
        title = f"{graph.things[source].id} → {graph.things[target].id}: {says}  ({edges[0].location})"
        may = all(edge.may for edge in edges)
        pieces.append(svg.path(_curve(points), edges[0].flow, dashed=may, title=title))
    return pieces


def _curve(points: list[tuple[float, float]]) -> str:
    """Straight over a column, curved from one to the next."""
    way = f"M{points[0][0]:g} {points[0][1]:.1f}"
    for index in range(0, len(points), 2):
        (x1, y1), (x2, y2) = points[index], points[index + 1]
        bend = (x2 - x1) * 0.5
        way += f"C{x1 + bend:g} {y1:.1f} {x2 - bend:g} {y2:.1f} {x2:g} {y2:.1f}"
        if index + 2 < len(points):
            way += f"H{points[index + 2][0]:g}"
    return way


def _fans(
    placed: Layout, pairs: list[tuple[str, str]], column: dict[str, int], highs: dict[str, float]
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """How far from its middle an arrow leaves and enters a box. Those of a side are in the order of where they go."""
    sides: dict[tuple[str, bool], list[tuple[float, bool, tuple[str, str]]]] = {}
    for pair in pairs:
        source, target = pair
        forward, ways = column[source] < column[target], placed.ways[pair]
        first = ways[0][1] if ways else placed.middles[target]
        last = ways[-1][1] if ways else placed.middles[source]
        sides.setdefault((source, forward), []).append((first, True, pair))
        sides.setdefault((target, not forward), []).append((last, False, pair))
    leaving: dict[tuple[str, str], float] = {}
    entering: dict[tuple[str, str], float] = {}
    for (name, _), ends in sides.items():
        step = min(_STEP, (highs[name] - 10) / max(len(ends) - 1, 1))
        for index, (_, leaves, pair) in enumerate(sorted(ends)):
            offset = (index - (len(ends) - 1) / 2) * step
            (leaving if leaves else entering)[pair] = offset
    return leaving, entering

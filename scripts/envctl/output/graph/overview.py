"""The overview as SVG: boxes below each other, and rails at their right side that connect them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...graph import Flow
from ...graph.kinds import flow_of, singular
from ...graph.merged import Box, Bundle, Overview
from . import svg

_MARGIN, _HEAD, _GAP = 24, 84, 22
_LABEL, _CONTENT, _PORTS = 136, 450, 560  # a label may need more
_CHIP, _LINE, _TRACK = 24, 17, 15
_FLOWS = [Flow.events, Flow.data, Flow.calls, Flow.secrets, Flow.other]


@dataclass(slots=True)
class _Port:
    """Where an arrow leaves or enters a box: lines of text, and the height of the first one."""

    lines: list[str]
    flow: Flow
    entering: bool
    y: float = 0.0


@dataclass(slots=True)
class _Placed:
    box: Box
    label: float = _LABEL
    y: float = 0.0
    high: float = 0.0
    ports: dict[tuple[str, Flow], _Port] = field(default_factory=dict)  # by the box that it comes from

    @property
    def wide(self) -> float:
        return self.label + _CONTENT + _PORTS


def overview_svg(overview: Overview, title: str, subtitle: str = "") -> str:
    """Draw an overview."""
    placed = _place(overview)
    tracks = _tracks(overview.bundles, placed)
    high = (max((one.y + one.high for one in placed.values()), default=_HEAD)) + _MARGIN
    edge = max((one.wide for one in placed.values()), default=_LABEL + _CONTENT + _PORTS)
    wide = _MARGIN + edge + 14 + _TRACK * (max(tracks.values(), default=0) + 1) + _MARGIN
    flows = [flow for flow in _FLOWS if any(bundle.flow is flow for bundle in overview.bundles)]
    pieces = [svg.text(_MARGIN, 36, title, size=18, bold=True)]
    if subtitle:
        pieces.append(svg.text(_MARGIN + svg.width(title, 18, bold=True) + 8, 36, subtitle, fill=svg.FAINT))
    pieces += svg.legend(_MARGIN, 62, flows)
    for one in placed.values():
        pieces += _draw(one, _said(placed))
    for (source, flow), track in tracks.items():
        pieces += _rail(overview.bundles, placed, source, flow, track)
    return svg.picture(wide, high, title, pieces)


def _place(overview: Overview) -> dict[str, _Placed]:
    kinds = [svg.width(_words(kind)) for box in overview.boxes for kind in box.rows]
    label = max([_LABEL, *(14 + wide + 6 for wide in kinds)])
    placed = {box.name: _Placed(box, label) for box in overview.boxes}
    order = {name: index for index, name in enumerate(placed)}
    said = _said(placed)
    for flow in _FLOWS:
        bundles = [bundle for bundle in overview.bundles if bundle.flow is flow]
        for bundle in sorted(bundles, key=lambda one: order[one.source]):
            out = placed[bundle.source].ports
            out.setdefault((bundle.source, flow), _Port([f"{flow} →"], flow, entering=False))
            lines = svg.wrap([*bundle.items], _PORTS - said - 30)
            placed[bundle.target].ports[bundle.source, flow] = _Port(lines, flow, entering=True)
    y: float = _HEAD
    for one in placed.values():
        one.y = y
        below = y + 20
        # What leaves stands first: the rails of a box then begin above those that end there.
        for _, port in sorted(one.ports.items(), key=lambda item: (item[1].entering, order[item[0][0]])):
            port.y = below
            below += _LINE * len(port.lines) + 3
        one.high = max(below - y, _content(one)[1]) + 6
        y += one.high + _GAP
    return placed


def _content(one: _Placed) -> tuple[list[str], float]:
    """The chips of a box, row by row, and how high they are."""
    x0, y = _MARGIN + 14, one.y + 24
    x: float
    pieces = [svg.text(x0, y, one.box.name, size=15, bold=True)]
    y += 14
    for kind, names in one.box.rows.items():
        pieces.append(svg.text(x0, y + 15, _words(kind), fill=svg.FAINT))
        x = left = _MARGIN + one.label
        flow = flow_of(kind)
        for name in names:
            room = svg.width(name) + 14
            if x > left and x + room > left + _CONTENT:
                x, y = left, y + _CHIP
            pieces.append(svg.rect(x, y, room, 20, fill=svg.TINT[flow], stroke=svg.STROKE[flow]))
            pieces.append(svg.text(x + room / 2, y + 14, name, anchor="middle"))
            x += room + 6
        y += _CHIP + 2
    if one.box.counted:
        counts = (f"{n} {singular(kind) if n == 1 else _words(kind)}" for kind, n in one.box.counted.items())
        for line in svg.wrap([*counts], _CONTENT):
            pieces.append(svg.text(_MARGIN + one.label, y + 13, line, fill=svg.FAINT))
            y += _LINE
    return pieces, y - one.y + 6


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _said(names: Iterable[str]) -> float:
    """The room that the widest `from …` takes."""
    return max((svg.width(f"from {name}") for name in names), default=0)


def _draw(one: _Placed, said: float) -> list[str]:
    pieces = [svg.rect(_MARGIN, one.y, one.wide, one.high), *_content(one)[0]]
    right = _MARGIN + one.wide - 10
    for (source, _), port in one.ports.items():
        colour = svg.STROKE[port.flow]
        if not port.entering:
            pieces.append(svg.text(right, port.y + 4, port.lines[0], fill=colour, bold=True, anchor="end"))
            continue
        pieces.append(svg.text(right, port.y + 4, f"from {source}", fill=svg.FAINT, anchor="end"))
        for index, line in enumerate(port.lines):
            y = port.y + 4 + index * _LINE
            pieces.append(svg.text(right - said - 4, y, line, fill=colour, anchor="end"))
    return pieces


def _tracks(bundles: Sequence[Bundle], placed: dict[str, _Placed]) -> dict[tuple[str, Flow], int]:
    """A track for each rail: the short ones are near the boxes, and none lies over another."""
    spans: dict[tuple[str, Flow], tuple[float, float]] = {}
    for bundle in bundles:
        key = bundle.source, bundle.flow
        ends = (placed[bundle.source].ports[key].y, placed[bundle.target].ports[key].y)
        low, high = spans.get(key, (ends[0], ends[0]))
        spans[key] = min(low, *ends), max(high, *ends)
    taken: list[list[tuple[float, float]]] = []
    tracks: dict[tuple[str, Flow], int] = {}
    for key, (low, high) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1][0])):
        free = (
            index
            for index, others in enumerate(taken)
            if all(high + 12 < other[0] or low - 12 > other[1] for other in others)
        )
        track = next(free, len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append((low, high))
        tracks[key] = track
    return tracks


def _rail(bundles: Sequence[Bundle], placed: dict[str, _Placed], source: str, flow: Flow, track: int) -> list[str]:
    """From a box along its rail into all boxes that the rail leads to, with a dot at each branch."""
    edge = _MARGIN + placed[source].wide
    x = edge + 14 + track * _TRACK
    start = placed[source].ports[source, flow].y
    targets = [bundle for bundle in bundles if bundle.source == source and bundle.flow is flow]
    pieces = []
    for bundle in targets:
        y = placed[bundle.target].ports[source, flow].y
        title = f"{source} → {bundle.target}: {', '.join(bundle.items)}"
        pieces.append(svg.path(f"M{edge:g} {start:g}H{x:g}V{y:g}H{edge + 1:g}", flow, title=title))
    ends = [placed[bundle.target].ports[source, flow].y for bundle in targets]
    branches = (y for y in sorted({start, *ends}) if min(start, *ends) < y < max(start, *ends))
    pieces += [f'<circle cx="{x:g}" cy="{y:g}" r="2.6" fill="{svg.STROKE[flow]}"/>' for y in branches]
    return pieces

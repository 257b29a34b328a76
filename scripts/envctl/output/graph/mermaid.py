"""The graph as Mermaid: what GitHub draws from a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable

from ...graph import Edge, Flow, Graph
from ...graph.kinds import flow_of, singular
from ...graph.merged import Overview
from .svg import STROKE, TINT

_SPECIAL = {character: f"#{ord(character)};" for character in '#"<>[](){}|&;`'}


def overview_mermaid(overview: Overview) -> str:
    """Boxes with what is in them, and the merged arrows between them."""
    names = {box.name: f"g{index}" for index, box in enumerate(overview.boxes)}
    lines, drawn = ["flowchart LR"], []
    for box in overview.boxes:
        lines.append(f'  subgraph {names[box.name]}["{_text(box.name)}"]')
        for index, (kind, things) in enumerate(box.rows.items()):
            node = f"{names[box.name]}_{index}"
            words = "<br>".join([_text(kind.replace("_", " ")) + ":", *map(_text, things)])
            lines.append(f'    {node}["{words}"]:::{flow_of(kind)}')
        if not box.rows:
            lines.append(f'    {names[box.name]}_0["{_text(", ".join(box.counted))}"]:::{Flow.other}')
        lines.append("  end")
    for bundle in overview.bundles:
        words = "<br>".join(map(_text, bundle.items))
        lines.append(f'  {names[bundle.source]} -->|"{words}"| {names[bundle.target]}')
        drawn.append(bundle.flow)
    return _finished(lines, drawn)


def detail_mermaid(graph: Graph, group: str) -> str:
    """Every thing of a subproject, and what is at the other ends of its arrows, by subproject."""
    nodes = graph.nodes()
    names = {thing.path: f"n{index}" for index, thing in enumerate(nodes)}
    groups = dict.fromkeys([group, *(thing.group for thing in nodes)])
    lines, drawn = ["flowchart LR"], []
    for index, name in enumerate(groups):
        lines.append(f'  subgraph s{index}["{_text(name)}"]')
        for thing in nodes:
            if thing.group == name:
                said = singular(thing.kind)
                said += f" of {thing.part_of.rpartition('.')[2]}" if thing.part_of else ""
                if thing.acts_as and name == group:
                    said += f" as {', '.join(account.rpartition('.')[2] for account in thing.acts_as)}"
                lines.append(f'    {names[thing.path]}["{_text(thing.id)}<br>{_text(said)}"]:::{thing.flow}')
        lines.append("  end")
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        between.setdefault((edge.source, edge.target), []).append(edge)
    for (source, target), edges in between.items():
        words = _text(", ".join(dict.fromkeys(edge.says for edge in edges)))
        line = "-.->" if all(edge.may for edge in edges) else "-->"
        lines.append(f'  {names[source]} {line}|"{words}"| {names[target]}')
        drawn.append(edges[0].flow)
    return _finished(lines, drawn)


def _text(words: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in words)


def _finished(lines: list[str], drawn: Iterable[Flow]) -> str:
    for flow in Flow:
        numbers = [str(index) for index, of in enumerate(drawn) if of is flow]
        if numbers:
            lines.append(f"  linkStyle {','.join(numbers)} stroke:{STROKE[flow]}")
        lines.append(f"  classDef {flow} fill:{TINT[flow]},stroke:{STROKE[flow]},color:#202124")
    return "\n".join(lines) + "\n"

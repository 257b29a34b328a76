"""The graph as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from ...environments.problems import Location
from ...graph import Graph


def graph_json(graph: Graph) -> str:
    """All things and edges, each with its line of YAML."""
    things = [
        {
            "path": thing.path,
            "kind": thing.kind,
            "group": thing.group,
            "id": thing.id,
            "layer": thing.layer,
            "part_of": thing.part_of,
            "acts_as": [*thing.acts_as],
            **_place(thing.location),
        }
        for thing in graph.things.values()
    ]
    edges = [
        {
            "source": edge.source,
            "target": edge.target,
            "says": edge.says,
            "item": edge.item,
            "flow": str(edge.flow),
            "may": edge.may,
            **_place(edge.location),
        }
        for edge in graph.edges
    ]
    return json.dumps({"environment": graph.environment, "things": things, "edges": edges}, indent=2) + "\n"


def _place(location: Location) -> dict[str, Any]:
    return {"file": location.file, "line": location.line, "column": location.column}

"""Drawing an environment: the whole of it by subproject or by layer, or one subproject."""

from __future__ import annotations

from pathlib import Path

from .environments import LoadedEnvironment
from .environments.problems import did_you_mean
from .errors import UserError
from .graph import graph as graph_of
from .graph.layers import layers
from .graph.merged import by_layer, by_subproject
from .output.graph import detail_mermaid, detail_svg, graph_json, overview_mermaid, overview_svg

_SAYS = "what is declared, and the references between it"


def draw(
    loaded: LoadedEnvironment, infra: Path, format: str, *, by: str = "subproject", subproject: str | None = None
) -> str:
    """The graph of an environment as text.

    Args:
        loaded: the environment.
        infra: the Terraform root, for the layers.
        format: "svg", "mermaid" or "json".
        by: what the boxes of the overview are, "subproject" or "layer".
        subproject: draw this one in full; with `by="layer"`, its things and those at their arrows by layer.

    Raises:
        UserError: there is no such subproject.
    """
    graph = graph_of(loaded, layers(infra))
    if subproject is not None:
        if subproject not in graph.groups:
            todo = did_you_mean(subproject, graph.groups, otherwise=f"name one of {', '.join(graph.groups)}")
            raise UserError(f"{loaded.name} has nothing in a subproject {subproject!r}", todo=todo)
        graph = graph.around(subproject)
    if format == "json":
        return graph_json(graph)
    title = f"{loaded.name}: {subproject}" if subproject else loaded.name
    if subproject and by == "subproject":
        return detail_svg(graph, subproject, title) if format == "svg" else detail_mermaid(graph, subproject)
    overview = by_layer(graph) if by == "layer" else by_subproject(graph)
    return overview_svg(overview, title, f"by {by}: {_SAYS}") if format == "svg" else overview_mermaid(overview)

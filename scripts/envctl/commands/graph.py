"""`envctl graph`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName


class GraphFormat(StrEnum):
    """How the graph is written."""

    svg = "svg"
    mermaid = "mermaid"
    json = "json"


class By(StrEnum):
    """What the boxes of the overview are."""

    subproject = "subproject"
    layer = "layer"


def graph(
    environment: EnvironmentName,
    by: Annotated[By, typer.Option("--by", help="What the boxes are: subprojects, or layers of infra/.")] = (
        By.subproject
    ),
    subproject: Annotated[
        str | None, typer.Option("--subproject", help="Draw this one alone, with all that it has.")
    ] = None,
    format: Annotated[
        GraphFormat, typer.Option("--format", help="svg for people, mermaid for Markdown, json for machines.")
    ] = GraphFormat.svg,
    out: Annotated[Path | None, typer.Option("--out", help="A file; by default it is printed.")] = None,
) -> None:
    """Draw what an environment declares, and what refers to what.

    Arrows go the way of events, data and calls: schedule, workflow, service, topic, subscription, service.
    A grant is an arrow at what runs as the account. Reads the YAML only, no cloud.

    Example: envctl graph prod --subproject strategy-engine --out strategy-engine.svg
    """
    from envctl.console import note, write
    from envctl.drawing import draw
    from envctl.environments import load
    from envctl.files import put
    from envctl.project import find_project

    project = find_project()
    drawn = draw(load(environment, project.root), project.infra, str(format), by=str(by), subproject=subproject)
    if out is None:
        write(drawn.rstrip("\n"))
        return
    put(out, drawn)
    note(f"written: {out}")

"""`envctl diff`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class DiffFormat(StrEnum):
    """How the comparison is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


def diff(
    left: Annotated[str, typer.Argument(metavar="ENV", help="An environment, such as staging.")],
    right: Annotated[str, typer.Argument(metavar="ENV", help="Another, such as prod.")],
    format: Annotated[
        DiffFormat, typer.Option("--format", help="text for people, json for machines, markdown for a pull request.")
    ] = DiffFormat.text,
) -> None:
    """Show what differs between two environments, and which line says so.

    Compares what terraform gets; names that follow from the project's id are the same. Exit code 2: they differ.

    Example: envctl diff staging prod
    """
    from envctl.console import write
    from envctl.environments import load
    from envctl.environments.diff import diff as compare
    from envctl.output.diff import diff_json, diff_markdown, diff_text
    from envctl.project import find_project

    root = find_project().root
    comparison = compare(load(left, root), load(right, root))
    renderers = {DiffFormat.text: diff_text, DiffFormat.json: diff_json, DiffFormat.markdown: diff_markdown}
    write(renderers[format](comparison))
    raise typer.Exit(2 if comparison.differences else 0)

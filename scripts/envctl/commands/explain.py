"""`envctl explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import EnvironmentName, Format, FormatOption


def explain(
    environment: EnvironmentName,
    path: Annotated[str, typer.Argument(help="A path, such as subprojects.strategy-engine.topics.signals.retention.")],
    format: FormatOption = Format.text,
) -> None:
    """Tell which file and line set a value.

    And what it overrode, down to the model's default, and what terraform receives.

    Example: envctl explain prod subprojects.strategy-engine.services.strategy-engine.max_instances
    """
    import json

    from envctl.console import write
    from envctl.environments import explain as explain_path
    from envctl.environments import load
    from envctl.project import find_project

    explanation = explain_path(load(environment, find_project().root), path)
    write(json.dumps(explanation.document(), indent=2) if format is Format.json else explanation.text())

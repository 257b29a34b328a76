"""`envctl plan`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName, LockTimeout, ProviderOption, SandboxOption


class PlanFormat(StrEnum):
    """How the plan is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


def plan(
    environment: EnvironmentName,
    out: Annotated[Path | None, typer.Option(help="Where to save the plan; by default build/ENV/plan.tfplan.")] = None,
    destroy: Annotated[bool, typer.Option("--destroy", help="Plan the removal of everything.")] = False,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    format: Annotated[
        PlanFormat, typer.Option("--format", help="text for people, json for machines, markdown for a pull request.")
    ] = PlanFormat.text,
) -> None:
    """Show what apply would change, and save the plan. Exit code 0: nothing; 2: changes.

    Example: envctl plan local
    """
    from envctl.console import write
    from envctl.operations import make_plan
    from envctl.output.plan import plan_json, plan_markdown, plan_text
    from envctl.target import open_target

    target = open_target(environment, provider.value if provider else None, sandbox=sandbox)
    result = make_plan(target, out=out, destroy=destroy, lock_timeout=lock_timeout)
    renderers = {PlanFormat.text: plan_text, PlanFormat.json: plan_json, PlanFormat.markdown: plan_markdown}
    write(renderers[format](result))
    raise typer.Exit(2 if result.changes else 0)

"""`envctl cost`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName, SandboxOption


class CostFormat(StrEnum):
    """How the cost is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


def cost(
    environment: EnvironmentName,
    plan: Annotated[
        Path | None, typer.Option(help="The cost once this plan is applied, and before; by default that of the YAML.")
    ] = None,
    sandbox: SandboxOption = False,
    format: Annotated[
        CostFormat, typer.Option("--format", help="text for people, json for machines, markdown for a pull request.")
    ] = CostFormat.text,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every thing.")] = False,
) -> None:
    """Reckon what an environment costs in a month, in rupees.

    Prices are Google's list prices of a day, times what is declared and how much the YAML says it is used (`usage`).
    Asks no cloud. Exit code 0: within the budget; 1: something has no price; 2: above the budget.

    Example: envctl cost prod --plan plans/prod/plan.json
    """
    from envctl.console import write
    from envctl.costing import reckon
    from envctl.output.cost import cost_json, cost_markdown, cost_text

    result = reckon(environment, plan, sandbox=sandbox)
    if format is CostFormat.text:
        write(cost_text(result, all_lines=verbose))
    else:
        write(cost_json(result) if format is CostFormat.json else cost_markdown(result))
    raise typer.Exit(result.exit_code)

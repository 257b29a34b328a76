"""`envctl policy`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import EnvironmentName, ExitZero, SandboxOption

if TYPE_CHECKING:
    from envctl.output.model import Report


class PolicyFormat(StrEnum):
    """How the findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    markdown = "markdown"


def policy(
    environment: EnvironmentName,
    plan: Annotated[
        Path | None,
        typer.Option(help="Judge this plan: a .tfplan, or what `terraform show -json` prints. By default one is made."),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Judge what is in the cloud.")] = False,
    sandbox: SandboxOption = False,
    format: Annotated[
        PolicyFormat,
        typer.Option("--format", help="text for people, json for machines, sarif, junit and markdown for CI."),
    ] = PolicyFormat.text,
    second: Annotated[
        bool, typer.Option("--second-opinion", help="Also ask checkov about the plan; `make checkov` sets it up.")
    ] = False,
    exit_zero: ExitZero = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also list the rules that hold.")] = False,
) -> None:
    """Hold the platform's rules against a plan, or against what is live.

    The rules and their ids are in docs/reference/policy.md; exceptions stand in the YAML, with owner and end. Exit code
    0: all hold; 1: something could not be judged; 2: findings. What checkov finds stands apart and doesn't count.

    Example: envctl policy prod --plan plans/prod/plan.json --format sarif > policy.sarif
    """
    from envctl.console import write
    from envctl.errors import UserError
    from envctl.judging import judge_live, judge_plan, judge_twice

    if live and plan is not None:
        raise UserError("--live and --plan exclude each other", todo="leave one of them out")
    if second:
        if live:
            raise UserError("checkov judges plans only", todo="leave --live or --second-opinion out")
        report, other = judge_twice(environment, plan, sandbox=sandbox)
        write(_rendered((report, other), format, environment, verbose).rstrip("\n"))
        raise typer.Exit(report.exit_code or (1 if other.exit_code == 1 else 0))
    report = judge_live(environment, sandbox=sandbox) if live else judge_plan(environment, plan, sandbox=sandbox)
    write(_rendered((report,), format, environment, verbose).rstrip("\n"))
    raise typer.Exit(0 if report.exit_code == 2 and exit_zero else report.exit_code)


def _rendered(reports: Sequence[Report], format: PolicyFormat, environment: str, verbose: bool) -> str:
    """Our own report, and the second opinion after it where there is one."""
    import json
    import shutil
    import sys

    from envctl.console import colours
    from envctl.output import junit, markdown, sarif, text
    from envctl.output.json import document

    if format is PolicyFormat.sarif:
        return sarif.render(*reports, home=f"envs/{environment}.yaml")
    if format is PolicyFormat.junit:
        return junit.render(*reports)
    if format is PolicyFormat.json:
        said = dict(zip(("", "second_opinion"), map(document, reports), strict=False))
        return json.dumps({**said.pop(""), **said}, indent=2, ensure_ascii=False, default=str)
    if format is PolicyFormat.markdown:
        told = [markdown.render(report) for report in reports]
    else:
        width, terminal = shutil.get_terminal_size((100, 24)).columns, colours(sys.stdout)
        told = [text.render(report, terminal=terminal, width=width, verbose=verbose) for report in reports]
    return "\n\nA second opinion, which doesn't count:\n\n".join(each.rstrip("\n") for each in told)

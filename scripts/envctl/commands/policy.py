"""`envctl policy`."""

from __future__ import annotations

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
        if format not in (PolicyFormat.text, PolicyFormat.json):
            raise UserError(f"a second opinion has no form in {format}", todo="--format text or json")
        report, other = judge_twice(environment, plan, sandbox=sandbox)
        write(_both(report, other, format, verbose).rstrip("\n"))
        raise typer.Exit(report.exit_code or (1 if other.exit_code == 1 else 0))
    report = judge_live(environment, sandbox=sandbox) if live else judge_plan(environment, plan, sandbox=sandbox)
    write(_rendered(report, format, verbose).rstrip("\n"))
    raise typer.Exit(0 if report.exit_code == 2 and exit_zero else report.exit_code)


def _both(report: Report, other: Report, format: PolicyFormat, verbose: bool) -> str:
    import json

    from envctl.output.json import document

    if format is PolicyFormat.json:
        said = {**document(report), "second_opinion": document(other)}
        return json.dumps(said, indent=2, ensure_ascii=False, default=str)
    apart = "\n\nA second opinion, which doesn't count:\n\n"
    return _rendered(report, format, verbose).rstrip("\n") + apart + _rendered(other, format, verbose)


def _rendered(report: Report, format: PolicyFormat, verbose: bool) -> str:
    import shutil
    import sys

    from envctl.console import colours
    from envctl.output import json, junit, markdown, sarif, text

    if format is PolicyFormat.text:
        width = shutil.get_terminal_size((100, 24)).columns
        return text.render(report, terminal=colours(sys.stdout), width=width, verbose=verbose)
    renderers = {
        PolicyFormat.json: json.render,
        PolicyFormat.junit: junit.render,
        PolicyFormat.sarif: sarif.render,
        PolicyFormat.markdown: markdown.render,
    }
    return renderers[format](report)

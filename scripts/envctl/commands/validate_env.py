"""`envctl validate-env`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from .options import EnvironmentName, SandboxOption

if TYPE_CHECKING:
    from envctl.output.model import Report


class ReportFormat(StrEnum):
    """How the report is written."""

    text = "text"
    json = "json"
    junit = "junit"


def validate_env(
    environment: EnvironmentName,
    format: Annotated[
        ReportFormat, typer.Option("--format", help="text for people, json for machines, junit for CI.")
    ] = ReportFormat.text,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also list every check that passed.")] = False,
    sandbox: SandboxOption = False,
    services: Annotated[bool, typer.Option(help="Ask each service for its /health.")] = True,
) -> None:
    """Compare what is deployed with the YAML.

    Existence, settings, grants, health. Neither the Terraform state nor a sandbox's insides are read.
    Exit code 0: all as declared; 1: something could not be checked; 2: something differs.

    Example: envctl validate-env local --format junit > report.xml
    """
    from envctl.clouds.reader_process import ReaderProcess

    reader = ReaderProcess()  # imports what takes long, while the YAML is read
    from envctl.console import write
    from envctl.target import open_target
    from envctl.validating import validate_target

    try:
        report = validate_target(open_target(environment, sandbox=sandbox), services=services, reader=reader)
    finally:
        reader.close()
    write(_rendered(report, format, verbose).rstrip("\n"))
    raise typer.Exit(report.exit_code)


def _rendered(report: Report, format: ReportFormat, verbose: bool) -> str:
    import shutil
    import sys

    from envctl.console import colours
    from envctl.output import json, junit, text

    if format is ReportFormat.json:
        return json.render(report)
    if format is ReportFormat.junit:
        return junit.render(report)
    width = shutil.get_terminal_size((100, 24)).columns
    return text.render(report, terminal=colours(sys.stdout), width=width, verbose=verbose)

"""`envctl drift`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import EnvironmentName, LockTimeout, ProviderOption, SandboxOption

if TYPE_CHECKING:
    from envctl.drift.model import DriftResult


class DriftFormat(StrEnum):
    """How the drift is written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    junit = "junit"
    sarif = "sarif"


def drift(
    environment: EnvironmentName,
    since: Annotated[
        Path | None, typer.Option(help="An earlier report (--format json): says since when what has drifted.")
    ] = None,
    state: Annotated[bool, typer.Option(help="Ask Terraform's state too: it says who changed, cloud or YAML.")] = True,
    imports: Annotated[
        Path | None, typer.Option(help="Write the import blocks of what should be adopted into this file.")
    ] = None,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    format: Annotated[
        DriftFormat, typer.Option("--format", help="text for people, json for machines and --since, the rest for CI.")
    ] = DriftFormat.text,
) -> None:
    """Hold the YAML, Terraform's state and the cloud against each other.

    Says which two disagree and since when, and what is in the project that nobody declared. Exceptions stand in the
    YAML, with owner and end. Changes nothing. Exit code 0: no drift; 1: something could not be asked; 2: drift.

    Example: envctl drift prod --since yesterday.json --format json > today.json
    """
    from envctl.console import note, write
    from envctl.drifting import find_drift
    from envctl.files import put
    from envctl.target import open_target

    target = open_target(environment, provider.value if provider else None, sandbox=sandbox)
    result = find_drift(target, with_state=state, since=since, lock_timeout=lock_timeout)
    write(_rendered(result, format, environment).rstrip("\n"))
    if imports is not None:
        put(imports, "\n\n".join(result.imports) + "\n" if result.imports else "")
        note(f"{len(result.imports)} import blocks: {imports}")
    raise typer.Exit(result.exit_code)


def _rendered(result: DriftResult, format: DriftFormat, environment: str) -> str:
    import shutil
    import sys

    from envctl.console import colours
    from envctl.output import drift, junit, sarif

    if format is DriftFormat.text:
        width = shutil.get_terminal_size((100, 24)).columns
        return drift.drift_text(result, terminal=colours(sys.stdout), width=width)
    if format is DriftFormat.json:
        return drift.drift_json(result)
    if format is DriftFormat.markdown:
        return drift.drift_markdown(result)
    report = drift.as_report(result)
    if format is DriftFormat.junit:
        return junit.render(report)
    return sarif.render(report, base="docs/reference/validation.md", anchors=False, home=f"envs/{environment}.yaml")

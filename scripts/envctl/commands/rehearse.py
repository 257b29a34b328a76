"""`envctl rehearse`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName, ExitZero


class RehearsalFormat(StrEnum):
    """How it is told."""

    text = "text"
    json = "json"
    markdown = "markdown"


def rehearse(
    environment: EnvironmentName,
    base: Annotated[
        str, typer.Option("--base", metavar="REF", help="The commit, branch or tag that is applied first.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="A folder that gets ENV/review.json, for `envctl pr-comment`.")
    ] = None,
    exit_zero: ExitZero = False,
    format: Annotated[
        RehearsalFormat,
        typer.Option("--format", help="text for people, json for machines, markdown for a pull request."),
    ] = RehearsalFormat.text,
) -> None:
    """Try a change in a sandbox that is thrown away: no cloud, no credential.

    Applies the environment as REF has it, then plans, applies and validates this checkout. Exit code 0: it applies and
    is as declared; 1: it fails, with the error that an apply would show; 2: it destroys something, breaks a rule of the
    policy, or isn't as declared afterwards.

    Example: envctl rehearse prod --base origin/main
    """
    from envctl.console import write
    from envctl.output.rehearsal import rehearsal_json, rehearsal_markdown, rehearsal_text
    from envctl.rehearsing import rehearse as run

    done = run(environment, base, out=out)
    renderers = {
        RehearsalFormat.text: rehearsal_text,
        RehearsalFormat.json: rehearsal_json,
        RehearsalFormat.markdown: rehearsal_markdown,
    }
    write(renderers[format](done))
    raise typer.Exit(0 if done.exit_code == 2 and exit_zero else done.exit_code)

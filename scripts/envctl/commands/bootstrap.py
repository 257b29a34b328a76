"""`envctl bootstrap`."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import EnvironmentName, Format, FormatOption, LockTimeout, SandboxOption, Yes


def bootstrap(
    environment: EnvironmentName,
    state_only: Annotated[
        bool, typer.Option("--state-only", help="The bucket of the Terraform state alone; apply makes the rest.")
    ] = False,
    yes: Yes = False,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    format: FormatOption = Format.text,
) -> None:
    """Make what a first deployment needs: state bucket, APIs, registry, GitHub's identities.

    Once per project, before images are pushed and all is applied. What exists is never changed; exit code 2: it
    differs from what would have been made.

    Example: envctl bootstrap dev
    """
    from envctl.bootstrap import bootstrap_environment
    from envctl.console import write
    from envctl.output.bootstrap import bootstrap_json, bootstrap_text
    from envctl.target import open_target

    target = open_target(environment, sandbox=sandbox)
    result = bootstrap_environment(target, state_only=state_only, yes=yes, lock_timeout=lock_timeout)
    write(bootstrap_json(result) if format is Format.json else bootstrap_text(result, target.words))
    raise typer.Exit(2 if result.differs else 0)

"""`envctl apply`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName, Format, FormatOption, LockTimeout, ProviderOption, SandboxOption, Yes


def apply(
    environment: EnvironmentName,
    plan: Annotated[Path | None, typer.Option(help="Apply this saved plan, and nothing else.")] = None,
    fingerprint: Annotated[
        str | None, typer.Option(help="Refuse the plan unless this is its fingerprint: that of the reviewed one.")
    ] = None,
    reviewed: Annotated[
        Path | None, typer.Option(help="The review.json of the reviewed plan; by default the one beside the plan.")
    ] = None,
    yes: Yes = False,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    format: FormatOption = Format.text,
) -> None:
    """Make the cloud what the YAML says. Outside a sandbox it takes a saved plan, or asks.

    With --fingerprint, or beside a review.json, the plan must do what was reviewed.

    Example: envctl apply prod --plan plans/prod/plan.tfplan --fingerprint 4be1f0a9c2d7
    """
    from envctl.console import write
    from envctl.operations import apply_environment
    from envctl.output.plan import applied_json, applied_text
    from envctl.target import open_target

    target = open_target(environment, provider.value if provider else None, sandbox=sandbox)
    result = apply_environment(
        target,
        plan_file=plan,
        yes=yes,
        lock_timeout=lock_timeout,
        fingerprint=fingerprint,
        review_file=reviewed,
    )
    write(applied_json(result) if format is Format.json else applied_text(result))

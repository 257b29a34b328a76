"""`envctl apply`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName, Format, FormatOption, LockTimeout, ProviderOption, SandboxOption, Yes


def apply(
    environment: EnvironmentName,
    plan: Annotated[Path | None, typer.Option(help="Apply this saved plan, and nothing else.")] = None,
    yes: Yes = False,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    format: FormatOption = Format.text,
) -> None:
    """Make the cloud what the YAML says. Outside a sandbox it takes a saved plan, or asks.

    Example: envctl apply prod --plan build/prod/plan.tfplan
    """
    from envctl.console import write
    from envctl.operations import apply_environment
    from envctl.output.plan import applied_json, applied_text
    from envctl.target import open_target

    target = open_target(environment, provider.value if provider else None, sandbox=sandbox)
    result = apply_environment(target, plan_file=plan, yes=yes, lock_timeout=lock_timeout)
    write(applied_json(result) if format is Format.json else applied_text(result))

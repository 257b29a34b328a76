"""`envctl up`."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import Format, FormatOption, ProviderOption, SandboxOption


def up(
    environment: Annotated[
        str, typer.Argument(metavar="ENV", help="local, or with --sandbox any environment.")
    ] = "local",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The sandbox's port; by default a free one.")
    ] = None,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    format: FormatOption = Format.text,
) -> None:
    """Bring an environment up on this machine.

    Sandbox, terraform apply, validation; then it says where everything is.

    Example: envctl up prod --sandbox
    """
    from envctl.console import write
    from envctl.output.up import up_json, up_text
    from envctl.up import bring_up

    result = bring_up(environment, port=port, provider=provider.value if provider else None, sandbox=sandbox)
    write(up_json(result) if format is Format.json else up_text(result))
    raise typer.Exit(result.report.exit_code)

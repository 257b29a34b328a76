"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"


class Provider(StrEnum):
    """Where terraform takes hashicorp/google from."""

    embedded = "embedded"
    registry = "registry"


EnvironmentName = Annotated[str, typer.Argument(metavar="ENV", help="An environment: a file of envs/, such as local.")]
FormatOption = Annotated[Format, typer.Option("--format", help="text for people, json for machines.")]
ProviderOption = Annotated[
    Provider | None,
    typer.Option(
        "--provider",
        help="embedded: the provider the sandbox serves (default in a sandbox). "
        "registry: hashicorp/google, downloaded by terraform (default, and the only one, for Google Cloud).",
    ),
]
SandboxOption = Annotated[
    bool,
    typer.Option(
        "--sandbox", help="Work on a sandbox of this machine, whatever cloud the environment is of: a rehearsal."
    ),
]
LockTimeout = Annotated[str, typer.Option("--lock-timeout", help="How long to wait for the state's lock, such as 60s.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero", help="End with 0 where it would be 2: differences and findings are no failure.")
]

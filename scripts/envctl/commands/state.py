"""`envctl state`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import EnvironmentName, Format, FormatOption, SandboxOption, Yes

commands = typer.Typer(help="Look at Terraform's state, keep it, put it back.", no_args_is_help=True)


@commands.command()
def lock(environment: EnvironmentName, sandbox: SandboxOption = False, format: FormatOption = Format.text) -> None:
    """Say who holds the state's lock, since when, and how to recover.

    Exit code 0: nobody; 2: somebody.

    Example: envctl state lock prod
    """
    from envctl.console import write
    from envctl.output.state import lock_json, lock_text
    from envctl.states import lock_report
    from envctl.target import open_target

    report = lock_report(open_target(environment, sandbox=sandbox))
    write(lock_json(report) if format is Format.json else lock_text(report))
    raise typer.Exit(report.exit_code)


@commands.command()
def unlock(
    environment: EnvironmentName,
    lock: Annotated[str, typer.Option("--lock", help="The lock's id, as `envctl state lock` says it.")],
    yes: Yes = False,
    sandbox: SandboxOption = False,
) -> None:
    """Take the lock away from one who is gone. Outside a sandbox it asks.

    Example: envctl state unlock prod --lock 1764123456789012
    """
    from envctl.console import write
    from envctl.states import unlock as take
    from envctl.target import open_target

    taken = take(open_target(environment, sandbox=sandbox), lock, yes=yes)
    write(f"{environment}: the lock of {taken.who} is gone; see what it left with `envctl plan {environment}`")


@commands.command()
def backup(
    environment: EnvironmentName,
    out: Annotated[Path, typer.Option(help="A new file; only its owner can read it.")],
    sandbox: SandboxOption = False,
    format: FormatOption = Format.text,
) -> None:
    """Keep the state in a file. It may hold secrets.

    Example: envctl state backup prod --out prod.tfstate
    """
    from envctl.console import write
    from envctl.output.state import kept_json, kept_text
    from envctl.states import backup as keep
    from envctl.target import open_target

    kept = keep(open_target(environment, sandbox=sandbox), out)
    write(kept_json(kept) if format is Format.json else kept_text(kept, environment))


@commands.command()
def versions(environment: EnvironmentName, sandbox: SandboxOption = False, format: FormatOption = Format.text) -> None:
    """List the states that the bucket keeps, the newest first.

    Example: envctl state versions prod
    """
    from envctl.console import write
    from envctl.output.state import versions_json, versions_text
    from envctl.states import versions as kept
    from envctl.target import open_target

    found = kept(open_target(environment, sandbox=sandbox))
    write(versions_json(found) if format is Format.json else versions_text(found))


@commands.command()
def restore(
    environment: EnvironmentName,
    file: Annotated[Path | None, typer.Option("--from", help="A backup.")] = None,
    generation: Annotated[str | None, typer.Option(help="A version, as `envctl state versions` lists them.")] = None,
    yes: Yes = False,
    sandbox: SandboxOption = False,
    format: FormatOption = Format.text,
) -> None:
    """Put a kept state back. What was there is kept too. Outside a sandbox it asks.

    Only the state changes, nothing in the cloud: plan afterwards, and look before you apply.

    Example: envctl state restore prod --generation 1764123456789012
    """
    from envctl.console import write
    from envctl.output.state import kept_json, kept_text
    from envctl.states import restore as put_back
    from envctl.target import open_target

    done = put_back(open_target(environment, sandbox=sandbox), file=file, generation=generation, yes=yes)
    write(kept_json(done) if format is Format.json else f"{kept_text(done, environment)} (what was there before)")

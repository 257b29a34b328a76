"""`envctl start`."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import EnvironmentName, Format, FormatOption, SandboxOption


def start(
    environment: EnvironmentName,
    workflow: Annotated[str, typer.Argument(help="A workflow: subproject/key, such as strategy-engine/post-market.")],
    argument: Annotated[str | None, typer.Option(help="What it gets, as JSON.")] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for its end; 0: don't wait.")] = 3600,
    sandbox: SandboxOption = False,
    format: FormatOption = Format.text,
) -> None:
    """Start a workflow of the environment, and wait for its end.

    Exit code 0: it succeeded, or still runs; 1: it failed.

    Example: envctl start prod strategy-engine/post-market --argument '{"trigger": "by hand"}'
    """
    import json
    from dataclasses import asdict

    from envctl.console import write
    from envctl.errors import UserError
    from envctl.starting import start_workflow
    from envctl.target import open_target

    try:
        given = None if argument is None else json.loads(argument)
    except ValueError as error:
        raise UserError("the argument is not JSON", why=str(error), todo="quote it for the shell") from None
    done = start_workflow(open_target(environment, sandbox=sandbox), workflow, argument=given, wait=wait)
    if format is Format.json:
        write(json.dumps(asdict(done), indent=2))
    else:
        write(f"{done.workflow}: {done.state.lower()} after {done.seconds:.0f} s ({done.name})")
        if done.result:
            write(_readable(done.result))
    raise typer.Exit(done.exit_code)


def _readable(result: str) -> str:
    """JSON a line a value; anything else as it is."""
    import json

    try:
        return json.dumps(json.loads(result), indent=2, ensure_ascii=False)
    except ValueError:
        return result

"""`envctl sandbox faults`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from .options import Format, FormatOption

commands = typer.Typer(
    help="Make a running sandbox's APIs fail, cut connections or be slow, to see how what asks them takes it.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(metavar="ENV", help="The sandbox, by the environment it holds.")]


class Cut(StrEnum):
    """When a connection is cut."""

    before = "before"
    after = "after"


@commands.command()
def add(
    name: Name = "local",
    service: Annotated[str, typer.Option(help="An API, such as pubsub; by default every one.")] = "",
    method: Annotated[str, typer.Option(help="An HTTP method; by default every one.")] = "",
    path: Annotated[
        str, typer.Option(help="A pattern for the path below the API's prefix, such as 'v1/projects/*/topics/*'.")
    ] = "",
    status: Annotated[int, typer.Option(help="Answer this error: 409, 412, 429, 500, 503, …")] = 0,
    message: Annotated[str, typer.Option(help="What that error says.")] = "",
    cut: Annotated[
        Cut | None, typer.Option(help="Cut the connection before the call is done, or after, without an answer.")
    ] = None,
    latency_ms: Annotated[int, typer.Option(min=0, help="Wait so long first.")] = 0,
    probability: Annotated[float, typer.Option(help="How likely a call is hit.")] = 1.0,
    skip: Annotated[int, typer.Option(min=0, help="Let so many calls go by unharmed first.")] = 0,
    times: Annotated[int, typer.Option(min=0, help="Hit so many calls at most; 0: all.")] = 0,
    format: FormatOption = Format.text,
) -> None:
    """Add a fault. It lasts until it is cleared or the sandbox stops; several work together.

    Example: envctl sandbox faults add local --service pubsub --method PUT --status 503 --times 2

    Example: envctl sandbox faults add local --latency-ms 50
    """
    import json
    from dataclasses import asdict

    from envctl.console import write
    from envctl.faults import Fault, add
    from envctl.project import find_project
    from envctl.sandboxes import require

    wanted = Fault(service, method, path, status, message, cut or "", latency_ms, probability, skip, times)
    fault = add(require(find_project().sandbox(name)), wanted)
    if format is Format.json:
        write(json.dumps(asdict(fault)))
    else:
        write(f"fault {fault.id}: {fault.calls()} {fault.effect()}")


@commands.command(name="list")
def list_(name: Name = "local", format: FormatOption = Format.text) -> None:
    """List the faults, with how many calls each has fitted and hit.

    Example: envctl sandbox faults list local --format json
    """
    import json
    from dataclasses import asdict

    from envctl.console import table, write
    from envctl.faults import standing
    from envctl.project import find_project
    from envctl.sandboxes import require

    faults = standing(require(find_project().sandbox(name)))
    if format is Format.json:
        write(json.dumps({"faults": [asdict(fault) for fault in faults]}))
    elif faults:
        rows = [(fault.id, fault.calls(), fault.effect(), f"{fault.hit} of {fault.matched}") for fault in faults]
        write(table(rows, ("fault", "calls", "effect", "hit")))
    else:
        write(f"sandbox {name} has no faults")


@commands.command()
def clear(
    name: Name = "local",
    fault: Annotated[str, typer.Option(help="Only this one, by its number.")] = "",
    format: FormatOption = Format.text,
) -> None:
    """Clear all faults, or one.

    Example: envctl sandbox faults clear local
    """
    import json

    from envctl.console import write
    from envctl.faults import clear
    from envctl.project import find_project
    from envctl.sandboxes import require

    cleared = clear(require(find_project().sandbox(name)), fault)
    if format is Format.json:
        write(json.dumps({"cleared": cleared}))
    else:
        write(f"{cleared} fault{'' if cleared == 1 else 's'} cleared")

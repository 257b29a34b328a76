"""`envctl sandbox`."""

from __future__ import annotations

from typing import Annotated

import typer

from . import sandbox_faults
from .options import Format, FormatOption

commands = typer.Typer(help="Start, stop, list, delete sandboxes; make them fail.", no_args_is_help=True)
commands.add_typer(sandbox_faults.commands, name="faults")
Name = Annotated[str, typer.Argument(metavar="ENV", help="The environment it holds.")]


@commands.command()
def up(
    name: Name = "local",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Use this port; by default a free one.")] = None,
    grpc_port: Annotated[int | None, typer.Option(min=1, max=65535, help="The same for gRPC.")] = None,
    format: FormatOption = Format.text,
) -> None:
    """Start a sandbox, or find it running. Nothing is lost between two starts.

    Example: envctl sandbox up local --port 8085
    """
    import json

    from envctl.console import write
    from envctl.environments import load, names
    from envctl.project import find_project
    from envctl.sandboxes import start

    project = find_project()
    # A sandbox may have a name of its own; one of an environment is told what the environment says of its project.
    numbers = load(name, project.root).declared.project_numbers if name in names(project.root) else None
    sandbox, started = start(project.sandbox(name), port=port, grpc_port=grpc_port, projects=numbers)
    if format is Format.json:
        found = {"name": name, "url": sandbox.url, "grpc": sandbox.grpc, "pid": sandbox.pid, "started": started}
        write(json.dumps(found))
    else:
        doing = "started" if started else "already runs"
        write(f"sandbox {name} {doing} at {sandbox.url}, gRPC {sandbox.grpc} (process {sandbox.pid})")


@commands.command()
def down(name: Name = "local", format: FormatOption = Format.text) -> None:
    """Stop a sandbox. Its state stays, and the next start takes it up again.

    Example: envctl sandbox down local
    """
    import json

    from envctl.console import write
    from envctl.environments import names
    from envctl.project import find_project
    from envctl.sandboxes import require_known, stop

    project = find_project()
    state = project.sandbox(name)
    require_known(name, project.sandboxes, names(project.root))
    stopped = stop(state)
    if format is Format.json:
        write(json.dumps({"name": name, "stopped": stopped is not None}))
    else:
        write(f"sandbox {name} stopped" if stopped else f"sandbox {name} was not running")


@commands.command(name="list")
def list_(format: FormatOption = Format.text) -> None:
    """List the sandboxes of this checkout.

    Example: envctl sandbox list --format json
    """
    import json

    from envctl.console import table, write
    from envctl.project import find_project
    from envctl.sandboxes import all_of

    rows = list(all_of(find_project().sandboxes))
    if format is Format.json:
        found = [
            {
                "name": n,
                "running": s is not None,
                "url": s.url if s else None,
                "grpc": s.grpc if s else None,
                "pid": s.pid if s else None,
            }
            for n, s in rows
        ]
        write(json.dumps({"sandboxes": found}))
    elif rows:
        write(
            table(
                [(n, s.url, s.grpc, str(s.pid)) if s else (n, "stopped", "", "") for n, s in rows],
                ("name", "address", "gRPC", "process"),
            )
        )
    else:
        write("no sandbox yet: `envctl sandbox up` starts one")


@commands.command()
def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Delete a sandbox with all its state: resources, messages, rows, objects, Terraform state.

    Example: envctl sandbox delete local --yes
    """
    import shutil

    from envctl.console import write
    from envctl.errors import UserError
    from envctl.project import find_project
    from envctl.sandboxes import require_known, running

    project = find_project()
    state = project.sandbox(name)
    require_known(name, project.sandboxes)
    if running(state):
        raise UserError(f'the sandbox "{name}" is running', todo=f"stop it first: `envctl sandbox down {name}`")
    if not yes:
        typer.confirm(f"Delete {state} and all that is in it?", abort=True, err=True)
    shutil.rmtree(state)
    write(f"sandbox {name} deleted")

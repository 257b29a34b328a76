"""`envctl down`."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import Format, FormatOption


def down(
    environment: Annotated[
        str | None, typer.Argument(metavar="ENV", help="By default every sandbox of this checkout.")
    ] = None,
    format: FormatOption = Format.text,
) -> None:
    """Stop what runs on this machine.

    State stays; `envctl up` takes it up again.

    Example: envctl down
    """
    import json

    from envctl.console import write
    from envctl.project import find_project
    from envctl.sandboxes import all_of, stop

    project = find_project()
    home = project.sandboxes
    names = [environment] if environment else [name for name, found in all_of(home) if found]
    stopped = [name for name in names if stop(home / name)]
    if format is Format.json:
        write(json.dumps({"stopped": stopped}))
    else:
        write(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")

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
    from envctl.environments import names
    from envctl.project import find_project
    from envctl.sandboxes import all_of, require_known, stop

    project = find_project()
    if environment:
        require_known(environment, project.sandboxes, names(project.root))
        wanted = [environment]
    else:
        wanted = [name for name, found in all_of(project.sandboxes) if found]
    stopped = [name for name in wanted if stop(project.sandbox(name))]
    if format is Format.json:
        write(json.dumps({"stopped": stopped}))
    else:
        write(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")

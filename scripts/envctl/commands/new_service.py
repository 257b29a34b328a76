"""`envctl new-service`."""

from __future__ import annotations

from typing import Annotated

import typer


def new_service(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The service's name, such as order-blotter.")],
    subproject: Annotated[str, typer.Option("--subproject", help="The subproject it belongs to.")],
    own_dockerfile: Annotated[
        bool, typer.Option("--own-dockerfile", help="Give it a Dockerfile of its own, instead of services/Dockerfile.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
) -> None:
    """Write a new service: package, test, settings, and its stanza in the YAML.

    All is written or nothing. Its image is built from services/Dockerfile, and the subproject's dashboards show it.

    Example: envctl new-service order-blotter --subproject trading-execution-engine --dry-run
    """
    from envctl.console import note, write
    from envctl.project import find_project
    from envctl.scaffold import plan_service, write_all

    project = find_project()
    made = plan_service(project.root, name, subproject, own_dockerfile=own_dockerfile)
    if dry_run:
        write(made.diff().rstrip("\n"))
        return
    write_all(project.root, made.files)
    write("\n".join(made.files))
    note("next: `make generate`, then `envctl plan local`, `envctl apply local`; its routes go into __main__.py")

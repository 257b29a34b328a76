"""`envctl export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import EnvironmentName

if TYPE_CHECKING:
    from envctl.exports import Export

commands = typer.Typer(help="Write an environment for other places, from the same YAML.", no_args_is_help=True)
Out = Annotated[Path | None, typer.Option("--out", help="A folder; by default build/ENV/ and the export's name.")]


@commands.command()
def compose(environment: EnvironmentName, out: Out = None) -> None:
    """Write a compose file: every service, worker pool and job as a container on one machine.

    Ports are on 127.0.0.1, secrets come from .env, images are built from this checkout.

    Example: envctl export compose local --out stack
    """
    from envctl.environments import load
    from envctl.exports.compose import compose as make
    from envctl.project import find_project

    project = find_project()
    folder = out or project.build(environment) / "compose"
    _write(make(load(environment, project.root), project.root, folder.absolute()), folder)


@commands.command()
def kubernetes(environment: EnvironmentName, out: Out = None) -> None:
    """Write Kubernetes manifests: a namespace a subproject, closed but for what the grants allow.

    Deployments with probes, limits and no rights, services, autoscalers, budgets of disruption, network policies.

    Example: envctl export kubernetes prod --out manifests
    """
    from envctl.environments import load
    from envctl.exports.kubernetes import kubernetes as make
    from envctl.project import find_project

    project = find_project()
    _write(make(load(environment, project.root), project.root), out or project.build(environment) / "kubernetes")


@commands.command()
def monitoring(environment: EnvironmentName, out: Out = None) -> None:
    """Write Prometheus' configuration and alert rules, and Grafana's dashboards with their provisioning.

    They stand beside the compose file: its profile "monitoring" runs both.

    Example: envctl export monitoring prod --out monitoring
    """
    from envctl.environments import load
    from envctl.exports.monitoring import monitoring as make
    from envctl.project import find_project

    project = find_project()
    _write(make(load(environment, project.root), project.root), out or project.build(environment) / "monitoring")


def _write(export: Export, folder: Path) -> None:
    from envctl.console import note, write
    from envctl.exports import write_export

    write("\n".join(str(path) for path in write_export(export, folder)))
    for line in export.notes:
        note(f"note: {line}")

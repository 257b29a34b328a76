"""`envctl images`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .options import EnvironmentName, Format, FormatOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envctl.environments import LoadedEnvironment
    from envctl.images.wanted import Commit, Image
    from envctl.images.work import Built
    from envctl.project import Project

commands = typer.Typer(help="Build, scan and push the services' images; say which build runs.", no_args_is_help=True)
Names = Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Of these services; by default all.")]


@commands.command()
def build(environment: EnvironmentName, services: Names = None, format: FormatOption = Format.text) -> None:
    """Build the images that an environment names, from this checkout.

    Tagged and labelled by the commit. A service without a package of its own gets the starter.

    Example: envctl images build prod shared-services
    """
    from envctl.images.engine import find_engine
    from envctl.images.work import build as build_all

    project, loaded, images, commit = _prepared(environment, services)
    _tell(loaded, build_all(find_engine(), project.root, images, commit), format)


@commands.command()
def scan(
    environment: EnvironmentName,
    services: Names = None,
    severity: Annotated[str, typer.Option(help="What counts as a finding.")] = "HIGH,CRITICAL",
    if_available: Annotated[bool, typer.Option("--if-available", help="No scanner here is no finding.")] = False,
    format: FormatOption = Format.text,
) -> None:
    """Scan the images that were built here, with trivy or docker scout.

    Exit code 2: something was found, or could not be scanned.

    Example: envctl images scan prod --severity CRITICAL
    """
    from envctl.console import note
    from envctl.images.engine import find_engine
    from envctl.images.scanning import find_scanner
    from envctl.images.work import scan as scan_all

    _, loaded, images, commit = _prepared(environment, services)
    scanner = find_scanner([one.strip().upper() for one in severity.split(",")])
    if scanner is None:
        note("nothing was scanned: neither trivy nor docker scout is here")
        if if_available:
            return
        note("  what to do: install one of them; or let it pass with --if-available")
        raise typer.Exit(2)
    done = scan_all(find_engine(), scanner, images, commit)
    _tell(loaded, done, format)
    raise typer.Exit(2 if any(one.result != "clean" for one in done) else 0)


@commands.command()
def push(environment: EnvironmentName, services: Names = None, format: FormatOption = Format.text) -> None:
    """Push what was built of this commit, and write the digests to envs/images/ENV.yaml: the next plan takes them.

    Example: envctl images push prod
    """
    from envctl.images.engine import find_engine
    from envctl.images.work import push as push_all

    project, loaded, images, commit = _prepared(environment, services)
    done = push_all(find_engine(), images, commit)
    _tell(loaded, done, format)
    _write(project, loaded, done, commit.id)


@commands.command()
def digests(
    environment: EnvironmentName,
    services: Names = None,
    tag: Annotated[str | None, typer.Option(help="By default the one of this checkout's commit.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit code 2 where the file differs.")] = False,
    format: FormatOption = Format.text,
) -> None:
    """Ask the registry for the images' digests, and write them to envs/images/ENV.yaml. Needs no docker.

    Exit code 2: an image is not there (nothing is written), or with --check, the file says something else.

    Example: envctl images digests prod --tag 3f2a9c1b7d5e
    """
    from envctl.console import note
    from envctl.images.work import look_up

    project, loaded, images, commit = _prepared(environment, services)
    done = look_up(images, tag or commit.tag)
    _tell(loaded, done, format)
    if any(not one.digest for one in done):
        raise typer.Exit(2)
    if not check:
        _write(project, loaded, done, tag or commit.id)
        return
    said = {name: one.digest for name, one in loaded.builds.items()}
    differing = [one.image.service for one in done if said.get(one.image.name) != one.digest]
    if differing:
        note(f"envs/images/{environment}.yaml says something else of {', '.join(differing)}")
        raise typer.Exit(2)


@commands.command()
def pin(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 2 where it is not current.")
    ] = False,
) -> None:
    """Write the digest that the base image's tag has today into services/Dockerfile.

    Example: envctl images pin
    """
    from envctl.console import write
    from envctl.images.base import pinned
    from envctl.images.wanted import DOCKERFILE
    from envctl.project import find_project
    from envctl.scaffold.write import write_all

    root = find_project().root
    text = (root / DOCKERFILE).read_text(encoding="utf-8")
    base, new = pinned(text)
    write(base)
    if new != text and check:
        raise typer.Exit(2)
    write_all(root, {DOCKERFILE: new})


def _prepared(
    environment: str, services: Sequence[str] | None
) -> tuple[Project, LoadedEnvironment, list[Image], Commit]:
    from envctl.environments import load
    from envctl.errors import UserError
    from envctl.images.wanted import commit, wanted
    from envctl.project import find_project

    project = find_project()
    loaded = load(environment, project.root)
    if loaded.declared.cloud == "sandbox":
        raise UserError(
            f"{environment} needs no images", why="a sandbox runs the packages of services/ as they are in the checkout"
        )
    github = loaded.declared.github
    now = commit(project.root, github.repository if github else None)
    return project, loaded, wanted(loaded, project.root, services or ()), now


def _tell(loaded: LoadedEnvironment, built: Sequence[Built], format: Format) -> None:
    from envctl.console import write
    from envctl.output.images import images_json, images_text

    write(images_json(loaded.name, built) if format is Format.json else images_text(built))


def _write(project: Project, loaded: LoadedEnvironment, built: Sequence[Built], revision: str) -> None:
    from envctl.console import note
    from envctl.images.wanted import wanted
    from envctl.images.work import with_builds, write_builds

    text = with_builds(loaded, wanted(loaded, project.root), built, revision)
    note(f"written: {write_builds(project.root, loaded.name, text)}")

"""What is known of an environment without reading its YAML again: what it was when it was last rendered.

Reading, checking and resolving an environment takes longer than terraform takes to start. Rendering is therefore what
`make` would do: as long as no file below `envs/` and no line of this code has changed, and the rendered files are as
they were written, they stand. What is told of the rest (`loaded`) is read when somebody asks for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import shared_services

from .files import put
from .project import Project

if TYPE_CHECKING:
    from .environments import LoadedEnvironment

STAMP = "rendered.json"
_LOCK = "uv.lock"  # the libraries that read YAML and check it
_CODE = (Path(__file__).parent, Path(shared_services.__file__).parent)


@dataclass(frozen=True, slots=True)
class Facts:
    """What most commands ask of an environment.

    Args:
        name: such as `prod`.
        cloud: where it runs.
        project_id: Google's project.
        region: Google's region.
        allows_data_loss: some dataset of it permits a plan to lose data.
    """

    name: str
    cloud: Literal["google", "sandbox"]
    project_id: str
    region: str
    allows_data_loss: bool


class Known:
    """A valid environment, of which no more is read than is asked for.

    Args:
        facts: what is known without reading it.
        project: the checkout.
        inputs: what it is rendered from, where that is known.
    """

    def __init__(self, facts: Facts, project: Project, inputs: str | None = None) -> None:
        self.facts = facts
        self._project = project
        self._inputs = inputs

    @classmethod
    def of(cls, loaded: LoadedEnvironment, project: Project, inputs: str | None = None) -> Known:
        """An environment that is read already."""
        declared = loaded.declared
        allows = any(
            dataset.allow_data_loss for one in declared.subprojects.values() for dataset in one.datasets.values()
        )
        known = cls(Facts(loaded.name, declared.cloud, declared.project_id, declared.region, allows), project, inputs)
        known.loaded = loaded
        return known

    @cached_property
    def loaded(self) -> LoadedEnvironment:
        """The environment itself, read, checked and merged.

        Raises:
            UserError: its YAML has changed since, and is invalid.
        """
        from .environments import load

        return load(self.facts.name, self._project.root)

    def render(self, build: Path) -> None:
        """Bring the files that terraform reads up to date.

        Raises:
            UserError: the folder can't be written, or the YAML has changed since and is invalid.
        """
        if self._inputs is not None and _stamped(build, self.facts.name, self._inputs) is not None:
            return
        from .environments import write

        rendered = write(self.loaded, build)
        if self._inputs is None or self._inputs != inputs(self._project):  # it changed while it was read
            (build / STAMP).unlink(missing_ok=True)
            return
        stamp = {
            "inputs": self._inputs,
            "files": {file.name: _hash(file) for file in rendered},
            "facts": asdict(self.facts),
        }
        put(build / STAMP, json.dumps(stamp, indent=2) + "\n", private=True)


def know(name: str, project: Project, builds: tuple[str, ...]) -> Known:
    """An environment: from one of the folders it was rendered to where nothing has changed since, else by reading it.

    Args:
        name: such as `prod`.
        project: the checkout.
        builds: the names of those folders.

    Raises:
        UserError: there is no such environment.
        InvalidEnvironment: it has problems; they are all in it.
    """
    now = inputs(project)
    for build in builds:
        if (facts := _stamped(project.build(build), name, now)) is not None:
            return Known(facts, project, now)
    from .environments import load

    return Known.of(load(name, project.root), project, now)


def inputs(project: Project) -> str:
    """A hash over all that rendering depends on: what is below `envs/`, the code, the libraries and Python."""
    digest = hashlib.sha256(sys.version.encode())
    envs = project.root / "envs"
    for file in sorted(_files(envs), key=lambda entry: entry.path):
        digest.update(f"\0{file.path}\0".encode(errors="surrogateescape"))
        digest.update(_hash(Path(file.path)).encode() if file.is_file() else b"no file")
    digest.update(_hash(project.root / _LOCK).encode())
    for folder in _CODE:
        for file in sorted(_files(folder), key=lambda entry: entry.path):
            if file.name.endswith(".py"):
                status = file.stat(follow_symlinks=False)
                digest.update(f"\0{file.path}\0{status.st_size} {status.st_mtime_ns}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """All files below a folder, whatever they are; of what can't be looked into, reading the environment will tell."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry


def _hash(file: Path) -> str:
    """Of what a file holds; of one that can't be read, that it can't."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        return type(error).__name__


def _stamped(build: Path, name: str, now: str) -> Facts | None:
    """What a folder tells of the environment rendered to it from these inputs, if its files are still those."""
    try:
        stamp = json.loads((build / STAMP).read_bytes())
        facts = Facts(**stamp["facts"])
        if (stamp["inputs"], facts.name) != (now, name):
            return None
        return facts if all(_hash(build / file) == was for file, was in stamp["files"].items()) else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # none, or one that somebody spoilt
        return None

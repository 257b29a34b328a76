"""Which commands there are, and that only the one that is run is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import envctl.commands
from envctl.cli import COMMANDS, application
from typer.main import get_command


def test_every_file_of_commands_is_listed() -> None:
    files = {file.stem.replace("_", "-") for file in Path(envctl.commands.__file__).parent.glob("*.py")}
    shared = {"--init--", "options", "sandbox-faults"}  # what commands share, and a group within one
    assert set(COMMANDS) == files - shared


def test_commands_have_the_names_by_which_they_are_listed() -> None:
    commands = get_command(application).commands  # type: ignore[attr-defined]
    assert [command.name for command in commands.values()] == list(COMMANDS)


def test_a_command_loads_no_other() -> None:
    code = "import sys; from envctl.cli import application\n" + (
        "try: application(['render', '--help'])\n"
        "except SystemExit: print(sorted(name for name in sys.modules if name.startswith('envctl.commands.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "['envctl.commands.options', 'envctl.commands.render']"

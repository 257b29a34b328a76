"""The files that Terraform reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from envctl.environments import tfvars, write
from envctl.errors import UserError

from tests.unit.environments.environment_files import EnvironmentFiles


def test_both_files_are_written(envs: EnvironmentFiles, tmp_path: Path) -> None:
    loaded = envs.subprojects(alpha="topics: {zeta: {}, eta: {}}").load()
    variables, backend = write(loaded, tmp_path / "build" / "dev")
    text = variables.read_text()
    assert variables.name == "terraform.tfvars.json" and text.endswith("}\n")
    assert json.loads(text) == tfvars(loaded)
    assert text.index('"eta"') < text.index('"zeta"')
    assert backend.name == "backend.tfbackend"
    assert backend.read_text() == 'bucket = "atm-dev-1-tfstate"\nprefix = "terraform/state"\n'


def test_the_state_can_be_elsewhere(envs: EnvironmentFiles, tmp_path: Path) -> None:
    loaded = envs.dev("project_id: atm-dev-1\nstate: {bucket: our-states, prefix: trading/dev}\n").load()
    assert write(loaded, tmp_path).backend.read_text() == 'bucket = "our-states"\nprefix = "trading/dev"\n'


def test_what_is_unchanged_is_not_touched(envs: EnvironmentFiles, tmp_path: Path) -> None:
    first = write(envs.load(), tmp_path / "out")
    times = [file.stat().st_mtime_ns for file in first]
    again = write(envs.load(), tmp_path / "out")
    assert [file.stat().st_mtime_ns for file in again] == times
    envs.dev("project_id: atm-dev-1\nlabels: {team: x}\n")
    write(envs.load(), tmp_path / "out")
    assert first.tfvars.stat().st_mtime_ns != times[0]
    assert first.backend.stat().st_mtime_ns == times[1]


def test_nothing_is_left_beside_the_files(envs: EnvironmentFiles, tmp_path: Path) -> None:
    write(envs.load(), tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"terraform.tfvars.json", "backend.tfbackend"}


def test_a_folder_that_is_a_file_is_one_message(envs: EnvironmentFiles, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UserError, match="can't be written"):
        write(envs.load(), tmp_path / "out")

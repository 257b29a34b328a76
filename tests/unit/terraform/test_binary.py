"""Which terraform is taken."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from envctl.errors import UserError
from envctl.terraform.binary import find_terraform


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty PATH and a virtual environment of its own."""
    monkeypatch.delenv("TERRAFORM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv/bin/python"))
    return tmp_path


def test_the_one_on_path_is_taken(machine: Path) -> None:
    wanted = executable(machine / "bin/terraform")
    assert find_terraform() == wanted


def test_the_shim_stands_in_for_an_old_one_on_path(machine: Path) -> None:
    executable(machine / "bin/terraform")
    shim = executable(machine / "venv/bin/terraform")
    assert find_terraform() == shim


def test_the_variable_comes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(machine / "bin/terraform")
    wanted = executable(machine / "other/terraform-1.12")
    monkeypatch.setenv("TERRAFORM", str(wanted))
    assert find_terraform() == wanted


def test_none_at_all_says_how_to_get_one(machine: Path) -> None:
    with pytest.raises(UserError, match="not installed") as caught:
        find_terraform()
    assert "make setup" in caught.value.todo

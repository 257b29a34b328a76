"""Secrets of the machine that runs envctl appear in nothing that it exports, writes, draws or says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from envctl.cli import application
from envctl.github import from_environment
from typer.testing import CliRunner

from tests.unit.exports.conftest import BASE, ROOT

CANARY = "canary-91c2"
NAMES = ("KITE_API_KEY", "GITHUB_TOKEN", "GH_TOKEN", "GOOGLE_OAUTH_ACCESS_TOKEN", "DATABASE_URL", "TELEGRAM_BOT_TOKEN")
COMMANDS = (
    ("export", "compose", "small", "--out", "out/compose"),
    ("export", "kubernetes", "small", "--out", "out/kubernetes"),
    ("export", "monitoring", "small", "--out", "out/monitoring"),
    ("new-service", "quotes", "--subproject", "trading"),
    ("render", "small"),
    ("graph", "small", "--out", "out/graph.svg", "--format", "svg"),
    ("explain", "small", "subprojects.trading.services.router"),
    ("cost", "small", "--format", "json"),
    ("images", "digests", "small"),
    ("pr-comment", "nothing", "--print"),
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("infra", "modules", "services", "envs/subprojects"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "envs/base.yaml").write_text(BASE)
    (tmp_path / "envs/small.yaml").write_text("cloud: sandbox\nproject_id: atm-small-1\n")
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.setenv(name, CANARY)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_no_command_tells_what_it_was_given(root: Path, command: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(application, list(command))
    assert CANARY not in answer.output + str(answer.exception)
    for file in root.rglob("*"):
        assert not file.is_file() or CANARY not in file.read_text(errors="replace"), file


def test_a_token_is_shown_by_nothing_that_holds_it() -> None:
    assert CANARY not in repr(from_environment({"GITHUB_REPOSITORY": "o/r", "GITHUB_TOKEN": CANARY}))

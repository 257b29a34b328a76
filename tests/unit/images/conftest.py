"""A checkout with a commit, and a docker that only writes down what it is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from envctl.cli import application
from envctl.clouds.credentials import SandboxToken
from typer.testing import CliRunner, Result

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "ya29.a-token"
Call = dict[str, Any]


IMAGE = "${region}-docker.pkg.dev/${project_id}/services"
BASE = f"""\
apis: [run.googleapis.com, iam.googleapis.com, iamcredentials.googleapis.com, sts.googleapis.com]
subprojects:
  shared-services:
    service_accounts: {{runner-account: {{}}}}
    services:
      auth: {{image: "{IMAGE}/auth:latest", service_account: runner-account}}
      reporting:
        image: {IMAGE}/reporting
        service_account: runner-account
        sidecars:
          proxy: {{image: "{IMAGE}/proxy:latest"}}
          foreign: {{image: "docker.io/library/redis:8"}}
      fixed: {{image: "{IMAGE}/auth:1.2", service_account: runner-account}}
    jobs:
      nightly: {{image: "{IMAGE}/reporting:latest", service_account: runner-account, args: [nightly]}}
    worker_pools:
      consumers: {{image: "{IMAGE}/auth", service_account: runner-account}}
"""
PROD = """\
project_id: atm-platform-prod
project_number: "742915038826"
github: {repository: ai-trading-machine/platform, repository_id: "812640197"}
"""
LOCAL = "cloud: sandbox\nproject_id: atm-local\n"


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of a small platform, with one commit."""
    root = tmp_path_factory.mktemp("committed")
    for folder in ("envs", "infra", "modules", "services/auth"):
        (root / folder).mkdir(parents=True)
    for name, text in (("base", BASE), ("prod", PROD), ("local", LOCAL)):
        (root / f"envs/{name}.yaml").write_text(text)
    (root / "services/auth/__main__.py").write_text("")
    shutil.copy(ROOT / "services/Dockerfile", root / "services")
    dated = {**os.environ, "GIT_COMMITTER_DATE": "2026-11-02T03:04:05Z"}
    own = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "-A"], [*own, "commit", "-qm", "one"]):
        subprocess.run(["git", *command], cwd=root, check=True, env=dated)
    return root


@pytest.fixture
def root(committed: Path, tmp_path: Path) -> Path:
    """One of a test's own."""
    return Path(shutil.copytree(committed, tmp_path / "checkout"))


@pytest.fixture
def head(root: Path) -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def envctl(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(root)
    monkeypatch.setattr("envctl.images.work.ApplicationDefault", lambda: SandboxToken(TOKEN))

    def run(*words: str) -> Result:
        return CliRunner().invoke(application, list(words), catch_exceptions=True)

    return run


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Call]]:
    """The calls so far, those that begin with some words."""
    folder = tmp_path / "docker"
    folder.mkdir()
    program = folder / "docker"
    fake = Path(__file__).with_name("fake_docker.py")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{fake}" "$@"\n')
    program.chmod(0o755)
    git = shutil.which("git")
    assert git is not None
    (folder / "git").symlink_to(git)
    monkeypatch.setenv("PATH", f"{folder}:/bin")
    monkeypatch.setenv("FAKE_DOCKER", str(folder))
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))

    def calls(*words: str) -> list[Call]:
        file = folder / "calls"
        read = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [call for call in read if call["words"][: len(words)] == list(words)]

    return calls

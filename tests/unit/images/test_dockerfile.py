"""What the Dockerfile of the services keeps to."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path
from typing import Any

import pytest
from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "services").rglob("Dockerfile"))


@pytest.fixture(params=FILES, ids=lambda file: str(file.relative_to(ROOT)))
def steps(request: pytest.FixtureRequest, tmp_path: Path) -> list[tuple[str, str]]:
    parser = DockerfileParser(str(tmp_path), cache_content=True)
    parser.content = request.param.read_text()
    parsed: list[dict[str, Any]] = parser.structure
    return [(step["instruction"], step["value"]) for step in parsed if step["instruction"] != "COMMENT"]


def values(steps: list[tuple[str, str]], instruction: str) -> list[str]:
    return [value for name, value in steps if name == instruction]


def last_stage(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    starts = [at for at, (name, _) in enumerate(steps) if name == "FROM"]
    assert len(starts) >= 2, "what builds is not what runs"
    return steps[starts[-1] :]


def test_the_base_is_slim_and_named_exactly(steps: list[tuple[str, str]]) -> None:
    (base,) = [value for value in values(steps, "ARG") if value.startswith("PYTHON_IMAGE=")]
    assert re.fullmatch(r"PYTHON_IMAGE=docker\.io/library/python:3\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)
    assert all(value.split()[0] == "${PYTHON_IMAGE}" for value in values(steps, "FROM"))


def test_it_runs_as_nobody_in_particular(steps: list[tuple[str, str]]) -> None:
    stage = last_stage(steps)
    (user,) = values(stage, "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    at = [name for name, _ in stage].index("USER")
    assert not {"RUN", "COPY", "ADD"} & {name for name, _ in stage[at:]}
    assert "--chown" not in str(stage)


def test_it_is_checked_and_started_without_a_shell(steps: list[tuple[str, str]]) -> None:
    stage = last_stage(steps)
    (check,), (entry,) = values(stage, "HEALTHCHECK"), values(stage, "ENTRYPOINT")
    assert check.endswith('CMD ["python", "-m", "services.healthcheck"]')
    assert entry == '["python", "-m", "services"]'
    assert not values(stage, "RUN")


def test_packages_are_the_locked_ones_and_no_secret_goes_in(steps: list[tuple[str, str]]) -> None:
    runs = values(steps, "RUN")
    assert any("uv sync --locked" in run and "--no-dev" in run for run in runs)
    version = re.search(r"uv_version=(\S+)", (ROOT / "scripts/setup.sh").read_text())
    assert version is not None
    assert any(f"uv=={version[1]}" in run for run in runs), "the uv of the images is the one of set-up"
    text = " ".join(values(steps, "ARG") + values(steps, "ENV"))
    assert not re.search(r"(?i)(secret|token|password|key)\w*=", text)
    assert "ADD" not in {name for name, _ in steps}


def test_the_context_is_what_is_copied_and_no_more(steps: list[tuple[str, str]]) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = set()
    for value in values(steps, "COPY"):
        if not value.startswith("--from="):
            copied |= {source.split("/")[0] for source in value.split()[:-1]}
    assert copied == allowed
    left_out = [rule for rule in rules[1:] if not rule.startswith("!")]
    for file in ("services/auth/__pycache__", "config/.env", "config/secrets"):
        assert any(fnmatch.fnmatch(file, rule) for rule in left_out), file

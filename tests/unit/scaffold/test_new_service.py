"""`envctl new-service`: what it writes is valid, checked and tested; what it refuses leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from envctl.cli import application
from envctl.environments import load
from envctl.errors import UserError
from envctl.scaffold import plan_service, write_all
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[3]
SUBPROJECT = "trading-execution-engine"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout of one environment, without what no service needs."""
    for folder in ("envs", "services", "config"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("infra", "modules"):
        (tmp_path / folder).mkdir()
    for environment in ("dev", "staging", "prod"):
        (tmp_path / f"envs/{environment}.yaml").unlink()  # each is loaded twice
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def texts(root: Path) -> dict[str, str]:
    return {str(file.relative_to(root)): file.read_text() for file in root.rglob("*") if file.is_file()}


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    # Without the plugins, which take longer to load than the tests to run.
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=root, env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_new_service_is_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    said = CliRunner().invoke(application, ["new-service", "order-blotter", "--subproject", SUBPROJECT])
    assert said.exit_code == 0, said.output

    written = [line for line in said.output.splitlines() if (root / line).is_file()]
    python = [file for file in written if file.endswith(".py")]
    assert len(python) == 4
    for check in (["check"], ["format", "--check"]):
        done = run(root, "ruff", *check, "--config", str(ROOT / "pyproject.toml"), *python)
        assert done.returncode == 0, done.stdout

    loaded = load("local", root)
    service = loaded.declared.subprojects[SUBPROJECT].services["order-blotter"]
    assert service.service_account == "order-blotter"
    readers = loaded.declared.subprojects["shared-services"].buckets["config"].grants["read"].members
    assert f"{SUBPROJECT}/order-blotter" in readers
    shown = loaded.tfvars["subprojects"][SUBPROJECT]["dashboards"][SUBPROJECT]["json"]
    assert "order-blotter: requests/s" in shown

    done = run(root, "pytest", "-q", "-c", os.devnull, "--rootdir", str(root), "tests/unit/services")
    assert done.returncode == 0, done.stdout
    # Not by the dots: a line of the service's log may come between two tests, where nobody captures it.
    assert re.search(r"^3 passed(, \d+ warnings?)? in ", done.stdout, re.M), done.stdout

    with pytest.raises(UserError, match="the name 'order-blotter' is taken"):
        plan_service(root, "order-blotter", SUBPROJECT)


@pytest.mark.whole
def test_a_new_service_passes_the_checks_of_types(root: Path) -> None:
    write_all(root, plan_service(root, "order-blotter", SUBPROJECT).files)
    cache = ["--cache-dir", str(ROOT / ".mypy_cache"), "--config-file", str(ROOT / "pyproject.toml")]
    package = str(root / "services/order_blotter/__main__.py")
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *cache, package], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_it_fits_into_shared_services_too_and_has_an_account_of_enough_letters(root: Path) -> None:
    write_all(root, plan_service(root, "desk", "shared-services", own_dockerfile=True).files)
    declared = load("local", root).declared.subprojects["shared-services"]
    assert declared.services["desk"].service_account == "desk-service"
    assert (root / "services/desk/Dockerfile").read_text() == (ROOT / "services/Dockerfile").read_text()


def test_a_dry_run_shows_the_difference_and_writes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    before = texts(root)
    command = ["new-service", "order-blotter", "--subproject", SUBPROJECT, "--dry-run"]
    said = CliRunner().invoke(application, command)
    assert said.exit_code == 0
    assert "+++ b/services/order_blotter/__main__.py" in said.output
    assert "\n+  order-blotter:\n" in said.output
    assert "\n-" not in said.output.replace("\n---", "")
    assert texts(root) == before


@pytest.mark.parametrize(
    ("name", "subproject", "why"),
    [
        ("Order", SUBPROJECT, "lower-case letters"),
        ("9th", SUBPROJECT, "begun by a letter"),
        ("a" * 31, SUBPROJECT, "at most 30"),
        ("order--blotter", SUBPROJECT, "could not be called so"),
        ("../x", SUBPROJECT, "lower-case letters"),
        ("class", SUBPROJECT, "could not be called so"),
        ("starter", SUBPROJECT, "could not be called so"),
        ("auth", SUBPROJECT, "local has|services.auth|config/services/auth"),
        ("backtest", SUBPROJECT, r"has jobs\.backtest in strategy-engine"),
        ("report-workflows", SUBPROJECT, "has the service account report-workflows"),
        ("order-blotter", "trading-execution", "did you mean"),
    ],
)
def test_a_bad_or_taken_name_is_refused(root: Path, name: str, subproject: str, why: str) -> None:
    with pytest.raises(UserError) as refused:
        plan_service(root, name, subproject)
    assert re.search(why, str(refused.value)), str(refused.value)


def test_when_one_file_can_not_be_written_none_is(root: Path) -> None:
    made = plan_service(root, "order-blotter", SUBPROJECT)
    (root / "tests").write_text("in the way of tests/unit/services")
    before = texts(root)
    with pytest.raises(UserError, match="can't be written"):
        write_all(root, made.files)
    assert texts(root) == before
    assert not (root / "services/order_blotter").exists()

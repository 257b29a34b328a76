"""What services/Dockerfile does, done by hand: there is no engine where these tests run.

The same folders, the same locked packages, a user without a name, the same entry point and the same health check.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.servers import answers, free_port

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("shared_services", "config", "services")
USER = 10001


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/app of the images, with every service in it."""
    place = tmp_path_factory.mktemp("image")
    for name in COPIED:
        shutil.copytree(ROOT / name, place / "app" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (compiling,) = set(
        re.findall(r"RUN python (-m compileall .*) services", (ROOT / "services/Dockerfile").read_text())
    )
    command = [sys.executable, *compiling.split(), "shared_services", "services"]
    subprocess.run(command, cwd=place / "app", check=True)
    for folder in (place, *place.parents):
        if folder.owner() == "root" and str(folder).startswith("/tmp/"):
            folder.chmod(folder.stat().st_mode | 0o055)  # as the files of an image: anybody may read them
    return place / "app"


@pytest.fixture(scope="module")
def packages(app: Path) -> Path:
    """The locked packages, by the Dockerfile's own command, from the cache of set-up."""
    place = app.parent
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, place)
    dockerfile = (ROOT / "services/Dockerfile").read_text()
    extras, run = re.search(r'EXTRAS="(.*)"', dockerfile), re.search(r"RUN uv (sync .*) \$\{EXTRAS\}", dockerfile)
    assert extras
    assert run
    command = [*run[1].split(), *extras[1].split(), "--offline", "--quiet"]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(place / "venv"), "UV_PYTHON": sys.executable}
    uv = Path(sys.executable).parent / "uv"
    done = subprocess.run([uv, *command], cwd=place, env=environment, capture_output=True, text=True)
    if done.returncode and "network" in done.stderr:
        pytest.skip(f"the packages are not in uv's cache: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return place / "venv"


def python_for_anybody(venv: Path) -> Path | None:
    """A Python of the packages' version that a user without rights may run: root's own often can't be."""
    names = [(venv / "bin/python").resolve(), Path(f"/usr/bin/python3.{sys.version_info.minor}")]
    for name in names:
        if name.exists() and all(folder.stat().st_mode & 0o001 for folder in (name, *name.parents)):
            return name
    return None


def start(app: Path, venv: Path, port: int, **variables: str) -> subprocess.Popen[str]:
    program = python_for_anybody(venv) if os.getuid() == 0 else None
    as_nobody = {"user": USER, "group": USER, "extra_groups": []} if program else {}
    (site,) = venv.glob("lib/python3*/site-packages")
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{app}:{site}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/tmp",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "CONFIG_DIR": str(app / "config"),
        **variables,
    }
    return subprocess.Popen(
        [program or venv / "bin/python", "-m", "services"],
        cwd=app,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **as_nobody,  # type: ignore[call-overload]
    )


def healthy(venv: Path, app: Path, port: int) -> int:
    command = [venv / "bin/python", "-m", "services.healthcheck"]
    environment = {"PYTHONPATH": str(app), "PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=app, env=environment, timeout=20).returncode


def test_the_image_of_a_service_starts_as_nobody_is_healthy_and_ends_when_told(app: Path, packages: Path) -> None:
    installed = {folder.name for folder in packages.glob("lib/python3*/site-packages/*")}
    assert {"fastapi", "grpc", "sqlalchemy"} <= installed
    assert not {"pytest", "hypothesis", "bqemulator", "duckdb"} & installed

    port = free_port()
    assert healthy(packages, app, port) == 1
    service = start(app, packages, port, SERVICE_PACKAGE="starter", K_SERVICE="auth")
    try:
        answers(port, 30)
        assert healthy(packages, app, port) == 0
        if os.getuid() == 0 and python_for_anybody(packages):
            assert Path(f"/proc/{service.pid}").stat().st_uid == USER
        began = time.monotonic()
        service.send_signal(signal.SIGTERM)
        said, _ = service.communicate(timeout=20)
    finally:
        service.kill()
        service.wait()
    assert service.returncode == 0, said
    assert "Service started" in said
    assert time.monotonic() - began < 10  # what Cloud Run gives


def test_every_service_finds_what_it_imports_in_its_image(app: Path, packages: Path) -> None:
    names = sorted(file.parent.name for file in (app / "services").glob("*/__main__.py"))
    assert "starter" in names
    program = f"import importlib\nfor name in {names}: importlib.import_module(f'services.{{name}}.__main__')"
    environment = {"PYTHONPATH": str(app), "CONFIG_DIR": str(app / "config"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [packages / "bin/python", "-c", program]
    done = subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["", "../starter", "no_such_service"])
def test_an_image_without_a_service_says_so(package: str) -> None:
    environment = {"PYTHONPATH": str(ROOT), "SERVICE_PACKAGE": package}
    done = subprocess.run(
        [sys.executable, "-m", "services"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode != 0
    assert "SERVICE_PACKAGE" in done.stderr or "No module named services.no_such_service" in done.stderr

"""A sandbox with services of its own to run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import services
from tests.integration.runtime.running import make_client
from tests.integration.sandbox_process import Sandbox

ECHO = '''
"""Answers with its environment, or REPLY; FAIL makes it end, SLEEP makes every answer slow."""
import http.server, json, os, sys, time

if os.environ.get("FAIL"):
    print("this service can't start", file=sys.stderr)
    sys.exit(3)
if os.environ.get("CLOUD_RUN_JOB"):
    print(json.dumps({"arguments": sys.argv[1:], "task": os.environ["CLOUD_RUN_TASK_INDEX"]}))
    sys.exit(int(os.environ.get("EXIT", "0")))

class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(float(os.environ.get("SLEEP", "0")))
        size = int(self.headers.get("content-length") or 0)
        got = {"path": self.path, "body": self.rfile.read(size).decode(), "headers": dict(self.headers)}
        told = {"pid": os.getpid(), "environment": dict(os.environ), **got}
        body = (os.environ.get("REPLY") or json.dumps(told)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Echo).serve_forever()
'''


@pytest.fixture(scope="session")
def client(sandbox: Sandbox) -> Any:
    """Google's client of BigQuery, unchanged."""
    return make_client(sandbox)


@pytest.fixture(scope="module")
def scratch(client: Any) -> Iterator[str]:
    """A dataset of the tests of one file."""
    made = client.create_dataset(f"scratch_{os.urandom(4).hex()}")
    yield f"{made.project}.{made.dataset_id}"
    client.delete_dataset(made, delete_contents=True)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `services` package that has the starter and `echo_env`."""
    folder = tmp_path_factory.mktemp("packages")
    echo = folder / "services" / "echo_env"
    echo.mkdir(parents=True)
    (folder / "services" / "__init__.py").touch()
    (echo / "__init__.py").touch()
    (echo / "__main__.py").write_text(ECHO)
    (folder / "services" / "starter").symlink_to(Path(services.__path__[0]) / "starter")
    return folder


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, packages: Path) -> Iterator[Sandbox]:
    """A running sandbox whose services come from `packages`."""
    sandbox = Sandbox(tmp_path_factory.mktemp("cloud") / "state")
    with pytest.MonkeyPatch.context() as patch:
        use(patch, packages)
        sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def own_cloud(tmp_path: Path, packages: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The same for one test, not started."""
    use(monkeypatch, packages)
    sandbox = Sandbox(tmp_path / "state")
    yield sandbox
    if sandbox.process is not None:
        sandbox.stop()


def use(patch: pytest.MonkeyPatch, packages: Path) -> None:
    root = Path(services.__path__[0]).parent
    patch.setenv("PYTHONPATH", os.pathsep.join((str(packages), str(root))))
    # Without it, the working directory would come first.
    patch.setenv("PYTHONSAFEPATH", "1")
    patch.setenv("A_SECRET_OF_THE_SHELL", "must not be inherited")

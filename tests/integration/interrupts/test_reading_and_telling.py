"""What asks no Terraform is interrupted where it reads, judges or writes: it ends, and can be run again."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import termios
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.integration.interrupts.holding import begin, half_written, ways
from tests.support.checkout import Checkout
from tests.support.plans import at, bucket, change, plan

TINY = "project_id: atm-interrupts-1\nproject_number: '301872649103'\ncloud: sandbox\n"
BASE = "apis: [pubsub.googleapis.com]\nsubprojects: {data: {topics: {ticks: {}}}}\n"
CANARY = "canary-7a41"


@pytest.fixture
def small(tmp_path: Path) -> Checkout:
    """What envctl needs to read an environment and no more."""
    for folder in ("envs", "infra", "modules", "home"):
        (tmp_path / folder).mkdir()
    (tmp_path / "infra/versions.tf").write_text("")
    (tmp_path / "envs/base.yaml").write_text(BASE)
    (tmp_path / "envs/tiny.yaml").write_text(TINY)
    return Checkout(tmp_path)


def feed(pipe: Path, data: str) -> threading.Thread:
    """Write into a pipe once somebody reads it."""
    thread = threading.Thread(target=lambda: pipe.write_text(data), daemon=True)
    thread.start()
    return thread


def read(pipe: int) -> bool:
    """Whether all that was written into a pipe is read."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder) == 0


@pytest.mark.parametrize("numbers", ways("SIGINT", "SIGKILL"))
def test_reading_the_yaml_is_interrupted(small: Checkout, numbers: tuple[signal.Signals, ...]) -> None:
    yaml = small.root / "envs/tiny.yaml"
    yaml.unlink()
    os.mkfifo(yaml)
    running = begin(small, "render", "tiny")
    held = os.open(yaml, os.O_WRONLY)  # returns once it is opened to be read
    running.wait_until(running.waits)
    said = running.end(*numbers)
    os.close(held)
    assert running.killed or f"interrupted by {numbers[0].name}" in said
    assert not (small.root / "build").exists()
    yaml.unlink()
    yaml.write_text(TINY)
    small.must("render", "tiny")
    assert (small.root / "build/tiny/terraform.tfvars.json").is_file()


@pytest.mark.parametrize("numbers", ways("SIGTERM"))
@pytest.mark.parametrize("command", ["policy", pytest.param("cost", marks=pytest.mark.whole)])
def test_judging_and_pricing_a_plan_is_interrupted(
    small: Checkout, command: str, numbers: tuple[signal.Signals, ...]
) -> None:
    file = small.root / "plan.json"
    os.mkfifo(file)
    document = json.dumps(plan(change(at("google_storage_bucket"), None, bucket(note=CANARY))))
    running = begin(small, command, "tiny", "--plan", str(file), "--format", "json")
    held = os.open(file, os.O_WRONLY)
    os.write(held, document[:-20].encode())  # and the rest never comes
    running.wait_until(lambda: read(held) and running.waits())
    said = running.end(*numbers)
    os.close(held)
    assert running.killed or f"interrupted by {numbers[0].name}" in said
    assert CANARY not in said
    thread = feed(file, document)
    assert small.envctl(command, "tiny", "--plan", str(file), "--format", "json").json
    thread.join()


class _GitHub(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = []
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.held = ""


class _Handler(BaseHTTPRequestHandler):
    server: _GitHub

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._hold()
        self._answer(self.server.comments)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))["body"]
        made = {"id": 1, "body": body, "user": {"login": "github-actions[bot]"}, "html_url": "https://x/1"}
        self.server.comments.append(made)
        self._hold()
        self._answer(made)

    def do_PATCH(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._hold()
        self._answer(self.server.comments[0])

    def _hold(self) -> None:
        """The method that is to be held up waits, after what it does is done."""
        if self.command != self.server.held:
            return
        self.server.asked.set()
        self.server.go_on.wait(60)

    def _answer(self, document: Any) -> None:
        data = json.dumps(document).encode()
        try:
            self.send_response(200)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:  # who asked was interrupted
            pass


@pytest.fixture
def github() -> Iterator[_GitHub]:
    server = _GitHub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("numbers", ways("SIGINT", "SIGKILL"))
@pytest.mark.parametrize(
    "method", ["POST", pytest.param("GET", marks=pytest.mark.whole), pytest.param("PATCH", marks=pytest.mark.whole)]
)
def test_writing_the_comment_is_interrupted_and_there_is_one_comment(
    small: Checkout, github: _GitHub, method: str, numbers: tuple[signal.Signals, ...]
) -> None:
    review = {"environment": "tiny", "status": "planned", "fingerprint": "0" * 64}
    (small.root / "plans/tiny").mkdir(parents=True)
    (small.root / "plans/tiny/review.json").write_text(json.dumps(review))
    event = small.root / "event.json"
    event.write_text('{"pull_request": {"number": 7}}')
    variables = {
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_TOKEN": CANARY,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_API_URL": f"http://127.0.0.1:{github.server_port}",
        "NO_PROXY": "127.0.0.1",
    }
    if method == "PATCH":
        small.envctl("pr-comment", "plans", variables=variables)
    github.held = method
    running = begin(small, "pr-comment", "plans", variables=variables)
    running.wait_until(github.asked.is_set)
    said = running.end(*numbers)
    assert running.killed or f"interrupted by {numbers[0].name}" in said
    assert CANARY not in said
    github.go_on.set()
    done = small.envctl("pr-comment", "plans", variables=variables)
    assert (done.code, "comment" in done.err) == (0, True), done.err
    assert len(github.comments) == 1


def test_what_is_written_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """A write that is interrupted at any of its steps."""
    from envctl import files

    file = tmp_path / "review.json"
    files.put(file, "before")

    class Ended(BaseException):
        pass

    def ended(*_: Any, **__: Any) -> Any:
        raise Ended

    for place, step in ((os, "fdopen"), (Path, "chmod"), (Path, "replace")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, step, ended)
            with pytest.raises(Ended):
                files.put(file, "after")
    assert file.read_text() == "before"
    assert half_written(tmp_path) == []
    assert files.put(file, "after", private=True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not files.put(file, "after")

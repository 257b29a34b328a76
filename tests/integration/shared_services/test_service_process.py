"""A service as a process: its start, its end under load, its log, its configuration, and one that hangs."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import answers, free_port
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import asyncio, os, signal, sys, time
from shared_services import create_app, run_service, service_of

def said(word):
    print(word + "\\n", end="", flush=True)  # in one piece: the log and others may write at once

app = create_app("quotes")
service = service_of(app)
service.health.add("postgres", lambda: True, kind="database")
service.on_stop(lambda: said("flushed"))
if "HANG_UP_AT_START" in os.environ:
    service.on_start(lambda: os.kill(os.getpid(), signal.SIGHUP))

@app.get("/quick")
async def quick():
    return {"ok": True}

@app.get("/slow")
async def slow(seconds: float = 0.5):
    if seconds > 1:
        said("slow")
    await asyncio.sleep(seconds)
    return {"ok": True}

@app.get("/stuck")
def stuck():
    said("stuck")
    time.sleep(60)

sys.exit(run_service(app))
"""


class Running:
    """A service in a process of its own, and what it wrote."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.port = free_port()
        environment = {**os.environ, "PORT": str(self.port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT), **variables}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True, cwd=folder
        )
        self.lines: list[str] = []
        self._queue: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        answers(self.port, 30)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return json.loads(answer.read())

    def end(self, number: int = signal.SIGTERM) -> int:
        """Its exit code: 0, or 1 where it was cut off after its time."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join(5)
        return code

    def said(self, message: str) -> bool:
        return any(json.loads(line)["message"].startswith(message) for line in self.lines if line.startswith("{"))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder of configuration for `quotes`."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "config/services/quotes.yaml").write_text("DRAIN_SECONDS: 5\nMAXIMUM_CONCURRENCY: 500\n")
    limits = (tmp_path / "config/resilience.yaml").read_text()
    text = limits.replace("rate_limits:\n", "rate_limits:\n  quotes: {per_second: 1000000, burst: 1000000}\n")
    (tmp_path / "config/resilience.yaml").write_text(text)
    return tmp_path


@pytest.fixture
def run(config: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def run(**variables: str) -> Running:
        started.append(Running(config, CONFIG_DIR=str(config / "config"), **variables))
        return started[-1]

    yield run
    for each in started:
        each.process.kill()
        each.process.wait()


def load(running: Running, *specs: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.load", str(running.port), "20", *specs]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_sigterm_under_load_loses_no_request_that_was_accepted(run: Callable[..., Running]) -> None:
    running = run()
    generator = load(running, "/quick,20", "/quick,4,new", "/slow?seconds=0.3,10")
    assert generator.stdout is not None
    assert generator.stdout.readline() == "all are answered\n"
    code = running.end()
    tallies = [json.loads(line) for line in generator.communicate(timeout=40)[0].splitlines()]
    assert [tally["lost"] for tally in tallies] == [[], [], []]
    assert [set(tally["answered"]) for tally in tallies] == [{"200"}] * 3
    assert all(tally["refused"] for tally in tallies)
    assert code == 0
    assert "flushed" in running.lines
    assert running.said("Service started")
    assert running.said("Service stopped")


def test_a_request_that_hangs_does_not_keep_it_from_ending(run: Callable[..., Running]) -> None:
    running = run(DRAIN_SECONDS="1")
    stuck = socket.create_connection(("127.0.0.1", running.port))
    stuck.sendall(b"GET /stuck HTTP/1.1\r\nhost: x\r\n\r\n")
    slow = socket.create_connection(("127.0.0.1", running.port))
    slow.sendall(b"GET /slow?seconds=50 HTTP/1.1\r\nhost: x\r\n\r\n")
    assert eventually(lambda: {"slow", "stuck"} <= set(running.lines))
    assert running.end() == 1  # it was cut off
    assert "flushed" in running.lines
    stuck.close()
    slow.close()


def test_a_changed_limit_reaches_the_running_process(run: Callable[..., Running], config: Path) -> None:
    running = run()
    path = config / "config/resilience.yaml"
    path.write_text(path.read_text().replace("{per_second: 1000000, burst: 1000000}", "{per_second: 1, burst: 1}"))
    running.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 10
    codes: list[int] = []
    while 429 not in codes and time.monotonic() < until:
        try:
            running.ask("/quick")
            codes.append(200)
        except urllib.error.HTTPError as error:
            codes.append(error.code)
    assert 429 in codes
    assert running.end() == 0


def test_a_changed_configuration_announced_during_the_start_does_not_end_it(run: Callable[..., Running]) -> None:
    running = run(HANG_UP_AT_START="1")
    assert running.ask("/quick") == {"ok": True}
    assert running.end() == 0

"""Processes and their logs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

from sandbox.runtime import environment
from sandbox.runtime.logs import Lines, LogFile
from sandbox.runtime.processes import ProcessTable, Program, started


def test_log_file_is_bounded_and_private(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "logs" / "x.log", limit=100)
    for number in range(50):
        log.write(f"line {number}\n".encode())
    log.close()
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["x.log", "x.log.1"]
    assert all(file.stat().st_size <= 100 for file in files)
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert log.tail(20) == "line 49\n"
    assert "line 49" in log.tail()


def test_lines_are_whole_and_an_endless_one_is_cut() -> None:
    lines = Lines(most=10)
    assert [lines.feed(chunk) for chunk in (b"a", b"b\nc", b"\n")] == [b"", b"ab\n", b"c\n"]
    assert lines.feed(b"x" * 11) == b"x" * 11 + b"\n"
    lines.feed(b"rest")
    assert lines.end() == b"rest\n"


async def test_process_has_its_environment_and_log_and_ends(tmp_path: Path) -> None:
    table, log = ProcessTable(tmp_path / "table.json"), LogFile(tmp_path / "log")
    variables = {**environment.base(tmp_path), "CLOUD_RUN_JOB": "nightly"}
    process = await table.start(Program("services.starter", (), variables, tmp_path), log)
    assert list(json.loads((tmp_path / "table.json").read_text())) == [str(process.pid)]
    assert await process.exited == 0
    await table.drain()
    assert json.loads(log.tail())["service"] == "nightly"
    assert json.loads((tmp_path / "table.json").read_text()) == {}


async def test_process_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    module = tmp_path / "stubborn.py"
    module.write_text(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up')\ntime.sleep(60)\n"
    )
    variables = {**environment.base(tmp_path), "PYTHONPATH": f"{environment.base(tmp_path)['PYTHONPATH']}:{tmp_path}"}
    log = LogFile(tmp_path / "log")
    process = await ProcessTable(tmp_path / "table.json").start(Program("stubborn", (), variables, tmp_path), log)
    while "up" not in log.tail():  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.01)
    assert await process.stop(grace=0.05) == -signal.SIGKILL


def test_sweep_ends_what_was_left_and_spares_others(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    left, other = (subprocess.Popen(command, start_new_session=True) for _ in range(2))
    try:
        recorded = {str(left.pid): started(left.pid), str(other.pid): "boot/of another process"}
        (tmp_path / "table.json").write_text(json.dumps(recorded))
        assert ProcessTable(tmp_path / "table.json").sweep() == [left.pid]
        assert left.wait(timeout=5) == -signal.SIGKILL
        assert other.poll() is None
        assert json.loads((tmp_path / "table.json").read_text()) == {}
    finally:
        for process in (left, other):
            process.kill()
            process.wait()


def test_environment_inherits_nothing(tmp_path: Path) -> None:
    os.environ["A_SECRET_OF_THE_SHELL"] = "x"
    try:
        variables = environment.service(tmp_path, "http://127.0.0.1:1", "p", "s", "s-1", 5, {"PORT": "9", "A": "b"})
    finally:
        del os.environ["A_SECRET_OF_THE_SHELL"]
    assert "A_SECRET_OF_THE_SHELL" not in variables
    assert (variables["PORT"], variables["A"], variables["K_SERVICE"]) == ("5", "b", "s")

"""Stopping a command at a known point: programs that wait at a gate, and processes that are watched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkout import Checkout

# How a command is stopped: by each signal alone; and by one after the other, as CI does that cancels a job.
WAYS: Mapping[str, tuple[signal.Signals, ...]] = {
    "SIGINT": (signal.SIGINT,),
    "SIGTERM": (signal.SIGTERM,),
    "SIGKILL": (signal.SIGKILL,),
    "cancelled": (signal.SIGINT, signal.SIGTERM, signal.SIGKILL),
}
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}
# Stands in for a program: counts its calls by their first words, and waits at those that are held.
_GATE = """#!/bin/sh
case "$1" in state | worktree) call="$1-$2" ;; *) call="$1" ;; esac
echo >> "{folder}/$call.calls"
number=$(($(wc -l < "{folder}/$call.calls")))
if [ -e "{folder}/$call.$number.hold" ]; then
    : > "{folder}/$call.$number.held"
    while [ -e "{folder}/$call.$number.hold" ]; do kill -0 $PPID || exit 1; sleep 0.05; done
fi
exec "{program}" "$@"
"""


@dataclass(frozen=True)
class Gate:
    """Programs of a folder, in place of the real ones, that wait where they are told to."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, *programs: str) -> Gate:
        folder.mkdir(parents=True)
        for name in programs:
            real = shutil.which(name)
            assert real
            script = folder / name
            script.write_text(_GATE.format(folder=folder, program=real))
            script.chmod(0o755)
        return cls(folder)

    @property
    def variables(self) -> dict[str, str]:
        return {"PATH": f"{self.folder}:{os.environ['PATH']}", "TERRAFORM": str(self.folder / "terraform")}

    def hold(self, call: str, number: int = 1) -> None:
        (self.folder / f"{call}.{number}.hold").touch()

    def holds(self, call: str, number: int = 1) -> bool:
        return (self.folder / f"{call}.{number}.held").exists()

    def release(self, call: str, number: int = 1) -> None:
        (self.folder / f"{call}.{number}.hold").unlink()

    def clear(self) -> None:
        for pattern in ("*.calls", "*.hold", "*.held"):
            for file in self.folder.glob(pattern):
                file.unlink()


@dataclass
class Running:
    """A command under way."""

    process: subprocess.Popen[str]

    def wait_until(self, reached: Callable[[], bool], seconds: float = 300) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            assert self.process.poll() is None, f"it ended before: {self.process.communicate()}"
            if time.monotonic() > deadline:
                self.process.kill()  # what comes next has the same folder
                pytest.fail(f"it never got there: {self.process.communicate()}")
            time.sleep(0.01)

    @property
    def killed(self) -> bool:
        """Whether it was killed before it had ended in order."""
        return self.process.returncode == EXIT_CODES[signal.SIGKILL]

    def end(self, *numbers: signal.Signals, outlives: str = "", then: Callable[[], object] | None = None) -> str:
        """Send signals, wait for the end of it and of all that it started, and return what it said.

        Args:
            numbers: the signals, a moment apart; the last ones may find it ended.
            outlives: what may stay for now where it is killed, by a part of its command.
            then: done after the first signal.
        """
        below = descendants(self.process.pid)
        for index, number in enumerate(numbers):
            if index:
                time.sleep(0.2)
            self.process.send_signal(number)
            if then is not None and not index:
                then()
        try:
            _, err = self.process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            pytest.fail(f"it goes on: {self.process.communicate()}")
        # A later signal may end Python's own end, once everything is done.
        assert self.process.returncode in {EXIT_CODES[numbers[0]], *(-number for number in numbers[1:])}, err
        assert "Traceback" not in err, err
        # Who is killed waits for nobody: what it started ends by itself a moment later.
        deadline = time.monotonic() + (60 if self.killed else 1)
        outlives = outlives if self.killed else ""
        while left := [words for pid in below if (words := command(pid)) and not (outlives and outlives in words)]:
            assert time.monotonic() < deadline, f"still there: {left}"
            time.sleep(0.02)
        return err

    def waits(self) -> bool:
        """Whether it sleeps until somebody writes, sends or ends."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


def ways(*quick: str) -> list[Any]:
    """The ways to stop a command as parameters; those that aren't quick run with the whole tests alone."""
    marks = {name: () if name in quick else (pytest.mark.whole,) for name in WAYS}
    return [pytest.param(numbers, id=name, marks=marks[name]) for name, numbers in WAYS.items()]


def begin(checkout: Checkout, *arguments: str, variables: Mapping[str, str] | None = None) -> Running:
    process = subprocess.Popen(
        checkout.command(*arguments),
        cwd=checkout.root,
        env={**checkout.environment, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test that runs in the background ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    return Running(process)


def descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found


def command(pid: int) -> str:
    """What a process runs; nothing where it has ended. A sandbox is meant to outlive who started it."""
    try:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return ""
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def half_written(folder: Path) -> list[str]:
    """Files below a folder that only a command under way has: half written ones, and those that hold secrets."""
    passing = {"drift.tfplan", "secrets.tfplan", "bootstrap.tfplan", "judged.tfplan", "restored.tfstate"}
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file()
        and ".terraform" not in file.parts
        and (file.name.startswith(".") or file.suffix == ".partial" or file.name in passing)
    ]

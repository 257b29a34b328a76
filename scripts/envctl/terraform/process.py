"""Running one terraform command to its end, whatever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UserError
from .events import Change, Diagnostic, Event, Progress, Summary, parse

_POLL_SECONDS = 0.02
OnEvent = Callable[[Event], None]


@dataclass(slots=True)
class Outcome:
    """What one command did.

    `changes` are the planned ones, `drift` those made outside of Terraform, `applied` what was done. `text` is
    whatever was printed that is not an event.
    """

    exit_code: int = 0
    changes: list[Change] = field(default_factory=list)
    drift: list[Change] = field(default_factory=list)
    applied: list[Progress] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    summary: Summary | None = None
    text: str = ""
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def errors(self) -> list[Diagnostic]:
        return [diagnostic for diagnostic in self.diagnostics if diagnostic.severity == "error"]


class Interrupted(UserError):
    """The command was interrupted; terraform ended by itself and let go of the lock."""


def follow(
    process: subprocess.Popen[bytes], output: Path, on_event: OnEvent | None = None, timeout: float | None = None
) -> Outcome:
    """Read a command's events to its end.

    The first SIGINT or SIGTERM interrupts terraform, which finishes what is under way, saves the state and unlocks it.
    The third one is passed on too: terraform then stops at once and leaves the lock.

    Args:
        process: from `adapter.start`.
        output: the file that takes what the process prints.
        on_event: called with each event, in this thread.
        timeout: seconds, after which terraform is interrupted in the same way.
    """
    outcome, began = Outcome(), time.monotonic()
    rest: list[str] = []
    with _forwarded(process, outcome), _deadline(process, timeout, outcome):
        for line in _lines(process, output):
            parsed = parse(line)
            if parsed is None:
                if not line.startswith("{"):
                    rest.append(line)
                continue
            _record(outcome, *parsed)
            if on_event is not None:
                on_event(parsed[1])
        outcome.exit_code = process.wait()
    outcome.text = "".join(rest)
    outcome.seconds = time.monotonic() - began
    return outcome


def _lines(process: subprocess.Popen[bytes], output: Path) -> Iterator[str]:
    """Lines as they are written to a file, until the process has ended and all is read."""
    while not output.exists() and process.poll() is None:
        time.sleep(_POLL_SECONDS)
    if not output.exists():
        return
    with output.open(encoding="utf-8", errors="replace") as file:
        partial = ""
        while True:
            ended = process.poll() is not None  # before the read: what was written until then is read
            partial += file.read()
            *lines, partial = partial.split("\n")
            yield from (f"{line}\n" for line in lines)
            if ended:
                if partial:
                    yield partial
                return
            time.sleep(_POLL_SECONDS)


def _record(outcome: Outcome, kind: str, event: Event) -> None:
    match event:
        case Diagnostic():
            outcome.diagnostics.append(event)
        case Change() if kind == "resource_drift":
            outcome.drift.append(event)
        case Change():
            outcome.changes.append(event)
        case Summary():
            outcome.summary = event
        case Progress(phase="apply", state="complete" | "errored"):
            outcome.applied.append(event)


@contextmanager
def _forwarded(process: subprocess.Popen[bytes], outcome: Outcome) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received = 0

    def interrupt(_number: int, _frame: object) -> None:
        nonlocal received
        received += 1
        outcome.interrupted = True
        if received in (1, 3):
            _interrupt(process)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _deadline(process: subprocess.Popen[bytes], timeout: float | None, outcome: Outcome) -> Iterator[None]:
    if timeout is None:
        yield
        return

    def expire() -> None:
        outcome.interrupted = True
        _interrupt(process)

    timer = threading.Timer(timeout, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGINT)

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

from .. import interrupts
from .events import Change, Diagnostic, Event, Progress, Summary, parse

_POLL_SECONDS = 0.02
OnEvent = Callable[[Event], None]


@dataclass(slots=True)
class Outcome:
    """What one command did.

    `changes` are the planned ones, `drift` those made outside of Terraform, `applied` what was done. `text` is
    whatever was printed that is not an event. `number` is the signal that it was `interrupted` by; 0 where the time was
    up. `forced`: it was told to stop at once, or killed, and may have left its lock.
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
    number: int = 0
    forced: bool = False

    @property
    def errors(self) -> list[Diagnostic]:
        return [diagnostic for diagnostic in self.diagnostics if diagnostic.severity == "error"]


def follow(
    begin: Callable[[], subprocess.Popen[bytes]],
    output: Path,
    on_event: OnEvent | None = None,
    timeout: float | None = None,
) -> Outcome:
    """Start a command and read its events to its end.

    The first SIGINT or SIGTERM interrupts terraform, which finishes what is under way, saves the state and unlocks it.
    The third one is passed on too: terraform then stops at once and leaves the lock.

    Args:
        begin: starts it, as `adapter.start` does.
        output: the file that takes what the process prints.
        on_event: called with each event, in this thread.
        timeout: seconds, after which terraform is interrupted in the same way.
    """
    outcome, began = Outcome(), time.monotonic()
    rest: list[str] = []
    with _started(begin, outcome) as process, _deadline(process, timeout, outcome):
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


def capture(begin: Callable[[], subprocess.Popen[bytes]]) -> tuple[Outcome, bytes]:
    """Start a command whose answer goes to its pipes; what became of it, with its errors as `text`, and the answer."""
    outcome, began = Outcome(), time.monotonic()
    with _started(begin, outcome) as process:
        output, errors = process.communicate()
    outcome.exit_code = process.returncode
    outcome.text = errors.decode("utf-8", "replace")
    outcome.seconds = time.monotonic() - began
    return outcome, output


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
def _started(begin: Callable[[], subprocess.Popen[bytes]], outcome: Outcome) -> Iterator[subprocess.Popen[bytes]]:
    """The command, started; what interrupts this process from before its start until its end interrupts it."""
    if threading.current_thread() is not threading.main_thread():
        yield begin()
        return
    process: subprocess.Popen[bytes] | None = None

    def interrupt(number: int, _frame: object) -> None:
        act = interrupts.received(number)
        outcome.forced = act and outcome.interrupted
        outcome.number = outcome.number or number
        outcome.interrupted = True
        if process is not None and act:
            _interrupt(process)

    before = {number: signal.signal(number, interrupt) for number in interrupts.NUMBERS if _heeded(number)}
    try:
        process = begin()
        if outcome.interrupted:
            _interrupt(process)
        yield process
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _heeded(number: int) -> bool:
    return signal.getsignal(number) is not signal.SIG_IGN


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

"""Sandboxes on this machine: starting, finding and stopping the embedded Google Cloud.

envctl knows three things of a sandbox: the command that serves one (`python -m sandbox serve`), the file that says
where it answers (`sandbox.json` in its state folder), and its HTTP addresses.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared_services.yaml.problems import did_you_mean

from .errors import UserError
from .interrupts import finishing

START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that runs.

    Args:
        name: the environment it holds.
        state: the folder of its state.
        pid: its process.
        url: where its APIs answer, such as "http://127.0.0.1:40001".
        reattach: the value of TF_REATTACH_PROVIDERS that makes terraform use its provider.
        grpc: where it answers gRPC, such as "127.0.0.1:40002".
        authority: the file of the certificate authority by which it speaks TLS.
    """

    name: str
    state: Path
    pid: int
    url: str
    reattach: str
    grpc: str = ""
    authority: str = ""


def running(state: Path) -> Sandbox | None:
    """The sandbox of a state folder, or None where none runs."""
    try:
        described = json.loads((state / "sandbox.json").read_text())
    except (OSError, ValueError):
        return None
    pid = int(described["pid"])
    if not _is_sandbox(pid):
        return None
    reattach = described["provider"]["reattach"]
    return Sandbox(
        state.name, state, pid, described["url"], reattach, described.get("grpc", ""), described.get("authority", "")
    )


def require(state: Path) -> Sandbox:
    """The sandbox of a state folder, which must run.

    Raises:
        UserError: it doesn't.
    """
    found = running(state)
    if found is None:
        stopped = state.is_dir()
        raise UserError(
            f'the sandbox "{state.name}" is not running',
            why="its state is there, so nothing is lost" if stopped else "it was never started",
            todo=f"start it with `envctl sandbox up {state.name}`"
            + ("" if stopped else f", or all with `envctl up {state.name}`"),
        )
    return found


def require_known(name: str, home: Path, environments: Iterable[str] = ()) -> None:
    """Refuse a name that is neither a sandbox below a folder nor one that an environment would have.

    Raises:
        UserError: it is neither.
    """
    there = [known for known, _ in all_of(home)]
    if name not in {*there, *environments}:
        todo = did_you_mean(name, there, otherwise="`envctl sandbox list` shows those there are")
        raise UserError(f'there is no sandbox "{name}"', todo=todo)


def start(
    state: Path,
    *,
    port: int | None = None,
    grpc_port: int | None = None,
    projects: Mapping[str, str] | None = None,
    placeholder: str = "",
) -> tuple[Sandbox, bool]:
    """Start the sandbox of a state folder, or find it running; say whether it was started.

    Args:
        state: made where it doesn't exist, readable by its owner only.
        port: the port to use; by default the one used before, else a free one.
        grpc_port: the same for gRPC.
        projects: numbers of projects, by id; others have numbers of the sandbox's own.
        placeholder: what secrets without a version are taken to hold.

    Raises:
        UserError: the port is taken, or the sandbox ended or hung while starting.
    """
    found = running(state)
    if found is not None:
        other = port is not None and not found.url.endswith(f":{port}")
        if other or (grpc_port is not None and not found.grpc.endswith(f":{grpc_port}")):
            raise UserError(
                f'the sandbox "{state.name}" already runs at {found.url} (gRPC: {found.grpc})',
                todo="stop it first: `envctl sandbox down`",
            )
        return found, False
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = state / "sandbox.out"
    command = [sys.executable, "-m", "sandbox", "serve", "--state", str(state)]
    if port is not None:
        command += ["--port", str(port)]
    if grpc_port is not None:
        command += ["--grpc-port", str(grpc_port)]
    for project, number in (projects or {}).items():
        command += ["--project", f"{project}={number}"]
    if placeholder:
        command += ["--placeholder", placeholder]
    process: subprocess.Popen[bytes] | None = None
    try:
        with log.open("wb") as output, finishing():
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd=state
            )
        found = _answering(state, process, log)
    except BaseException:  # an interrupt, too: nobody else knows of it yet
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        raise
    if found is not None:
        return found, True
    process.terminate()
    raise UserError(
        f'the sandbox "{state.name}" was not ready within {START_SECONDS:.0f} s', why=_tail(log), todo=f"read {log}"
    )


def _answering(state: Path, process: subprocess.Popen[bytes], log: Path) -> Sandbox | None:
    """The sandbox once it answers; None when the time is up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = running(state)
        if found is not None and found.pid == process.pid and health(found) is not None:
            return found
        if process.poll() is not None:
            raise UserError(
                f'the sandbox "{state.name}" could not start', why=_tail(log), todo=_advice(_tail(log), state.name)
            )
        time.sleep(0.02)
    return None


def stop(state: Path) -> Sandbox | None:
    """Stop the sandbox of a state folder; its state stays. Return what was stopped, None where nothing ran.

    One that is still starting, for a command that was killed, is stopped too.

    Raises:
        UserError: it doesn't stop.
    """
    found = running(state)
    pid = found.pid if found is not None else _starting(state)
    if pid is None:
        return None
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if not _is_sandbox(pid):
            return found
        time.sleep(0.02)
    raise UserError(f'the sandbox "{state.name}" (process {pid}) does not stop', todo=f"end it with `kill -9 {pid}`")


def _starting(state: Path) -> int | None:
    """The process that serves a state folder and hasn't said so yet; None where there is no /proc to look at."""
    wanted = [b"sandbox", b"serve", b"--state", os.fsencode(state)]
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cmdline").read_bytes().split(b"\0")[2:6] == wanted:
                return int(process.name)
    return None


def all_of(home: Path) -> Iterator[tuple[str, Sandbox | None]]:
    """The sandboxes below a folder, by name: running, or None where only the state is there."""
    for state in sorted(home.iterdir()) if home.is_dir() else ():
        if state.is_dir():
            yield state.name, running(state)


def health(sandbox: Sandbox) -> dict[str, Any] | None:
    """What a sandbox says of its health; None where it doesn't answer."""
    try:
        with urllib.request.urlopen(f"{sandbox.url}/sandbox/health", timeout=5) as answer:  # noqa: S310  loopback
            value = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _is_sandbox(pid: int) -> bool:
    """Whether a process lives and is a sandbox: a pid alone may have been given to another program."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    status = Path(f"/proc/{pid}")
    if not status.parent.joinpath("self").exists():  # no /proc: the pid is all there is
        return True
    try:
        state = (status / "stat").read_text().rpartition(")")[2].split()[0]
        words = (status / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return state != "Z" and b"sandbox" in words


def _tail(log: Path, lines: int = 5) -> str:
    text = log.read_text(errors="replace") if log.is_file() else ""
    return "\n".join(text.strip().splitlines()[-lines:]) or "it said nothing"


def _advice(said: str, name: str) -> str:
    if "has the number" in said:
        number = "write that number into the environment's project_number"
        return f"{number}, or delete the sandbox: `envctl sandbox delete {name}`"
    if "in use" in said:
        return "choose another port with --port, or leave --port out: a free one is then taken"
    return "the lines above say why; `envctl doctor` checks this machine"

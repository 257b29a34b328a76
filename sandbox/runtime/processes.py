"""Child processes: started with an environment of their own, logged, ended with the sandbox whatever ends it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.runtime.logs import Lines, LogFile
from sandbox.state import write

Tell = Callable[[str, bytes], None]
"""Hears of whole lines, by the name of the stream: `stdout` or `stderr`."""


@dataclass(frozen=True, slots=True)
class Program:
    """A Python module to run, with its arguments and its whole environment."""

    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    directory: Path = Path("/")


class Process:
    """A running child. Its standard output and error go to a log file."""

    def __init__(self, child: asyncio.subprocess.Process, group: ProcessTable) -> None:
        self._child = child
        self._table = group
        self.pid = child.pid
        self.exited: asyncio.Task[int] = asyncio.create_task(self._wait(), name=f"wait for {child.pid}")

    async def _wait(self) -> int:
        code = await self._child.wait()
        self._table.forget(self.pid)
        return code

    @property
    def running(self) -> bool:
        return not self.exited.done()

    async def stop(self, grace: float = 10.0) -> int:
        """SIGTERM, and after `grace` seconds SIGKILL to it and what it started. Returns its exit code."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)
            await asyncio.wait({self.exited}, timeout=grace)
        if self.running:
            self.kill()
        return await asyncio.shield(self.exited)

    def kill(self) -> None:
        """SIGKILL to the process and what it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


class ProcessTable:
    """Starts processes, and remembers them in a file so that what outlived a sandbox is ended by the next one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._running: dict[int, str] = {}
        self._readers: set[asyncio.Task[None]] = set()

    def sweep(self) -> list[int]:
        """Kill what an earlier sandbox left behind; a process id that was given to another since is left alone."""
        try:
            recorded = json.loads(self._path.read_text())
        except (FileNotFoundError, ValueError):
            return []
        ended = []
        for text, identity in recorded.items():
            pid = int(text)
            if identity and started(pid) == identity:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
                    ended.append(pid)
        self._running.clear()
        self._save()
        return ended

    async def start(self, program: Program, log: LogFile, tell: Tell | None = None) -> Process:
        """Start a program in a session of its own; it is killed when this process ends.

        What it prints goes to the log file. Its two streams are told apart only where `tell` asks, since what comes
        through one pipe keeps its order.
        """
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "sandbox.runtime.launcher",
            str(os.getpid()),
            program.module,
            *program.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if tell is None else subprocess.PIPE,
            cwd=program.directory,
            env=dict(program.environment),
            start_new_session=True,
            close_fds=True,
        )
        self._running[child.pid] = started(child.pid)
        self._save()
        for name, stream in (("stdout", child.stdout), ("stderr", child.stderr)):
            if stream is not None:
                reader = asyncio.create_task(_copy(stream, log, name, tell), name=f"{name} of {child.pid}")
                self._readers.add(reader)
                reader.add_done_callback(self._readers.discard)
        return Process(child, self)

    def forget(self, pid: int) -> None:
        """A process ended."""
        if self._running.pop(pid, None) is not None:
            self._save()

    async def drain(self, seconds: float = 1.0) -> None:
        """Wait until the outputs of processes that ended are in their log files."""
        if self._readers:
            await asyncio.wait(set(self._readers), timeout=seconds)

    def _save(self) -> None:
        write(self._path, json.dumps(self._running))


async def _copy(stream: asyncio.StreamReader, log: LogFile, name: str, tell: Tell | None) -> None:
    def keep(whole: bytes) -> None:
        if whole:
            log.write(whole)
            if tell is not None:
                tell(name, whole)

    lines = Lines()
    while chunk := await stream.read(65536):
        keep(lines.feed(chunk))
    keep(lines.end())


def started(pid: int) -> str:
    """When a process started, in a form that identifies it among all that had its id; empty where it is gone."""
    if sys.platform == "linux":
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return ""
        # The name in parentheses may hold spaces; the start time is the 20th field after it.
        return f"{boot}/{text.rpartition(')')[2].split()[19]}"
    shown = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()

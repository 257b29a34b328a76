"""The state directory of a sandbox: its lock, its port, and the file that tells others where it answers."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

# A Unix socket's path holds 107 bytes on Linux and 103 on macOS; beside one, others have up to seven more.
_SOCKET_PATH_MOST = 96


class Locked(Exception):
    """Another sandbox has the state directory."""


@dataclass(frozen=True, slots=True)
class Running:
    """What `sandbox.json` says of a sandbox that answers."""

    version: int
    pid: int
    port: int
    url: str
    provider: dict[str, str]
    started: str
    grpc: str
    authority: str


class StateDir:
    """A state directory, held by one process at a time.

    Used as a context manager: the lock goes with the process even if it is killed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None
        self._socket_dir: Path | None = None

    def __enter__(self) -> StateDir:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.chmod(0o700)
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(lock, 32).decode(errors="replace").strip()
            os.close(lock)
            by = f" by process {holder}" if holder else ""
            raise Locked(
                f"The state directory {self.path} is in use{by}: a sandbox runs there already. "
                "Stop it, or give another --state."
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock
        self._running_file.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running_file.unlink(missing_ok=True)
        if self._socket_dir is not None:
            shutil.rmtree(self._socket_dir, ignore_errors=True)
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    @property
    def _running_file(self) -> Path:
        return self.path / "sandbox.json"

    def last_port(self, name: str = "port") -> int | None:
        """The port of the last run here (`grpc-port`: of gRPC), so that what was exported then stays valid."""
        try:
            return int((self.path / name).read_text())
        except (OSError, ValueError):
            return None

    def publish(self, running: Running) -> None:
        """Write `sandbox.json`, whole or not at all: from now on others find the sandbox."""
        write(self.path / "port", str(running.port))
        write(self.path / "grpc-port", running.grpc.rpartition(":")[2])
        write(self._running_file, json.dumps(asdict(running), indent=2) + "\n")

    def socket_path(self, name: str) -> str:
        """A path for a Unix socket: in the state directory, or in a private one where that is too long."""
        path = self.path / name
        if len(os.fsencode(path)) > _SOCKET_PATH_MOST:
            if self._socket_dir is None:
                self._socket_dir = _short_folder(name)
            path = self._socket_dir / name
        path.unlink(missing_ok=True)
        return str(path)


def _short_folder(name: str) -> Path:
    """A private folder for a socket: below TMPDIR, or below /tmp where that is too long as well."""
    made = Path(tempfile.mkdtemp(prefix="sandbox-"))
    if len(os.fsencode(made / name)) > _SOCKET_PATH_MOST:
        made.rmdir()
        made = Path(tempfile.mkdtemp(prefix="sandbox-", dir="/tmp"))
    return made


def write(path: Path, text: str) -> None:
    """Replace a file atomically, readable by its owner only."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def read(path: Path) -> dict[str, Any] | None:
    """What a state directory's `sandbox.json` says, or None where no sandbox answers there."""
    try:
        document = json.loads((path / "sandbox.json").read_text())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None

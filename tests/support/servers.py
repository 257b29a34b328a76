"""Redis and PostgreSQL as Debian has them, as processes of a test session; skipped where they are not installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WHERE = "install it (Debian: apt-get install {}), or run `make setup` as root"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class RedisServer:
    """A redis-server that can be stopped, frozen and started again."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not here: " + WHERE.format("redis-server"))
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        answers(self.port)

    def stop(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of its own, `postgresql://…`; as root it runs as `postgres` or `nobody`."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    programs = places[-1] if places else Path(shutil.which("initdb") or "/nowhere/initdb").parent
    if not (programs / "initdb").exists():
        pytest.skip("PostgreSQL is not here: " + WHERE.format("postgresql"))
    become: dict[str, object] = {}
    if os.getuid() == 0:
        users = [name for name in ("postgres", "nobody") if _user(name)]
        if not users:
            pytest.skip("PostgreSQL doesn't run as root, and there is no other user")
        become = {"user": users[0], "group": pwd.getpwnam(users[0]).pw_gid, "extra_groups": []}
    data = Path("/tmp") / f"pg-{os.getpid()}-{time.monotonic_ns()}"  # below pytest's folders nobody else may look
    data.mkdir(mode=0o700)
    if become:
        shutil.chown(data, str(become["user"]))
    port = free_port()
    try:
        options = ["--auth=trust", "--username=trading", "--no-sync", "--encoding=UTF8", "--locale=C"]
        subprocess.run([programs / "initdb", "-D", data, *options], check=True, capture_output=True, cwd="/", **become)  # type: ignore[call-overload]
        settings = {"fsync": "off", "shared_buffers": "16MB", "listen_addresses": "127.0.0.1", "port": str(port)}
        settings |= {"unix_socket_directories": str(data), "max_connections": "20"}
        command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
        with (folder / "postgres.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **become)  # type: ignore[call-overload]
        try:
            address = f"postgresql://trading@127.0.0.1:{port}/postgres"
            _accepts(address)
            yield address
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(data, ignore_errors=True)


def answers(port: int, seconds: float = 10) -> None:
    """Wait until something listens."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens on {port}")


def _accepts(address: str, seconds: float = 20) -> None:
    import psycopg

    until = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True

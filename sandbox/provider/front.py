"""The unix socket Terraform connects to, which tells connections apart.

Terraform opens one connection for each provider configuration, but gRPC reports the same peer for all
connections of a unix socket. So the public socket is a relay: each connection is passed on to the gRPC
server from a client socket with a name of its own, and that name is the peer. Where the system tells, the
environment and directory of the connecting process go with it: GOOGLE_PROJECT is set there, not here.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import cast

from sandbox.provider.settings import Caller

log = logging.getLogger(__name__)


class Front:
    """Relays connections of `public` to `inner`; `opened(peer, caller)` and `closed(peer)` frame each."""

    def __init__(
        self,
        public: Path,
        inner: Path,
        opened: Callable[[str, Caller | None], None],
        closed: Callable[[str], None],
    ) -> None:
        self._public, self._inner, self._opened, self._closed = public, inner, opened, closed
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()
        self.stopping = False

    async def start(self) -> None:
        """Listen. A socket file left by a process that died is replaced."""
        self._public.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: _Outer(self), str(self._public), backlog=128)
        self._public.chmod(0o600)

    async def stop(self) -> None:
        """Stop listening and end the connections."""
        self.stopping = True
        if self._server:
            self._server.close()
        for transport in list(self._open):
            transport.close()
        self._public.unlink(missing_ok=True)

    async def connect(self, outer: _Outer) -> None:
        """Open the inner connection of `outer` under a name of its own."""
        name = self._inner.with_suffix(f".c{next(self._numbers)}")
        name.unlink(missing_ok=True)
        with_name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with_name.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            with_name.bind(str(name))
            await loop.sock_connect(with_name, str(self._inner))
        except BaseException:
            with_name.close()
            raise
        finally:
            name.unlink(missing_ok=True)  # the name stays with the connection, the file is not needed
        peer = f"unix:{name}"
        if outer.transport and not outer.transport.is_closing():
            self._opened(peer, caller_of(outer.transport.get_extra_info("socket")))
        _, inner = await loop.create_unix_connection(lambda: _Inner(self, peer), sock=with_name)
        # Only now: a loop such as uvloop must have taken the socket over before anything may close it.
        inner.joins(outer)

    def began(self, transport: asyncio.BaseTransport) -> None:
        self._open.add(transport)

    def ended(self, transport: asyncio.BaseTransport, peer: str = "") -> None:
        self._open.discard(transport)
        if peer:
            self._closed(peer)


def caller_of(connection: socket.socket) -> Caller | None:
    """The process at the other end; None where the system does not tell (Linux does)."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as own:
            pid, _, _ = struct.unpack("3i", own.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
        pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        directory = str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return None
    named = (pair.partition(b"=") for pair in pairs)
    return Caller({os.fsdecode(name): os.fsdecode(value) for name, _, value in named}, directory)


class _Half(asyncio.Protocol):
    """One end of a relayed connection: what it receives goes to the other end, at the other end's pace.

    What comes before the other end stands is kept; HTTP/2 lets it be little.
    """

    def __init__(self, front: Front) -> None:
        self.front = front
        self.transport: asyncio.Transport | None = None
        self.other: _Half | None = None
        self.early = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's are not its subclasses
        self.front.began(transport)

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self.early += data
        elif target := self.other.alive:
            target.write(data)

    @property
    def alive(self) -> asyncio.Transport | None:
        """The transport, unless it is closed: uvloop's then raise whatever is done to them."""
        return self.transport if self.transport and not self.transport.is_closing() else None

    def pause_writing(self) -> None:
        if self.other and (source := self.other.alive):
            source.pause_reading()

    def resume_writing(self) -> None:
        if self.other and (source := self.other.alive):
            source.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        if self.other and self.other.transport:
            self.other.transport.close()
        if self.transport:
            self.front.ended(self.transport)


class _Outer(_Half):
    """Terraform's end."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        task = asyncio.get_running_loop().create_task(self.front.connect(self))
        task.add_done_callback(self._connected)

    def _connected(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error and not self.front.stopping:
            log.error("provider: a connection could not be passed on: %s", error)
        if (task.cancelled() or error) and self.transport:
            self.transport.close()


class _Inner(_Half):
    """The gRPC server's end."""

    def __init__(self, front: Front, peer: str) -> None:
        super().__init__(front)
        self.peer = peer

    def joins(self, outer: _Outer) -> None:
        """Begin to relay, with what came early; end where the other end is gone already."""
        self.other, outer.other = outer, self
        if self.alive is None or outer.alive is None:
            for half in (self, outer):
                if half.alive:
                    half.alive.close()
            return
        self.alive.write(bytes(outer.early))
        outer.alive.write(bytes(self.early))

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self.transport:
            self.front.ended(self.transport, self.peer)

"""What else than HTTP/1.1 comes to the sandbox's port: tunnels of a proxy, TLS, and HTTP/2, which is gRPC.

The first bytes of a connection tell which it is. `CONNECT` opens a tunnel, whose first bytes tell it again; TLS is
ended here, and its ALPN says whether gRPC or HTTP is inside; HTTP/2 without TLS is gRPC. Whatever is inside is passed
on to where it is answered, so a tunnel meets what any client does.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from sandbox.authority import Authority
from sandbox.control.context import Control
from sandbox.control.outgoing import is_googles, serves

_CONNECT = re.compile(rb"CONNECT +(\S+)[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n")
_TLS = b"\x16\x03"
_HTTP2 = b"PRI * HTTP/2.0\r\n"
_LONGEST_HEAD = 65536


class Tunnels:
    """Where the parts answer that connections are passed on to. `start` and `stop` once each."""

    def __init__(self, control: Control, authority: Authority, web: int) -> None:
        self.control = control
        self.web = web
        self.grpc = 0
        self.https: set[Any] = set()  # the addresses that connections come from here whose TLS was ended
        self._authority = authority
        self._path = ""
        self._server: asyncio.Server | None = None
        self._beginning = asyncio.Lock()
        self._open: set[_End] = set()

    def start(self, path: str, grpc: int) -> None:
        """End TLS at a Unix socket, and have gRPC answered at a port of the loopback address."""
        self.grpc, self._path = grpc, path

    async def stop(self) -> None:
        """Close what is open."""
        if self._server is not None:
            self._server.close()
        for end in list(self._open):
            end.close()

    async def encrypted(self) -> str:
        """The path of the Unix socket where TLS is ended. What it needs is loaded when it is first asked for."""
        async with self._beginning:  # the first connections come together
            if self._server is None:
                context = await asyncio.to_thread(self._authority.context)
                loop = asyncio.get_running_loop()
                self._server = await loop.create_unix_server(
                    lambda: _End(self._open, self._inside), self._path, ssl=context
                )
        return self._path

    async def _inside(self, end: _End, loop: asyncio.AbstractEventLoop) -> asyncio.Transport:
        """Connect to what answers inside of TLS."""
        connection = end.transport.get_extra_info("ssl_object") if end.transport else None
        if connection is not None and connection.selected_alpn_protocol() == "h2":
            return await _reached(loop.create_connection(end.other_end, "127.0.0.1", self.grpc))
        inner = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        inner.setblocking(False)
        inner.bind(("127.0.0.1", 0))
        address = inner.getsockname()
        self.https.add(address)  # known before the server hears of it
        end.at_close = lambda: self.https.discard(address)
        await loop.sock_connect(inner, ("127.0.0.1", self.web))
        return await _reached(loop.create_connection(end.other_end, sock=inner))

    def hand_over(self, transport: asyncio.Transport, data: bytes) -> None:
        """Pass a connection on, with what came of it, to where it is answered."""

        async def connect(end: _End, loop: asyncio.AbstractEventLoop) -> asyncio.Transport:
            if data.startswith(_TLS):
                path = await self.encrypted()
                return await _reached(loop.create_unix_connection(end.other_end, path))
            return await _reached(loop.create_connection(end.other_end, "127.0.0.1", self.grpc))

        end = _End(self._open, connect)
        transport.set_protocol(end)
        end.connection_made(transport)
        end.data_received(data)

    def leads_to(self, host: str) -> bool:
        """Whether a tunnel to `name:port` leads here: to this machine, or to an API of Google's that is served."""
        name, _, port = host.rpartition(":")
        if is_googles(name):
            return port == "443" and serves(self.control, name)
        return local(name) and port == str(self.web)


class _End(asyncio.Protocol):
    """One of the two ends of a connection that is passed on."""

    def __init__(
        self,
        among: set[_End],
        connect: Callable[[_End, asyncio.AbstractEventLoop], Any] | None = None,
    ) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: asyncio.Transport | None = None
        self.at_close: Callable[[], None] | None = None
        self._among = among
        self._connect = connect
        self._early: list[bytes] = []
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._among.add(self)
        if self._connect is not None:
            self.transport.pause_reading()
            self._task = asyncio.ensure_future(self._join(self._connect))

    async def _join(self, connect: Callable[[_End, asyncio.AbstractEventLoop], Any]) -> None:
        try:
            other = await connect(self, asyncio.get_running_loop())
        except (OSError, ValueError):
            self.close()
            return
        if self.transport is None or self.transport.is_closing():
            other.close()
            return
        self.other = other
        for data in self._early:
            other.write(data)
        self._early.clear()
        self.transport.resume_reading()

    def other_end(self) -> _End:
        """What this one is joined to. It may get data before this one hears that it is connected."""
        made = _End(self._among)
        made.other = self.transport
        return made

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self._early.append(data)
        else:
            self.other.write(data)

    def eof_received(self) -> bool:
        """TLS ends as a whole, so half of a connection is kept open only where both of its ends can be."""
        if self.transport is None or self.other is None or self.other.is_closing():
            return False
        if not (self.transport.can_write_eof() and self.other.can_write_eof()):
            return False
        self.other.write_eof()
        return True

    def pause_writing(self) -> None:
        if self.other is not None and not self.other.is_closing():
            self.other.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and not self.other.is_closing():
            self.other.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._among.discard(self)
        if self.at_close is not None:
            self.at_close()
        if self.other is not None:
            self.other.close()

    def close(self) -> None:
        """Close both ends."""
        for transport in (self.transport, self.other):
            if transport is not None:
                transport.close()


async def _reached(connecting: Any) -> asyncio.Transport:
    transport: asyncio.Transport = (await connecting)[0]
    return transport


def speaking(tunnels: Tunnels) -> type[asyncio.Protocol]:
    """uvicorn's protocol of a connection, for what isn't HTTP/1.1 too."""

    class Protocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        """HTTP as uvicorn has it. Who takes the sandbox for a proxy gets the sandbox, and no other host."""

        _first = True  # nothing came yet that says what is spoken
        _tunnel = b""

        def connection_made(self, transport: asyncio.Transport) -> None:
            """What comes out of TLS is HTTPS."""
            super().connection_made(transport)
            if self.client in tunnels.https:
                self.scheme = "https"

        def data_received(self, data: bytes) -> None:
            """Tell by the first bytes what is spoken. The reason of a refusal is what clients show."""
            if not self._first:
                super().data_received(data)
            elif self._tunnel or data.startswith(b"CONNECT "):
                self._tunnel += data
                if len(self._tunnel) > _LONGEST_HEAD:
                    self.transport.close()
                elif found := _CONNECT.match(self._tunnel):
                    rest, self._tunnel = self._tunnel[found.end() :], b""
                    self._opened(found[1].decode("latin-1"), rest)
            elif data.startswith((_TLS, _HTTP2)):
                self.connections.discard(self)  # it is uvicorn's no longer
                self._unset_keepalive_if_required()
                tunnels.hand_over(self.transport, data)
            else:
                self._first = False
                super().data_received(data)

        def _opened(self, host: str, rest: bytes) -> None:
            if tunnels.leads_to(host):
                self.transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                if rest:
                    self.data_received(rest)
                return
            reason = f"The sandbox does not serve {host}".encode("latin-1", "replace")
            self.transport.write(b"HTTP/1.1 501 " + reason + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    return Protocol


def local(name: str) -> bool:
    """Whether a host's name is of this machine.

    >>> local("run.localhost"), local("127.0.0.1"), local("example.com")
    (True, True, False)
    """
    return name in ("127.0.0.1", "::1", "localhost") or name.endswith(".localhost")

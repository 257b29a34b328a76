"""The sandbox, composed: store, APIs, the web server, gRPC and the Terraform provider in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import logging
import os
import re
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn

import sandbox.provider
from sandbox import apis, rpc
from sandbox.authority import Authority
from sandbox.control import batch, discovery
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, permission_denied, unimplemented
from sandbox.control.faults import Faults
from sandbox.control.http import ConnectionCut, Request, Response
from sandbox.control.outgoing import NotServed, here, is_googles
from sandbox.control.router import Router
from sandbox.control.store import Store
from sandbox.state import Running, StateDir
from sandbox.tunnels import Tunnels, local, speaking

log = logging.getLogger("sandbox")

# hashicorp/google before 7 says the version of an endpoint twice, where that is of HTTP: /iam/v1/v1/projects.
_TWICE = re.compile(r"^(?P<once>/[a-z0-9]+(?P<version>(?:/sql)?/v\d[a-z0-9]*))(?P=version)(?=/)")
_ABSOLUTE = re.compile(r"https?://[^/]*")  # what a client sends to a proxy, where the parser leaves it

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class PortBusy(Exception):
    """The port that was asked for is taken."""


@dataclass(frozen=True, slots=True)
class Config:
    """How to serve.

    port         None: the port of the last run if it is free, or any
    grpc_port    the same for gRPC
    projects     numbers by project id
    placeholder  what a secret without a version is taken to hold; empty: it has none, as in Google Cloud
    """

    state: StateDir
    port: int | None = None
    projects: Mapping[str, str] = field(default_factory=dict)
    placeholder: str = ""
    grpc_port: int | None = None


def bind(config: Config) -> socket.socket:
    """A bound socket on the loopback address. Raises PortBusy where `port` was given and is taken."""
    wanted = config.port if config.port is not None else config.state.last_port() or 0
    for port in dict.fromkeys((wanted, 0)):
        # The protocol is named: asyncio sets TCP_NODELAY only then, without which each answer waits for an ACK.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(1024)
        except OSError as error:
            listener.close()
            if config.port is not None:
                raise PortBusy(
                    f"Port {config.port} is in use ({error.strerror}): give another --port, or none."
                ) from error
            continue
        return listener
    raise PortBusy("No port of 127.0.0.1 is free.")


async def _serve_grpc(config: Config, control: Control, faults: Faults) -> rpc.Serving:
    wanted = config.grpc_port if config.grpc_port is not None else config.state.last_port("grpc-port") or 0
    try:
        return await rpc.serve(control, faults.dispatch, wanted)
    except OSError as error:
        if config.grpc_port is not None:
            raise PortBusy(f"{error} Give another --grpc-port, or none.") from error
        return await rpc.serve(control, faults.dispatch)


async def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT. The state directory is held by the caller."""
    listener = bind(config)
    port = listener.getsockname()[1]
    control = Control(Store(config.state.path / "sandbox.db"), config.state.path, url=f"http://127.0.0.1:{port}")
    control.placeholder = config.placeholder
    for project, declared in config.projects.items():
        control.projects.declare(project, declared, control.clock())
    router = Router(control)
    for api in apis.load():
        router.add(api)
    started, faults = control.now(), Faults(router)
    authority = Authority(config.state.path)
    tunnels = Tunnels(control, authority, port)

    web = _Web(
        uvicorn.Config(
            application(faults, started),
            http=speaking(tunnels),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
            server_header=False,
        )
    )
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    begun = []
    provider: Any = None
    remote: rpc.Serving | None = None
    serving: asyncio.Task[None] | None = None
    try:
        for api in router.apis:
            if api.start is not None:
                await api.start(control)
            begun.append(api)
        socket_path = config.state.socket_path("provider.sock")
        provider = await sandbox.provider.serve(
            faults.dispatch, Path(socket_path), here=functools.partial(here, control)
        )
        remote = await _serve_grpc(config, control, faults)
        await asyncio.to_thread(authority.establish)
        tunnels.start(config.state.socket_path("tls.sock"), remote.port)
        serving = asyncio.create_task(web.serve([listener]))
        ready = asyncio.create_task(web.ready.wait())
        await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
        running = Running(
            version=1,
            pid=os.getpid(),
            port=port,
            url=control.url,
            provider={"socket": socket_path, "reattach": sandbox.provider.reattach(Path(socket_path))},
            started=started,
            grpc=remote.address,
            authority=str(authority.file),
        )
        config.state.publish(running)
        for api in router.apis:
            if api.ready is not None:
                await api.ready(control)
        log.info("ready at %s", control.url)
        waiter = asyncio.create_task(stopping.wait())
        await asyncio.wait({waiter, serving}, return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
    finally:
        log.info("stopping")
        web.should_exit = True
        await tunnels.stop()
        if remote is not None:
            await remote.stop()
        if serving is not None:
            await serving
        if provider is not None:
            await provider.stop()
        for api in reversed(begun):
            if api.stop is not None:
                await api.stop(control)
        await control.stop()
        control.store.close()
        log.info("stopped")


class _Web(uvicorn.Server):
    """uvicorn without its signal handlers: it would raise the signal again at its end, and a clean stop is exit 0."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening and say so."""
        await super().startup(sockets)
        self.ready.set()

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


def application(faults: Faults, started: str) -> Callable[[dict[str, Any], Receive, Send], Awaitable[None]]:
    """The ASGI application over the router, with the faults there may be."""

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        request = Request(
            scope["method"],
            _ABSOLUTE.sub("", scope["raw_path"].decode("latin-1")) or "/",
            parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            bytes(body),
            scope["scheme"],
        )
        try:
            request = googles(faults.router, as_meant(faults.router, request))
            response = (
                foreign(request)
                or own(faults.router, request, started)
                or faults.page(request)
                or discovery.answer(faults.router, request)
                or await batch.answer(request, faults.dispatch)
                or await faults.dispatch(request)
            )
        except NotServed as error:
            response = ApiError("UNIMPLEMENTED", f"{error}."[:1].upper() + f"{error}."[1:]).response()
        except ConnectionCut:
            await _cut(receive)
            return
        headers = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
        if "content-length" not in response.headers and response.status not in (204, 304):
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    return app


async def _cut(receive: Receive) -> None:
    """Close the connection without an answer, which ASGI has no word for: uvicorn's `receive` is of what holds it."""
    receive.__self__.transport.abort()  # type: ignore[attr-defined]
    while (await receive())["type"] != "http.disconnect":
        pass


def googles(router: Router, request: Request) -> Request:
    """A request that a client sent to one of Google's hosts, as the sandbox has it. Raises NotServed.

    It came by the sandbox as a proxy: no name of Google's leads to this machine otherwise.
    """
    host = request.headers.get("host", "").partition(":")[0]
    if not is_googles(host):
        return request
    return replace(request, path=urlsplit(here(router.control, f"https://{host}{request.path}")).path)


def as_meant(router: Router, request: Request) -> Request:
    """What a client means that can't send it; the bytes of an object that are put to the XML API as they came."""
    meant = request.as_meant()
    if meant is not request and meant.method == "PUT" and router.match("PUT", meant.path) is None:
        meant = request
    return replace(meant, path=_TWICE.sub(r"\g<once>", meant.path))


def foreign(request: Request) -> Response | None:
    """Refuse what a web page of another site could send through a browser, or through a name that it controls."""
    for header in ("host", "origin"):
        text = request.headers.get(header)
        if not text:
            continue
        name = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        if not (local(name) or (header == "host" and is_googles(name))):
            return permission_denied(f"The sandbox answers to this machine only, not to {header} '{text}'.").response()
    return None


def own(router: Router, request: Request, started: str) -> Response | None:
    """The sandbox's own pages, or None."""
    if request.method not in ("GET", "HEAD"):
        return None
    if request.path == "/sandbox/health":
        return Response.of({"status": "ok", "started": started, "apis": {api.service: "ok" for api in router.apis}})
    if request.path == "/sandbox/support":
        return Response.of(router.support())
    if request.path == "/sandbox/where":
        try:
            return Response.of({"url": here(router.control, request.param("url"))})
        except NotServed as error:
            return unimplemented(f"{error}.").response()
    if request.path == "/" and "authorization" not in request.headers:  # with one, the XML API lists its buckets
        return Response.of({"sandbox": "Google Cloud on this machine", "health": "/sandbox/health"})
    return None


class JsonLines(logging.Formatter):
    """One JSON object a log line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message and, where there is one, the traceback."""
        message = record.getMessage()
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "severity": record.levelname,
            "logger": record.name,
        }
        if record.name == "sandbox.audit":
            line["audit"] = json.loads(message)
        else:
            line["message"] = message
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)

"""`run_service`: serve until SIGTERM or SIGINT, then end without losing a request that was accepted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

import uvicorn

from shared_services.logging import flush_logs, get_logger
from shared_services.tracing import flush_tracing, setup_tracing, shutdown_tracing

from .base import Base
from .service import Service

_QUIET_SECONDS = 0.1
_TICK_SECONDS = 0.02
_log = logging.getLogger("shared_services.service")


def run_service(app: Any, *, backlog: int = 2048) -> int:
    """Serve an application of `create_app` on its host and port; the process' exit code.

    After SIGTERM it says that it isn't ready and closes each connection after its answer; soon it stops accepting, lets
    what it accepted end, stops what the service started, flushes logs and traces, and ends: all within
    `drain_seconds`. What isn't done by then is cut off.

    >>> from shared_services import create_app, run_service
    >>> run_service(create_app("dashboard"))  # doctest: +SKIP
    0

    Args:
        app: the application.
        backlog: connections that may wait to be accepted.
    """
    service: Service = app.service if isinstance(app, Base) else app.state.service
    settings = service.settings
    service.set_up_logging()
    logger = get_logger("shared_services.service")
    try:
        listener = _listener(settings.host, settings.port)
    except OSError as error:
        logger.error(f"can't listen on {settings.host}:{settings.port}: {error.strerror}")
        flush_logs()
        return 1
    setup_tracing(service.identity.service, sample=settings.trace_sample, version=service.identity.version)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="auto" if _has_websockets(app) else "none",
        lifespan="on",
        backlog=backlog,
        timeout_keep_alive=65,  # longer than those who call keep theirs
    )
    server = _Server(config, service)
    about = service.identity
    port = listener.getsockname()[1]
    server.when_started = lambda: logger.info(
        "Service started", kind=about.kind, port=port, version=about.version, revision=about.revision
    )
    try:
        server.run(sockets=[listener])
    except SystemExit:  # uvicorn's word for a start that failed; the error is logged
        flush_logs()
        return 1
    logger.info("Service stopped", seconds=round(time.monotonic() - service.began, 1))
    flush_tracing(1)
    shutdown_tracing()
    flush_logs()
    return 0


class _Server(uvicorn.Server):
    """uvicorn's, with an end that loses nothing."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self.when_started: Any = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.when_started is not None:
            self.when_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        until = time.monotonic() + self._service.settings.drain_seconds
        _cut_off(self._service.settings.drain_seconds + 1)
        await self._service.drain()
        await self._finish(until, sockets or [])
        self.config.timeout_graceful_shutdown = max(0.1, until - time.monotonic())  # type: ignore[assignment]
        await super().shutdown(sockets)

    async def _finish(self, until: float, sockets: list[socket.socket]) -> None:
        """Accept a little longer, then no more; and let everything that was accepted be answered."""
        # Whoever sends requests learns by and by that this process isn't ready; till then they are served.
        await asyncio.sleep(min(self._service.settings.lame_duck_seconds, max(0.0, until - time.monotonic())))
        await self._stop_accepting(sockets)
        quiet = 0.0
        while quiet < _QUIET_SECONDS and time.monotonic() < until:
            await asyncio.sleep(_TICK_SECONDS)
            quiet = 0.0 if any(_busy(each) for each in self.server_state.connections) else quiet + _TICK_SECONDS

    async def _stop_accepting(self, sockets: list[socket.socket]) -> None:
        """Close the sockets that listen, once what the kernel has accepted for them is taken: it would be reset."""
        kept = [each.dup() for each in sockets]
        for server in self.servers:
            server.close()
        for each in sockets:
            each.close()
        await asyncio.sleep(0)  # the loop lets go of them
        loop = asyncio.get_running_loop()
        taken: list[socket.socket] = []
        for each in kept:
            each.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    taken.append(each.accept()[0])
            each.close()
        for each in taken:
            each.setblocking(False)
            await loop.connect_accepted_socket(self._protocol, each)

    def _protocol(self) -> asyncio.Protocol:
        config = self.config
        made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]
            config=config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but an end that was asked for is no death by a signal.

        All of them before the first connection is accepted: whoever sees the service answer may send one.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._asked) for number in (signal.SIGINT, signal.SIGTERM)}
        if hasattr(signal, "SIGHUP"):  # not on Windows
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, _reload)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self.should_exit and number == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def _busy(connection: Any) -> bool:
    """Whether a request is on a connection that has no whole answer yet."""
    cycle = getattr(connection, "cycle", None)
    return cycle is not None and not cycle.response_complete


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.setblocking(False)  # it listens when the service has started
    except BaseException:
        made.close()
        raise
    return made


def _has_websockets(app: Any) -> bool:
    return any("WebSocket" in type(route).__name__ for route in getattr(app, "routes", ()))


def _reload(number: int, frame: FrameType | None) -> None:
    """SIGHUP: read the configuration again, in a thread since it may ask a bucket."""
    from shared_services.config import default_manager

    threading.Thread(target=default_manager().reload, daemon=True).start()


def _cut_off(seconds: float) -> None:
    """End the process, whatever hangs."""

    def end() -> None:
        _log.error("the end took longer than %s s: cut off", seconds)
        flush_logs(0.5)
        sys.stdout.flush()
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()

"""The listener of a Cloud Run service: one loopback port, from which requests go to instances."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from sandbox.runtime.instances import Instance, NoInstance, Pool, StartFailed
from sandbox.runtime.output import Listener, Origin, Served

log = logging.getLogger("sandbox.runtime")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)


# What a request says of itself that an entry of it has.
_TOLD = ("user-agent", "referer", "traceparent", "x-cloud-trace-context")


@dataclass(frozen=True, slots=True)
class Target:
    """A revision's instances, its share of the requests and how long a request may take."""

    pool: Pool
    percent: int
    timeout: float
    origin: Origin | None = None


class _Server(uvicorn.Server):
    """uvicorn without signal handlers: the sandbox has its own."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


class Front:
    """A service's front. `targets` can be changed while it serves."""

    def __init__(self, client: httpx.AsyncClient, listener: Listener | None = None) -> None:
        self._listener = listener
        self.targets: Sequence[Target] = ()
        self.port = 0
        self._client = client
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def listen(self, port: int = 0) -> int:
        """Listen on `port` of the loopback address, or on any where it is taken. Returns the port."""
        listener = _bind(port)
        self.port = int(listener.getsockname()[1])
        config = uvicorn.Config(
            self, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False,
            date_header=False, timeout_graceful_shutdown=5,
        )  # fmt: skip
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]), name=f"front on {self.port}")
        while not self._server.started and not self._serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.001)
        return self.port

    async def close(self) -> None:
        """Stop listening, after the requests that run."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
            self._server = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        target = _choose(self.targets)
        if target is None:
            await _answer(send, 503, "No revision of the service is ready.")
            return
        if self._listener is None or target.origin is None:
            await self._serve(target, scope, receive, send)
            return
        seen = _Seen(send)
        try:
            await self._serve(target, scope, receive, seen)
        finally:
            self._listener.served(seen.origin or target.origin, seen.served(scope, self.port))

    async def _serve(self, target: Target, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(target.timeout):
                await self._forward(target, scope, receive, send)
        except TimeoutError:
            with contextlib.suppress(RuntimeError):  # the answer may have begun
                await _answer(send, 504, "upstream request timeout")

    async def _forward(self, target: Target, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            instance = await target.pool.acquire(target.timeout)
        except NoInstance as error:
            await _answer(send, 429, str(error))
            return
        except StartFailed as error:
            await _answer(send, 503, f"The request failed because no instance could be started. {error}")
            return
        if isinstance(send, _Seen):
            send.origin = instance.origin
        try:
            await self._pass(instance, scope, receive, send)
        finally:
            target.pool.release(instance)

    async def _pass(self, instance: Instance, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            path += "?" + scope["query_string"].decode("latin-1")
        headers = [(name, value) for name, value in scope["headers"] if name.decode().lower() not in _HOP_BY_HOP]
        client = (scope.get("client") or ("127.0.0.1", 0))[0]
        headers += [(b"x-forwarded-for", client.encode()), (b"x-forwarded-proto", b"http")]
        has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
        # Not `client.build_request`: that would add headers the caller did not send, `accept-encoding` among them.
        request = httpx.Request(
            scope["method"],
            httpx.URL(scheme="http", host="127.0.0.1", port=instance.port, raw_path=path.encode("latin-1")),
            headers=headers,
            content=_body(receive) if has_body else None,
        )
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            log.warning("instance on port %d: %s", instance.port, type(error).__name__)
            text = "The request failed because the connection to the instance had an error."
            await _answer(send, 503, text)
            return
        try:
            kept = [(n, v) for n, v in response.headers.raw if n.decode().lower() not in _HOP_BY_HOP]
            await send({"type": "http.response.start", "status": response.status_code, "headers": kept})
            if "content-length" in response.headers:
                await _copy(response, send)
            else:
                await _while_heard(_copy(response, send), receive)
        finally:
            await response.aclose()


class _Seen:
    """An answer on its way, and what there is to tell of it."""

    def __init__(self, send: Send) -> None:
        self.origin: Origin | None = None
        self._send = send
        self._began = time.monotonic()
        self._status = 499  # the client went away before there was an answer
        self._size = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
        else:
            self._size += len(message.get("body", b""))
        await self._send(message)

    def served(self, scope: Scope, port: int) -> Served:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        length = headers.get("content-length", "")
        return Served(
            method=scope["method"],
            url=f"http://{headers.get('host', f'127.0.0.1:{port}')}{scope['raw_path'].decode('latin-1')}{query}",
            status=self._status,
            latency=time.monotonic() - self._began,
            ended=time.time(),
            received=int(length) if length.isdigit() else 0,
            sent=self._size,
            client=(scope.get("client") or ("127.0.0.1", 0))[0],
            server="127.0.0.1",
            protocol=f"HTTP/{scope.get('http_version', '1.1')}",
            headers={name: headers[name] for name in _TOLD if name in headers},
        )


def _bind(port: int) -> socket.socket:
    for wanted in (port, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        listener.setblocking(False)
        return listener
    raise OSError("no port of 127.0.0.1 is free")


def _choose(targets: Sequence[Target]) -> Target | None:
    """A target by its share."""
    shares = [target for target in targets if target.percent > 0]
    if len(shares) <= 1:
        return shares[0] if shares else None
    return random.choices(shares, [target.percent for target in shares])[0]  # noqa: S311


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise httpx.ReadError("the client went away")
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body"):
            return


async def _copy(response: httpx.Response, send: Send) -> None:
    async for chunk in response.aiter_raw():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _while_heard(copying: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Copy a stream until its end, or until the client goes: else it stays open until the instance says more."""
    tasks = asyncio.ensure_future(copying), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, text: str) -> None:
    body = json.dumps({"error": {"code": status, "message": text}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

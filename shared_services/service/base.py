"""`Base`: the one layer around a service's own routes, in plain ASGI, since every request pays for it.

It answers `/health…` and `/metrics`, and gives each request its correlation id, its trace, its deadline, its place
among the others, its metrics and its line in the log; and each error its document.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import orjson

from shared_services.logging.context import bound_correlation_id
from shared_services.logging.logger import get_logger, log_request
from shared_services.resilience.deadline import deadline
from shared_services.resilience.errors import BulkheadFull, RateLimited
from shared_services.tracing import span

from .auth import InvalidToken, Principal
from .metrics import CONTENT_TYPE as CONTENT_TYPE_METRICS
from .overdue import Overdue
from .problem import CONTENT_TYPE, HttpProblem, Problem, problem_of
from .service import Service

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ENDPOINTS = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})
_WANTED = frozenset(
    {
        b"authorization",
        b"traceparent",
        b"x-cloud-trace-context",
        b"x-correlation-id",
        b"x-forwarded-for",
        b"x-request-id",
    }
)
_log = get_logger("shared_services.service")


class Base:
    """Around the routes of a service.

    Args:
        app: the routes; None: the service has none of its own.
        service: the process that they are of.
        health: further paths that answer as `/health` does: those that somebody's probes ask.
    """

    def __init__(
        self, app: Application | None = None, service: Service | None = None, *, health: Iterable[str] = ()
    ) -> None:
        if service is None:
            raise TypeError("the base needs its service")
        self._endpoints = ENDPOINTS.union(health)
        self._bare = app is None
        self.app = app or self._no_routes
        self.service = service
        self._overdue: Overdue | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            if scope["path"] in self._endpoints:
                await self._endpoint(scope, send)
            else:
                await self._request(scope, receive, send)
        elif kind == "lifespan" and self._bare:
            await self._life(receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self.service
        settings = service.settings
        began = time.perf_counter()
        method, path = scope["method"], scope["path"]
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _WANTED}
        status = 0
        principal: Principal | None = None
        service.http.began()
        given = headers.get("x-correlation-id") or headers.get("x-request-id")
        overdue = self._overdue_of(asyncio.get_running_loop())
        limit = overdue.begin(settings.request_seconds)
        with (
            bound_correlation_id(given) as correlation,
            span(method, headers, kind="server") as recorded,
            deadline(settings.request_seconds),
        ):

            async def reply(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    overdue.answered(limit)
                    more = [(b"x-correlation-id", correlation.encode())]
                    if service.draining:
                        more.append((b"connection", b"close"))
                    message["headers"] = [*message.get("headers", ()), *more]
                await send(message)

            service.active += 1
            try:
                if service.active > settings.concurrency:
                    raise BulkheadFull(service.identity.service, settings.concurrency)
                if settings.audiences and not path.startswith(settings.public_paths):
                    principal = await self._asker(scope, headers)
                self._count(principal.subject if principal else _address(scope, headers, settings.trusted_proxies))
                await self.app(scope, receive, reply)
            except (Exception, asyncio.CancelledError) as error:
                cut_off = limit.over and limit.release()
                if isinstance(error, Exception) and not cut_off:
                    problem = problem_of(error)
                    if problem.status >= 500:
                        _tell(method, path, error)
                elif cut_off:
                    problem = Problem(504, f"no answer within {settings.request_seconds:g} s", "timed-out")
                else:
                    raise
                if status:
                    raise  # the answer has begun: all that is left is to break it off
                await respond(reply, problem.status, problem.body(path), CONTENT_TYPE, problem.headers)
            else:
                if limit.over:  # it was cut off, and answered all the same
                    limit.release()
            finally:
                service.active -= 1
                overdue.answered(limit)
                seconds = time.perf_counter() - began
                route = _route(scope)
                service.http.ended((method, route), str(status or 499), seconds)
                if recorded is not None:
                    _describe(recorded, method, route, status)
                if not (path.startswith(settings.quiet_paths) or path.startswith(service.quiet_paths)):  # noqa: PIE810
                    user = None if principal is None else principal.email or principal.subject
                    log_request(method, path, status or 499, seconds * 1000, user_id=user)

    def _overdue_of(self, loop: asyncio.AbstractEventLoop) -> Overdue:
        """What watches the requests of a loop. A process has one; tests make one after another."""
        found = self._overdue
        if found is None or found.loop is not loop:
            found = self._overdue = Overdue(loop)
        return found

    async def _asker(self, scope: Scope, headers: dict[str, str]) -> Principal | None:
        """Who asks.

        Raises:
            InvalidToken: nobody who may.
        """
        try:
            principal = await self.service.authenticate(headers.get("authorization"))
        except InvalidToken:
            self._count(_address(scope, headers, self.service.settings.trusted_proxies))
            raise
        scope["principal"] = principal
        return principal

    def _count(self, client: str) -> None:
        limiter = self.service.limiter
        if limiter is not None and (wait := limiter.check(client)):
            raise RateLimited("this client", wait)

    async def _endpoint(self, scope: Scope, send: Send) -> None:
        path, service = scope["path"], self.service
        if scope["method"] not in ("GET", "HEAD"):
            problem = Problem(405, f"{scope['method']} is not for {path}", headers={"allow": "GET, HEAD"})
            await respond(send, 405, problem.body(path), CONTENT_TYPE, problem.headers)
            return
        if path == "/metrics":
            body = service.metrics()
            await respond(send, 200, body, CONTENT_TYPE_METRICS.encode(), head=scope["method"] == "HEAD")
            return
        code = 200
        document: dict[str, Any] = {**service.identity.document(), "status": "ok"}
        document["uptime_seconds"] = round(time.monotonic() - service.began, 3)
        if path != "/health/live":
            word, results = await service.health.status()
            document |= {"status": word, "checks": {result.name: result.document() for result in results}}
            if path == "/health/ready" and word not in ("ok", "degraded"):
                code = 503
        more = {"cache-control": "no-store", **({"connection": "close"} if service.draining else {})}
        await respond(send, code, orjson.dumps(document), b"application/json", more, head=scope["method"] == "HEAD")

    async def _no_routes(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What a service without routes of its own answers."""
        about, all_there_is = self.service.identity, ", ".join(sorted(self._endpoints))
        if about.kind == "starter":
            raise HttpProblem(404, f"{about.service} is not written yet: its starter answers {all_there_is} alone")
        raise HttpProblem(404, f"there is no {scope.get('path', '')}: so far {all_there_is} are all")

    async def _life(self, receive: Receive, send: Send) -> None:
        """The life of a service without routes."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.service.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.service.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _tell(method: str, path: str, error: Exception) -> None:
    """Log why there is no answer: where it broke, unless the service said so itself."""
    if isinstance(error, HttpProblem) and error.__cause__ is None:
        _log.warning("a request was refused", method=method, path=path, why=str(error))
    elif not isinstance(error, BulkheadFull):
        _log.error("a request failed", method=method, path=path, exc_info=error)


async def respond(
    send: Send,
    status: int,
    body: bytes,
    content_type: bytes,
    headers: dict[str, str] | None = None,
    *,
    head: bool = False,
) -> None:
    """Send a whole answer."""
    raw = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    raw += [(name.encode(), value.encode("latin-1", "replace")) for name, value in (headers or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else body})


def _address(scope: Scope, headers: dict[str, str], trusted: int) -> str:
    """Where a request comes from; the header is believed as far as our own proxies wrote it."""
    if trusted and (forwarded := headers.get("x-forwarded-for")):
        hops = [hop.strip() for hop in forwarded.split(",")]
        return hops[-min(trusted, len(hops))]
    client = scope.get("client")
    return client[0] if client else ""


def _route(scope: Scope) -> str:
    """The route's pattern: paths themselves would make a metric of each."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if path is None:
        return "unmatched" if scope.get("endpoint") is None else str(scope.get("root_path") or "mounted")
    return str(scope.get("root_path", "")) + str(path)


def _describe(recorded: Any, method: str, route: str, status: int) -> None:
    recorded.update_name(f"{method} {route}")
    recorded.set_attributes(
        {"http.request.method": method, "http.route": route, "http.response.status_code": status or 499}
    )

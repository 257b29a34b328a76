"""The gRPC face of a service: health, reflection, and for each call what the base does for a request."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

import grpc
from grpc import aio

from shared_services.errors import ErrorClass, PlatformError, classify
from shared_services.logging.context import bound_correlation_id
from shared_services.logging.logger import get_logger, log_request
from shared_services.resilience.deadline import deadline
from shared_services.resilience.errors import BulkheadFull, CircuitOpen, RateLimited, TimedOut
from shared_services.tracing import span

from .calls import BUCKETS, CallMetrics
from .service import Service

_log = get_logger("shared_services.grpc")
_QUIET = ("/grpc.health.", "/grpc.reflection.")
_CODES = {
    ErrorClass.INPUT: grpc.StatusCode.INVALID_ARGUMENT,
    ErrorClass.TRANSIENT: grpc.StatusCode.UNAVAILABLE,
    ErrorClass.DEPENDENCY: grpc.StatusCode.UNAVAILABLE,
}
_POLICIES: tuple[tuple[type[Exception], grpc.StatusCode], ...] = (
    (RateLimited, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (BulkheadFull, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (CircuitOpen, grpc.StatusCode.UNAVAILABLE),
    (TimedOut, grpc.StatusCode.DEADLINE_EXCEEDED),
    (TimeoutError, grpc.StatusCode.DEADLINE_EXCEEDED),
)


class GrpcServer:
    """Serves gRPC beside a service's HTTP: it starts with it, says that it isn't ready when it ends, and drains.

    >>> server = GrpcServer(service, lambda server: add_QuotesServicer_to_server(Quotes(), server),
    ...     names=["platform.Quotes"])  # doctest: +SKIP

    Args:
        service: whose life it shares; its health is that of `/health/ready`.
        register: adds the servicers.
        names: full names of the gRPC services, for health and reflection.
        port: instead of the settings' `grpc_port`; 0: any that is free.
        health_seconds: how often the health is looked at.
    """

    def __init__(
        self,
        service: Service,
        register: Callable[[aio.Server], object],
        *,
        names: Iterable[str] = (),
        port: int | None = None,
        health_seconds: float = 5,
    ) -> None:
        self._service, self._register, self._names = service, register, tuple(names)
        self._wanted = service.settings.grpc_port if port is None else port
        self._health_seconds = health_seconds
        self.port = 0
        self._server: aio.Server | None = None
        self._health: Any = None
        self._watching: asyncio.Task[None] | None = None
        service.on_start(self.start)
        service.on_drain(self.drain)
        service.on_stop(self.stop)

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port can't be had.
        """
        from grpc_health.v1 import health, health_pb2, health_pb2_grpc
        from grpc_reflection.v1alpha import reflection

        server = aio.server(interceptors=[_Interceptor(self._service)], options=[("grpc.so_reuseport", 0)])
        self._register(server)
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        names = (*self._names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
        try:
            self.port = server.add_insecure_port(f"{self._service.settings.host}:{self._wanted or 0}")
        except RuntimeError as error:
            raise OSError(f"gRPC can't listen on port {self._wanted}") from error
        await server.start()
        self._server = server
        self._watching = asyncio.create_task(self._watch(), name="gRPC health")
        _log.info("gRPC started", port=self.port)

    async def drain(self) -> None:
        """Say that it isn't ready."""
        if self._watching is not None:
            self._watching.cancel()
        if self._health is not None:
            await self._health.enter_graceful_shutdown()

    async def stop(self) -> None:
        """Take no more calls, and let those that run end within the service's time."""
        await self.drain()
        server, self._server = self._server, None
        if server is not None:
            await server.stop(self._service.settings.drain_seconds * 0.8)

    async def _watch(self) -> None:
        """Keep what the health service says in step with the checks."""
        from grpc_health.v1 import health_pb2

        status = health_pb2.HealthCheckResponse
        while True:
            results = await self._service.health.check()
            ready = all(result.ok for result in results if result.required)
            for name in ("", *self._names):
                await self._health.set(name, status.SERVING if ready else status.NOT_SERVING)
            await asyncio.sleep(self._health_seconds)


class _Interceptor(aio.ServerInterceptor):  # type: ignore[misc, unused-ignore]
    """Around every call: correlation id, trace, deadline, limits, metrics, a line, and a status for each error."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._metrics = CallMetrics(service.identity.service, "grpc", service.settings.buckets or BUCKETS)

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        handler = await continuation(details)
        method: str = details.method
        if handler is None or method.startswith(_QUIET):
            return handler
        headers = {key: value for key, value in details.invocation_metadata or () if isinstance(value, str)}
        if handler.response_streaming:
            inner = handler.stream_stream or handler.unary_stream

            async def streamed(request: Any, context: Any) -> AsyncIterator[Any]:
                async with self._call(method, headers, context):
                    async for message in inner(request, context):
                        yield message

            make = grpc.stream_stream_rpc_method_handler if handler.request_streaming else None
            return (make or grpc.unary_stream_rpc_method_handler)(
                streamed, handler.request_deserializer, handler.response_serializer
            )
        once = handler.stream_unary or handler.unary_unary

        async def single(request: Any, context: Any) -> Any:
            async with self._call(method, headers, context):
                return await once(request, context)

        make = grpc.stream_unary_rpc_method_handler if handler.request_streaming else None
        return (make or grpc.unary_unary_rpc_method_handler)(
            single, handler.request_deserializer, handler.response_serializer
        )

    def _call(self, method: str, headers: dict[str, str], context: Any) -> _Call:
        return _Call(self._service, self._metrics, method, headers, context)


class _Call:
    """One call, from its beginning to its end."""

    def __init__(
        self, service: Service, metrics: CallMetrics, method: str, headers: dict[str, str], context: Any
    ) -> None:
        self._service, self._metrics = service, metrics
        self._method, self._headers, self._context = method, headers, context
        self._stack = AsyncExitStack()
        self._began = 0.0
        self._principal: Any = None

    async def __aenter__(self) -> None:
        settings, context = self._service.settings, self._context
        self._began = time.perf_counter()
        self._metrics.began()
        left = context.time_remaining()
        seconds = settings.request_seconds if left is None else min(left, settings.request_seconds)
        correlation = self._stack.enter_context(bound_correlation_id(self._headers.get("x-correlation-id")))
        self._stack.enter_context(span(self._method.removeprefix("/"), self._headers, kind="server"))
        self._stack.enter_context(deadline(seconds))
        self._service.active += 1
        context.set_trailing_metadata((("x-correlation-id", correlation),))
        try:
            await self._admitted()
        except BaseException as error:
            await self.__aexit__(type(error), error, None)
            raise

    async def _admitted(self) -> None:
        service = self._service
        if service.active > service.settings.concurrency:
            raise BulkheadFull(service.identity.service, service.settings.concurrency)
        client = self._context.peer().rpartition(":")[0]
        if service.settings.audiences:
            self._principal = await service.authenticate(self._headers.get("authorization"))
            client = self._principal.subject
        if service.limiter is not None and (wait := service.limiter.check(client)):
            raise RateLimited("this client", wait)

    async def __aexit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        self._service.active -= 1
        code = self._context.code()
        status = grpc.StatusCode.OK if not code else _as_code(code)
        details = ""
        if isinstance(error, Exception) and not isinstance(error, aio.AbortError):
            status, details = _status(error)
            if status in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE):
                _log.error("a call failed", method=self._method, exc_info=error)
        elif isinstance(error, asyncio.CancelledError):
            status = grpc.StatusCode.CANCELLED
        seconds = time.perf_counter() - self._began
        self._metrics.ended((self._method,), status.name, seconds)
        user = None if self._principal is None else self._principal.email or self._principal.subject
        log_request("GRPC", self._method, _as_http(status), seconds * 1000, user_id=user, grpc_status=status.name)
        await self._stack.aclose()
        if details:
            await self._context.abort(status, details)


def _status(error: Exception) -> tuple[grpc.StatusCode, str]:
    """What an error is for the caller; what is ours alone is not told."""
    status = getattr(error, "status", None)
    if status in (401, 403, 404, 409):
        codes = grpc.StatusCode
        known = {401: codes.UNAUTHENTICATED, 403: codes.PERMISSION_DENIED, 404: codes.NOT_FOUND, 409: codes.ABORTED}
        return known[status], str(error)
    for kind, code in _POLICIES:
        if isinstance(error, kind):
            return code, error.what if isinstance(error, PlatformError) else "no answer in time"
    kind_of = classify(error)
    told = isinstance(error, PlatformError) and kind_of in (ErrorClass.INPUT, ErrorClass.TRANSIENT)
    if told and isinstance(error, PlatformError):
        return _CODES[kind_of], error.what
    code = _CODES.get(kind_of, grpc.StatusCode.INTERNAL)
    if code is grpc.StatusCode.INVALID_ARGUMENT:
        code = grpc.StatusCode.INTERNAL
    return code, "an error that is logged under the correlation id"


def _as_code(code: Any) -> grpc.StatusCode:
    if isinstance(code, grpc.StatusCode):
        return code
    return next((each for each in grpc.StatusCode if each.value[0] == code), grpc.StatusCode.UNKNOWN)


def _as_http(status: grpc.StatusCode) -> int:
    """For the log's levels only."""
    if status is grpc.StatusCode.OK:
        return 200
    ours = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNKNOWN}
    return 500 if status in ours else 400


logging.getLogger("grpc._cython.cygrpc").setLevel(logging.ERROR)

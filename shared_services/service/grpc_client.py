"""Calling another service's gRPC face: with the correlation id, the trace and the time that is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
from grpc import aio

from shared_services.logging.context import correlation_id
from shared_services.resilience.deadline import remaining
from shared_services.tracing import TRACEPARENT, current_traceparent


def grpc_channel(target: str, *, timeout_seconds: float = 10, token: Callable[[], str] | None = None) -> aio.Channel:
    """A channel whose calls carry on the request that they are made in.

    >>> channel = grpc_channel("127.0.0.1:50053")  # doctest: +SKIP

    Args:
        target: `HOST:PORT`; with `https://` before it, over TLS.
        timeout_seconds: how long a call may take that says nothing itself; the deadline that is bound shortens it.
        token: gives the ID token to send.
    """
    interceptors: Any = [_Unary(timeout_seconds, token), _Stream(timeout_seconds, token)]
    if target.startswith("https://"):
        host = target.removeprefix("https://")
        address = host if ":" in host else f"{host}:443"
        return aio.secure_channel(address, grpc.ssl_channel_credentials(), interceptors=interceptors)
    return aio.insecure_channel(target.removeprefix("http://"), interceptors=interceptors)


class _Carries:
    def __init__(self, timeout_seconds: float, token: Callable[[], str] | None) -> None:
        self._timeout, self._token = timeout_seconds, token

    def _details(self, details: Any) -> Any:
        metadata = aio.Metadata(*(details.metadata or ()))
        carried = {"x-correlation-id": correlation_id(), TRACEPARENT: current_traceparent()}
        if self._token is not None:
            carried["authorization"] = f"Bearer {self._token()}"
        for name, value in carried.items():
            if value is not None and name not in metadata:
                metadata.add(name, value)
        timeout = details.timeout if details.timeout is not None else self._timeout
        return aio.ClientCallDetails(
            details.method, remaining(timeout), metadata, details.credentials, details.wait_for_ready
        )


class _Unary(_Carries, aio.UnaryUnaryClientInterceptor):  # type: ignore[misc, unused-ignore]
    async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        return await continuation(self._details(details), request)


class _Stream(_Carries, aio.UnaryStreamClientInterceptor):  # type: ignore[misc, unused-ignore]
    async def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        return await continuation(self._details(details), request)

"""`ServiceClient`: calls of another service, by its name."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from shared_services.logging.context import correlation_id
from shared_services.resilience.deadline import remaining
from shared_services.resilience.errors import CircuitOpen, TimedOut
from shared_services.tracing import TRACEPARENT, current_traceparent, span

from .registry import Endpoint, NoEndpoint, ServiceRegistry

Tokens = Callable[[str], str | None]
_DOWN = frozenset({502, 503, 504})
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class ServiceClient:
    """Calls one service at whichever of its addresses works.

    A call carries the correlation id, the trace, an ID token where the platform gives one, and takes no longer than the
    deadline that is bound. What never arrived is sent to another address; and what can be repeated, also when the first
    says that it is down.

    >>> risk = ServiceClient(ServiceRegistry.of(), "risk-manager")
    >>> answer = await risk.get("/limits/momentum")  # doctest: +SKIP
    >>> answer.json()  # doctest: +SKIP
    {'used': 0.4}

    Args:
        registry: knows the addresses.
        service: the name of whom to call.
        timeout_seconds: of a call.
        attempts: addresses that are tried.
        tokens: gives the ID token for an address; by default that of the account it runs as, on Cloud Run.
        transport: of httpx, for tests.
    """

    def __init__(
        self,
        registry: ServiceRegistry,
        service: str,
        *,
        timeout_seconds: float = 10,
        attempts: int = 2,
        tokens: Tokens | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._registry, self._service = registry, service
        self._timeout, self._attempts = timeout_seconds, max(1, attempts)
        self._tokens = tokens or IdTokens()
        self._client = httpx.AsyncClient(transport=transport, trust_env=False)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET a path."""
        return await self.request("GET", path, **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        """POST to a path; sent once, unless an `idempotency-key` stands in its headers."""
        return await self.request("POST", path, **more)

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Call a path with httpx's arguments.

        Raises:
            NoEndpoint, UnknownService: there is nobody to call.
            TimedOut: no answer in time.
            httpx.TransportError: it can't be reached.
        """
        headers = {name.lower(): value for name, value in (more.pop("headers", None) or {}).items()}
        repeatable = method in _REPEATABLE or "idempotency-key" in headers
        tried: list[Endpoint] = []
        failure: Exception | None = None
        answer: httpx.Response | None = None
        with span(f"{method} {self._service}", kind="client"):
            while len(tried) < self._attempts:
                try:
                    endpoint = await self._registry.pick(self._service, avoid=tried)
                except NoEndpoint:
                    if not tried:
                        raise
                    break
                tried.append(endpoint)
                try:
                    answer, failure = await self._call(endpoint, method, path, headers, more), None
                except (CircuitOpen, httpx.ConnectError, httpx.ConnectTimeout) as error:  # it never arrived
                    answer, failure = None, error
                except httpx.TransportError as error:
                    if not repeatable:
                        raise
                    answer, failure = None, error
                if answer is not None and (answer.status_code not in _DOWN or not repeatable):
                    return answer
            if answer is not None:
                return answer
            assert failure is not None
            raise failure

    async def _call(
        self, endpoint: Endpoint, method: str, path: str, headers: Mapping[str, str], more: Mapping[str, Any]
    ) -> httpx.Response:
        seconds = remaining(self._timeout)
        if not seconds:
            raise TimedOut(0.0)
        carried = {"x-correlation-id": correlation_id(), TRACEPARENT: current_traceparent(), **headers}
        token = await asyncio.to_thread(self._tokens, endpoint.url) if "authorization" not in headers else None
        if token:
            carried["authorization"] = f"Bearer {token}"
        sent = {name: value for name, value in carried.items() if value is not None}
        era = endpoint.breaker.enter()
        endpoint.active += 1
        try:
            answer = await self._client.request(method, f"{endpoint.url}{path}", headers=sent, timeout=seconds, **more)
        except BaseException as error:
            endpoint.breaker.failed(era, error)
            if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
                raise TimedOut(seconds) from error
            raise
        finally:
            endpoint.active -= 1
        if answer.status_code in _DOWN:
            endpoint.breaker.failed(era, ConnectionError(answer.status_code))
        else:
            endpoint.breaker.succeeded(era)
        return answer

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


class IdTokens:
    """ID tokens of the account that a service runs as, from the metadata server; kept until shortly before they expire.

    >>> IdTokens(environ={})("https://risk-manager.example.com") is None
    True

    Args:
        environ: the variables; tokens are there on Cloud Run only.
        fetch: gives a token for an audience.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        fetch: Callable[[str], str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        environ = os.environ if environ is None else environ
        self._on = fetch is not None or ("K_SERVICE" in environ and "SANDBOX_URL" not in environ)
        self._fetch, self._clock = fetch or _fetched, clock
        self._known: dict[str, tuple[float, str]] = {}

    def __call__(self, audience: str) -> str | None:
        """A token for an audience, or None where none is to be had."""
        if not self._on:
            return None
        known = self._known.get(audience)
        if known is None or known[0] <= self._clock():
            known = self._known[audience] = (self._clock() + 3000, self._fetch(audience))  # they last an hour
        return known[1]


def _fetched(audience: str) -> str:
    from google.auth.transport.requests import Request
    from google.oauth2 import id_token

    return str(id_token.fetch_id_token(Request(), audience))  # type: ignore[no-untyped-call]

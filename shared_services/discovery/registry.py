"""`ServiceRegistry`: the addresses of each service, which of them work, and the one to call next."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared_services.errors import DependencyError, PermanentError
from shared_services.resilience import BreakerState, CircuitBreaker

from .sources import CloudRunSource, Source, StaticSource

_log = logging.getLogger("shared_services.discovery")


class NoEndpoint(DependencyError):
    """No address of the service works just now."""


class UnknownService(PermanentError):
    """Nobody knows the service."""


@dataclass(eq=False, slots=True)
class Endpoint:
    """One address of a service.

    Args:
        service: its name.
        url: where it answers.
        breaker: what came of its calls.
        healthy: what it said of itself when it was last asked.
        active: calls under way.
    """

    service: str
    url: str
    breaker: CircuitBreaker = field(repr=False)
    healthy: bool = True
    active: int = 0

    @property
    def usable(self) -> bool:
        """Whether it may be called."""
        return self.healthy and self.breaker.state is not BreakerState.OPEN


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """What a service says of itself at one address.

    Args:
        service: its name.
        url: where it was asked.
        status: its word, or why it has none.
        kind: service or starter.
        seconds: how long the answer took.
        checks: what it found of what it needs.
    """

    service: str
    url: str
    status: str
    kind: str = "unknown"
    seconds: float = 0.0
    checks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it can be used."""
        return self.status in ("ok", "degraded")


class ServiceRegistry:
    """Where the platform's services are.

    Addresses are read from the sources, the first that knows a service counts; they are read again when they are older
    than `ttl_seconds`, and the old ones serve on when that fails. Of several addresses the less busy of two is taken,
    among those that work: whose calls don't fail, and, where `start` was called, that say they are ready. One with a
    single address is not asked unless it is called: Cloud Run balances by itself, and asking would keep it awake.

    >>> registry = ServiceRegistry([StaticSource({"risk-manager": ("http://127.0.0.1:8003",)})])
    >>> asyncio.run(registry.pick("risk-manager")).url
    'http://127.0.0.1:8003'

    Args:
        sources: who knows addresses.
        ttl_seconds: how long they are believed.
        chance: picks from a sequence.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        ttl_seconds: float = 30,
        chance: Callable[[Sequence[Endpoint]], Endpoint] = random.choice,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources, self._ttl, self._chance, self._clock = list(sources), ttl_seconds, chance, clock
        self._endpoints: dict[str, list[Endpoint]] = {}
        self._until = float("-inf")
        self._reading: asyncio.Lock | None = None
        self._asking: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None, *, ttl_seconds: float = 30) -> ServiceRegistry:
        """By the variables where they name services, then by Cloud Run: Google's or the sandbox's.

        >>> ServiceRegistry.of({"GOOGLE_CLOUD_PROJECT": "atm-prod"})
        ServiceRegistry(0 services known)
        """
        environ = os.environ if environ is None else environ
        sources: list[Source] = [StaticSource.of(environ)]
        if "GOOGLE_CLOUD_PROJECT" in environ or "K_SERVICE" in environ:
            region = environ.get("REGION", "asia-south1")
            sources.append(CloudRunSource(environ.get("GOOGLE_CLOUD_PROJECT"), region, environ=environ))
        return cls(sources, ttl_seconds=ttl_seconds)

    async def services(self) -> tuple[str, ...]:
        """The names of all that are known."""
        await self._read()
        return tuple(sorted(self._endpoints))

    async def endpoints(self, service: str) -> tuple[Endpoint, ...]:
        """All addresses of a service.

        Raises:
            UnknownService: nobody knows it.
        """
        await self._read()
        found = self._endpoints.get(service)
        if not found:
            known = ", ".join(sorted(self._endpoints)) or "none"
            raise UnknownService(f"there is no service {service}", why=f"known: {known}")
        return tuple(found)

    async def pick(self, service: str, *, avoid: Sequence[Endpoint] = ()) -> Endpoint:
        """The address to call next.

        Args:
            service: its name.
            avoid: addresses that just failed.

        Raises:
            UnknownService: nobody knows it.
            NoEndpoint: none of its addresses works.
        """
        usable = [each for each in await self.endpoints(service) if each.usable and each not in avoid]
        if not usable:
            raise NoEndpoint(f"no address of {service} works just now", todo="try again in some seconds")
        one, other = self._chance(usable), self._chance(usable)
        return one if one.active <= other.active else other

    async def health(
        self,
        services: Sequence[str] | None = None,
        *,
        seconds: float = 5,
        tokens: Callable[[str], str | None] | None = None,
    ) -> tuple[ServiceHealth, ...]:
        """Ask services for their /health, all at once. This wakes those that sleep.

        Args:
            services: their names; by default all that are known.
            seconds: how long an answer may take.
            tokens: gives the ID token for an address, where Cloud Run asks for one; such as `IdTokens()`.
        """
        wanted = await self.services() if services is None else services
        endpoints = [each for name in wanted for each in await self.endpoints(name)]
        async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
            return tuple(await asyncio.gather(*(_asked(client, each, tokens) for each in endpoints)))

    def start(self, *, interval_seconds: float = 15, timeout_seconds: float = 2) -> None:
        """Ask those with several addresses every `interval_seconds` whether they are ready, in a task of its own."""
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(interval_seconds, timeout_seconds), name="service health")

    async def stop(self) -> None:
        """End what `start` began."""
        task, self._asking = self._asking, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _ask(self, interval: float, seconds: float) -> None:
        async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
            while True:
                with contextlib.suppress(Exception):  # logged where it is read
                    await self._read()
                several = [each for found in self._endpoints.values() if len(found) > 1 for each in found]
                await asyncio.gather(*(_look(client, each) for each in several))
                await asyncio.sleep(interval)

    async def _read(self) -> None:
        if self._clock() < self._until:
            return
        if self._reading is None:
            self._reading = asyncio.Lock()
        async with self._reading:
            if self._clock() < self._until:
                return
            found: dict[str, tuple[str, ...]] = {}
            for source in self._sources:
                try:
                    known = await source.addresses()
                except Exception as error:
                    if not self._endpoints and not found:
                        raise
                    _log.warning("%s can't be asked: %s", type(source).__name__, error)
                    known = {name: tuple(e.url for e in each) for name, each in self._endpoints.items()}
                found = {**known, **found}
            self._endpoints = {name: self._kept(name, urls) for name, urls in found.items()}
            self._until = self._clock() + self._ttl

    def _kept(self, service: str, urls: tuple[str, ...]) -> list[Endpoint]:
        """The endpoints of addresses; what is known of one that stays is kept."""
        known = {each.url: each for each in self._endpoints.get(service, ())}
        return [known.get(url) or Endpoint(service, url, _breaker(service, url)) for url in urls]

    def __repr__(self) -> str:
        return f"ServiceRegistry({len(self._endpoints)} services known)"


def _breaker(service: str, url: str) -> CircuitBreaker:
    name = f"{service} at {url}"
    return CircuitBreaker(name, failure_threshold=3, window_seconds=10, open_seconds=5, half_open_calls=1)


async def _look(client: httpx.AsyncClient, endpoint: Endpoint) -> None:
    try:
        endpoint.healthy = (await client.get(f"{endpoint.url}/health/ready")).status_code == 200
    except httpx.HTTPError:
        endpoint.healthy = False


async def _asked(
    client: httpx.AsyncClient, endpoint: Endpoint, tokens: Callable[[str], str | None] | None
) -> ServiceHealth:
    began = time.perf_counter()
    try:
        token = None if tokens is None else await asyncio.to_thread(tokens, endpoint.url)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = await client.get(f"{endpoint.url}/health", headers=headers)
        said = answer.json()
        status, kind = str(said.get("status", f"HTTP {answer.status_code}")), str(said.get("kind", "service"))
        checks = said.get("checks", {})
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        status, kind, checks = f"{type(error).__name__}: {error}", "unknown", {}
    return ServiceHealth(endpoint.service, endpoint.url, status, kind, time.perf_counter() - began, checks)

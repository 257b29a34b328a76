"""`Service`: what one process of a service has: health, metrics, limits, who may ask, and what happens in its life."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared_services.resilience.limiter import RateLimiter

from .calls import BUCKETS, CallMetrics
from .health import Health, Phase
from .metrics import BusinessMetrics, rendered
from .settings import ServiceSettings

if TYPE_CHECKING:
    from shared_services.config import ConfigChange, ConfigManager

    from .auth import Authenticator, Principal

Hook = Callable[[], Any]
_OF_TOKENS = ("audiences", "issuers", "certificates", "platform_verifies", "members", "permissions")
_log = logging.getLogger("shared_services.service")


class Service:
    """One process of a service.

    >>> service = Service(ServiceSettings())
    >>> service.health.add("database", lambda: True, kind="database")
    >>> service.on_stop(lambda: print("flushed"))
    >>> import asyncio
    >>> asyncio.run(service.stop())
    flushed

    Args:
        settings: what the base does for it.
        authenticator: instead of one made of the settings.
    """

    def __init__(self, settings: ServiceSettings, *, authenticator: Authenticator | None = None) -> None:
        self.settings = settings
        self.identity = settings.identity
        self.health = Health()
        self.began = time.monotonic()
        self.active = 0
        self.quiet_paths: tuple[str, ...] = ()  # of its own, such as a stream's, whose answers go on and on
        self.limiter: RateLimiter | None = None
        self._authenticator = authenticator
        self._given = authenticator is not None
        self._tokens: tuple[Any, ...] | None = None
        self._on_start: list[Hook] = []
        self._on_drain: list[Hook] = []
        self._on_stop: list[Hook] = []
        self.apply(settings)

    @cached_property
    def http(self) -> CallMetrics:
        """The metrics of its requests."""
        return CallMetrics(self.identity.service, "http", self.settings.buckets or BUCKETS)

    @cached_property
    def business(self) -> BusinessMetrics:
        """The metrics of its business."""
        return BusinessMetrics(self.identity.service)

    def metrics(self) -> bytes:
        """All metrics of this process, as Prometheus reads them."""
        _ = self.http, self.business  # they are there, asked for or not
        return rendered()

    def on_start(self, hook: Hook) -> None:
        """Call a function, plain or async, before the first request; in the order of these calls."""
        self._on_start.append(hook)

    def on_drain(self, hook: Hook) -> None:
        """Call a function when the end has begun: nothing new should be taken up."""
        self._on_drain.append(hook)

    def on_stop(self, hook: Hook) -> None:
        """Call a function after the last request: flush, close. The last one given is called first."""
        self._on_stop.append(hook)

    def apply(self, settings: ServiceSettings) -> None:
        """Take over changed settings, without a restart: limits, roles, levels. Addresses and ports stay."""
        self.settings = settings
        if settings.rate_per_second is None:
            self.limiter = None
        elif self.limiter is None:
            self.limiter = RateLimiter(settings.rate_per_second, settings.rate_burst, name=self.identity.service)
        else:
            self.limiter.configure(settings.rate_per_second, settings.rate_burst)
        wanted = tuple(getattr(settings, name) for name in _OF_TOKENS)
        if settings.audiences and not self._given and wanted != self._tokens:
            from .auth import Authenticator

            self._authenticator, self._tokens = Authenticator(settings), wanted

    def follow(self, manager: ConfigManager, environ: Mapping[str, str] | None = None) -> Callable[[], None]:
        """Take over what changes in the configuration, as it changes.

        Returns:
            A function that ends it.
        """
        wanted = {self.identity.service, "observability", "resilience", "security"}

        def changed(change: ConfigChange) -> None:
            if change.name not in wanted:
                return
            settings = ServiceSettings.of(self.identity.service, manager, environ)
            before = self.settings
            self.apply(settings)
            if (before.log_level, before.log_format) != (settings.log_level, settings.log_format):
                self.set_up_logging()
            _log.info("the configuration %s changed: %s", change.name, ", ".join(change.changed))

        return manager.on_change(changed)

    def set_up_logging(self) -> None:
        """Lines as the settings want them."""
        from shared_services.logging import setup_logging

        quiet = {"uvicorn": "WARNING", "google.auth": "WARNING", "httpx": "WARNING", "urllib3": "WARNING"}
        setup_logging(self.identity.service, self.settings.log_level, self.settings.log_format, levels=quiet)

    @property
    def draining(self) -> bool:
        """Whether the end has begun."""
        return self.health.phase is Phase.DRAINING

    async def authenticate(self, header: str | None) -> Principal | None:
        """Who asks; None where this service asks for no token.

        Raises:
            InvalidToken: nobody who is known here.
        """
        if self._authenticator is None:
            return None
        return await self._authenticator.authenticate(header)

    async def start(self) -> None:
        """Run what stands before the first request."""
        for hook in self._on_start:
            await _called(hook)
        self.health.phase = Phase.SERVING

    async def drain(self) -> None:
        """The end begins: not ready any more."""
        self.health.phase = Phase.DRAINING
        for hook in self._on_drain:
            try:
                await _called(hook)
            except Exception:
                _log.exception("a hook of the drain failed")

    async def stop(self) -> None:
        """Run what stands after the last request; one that fails or takes too long stops no other."""
        self.health.phase = Phase.DRAINING
        until = time.monotonic() + self.settings.drain_seconds
        for hook in reversed(self._on_stop):
            try:
                async with asyncio.timeout(max(0.1, until - time.monotonic())):
                    await _called(hook)
            except Exception:
                _log.exception("a hook of the end failed")


async def _called(hook: Hook) -> None:
    result = hook()
    if inspect.isawaitable(result):
        await _awaited(result)


async def _awaited(result: Awaitable[Any]) -> None:
    await result

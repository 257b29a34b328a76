"""`ServiceSettings`: what the base of a service is told; from the platform's configuration, or by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .identity import Identity

if TYPE_CHECKING:
    from shared_services.config import ConfigManager


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What the base does for a service.

    Args:
        identity: who it is.
        host: where it listens.
        port: where it listens; 0: any that is free.
        grpc_port: where its gRPC face listens, if it has one.
        request_seconds: how long a request may take until its answer begins.
        concurrency: requests at a time; more are refused with 503.
        rate_per_second: requests that a client may make on average; None: any number.
        rate_burst: requests that it may make at once.
        trusted_proxies: entries that our own proxies append to `x-forwarded-for`; 0: the header is not believed.
        drain_seconds: what ending may take; Cloud Run gives 10.
        lame_duck_seconds: how long it still accepts after it was told to end, while it says that it isn't ready.
        audiences: whom ID tokens must be for; none: requests are not authenticated.
        issuers: who may have issued them.
        certificates: what they are verified with: `google`, the address or file of a JSON of certificates, or
            `unsigned` for a sandbox's.
        platform_verifies: whether Cloud Run lets nobody in whose token it hasn't verified.
        members: e-mail addresses by role; `*@example.com` is everyone of a domain.
        permissions: by role.
        public_paths: beginnings of paths that ask for no token.
        trace_sample: the part of new traces that is kept.
        log_level: from which on lines are written.
        log_format: json or text.
        quiet_paths: requests that are not logged.
        buckets: of durations, in seconds.
    """

    identity: Identity = field(default_factory=Identity.of)
    host: str = "0.0.0.0"  # noqa: S104 - a container's own address isn't known before it runs
    port: int = 8080
    grpc_port: int | None = None
    request_seconds: float = 30
    concurrency: int = 80
    rate_per_second: float | None = None
    rate_burst: int = 100
    trusted_proxies: int = 0
    drain_seconds: float = 8
    lame_duck_seconds: float = 0.2
    audiences: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ("https://accounts.google.com", "accounts.google.com")
    certificates: str = "google"
    platform_verifies: bool = False
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public_paths: tuple[str, ...] = ("/docs", "/openapi.json", "/redoc", "/ui/")
    trace_sample: float = 0.05
    log_level: str = "INFO"
    log_format: str = "json"
    quiet_paths: tuple[str, ...] = ("/health", "/metrics")
    buckets: tuple[float, ...] = ()

    @classmethod
    def of(
        cls, name: str, manager: ConfigManager | None = None, environ: Mapping[str, str] | None = None
    ) -> ServiceSettings:
        """From `config/services/NAME.yaml`, `observability`, `resilience` and `security`.

        >>> ServiceSettings.of("market-data-ingestion", environ={}).port
        8001
        """
        from shared_services.config import default_manager

        environ = os.environ if environ is None else environ
        manager = manager or default_manager()
        config, watched = manager.get_config(name), manager.get_config("observability")
        limits, security = manager.get_config("resilience"), manager.get_config("security")
        limit = limits.rate_limits.get(name, limits.rate_limit)
        also = {"rate_per_second": "RATE_LIMIT_PER_SECOND", "rate_burst": "RATE_LIMIT_BURST"}
        own: dict[str, Any] = {name: getattr(config, its) for name, its in also.items() if hasattr(config, its)}
        identity = Identity.of(environ, service=name)
        made = cls(
            identity=replace(identity, version=identity.version or config.SERVICE_VERSION),
            host=environ.get("HOST") or config.SERVICE_HOST,
            port=config.SERVICE_PORT,
            grpc_port=config.GRPC_PORT,
            request_seconds=config.REQUEST_TIMEOUT_SECONDS,
            concurrency=config.MAXIMUM_CONCURRENCY,
            rate_per_second=limit.per_second,
            rate_burst=limit.burst,
            trusted_proxies=1 if "K_SERVICE" in environ else 0,
            drain_seconds=config.DRAIN_SECONDS,
            audiences=security.identity.audiences,
            issuers=security.identity.issuers,
            certificates=security.identity.certificates,
            platform_verifies=security.identity.platform_verifies,
            members=security.members,
            permissions=security.roles,
            trace_sample=float(watched.traces.sample),
            log_level=config.LOG_LEVEL,
            log_format=config.LOG_FORMAT,
            buckets=tuple(milliseconds / 1000 for milliseconds in watched.metrics.latency_buckets_ms),
        )
        return replace(made, **own) if own else made

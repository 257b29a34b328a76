"""shared-services, auth and api-gateway."""

from __future__ import annotations

from pydantic import Field

from ..model import Positive, Seconds, Url
from ..secret import Secret
from .base import BaseServiceConfig


class SharedServicesConfig(BaseServiceConfig):
    """Configuration, health, logs and reports."""

    SERVICE_NAME: str = "shared-services"
    SERVICE_PORT: int = Field(default=8000, ge=1, le=65535)
    HEALTH_INTERVAL_SECONDS: Seconds = 15
    LOG_BATCH_ROWS: Positive = 500
    LOG_FLUSH_SECONDS: Seconds = 5
    REGISTRY_TTL_SECONDS: Seconds = 30
    FOUR_EYES: bool = False
    """Whether a change of the configuration is applied by another person than the one who proposes it."""
    EVENT_STREAMS: Positive = 20
    """Pages that may follow the configuration at a time, for each instance."""
    TELEGRAM_BOT_TOKEN: Secret | None = None


class AuthConfig(BaseServiceConfig):
    """Sign-in, tokens and roles."""

    SERVICE_NAME: str = "auth"
    JWT_SIGNING_KEY: Secret | None = None
    PASSWORD_HASH_MEMORY_KB: int = Field(default=65_536, ge=19_456, le=1_048_576)
    SESSIONS_PER_USER: Positive = 5


class ApiGatewayConfig(BaseServiceConfig):
    """The one way in for clients."""

    SERVICE_NAME: str = "api-gateway"
    ALLOWED_ORIGINS: tuple[Url, ...] = ()
    RATE_LIMIT_PER_SECOND: Positive = 50
    RATE_LIMIT_BURST: Positive = 100
    UPSTREAM_TIMEOUT_SECONDS: Seconds = 20
    ROUTES: dict[str, str] = {}
    """The service behind each first part of the path."""

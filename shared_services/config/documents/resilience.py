"""`config/resilience.yaml`: circuit breakers, retries and rate limits."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from ..model import ConfigModel, Count, Fraction, Positive, Seconds


class Breaker(ConfigModel):
    """Opens after failures, tries again after a pause."""

    failure_threshold: Positive = 5
    failure_ratio: Fraction = Decimal("0.5")
    window_seconds: Seconds = 30
    open_seconds: Seconds = 15
    half_open_calls: Positive = 2


class Retry(ConfigModel):
    """Attempts with growing pauses. Google's clients retry by themselves: not on top of them."""

    attempts: int = Field(default=3, ge=1, le=10)
    first_pause_seconds: Seconds = 0.1
    longest_pause_seconds: Seconds = 5
    jitter: Fraction = Decimal("0.2")


class RateLimit(ConfigModel):
    """Calls that a client may make."""

    per_second: Positive = 50
    burst: Positive = 100
    waiting: Count = 100
    """Calls that may wait; more are refused with 429."""


class ResilienceConfig(ConfigModel):
    """Circuit breakers, retries and rate limits; by name where one differs."""

    breaker: Breaker = Breaker()
    breakers: dict[str, Breaker] = {}
    retry: Retry = Retry()
    retries: dict[str, Retry] = {}
    rate_limit: RateLimit = RateLimit()
    rate_limits: dict[str, RateLimit] = {}

"""`config/observability.yaml`: metrics, traces, health and objectives."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from ..model import ConfigModel, Fraction, Milliseconds, Positive, Seconds


class Metrics(ConfigModel):
    """Prometheus metrics at /metrics."""

    enabled: bool = True
    path: str = Field(default="/metrics", pattern=r"^/[a-z/]*$")
    latency_buckets_ms: tuple[Milliseconds, ...] = (1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000)


class Traces(ConfigModel):
    """OpenTelemetry traces."""

    enabled: bool = True
    sample: Fraction = Decimal("0.05")
    always: tuple[str, ...] = ()
    """Operations that are always traced."""


class Health(ConfigModel):
    """How health is asked for."""

    interval_seconds: Seconds = 15
    timeout_seconds: Seconds = 2
    failures_until_down: Positive = 3


class Objective(ConfigModel):
    """What a service promises in market hours."""

    availability: Fraction
    latency_ms: Milliseconds
    """Of 99 in 100 requests."""


class ObservabilityConfig(ConfigModel):
    """Metrics, traces, health and objectives."""

    metrics: Metrics = Metrics()
    traces: Traces = Traces()
    health: Health = Health()
    objectives: dict[str, Objective] = {}

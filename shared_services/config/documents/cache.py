"""`config/cache.yaml`: memory first, then Redis where there is one."""

from __future__ import annotations

from ..model import ConfigModel, Positive, Seconds
from ..secret import Secret


class Memory(ConfigModel):
    """The first level, in each process."""

    entries: Positive = 10_000
    ttl_seconds: Seconds = 60


class Redis(ConfigModel):
    """The second level, shared."""

    enabled: bool = False
    url: Secret | None = None
    ttl_seconds: Seconds = 300
    timeout_seconds: Seconds = 0.2
    """A slow cache is worse than none: after this the value is computed."""


class CacheConfig(ConfigModel):
    """Memory first, then Redis."""

    memory: Memory = Memory()
    redis: Redis = Redis()
    ttl_seconds: dict[str, Seconds] = {}
    """By the kind of value."""

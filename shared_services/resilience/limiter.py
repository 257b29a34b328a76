"""`RateLimiter`: so many calls a second for each key, with bursts; in memory, or shared in Redis."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .deadline import remaining
from .errors import RateLimited

if TYPE_CHECKING:
    from shared_services.config.documents.resilience import RateLimit


_ROUNDING = 1e-9


class RateLimiter:
    """Counts calls by key. Each key has a bucket that fills steadily (GCRA: one number a key).

    >>> limiter = RateLimiter(per_second=1, burst=2, clock=lambda: 0.0)
    >>> [limiter.check("client-7") for _ in range(3)]
    [0.0, 0.0, 1.0]

    Args:
        per_second: calls that a key may make, on average.
        burst: calls that it may make at once.
        keys: keys that are remembered; those that were quiet long enough are forgotten first.
        waiting: calls that may wait in `acquire` for their turn.
        name: stands in errors and metrics.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        per_second: float = 50,
        burst: int = 100,
        *,
        keys: int = 100_000,
        waiting: int = 100,
        name: str = "client",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._clock = clock
        self._keys, self._most_waiting = keys, waiting
        self._full: dict[str, float] = {}  # when a key's bucket will be full again
        self._waiting = 0
        self._lock = threading.Lock()
        self.configure(per_second, burst)

    @classmethod
    def of(cls, settings: RateLimit, *, name: str = "client") -> RateLimiter:
        """One with the settings of `config/resilience.yaml`.

        >>> from shared_services import get_config
        >>> RateLimiter.of(get_config("resilience").rate_limit).check("client-7")
        0.0
        """
        return cls(settings.per_second, settings.burst, waiting=settings.waiting, name=name)

    def configure(self, per_second: float, burst: int) -> None:
        """Take over other limits."""
        self._interval = 1.0 / per_second
        self._allowance = self._interval * burst

    def check(self, key: str = "") -> float:
        """0 where the call may be made now, which then counts; else the seconds until it may."""
        now = self._clock()
        with self._lock:
            full = self._full.get(key, now)
            after = (full if full > now else now) + self._interval
            wait = after - now - self._allowance
            if wait > _ROUNDING:
                return wait
            if key not in self._full and len(self._full) >= self._keys:
                self._forget(now)
            self._full[key] = after
            return 0.0

    def acquire(self, key: str = "", *, most_seconds: float = 1) -> None:
        """Wait for the turn of a call.

        Raises:
            RateLimited: it would take longer than `most_seconds` or the deadline, or too many wait.
        """
        while wait := self._wait(key, most_seconds):
            self._queued(1)
            try:
                time.sleep(wait)
            finally:
                self._queued(-1)
            most_seconds -= wait

    async def acquire_async(self, key: str = "", *, most_seconds: float = 1) -> None:
        """The same for async code."""
        while wait := self._wait(key, most_seconds):
            self._queued(1)
            try:
                await asyncio.sleep(wait)
            finally:
                self._queued(-1)
            most_seconds -= wait

    def _wait(self, key: str, most_seconds: float) -> float:
        wait = self.check(key)
        left = remaining(most_seconds) or 0.0
        if wait and (wait > left or self._waiting >= self._most_waiting):
            raise RateLimited(f"{self.name} {key}".strip(), wait)
        return wait

    def _queued(self, change: int) -> None:
        with self._lock:
            self._waiting += change

    def _forget(self, now: float) -> None:
        """Room for another key: a full bucket says nothing, so those go first; else the oldest."""
        for key in [key for key, full in self._full.items() if full <= now]:
            del self._full[key]
        while len(self._full) >= self._keys:
            del self._full[next(iter(self._full))]


_SCRIPT = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local full = tonumber(redis.call('GET', KEYS[1]) or now)
if full < now then full = now end
local after = full + tonumber(ARGV[1])
local wait = after - now - tonumber(ARGV[2])
if wait > 0 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000) + 1)
return '0'
"""


class RedisRateLimiter:
    """The same count, shared by all instances in Redis, by Redis' clock.

    >>> limiter = RedisRateLimiter(client, per_second=9, burst=9)  # doctest: +SKIP
    >>> limiter.check("kite-orders")  # doctest: +SKIP
    0.0

    Args:
        client: a `redis.Redis`.
        per_second: calls that a key may make, on average.
        burst: calls that it may make at once.
        prefix: of the keys in Redis.
    """

    def __init__(self, client: Any, per_second: float = 50, burst: int = 100, *, prefix: str = "limit:") -> None:
        self._script = client.register_script(_SCRIPT)
        self._prefix = prefix
        self._arguments = (1.0 / per_second, burst / per_second + _ROUNDING)

    def check(self, key: str = "") -> float:
        """0 where the call may be made now, which then counts; else the seconds until it may."""
        return float(self._script(keys=[self._prefix + key], args=self._arguments))

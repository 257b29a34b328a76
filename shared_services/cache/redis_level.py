"""`RedisLevel`: the cache's second level. A slow Redis costs its time-out at most, then nothing for a while."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson

from shared_services.resilience.breaker import CircuitBreaker
from shared_services.resilience.errors import CircuitOpen

from .memory import MISSING

T = TypeVar("T")
_log = logging.getLogger("shared_services.cache")
_UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class RedisLevel:
    """Values in Redis, as JSON, below a prefix. Never raises for Redis: what can't be read is not cached.

    >>> level = RedisLevel("redis://127.0.0.1:6379/0", prefix="trading:")  # doctest: +SKIP
    >>> level.set("TCS", {"price": 3500.0}, 60)  # doctest: +SKIP

    Args:
        url: `redis://HOST:PORT/DB`, `rediss://…` with TLS.
        prefix: of every key; names the application and the version of what is cached.
        timeout_seconds: a slow cache is worse than none.
        dumps: a value as bytes; by default JSON.
        loads: bytes as the value.
        breaker: leaves Redis alone when it is down.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "cache:",
        timeout_seconds: float = 0.2,
        dumps: Callable[[Any], bytes] = orjson.dumps,
        loads: Callable[[bytes], Any] = orjson.loads,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._url, self._prefix, self._timeout = url, prefix, timeout_seconds
        self._dumps, self._loads = dumps, loads
        self.breaker = breaker or CircuitBreaker("redis", failure_threshold=3, window_seconds=10, open_seconds=2)
        self._sync: Any = None
        self._async: Any = None
        self.errors = 0

    @property
    def channel(self) -> str:
        """Where invalidations are told."""
        return f"{self._prefix}invalidate"

    def client(self) -> Any:
        """The `redis.Redis` behind it."""
        if self._sync is None:
            from redis import Redis

            self._sync = Redis.from_url(self._url, **self._settings())
        return self._sync

    def client_async(self) -> Any:
        """The `redis.asyncio.Redis` behind it."""
        if self._async is None:
            from redis.asyncio import Redis

            self._async = Redis.from_url(self._url, **self._settings())
        return self._async

    def _settings(self) -> dict[str, Any]:
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # The client's own retries would multiply the time-out.
        limits = {"socket_timeout": self._timeout, "socket_connect_timeout": self._timeout}
        return {**limits, "retry": Retry(NoBackoff(), 0), "protocol": 2}

    def get(self, key: str) -> Any:
        """The value of a key, or MISSING."""
        return self._read(self._guarded(lambda: self.client().get(self._prefix + key), None))

    async def get_async(self, key: str) -> Any:
        """The value of a key, or MISSING."""
        return self._read(await self._guarded_async(lambda: self.client_async().get(self._prefix + key), None))

    def set(self, key: str, value: Any, ttl_seconds: float) -> None:
        """Keep a value for a while."""
        data = self._written(value)
        if data is not None:
            self._guarded(lambda: self.client().set(self._prefix + key, data, px=_milliseconds(ttl_seconds)), None)

    async def set_async(self, key: str, value: Any, ttl_seconds: float) -> None:
        """Keep a value for a while."""
        data, px = self._written(value), _milliseconds(ttl_seconds)
        if data is not None:
            await self._guarded_async(lambda: self.client_async().set(self._prefix + key, data, px=px), None)

    def delete(self, key: str) -> None:
        """Forget a key, and tell every process."""
        self._guarded(lambda: self._deleted(self.client().pipeline(), key).execute(), None)

    async def delete_async(self, key: str) -> None:
        """Forget a key, and tell every process."""
        await self._guarded_async(lambda: self._deleted(self.client_async().pipeline(), key).execute(), None)

    def _deleted(self, pipeline: Any, key: str) -> Any:
        return pipeline.delete(self._prefix + key).publish(self.channel, key)

    def lock(self, key: str, seconds: float) -> str | None:
        """A token where this process may compute the value; None where another does. Redis down: everyone may."""
        token = uuid.uuid4().hex
        name, px = f"{self._prefix}lock:{key}", _milliseconds(seconds)
        return token if self._guarded(lambda: self.client().set(name, token, nx=True, px=px) or False, True) else None

    async def lock_async(self, key: str, seconds: float) -> str | None:
        """A token where this process may compute the value; None where another does. Redis down: everyone may."""
        token = uuid.uuid4().hex
        name, px = f"{self._prefix}lock:{key}", _milliseconds(seconds)
        taken = await self._guarded_async(lambda: self.client_async().set(name, token, nx=True, px=px), True)
        return token if taken else None

    def unlock(self, key: str, token: str) -> None:
        """Give back what `lock` gave."""
        self._guarded(lambda: self.client().eval(_UNLOCK, 1, f"{self._prefix}lock:{key}", token), None)

    async def unlock_async(self, key: str, token: str) -> None:
        """Give back what `lock` gave."""
        name = f"{self._prefix}lock:{key}"
        await self._guarded_async(lambda: self.client_async().eval(_UNLOCK, 1, name, token), None)

    def ping(self) -> None:
        """Raises what Redis' client raises, where it doesn't answer."""
        self.client().ping()

    async def ping_async(self) -> None:
        """Raises what Redis' client raises, where it doesn't answer."""
        await self.client_async().ping()

    def close(self) -> None:
        """Close the connections of plain calls."""
        made, self._sync = self._sync, None
        if made is not None:
            made.close()

    async def close_async(self) -> None:
        """Close all connections."""
        made, self._async = self._async, None
        if made is not None:
            await made.aclose()
        self.close()

    def _guarded(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            return self.breaker.call(call)
        except CircuitOpen:
            return otherwise
        except Exception as error:
            self._failed(error)
            return otherwise

    async def _guarded_async(self, call: Callable[[], Awaitable[T]], otherwise: T) -> T:
        try:
            return await self.breaker.call_async(call)
        except CircuitOpen:
            return otherwise
        except Exception as error:
            self._failed(error)
            return otherwise

    def _failed(self, error: Exception) -> None:
        self.errors += 1
        _log.warning("the cache's Redis failed: %s: %s", type(error).__name__, error)

    def _read(self, data: bytes | None) -> Any:
        if data is None:
            return MISSING
        try:
            return self._loads(data)
        except Exception as error:  # of another version of the code: as good as nothing
            self._failed(error)
            return MISSING

    def _written(self, value: Any) -> bytes | None:
        try:
            return self._dumps(value)
        except Exception as error:
            self._failed(error)
            return None


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))

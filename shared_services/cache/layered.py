"""`Cache`: memory first, then Redis, then the source; each value computed once however many ask."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .flights import Flight, Flights
from .memory import MISSING, MemoryCache
from .redis_level import RedisLevel

if TYPE_CHECKING:
    from shared_services.config.documents.cache import CacheConfig

T = TypeVar("T")
Listener = Callable[[str], object]
_log = logging.getLogger("shared_services.cache")


class Cache:
    """Values by key, from memory, Redis or the source.

    However many threads and tasks ask for a value that isn't there, one of them computes it; with Redis, one of all
    processes. Times are shortened by up to a tenth at random, so that what was stored together doesn't expire together.
    What is invalidated while it is computed is not kept.

    >>> cache = Cache()
    >>> cache.get_or_load("TCS", lambda: 3500.0, kind="last_price")
    3500.0
    >>> cache.get("TCS")
    3500.0

    Args:
        memory: the first level.
        redis: the second, where there is one.
        ttl_seconds: how long a value lives in Redis.
        ttls: by the kind of value, in both levels.
        compute_seconds: how long another process may compute before this one does it too.
        chance: a number from 0 to 1.
    """

    def __init__(
        self,
        memory: MemoryCache | None = None,
        redis: RedisLevel | None = None,
        *,
        ttl_seconds: float = 300,
        ttls: dict[str, float] | None = None,
        compute_seconds: float = 5,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.memory = MemoryCache() if memory is None else memory
        self.redis = redis
        self._ttl, self._ttls = ttl_seconds, dict(ttls or {})
        self._compute_seconds = compute_seconds
        self._chance = chance
        self._flights = Flights()
        self._changes = 0
        self._listeners: list[Listener] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, settings: CacheConfig, *, prefix: str = "cache:") -> Cache:
        """One with the settings of `config/cache.yaml`, secrets fetched where Redis is enabled.

        >>> from shared_services import get_config
        >>> Cache.of(get_config("cache")).redis is None
        True
        """
        memory = MemoryCache(settings.memory.entries, settings.memory.ttl_seconds)
        level = None
        if settings.redis.enabled and settings.redis.url is not None:
            url = settings.redis.url.get_secret_value()
            level = RedisLevel(url, prefix=prefix, timeout_seconds=settings.redis.timeout_seconds)
        return cls(memory, level, ttl_seconds=settings.redis.ttl_seconds, ttls=dict(settings.ttl_seconds))

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key in memory or Redis, or the default."""
        found = self.memory.get(key, MISSING)
        if found is MISSING and self.redis is not None:
            changes = self._changes
            found = self._remember(key, self.redis.get(key), changes)
        return default if found is MISSING else found

    async def get_async(self, key: str, default: Any = None) -> Any:
        """The same for async code."""
        found = self.memory.get(key, MISSING)
        if found is MISSING and self.redis is not None:
            changes = self._changes
            found = self._remember(key, await self.redis.get_async(key), changes)
        return default if found is MISSING else found

    def set(self, key: str, value: Any, *, kind: str | None = None) -> None:
        """Put a value into both levels; other processes forget theirs."""
        self._changed(key)
        ttl = self._keep(key, value, kind)
        if self.redis is not None:
            self.redis.delete(key)
            self.redis.set(key, value, ttl)

    async def set_async(self, key: str, value: Any, *, kind: str | None = None) -> None:
        """The same for async code."""
        self._changed(key)
        ttl = self._keep(key, value, kind)
        if self.redis is not None:
            await self.redis.delete_async(key)
            await self.redis.set_async(key, value, ttl)

    def get_or_load(self, key: str, load: Callable[[], T], *, kind: str | None = None) -> T:
        """The value of a key; computed where no level has it. What `load` raises is raised, and not kept.

        Args:
            key: of the value.
            load: computes it.
            kind: names its lifetime in `ttls`.
        """
        found: T = self.memory.get(key, MISSING)
        if found is not MISSING:
            return found
        result: T = self._flights.run(key, lambda flight: self._loaded(key, load, kind, flight))
        return result

    async def get_or_load_async(self, key: str, load: Callable[[], Awaitable[T]], *, kind: str | None = None) -> T:
        """The same for async code."""
        found: T = self.memory.get(key, MISSING)
        if found is not MISSING:
            return found
        result: T = await self._flights.run_async(key, lambda flight: self._loaded_async(key, load, kind, flight))
        return result

    def invalidate(self, key: str) -> None:
        """Forget a value, in every process. It is told by Redis: without it, this process alone forgets."""
        self._changed(key)
        if self.redis is not None:
            self.redis.delete(key)

    async def invalidate_async(self, key: str) -> None:
        """The same for async code."""
        self._changed(key)
        if self.redis is not None:
            await self.redis.delete_async(key)

    def invalidate_prefix(self, prefix: str) -> None:
        """Forget every value of this process whose key begins so; Redis' own copies end with their time."""
        self.memory.delete_prefix(prefix)
        self._flights.invalidate(lambda key: key.startswith(prefix))
        self._tell(f"{prefix}*")

    def on_invalidate(self, listener: Listener) -> Callable[[], None]:
        """Call a function with each key that is forgotten, here or elsewhere; what it raises is logged.

        Returns:
            A function that ends it.

        >>> cache, seen = Cache(), []
        >>> stop = cache.on_invalidate(seen.append)
        >>> cache.invalidate("TCS"); stop(); cache.invalidate("INFY"); seen
        ['TCS']
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def start(self) -> None:
        """Follow, in a thread, what other processes invalidate. Without it, theirs is seen when its time is up."""
        if self.redis is not None and self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._follow, name="cache-invalidation", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End what `start` began."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(2)

    def _follow(self) -> None:
        assert self.redis is not None
        while not self._stop.is_set():
            try:
                with self.redis.client().pubsub(ignore_subscribe_messages=True) as subscription:
                    subscription.subscribe(self.redis.channel)
                    subscription.get_message(timeout=1)
                    self.memory.clear()  # what was told while nobody listened is not known
                    while not self._stop.is_set():
                        message = subscription.get_message(timeout=0.1)
                        if message is not None and message["type"] == "message":
                            self._changed(message["data"].decode())
            except Exception as error:
                _log.warning("invalidations can't be followed: %s", error)
                self.memory.clear()
                self._stop.wait(1)

    def _loaded(self, key: str, load: Callable[[], T], kind: str | None, flight: Flight) -> T:
        level = self.redis
        if level is None:
            return self._kept(key, load(), kind, flight)
        until = time.monotonic() + self._compute_seconds
        while True:
            found: T = level.get(key)
            if found is not MISSING:
                return self._kept(key, found, kind, flight)
            token = level.lock(key, self._compute_seconds)
            if token is not None or time.monotonic() >= until:
                break
            time.sleep(0.02)
        try:
            value = self._kept(key, load(), kind, flight)
            if not flight.stale:
                level.set(key, value, self._lifetime(kind, self._ttl))
            return value
        finally:
            if token is not None:
                level.unlock(key, token)

    async def _loaded_async(self, key: str, load: Callable[[], Awaitable[T]], kind: str | None, flight: Flight) -> T:
        level = self.redis
        if level is None:
            return self._kept(key, await load(), kind, flight)
        until = time.monotonic() + self._compute_seconds
        while True:
            found: T = await level.get_async(key)
            if found is not MISSING:
                return self._kept(key, found, kind, flight)
            token = await level.lock_async(key, self._compute_seconds)
            if token is not None or time.monotonic() >= until:
                break
            await asyncio.sleep(0.02)
        try:
            value = self._kept(key, await load(), kind, flight)
            if not flight.stale:
                await level.set_async(key, value, self._lifetime(kind, self._ttl))
            return value
        finally:
            if token is not None:
                await level.unlock_async(key, token)

    def _kept(self, key: str, value: T, kind: str | None, flight: Flight) -> T:
        if not flight.stale:
            self._keep(key, value, kind)
            if flight.stale:  # since the line above
                self.memory.delete(key)
        return value

    def _keep(self, key: str, value: Any, kind: str | None) -> float:
        """Into memory; how long it may live in Redis."""
        own = self._ttls.get(kind) if kind is not None else None
        self.memory.set(key, value, None if own is None else self._lifetime(kind, own))
        return self._lifetime(kind, self._ttl)

    def _remember(self, key: str, found: Any, changes: int) -> Any:
        if found is not MISSING and changes == self._changes:  # nothing was invalidated since it was read
            self.memory.set(key, found)
        return found

    def _lifetime(self, kind: str | None, otherwise: float) -> float:
        seconds = self._ttls.get(kind, otherwise) if kind is not None else otherwise
        return seconds * (1 - 0.1 * self._chance())

    def _changed(self, key: str) -> None:
        self._changes += 1
        self.memory.delete(key)
        self._flights.invalidate(key.__eq__)
        self._tell(key)

    def _tell(self, key: str) -> None:
        for listener in list(self._listeners):
            try:
                listener(key)
            except Exception:
                _log.exception("a listener of invalidations failed")

"""`MemoryCache`: so many values in this process, each for a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()
"""What `get` gives where nothing is cached, so that None can be."""


class MemoryCache:
    """Values by key. The one asked for longest ago goes first when there is no room; none outlives its time.

    >>> cache = MemoryCache(entries=2, ttl_seconds=60)
    >>> cache.set("TCS", 3500.0)
    >>> cache.get("TCS"), cache.get("INFY", 0.0)
    (3500.0, 0.0)

    Args:
        entries: values at most.
        ttl_seconds: how long one is kept, where `set` says nothing else.
        clock: seconds that only grow.
    """

    __slots__ = ("_clock", "_entries", "_lock", "_most", "_ttl", "evicted", "hits", "misses")

    def __init__(
        self, entries: int = 10_000, ttl_seconds: float = 60, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = max(entries, 1)
        self._ttl = ttl_seconds
        self._clock = clock
        self._entries: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = self.misses = self.evicted = 0

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or the default."""
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                if found[0] > self._clock():
                    self._entries.move_to_end(key)
                    self.hits += 1
                    return found[1]
                del self._entries[key]
            self.misses += 1
            return default

    def set(self, key: str, value: Any, ttl_seconds: float | None = None) -> None:
        """Keep a value for `ttl_seconds`."""
        until = self._clock() + (self._ttl if ttl_seconds is None else ttl_seconds)
        with self._lock:
            self._entries[key] = (until, value)
            self._entries.move_to_end(key)
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)
                self.evicted += 1

    def delete(self, key: str) -> bool:
        """Forget a key; whether it was there."""
        with self._lock:
            return self._entries.pop(key, None) is not None

    def delete_prefix(self, prefix: str) -> int:
        """Forget every key that begins so; how many there were."""
        with self._lock:
            found = [key for key in self._entries if key.startswith(prefix)]
            for key in found:
                del self._entries[key]
            return len(found)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

"""A cache of two levels: memory in each process, Redis for all of them; and keys that make a request count once."""

from .idempotency import Idempotency, KeyStore, MemoryKeys
from .layered import Cache
from .memory import MemoryCache
from .redis_level import RedisLevel

__all__ = ["Cache", "Idempotency", "KeyStore", "MemoryCache", "MemoryKeys", "RedisLevel"]

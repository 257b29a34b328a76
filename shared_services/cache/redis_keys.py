"""`RedisKeys`: idempotency keys that all instances share."""

from __future__ import annotations

from typing import Any

import orjson

from .idempotency import Record

# Both act only where the claim is still the caller's.
_FINISH = """
local found = redis.call('GET', KEYS[1])
if not found or cjson.decode(found)[2] ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
"""
_RELEASE = """
local found = redis.call('GET', KEYS[1])
if found and cjson.decode(found)[2] == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""


class RedisKeys:
    """Keys in Redis. Redis must not evict them: its policy is `noeviction` or one of the `volatile` kind with room.

    >>> keys = RedisKeys(client)  # doctest: +SKIP

    Args:
        client: a `redis.Redis`.
        prefix: of the keys in Redis.
    """

    blocking = True

    def __init__(self, client: Any, *, prefix: str = "idempotency:") -> None:
        self._client, self._prefix = client, prefix

    def claim(self, key: str, record: Record, seconds: float) -> Record | None:
        """Take a key; None where it was free."""
        name = self._prefix + key
        while True:
            if self._client.set(name, _written(record), nx=True, px=int(seconds * 1000)):
                return None
            found = self._client.get(name)
            if found is not None:  # else it expired in between
                return _read(found)

    def finish(self, key: str, record: Record, owner: str, seconds: float) -> bool:
        """Put down the result."""
        name = self._prefix + key
        return bool(self._client.eval(_FINISH, 1, name, _written(record), owner, int(seconds * 1000)))

    def release(self, key: str, owner: str) -> None:
        """Free the key again."""
        self._client.eval(_RELEASE, 1, self._prefix + key, owner)


def _written(record: Record) -> bytes:
    result = None if record.result is None else record.result.decode()
    return orjson.dumps([record.fingerprint, record.owner, result])


def _read(data: bytes) -> Record:
    fingerprint, owner, result = orjson.loads(data)
    return Record(fingerprint, owner, None if result is None else result.encode())

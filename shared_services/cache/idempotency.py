"""Idempotency keys: a request that comes twice is done once, and answered alike."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import orjson

from shared_services.resilience.errors import KeyConflict, StillRunning

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """What a store knows of a key.

    Args:
        fingerprint: of the request that it was first used for.
        owner: who does it now; empty when it is done.
        result: the answer, as JSON, when it is done.
    """

    fingerprint: str
    owner: str
    result: bytes | None = None


class KeyStore(Protocol):
    """Remembers keys. `claim` is atomic: of those who ask at once, one gets None."""

    blocking: bool
    """Whether its calls wait for something outside, so that async code calls them in a thread."""

    def claim(self, key: str, record: Record, seconds: float) -> Record | None:
        """Take a key for `seconds`; None where it was free (or its claim expired), else what is known of it."""
        ...

    def finish(self, key: str, record: Record, owner: str, seconds: float) -> bool:
        """Put down the result, where `owner` still has the claim; whether it had."""
        ...

    def release(self, key: str, owner: str) -> None:
        """Free the key again, where `owner` still has the claim."""
        ...


class MemoryKeys:
    """Keys of this process. Instances that share work need `RedisKeys` or `SqlKeys`.

    >>> keys = MemoryKeys()
    >>> keys.claim("order-17", Record("f", "me"), 60) is None
    True

    Args:
        most: keys that are remembered.
        clock: seconds that only grow.
    """

    blocking = False

    def __init__(self, most: int = 100_000, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._records: OrderedDict[str, tuple[float, Record]] = OrderedDict()
        self._lock = threading.Lock()

    def claim(self, key: str, record: Record, seconds: float) -> Record | None:
        """Take a key; None where it was free."""
        now = self._clock()
        with self._lock:
            found = self._records.get(key)
            if found is not None and found[0] > now:
                return found[1]
            self._put(key, record, now + seconds)
            return None

    def finish(self, key: str, record: Record, owner: str, seconds: float) -> bool:
        """Put down the result."""
        now = self._clock()
        with self._lock:
            found = self._records.get(key)
            if found is None or found[1].owner != owner:
                return False
            self._put(key, record, now + seconds)
            return True

    def release(self, key: str, owner: str) -> None:
        """Free the key again."""
        with self._lock:
            found = self._records.get(key)
            if found is not None and found[1].owner == owner:
                del self._records[key]

    def _put(self, key: str, record: Record, until: float) -> None:
        self._records[key] = (until, record)
        self._records.move_to_end(key)
        if len(self._records) > self._most:
            self._records.popitem(last=False)


class Idempotency:
    """Does a request once for each key, and gives its answer again when it comes again.

    A request that failed may be tried again. One whose process died is free after `lease_seconds`; so what it does
    must be over by then. Answers are kept as JSON.

    >>> once = Idempotency(MemoryKeys())
    >>> once.run("order-17", lambda: {"order": "N1"}), once.run("order-17", lambda: {"order": "N2"})
    ({'order': 'N1'}, {'order': 'N1'})

    Args:
        store: where keys are remembered.
        keep_seconds: how long an answer is.
        lease_seconds: how long a request may take.
        prefix: of the keys in the store.
    """

    def __init__(
        self, store: KeyStore, *, keep_seconds: float = 86_400, lease_seconds: float = 60, prefix: str = ""
    ) -> None:
        self._store, self._prefix = store, prefix
        self._keep, self._lease = keep_seconds, lease_seconds
        self._freeing: set[Any] = set()

    def run(self, key: str, function: Callable[[], T], *, request: object = None) -> T:
        """Call a function, unless it was called for this key.

        Args:
            key: the request's key; it belongs to one caller (put the caller's name into it).
            function: does it; gives what JSON can hold.
            request: what was asked for; the same key with another request is refused.

        Raises:
            StillRunning: the first one hasn't ended.
            KeyConflict: the key was used for another request.
        """
        name, claim = self._prefix + key, self._claim(request)
        found = self._store.claim(name, claim, self._lease)
        if found is not None:
            return _answer(key, claim, found)  # type: ignore[no-any-return]
        try:
            result = function()
            done = Record(claim.fingerprint, "", orjson.dumps(result))
        except BaseException:
            self._store.release(name, claim.owner)
            raise
        self._store.finish(name, done, claim.owner, self._keep)
        return result

    async def run_async(self, key: str, function: Callable[[], Awaitable[T]], *, request: object = None) -> T:
        """The same for async code."""
        name, claim = self._prefix + key, self._claim(request)
        found = await self._claimed(name, claim)
        if found is not None:
            return _answer(key, claim, found)  # type: ignore[no-any-return]
        try:
            result = await function()
            done = Record(claim.fingerprint, "", orjson.dumps(result))
        except BaseException:
            await self._call(self._store.release, name, claim.owner)
            raise
        await self._call(self._store.finish, name, done, claim.owner, self._keep)
        return result

    async def _claimed(self, name: str, claim: Record) -> Record | None:
        """What the key holds, None where it holds the claim now. A request that is cancelled meanwhile leaves none."""
        import asyncio

        claiming = asyncio.ensure_future(self._call(self._store.claim, name, claim, self._lease))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            # The thread can't be called back, and who was cancelled doesn't wait for it: its claim goes when it stands.
            freeing = asyncio.ensure_future(self._take_back(claiming, name, claim.owner))
            self._freeing.add(freeing)
            freeing.add_done_callback(self._freeing.discard)
            raise

    async def _take_back(self, claiming: Awaitable[Any], name: str, owner: str) -> None:
        with contextlib.suppress(Exception):  # the store is away: the lease ends by itself
            await claiming
            await self._call(self._store.release, name, owner)

    def _claim(self, request: object) -> Record:
        data = orjson.dumps(request, default=str, option=orjson.OPT_SORT_KEYS)
        return Record(hashlib.sha256(data).hexdigest(), uuid.uuid4().hex)

    async def _call(self, function: Callable[..., Any], *arguments: object) -> Any:
        if not self._store.blocking:
            return function(*arguments)
        import asyncio

        return await asyncio.shield(asyncio.to_thread(function, *arguments))


def _answer(key: str, claim: Record, found: Record) -> Any:
    if found.fingerprint != claim.fingerprint:
        raise KeyConflict(key)
    if found.result is None:
        raise StillRunning(key)
    return orjson.loads(found.result)

"""`BucketKeys`: idempotency keys beside what they guard, so that all instances know them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict

import orjson

from shared_services import CloudNotFound, PreconditionFailed
from shared_services.cache.idempotency import Record
from shared_services.config.changes import Objects


class BucketKeys:
    """Keys as objects; a generation that must match makes each step atomic.

    Args:
        objects: the bucket.
        prefix: of the objects' names.
        clock: seconds since 1970.
    """

    blocking = True

    def __init__(
        self, objects: Objects, *, prefix: str = "idempotency/", clock: Callable[[], float] = time.time
    ) -> None:
        self._objects, self._prefix, self._clock = objects, prefix, clock

    def claim(self, key: str, record: Record, seconds: float) -> Record | None:
        """Take a key; None where it was free."""
        while True:
            found = self._read(key)
            if found is not None and found[1] > self._clock():
                return found[0]
            try:
                self._write(key, record, seconds, 0 if found is None else found[2])
                return None
            except PreconditionFailed:
                continue

    def finish(self, key: str, record: Record, owner: str, seconds: float) -> bool:
        """Put down the result."""
        return self._replace(key, record, owner, seconds)

    def release(self, key: str, owner: str) -> None:
        """Free the key again."""
        self._replace(key, Record("", ""), owner, -1)

    def _replace(self, key: str, record: Record, owner: str, seconds: float) -> bool:
        found = self._read(key)
        if found is None or found[0].owner != owner:
            return False
        try:
            self._write(key, record, seconds, found[2])
        except PreconditionFailed:
            return False
        return True

    def _read(self, key: str) -> tuple[Record, float, int] | None:
        try:
            data, generation = self._objects.read_with_generation(self._name(key))
        except CloudNotFound:
            return None
        said = orjson.loads(data)
        result = said["result"]
        record = Record(said["fingerprint"], said["owner"], None if result is None else result.encode())
        return record, float(said["expires"]), generation

    def _write(self, key: str, record: Record, seconds: float, generation: int) -> None:
        said = {**asdict(record), "expires": self._clock() + seconds}
        said["result"] = None if record.result is None else record.result.decode()
        data = orjson.dumps(said)
        self._objects.write(self._name(key), data, content_type="application/json", if_generation=generation)

    def _name(self, key: str) -> str:
        return f"{self._prefix}{hashlib.sha256(key.encode()).hexdigest()}.json"

"""Where changes are kept: objects with generations, as a bucket has them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from shared_services.cloud.errors import CloudNotFound, PreconditionFailed
from shared_services.cloud.storage import ObjectInfo


class Objects(Protocol):
    """What `shared_services.Bucket` does."""

    def read_with_generation(self, name: str, *, generation: int | None = None) -> tuple[bytes, int]:
        """An object's bytes and its generation; CloudNotFound where there is none."""
        ...

    def write(
        self,
        name: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        if_generation: int | None = None,
    ) -> int:
        """Write it, only over that generation; PreconditionFailed where it is of another."""
        ...

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The objects whose names begin so, in the order of their names."""
        ...


class MemoryObjects:
    """Objects of this process, for tests and examples.

    >>> objects = MemoryObjects()
    >>> objects.write("x", b"1", if_generation=0)
    1
    >>> objects.read_with_generation("x")
    (b'1', 1)
    """

    def __init__(self) -> None:
        self._objects: dict[str, list[tuple[int, bytes, str]]] = {}
        self._next = 1
        self._lock = threading.Lock()

    def read_with_generation(self, name: str, *, generation: int | None = None) -> tuple[bytes, int]:
        """An object's bytes and its generation."""
        with self._lock:
            for number, data, _ in reversed(self._objects.get(name, ())):
                if generation in (None, number):
                    return data, number
        raise CloudNotFound(f"the object {name} can't be read")

    def write(
        self,
        name: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        if_generation: int | None = None,
    ) -> int:
        """Write it."""
        with self._lock:
            kept = self._objects.setdefault(name, [])
            if if_generation is not None and if_generation != (kept[-1][0] if kept else 0):
                raise PreconditionFailed(f"the object {name} can't be written")
            kept.append((self._next, data, content_type))
            self._next += 1
            return kept[-1][0]

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The objects whose names begin so."""
        for name, kept in sorted(self._objects.items()):
            if name.startswith(prefix) and kept:
                number, data, kind = kept[-1]
                yield ObjectInfo(name, len(data), number, datetime.now(UTC), kind)

"""The bytes of objects: files named by their SHA-256, written aside and renamed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import google_crc32c

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Content:
    """What is known of some bytes; hashes are base64 as the API shows them."""

    digest: str
    size: int
    md5: str
    crc32c: str


class Blobs:
    """The files below a directory. A file lives as long as an object or an upload in flight refers to it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: Counter[str] = Counter()
        self._serial = 0
        (root / "aside").mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest are."""
        return self._root / digest[:2] / digest[2:]

    def aside(self, name: str) -> Path:
        """A file for what is being written; the next start removes it, if nothing does before."""
        return self._root / "aside" / name

    async def put(self, source: bytes | Path) -> Content:
        """Store bytes, or those of a file, durably. What is put is held until `release`."""
        self._serial += 1
        aside = self._root / "aside" / f"{os.getpid()}-{self._serial}"
        content = await asyncio.to_thread(_write, source, aside)
        self._held[content.digest] += 1
        target = self.path(content.digest)
        if target.exists():
            aside.unlink()
        else:
            target.parent.mkdir(exist_ok=True, mode=0o700)
            aside.replace(target)
        return content

    def release(self, digest: str) -> None:
        """The object row is committed, or the write was refused."""
        self._held[digest] -= 1
        if self._held[digest] <= 0:
            del self._held[digest]

    async def read(self, digest: str, start: int, length: int) -> bytes:
        """A part of the bytes."""
        if length < _CHUNK:
            return _read(self.path(digest), start, length)
        return await asyncio.to_thread(_read, self.path(digest), start, length)

    def drop(self, digest: str) -> None:
        """Remove bytes that no object refers to any more."""
        if not self._held[digest]:
            self.path(digest).unlink(missing_ok=True)

    def sweep(self, used: Iterable[str]) -> None:
        """At the start: remove what a killed process left over."""
        keep = set(used)
        for path in self._files():
            if path.parent.name == "aside" or path.parent.name + path.name not in keep:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        for folder in list(self._root.iterdir()):
            if folder.is_dir():
                yield from list(folder.iterdir())

    @contextmanager
    def reading(self, digest: str) -> Iterator[None]:
        """Keep bytes for a while that are read in parts, whatever becomes of their object."""
        self._held[digest] += 1
        with self.holding(digest):
            yield

    @contextmanager
    def holding(self, digest: str) -> Iterator[None]:
        """Release at the end."""
        try:
            yield
        finally:
            self.release(digest)


def _write(source: bytes | Path, aside: Path) -> Content:
    sha, md5, crc = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    size = 0
    if isinstance(source, Path):
        with source.open("rb") as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                sha.update(chunk)
                md5.update(chunk)
                crc = google_crc32c.extend(crc, chunk)
        # A second name, not a move: if the write is refused the upload still has its bytes.
        os.link(source, aside)
    else:
        size = len(source)
        sha.update(source)
        md5.update(source)
        crc = google_crc32c.extend(crc, source)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(source)
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    return Content(
        sha.hexdigest(),
        size,
        base64.b64encode(md5.digest()).decode(),
        base64.b64encode(crc.to_bytes(4, "big")).decode(),
    )


def _read(path: Path, start: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(length)

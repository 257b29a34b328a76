"""Log files as a source: found by patterns, followed through rotation, cuts and compression."""

from __future__ import annotations

import glob
import gzip
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from .lines import LONGEST_BYTES
from .source import Garbage, Line

_CHUNK = 1 << 20
_HEAD = 4096
_TAIL = 256
_FORGET_SECONDS = 7 * 86_400


@dataclass(slots=True)
class Known:
    """A file that was read.

    A file is known again by its first line and by what stands before the place that was read up to: then it may be
    renamed, copied or compressed as it likes.

    Attributes:
        id: stands in the insert ids of its lines.
        path: where it was last.
        device, inode: which file that was.
        head: of its first line; empty while it has none.
        offset: up to where it was read.
        tail: of what stands right before that.
        stamp: its size and time when it was read to its end: while they stay, there is nothing to look at.
        seen: when it was there last, in seconds since 1970.
    """

    id: str
    path: str
    device: int
    inode: int
    head: str = ""
    offset: int = 0
    tail: str = ""
    stamp: str = ""
    seen: float = 0.0


class FileSource:
    """Lines of the files that some patterns match.

    A file that is renamed is read on under its new name; one that is copied and emptied goes on at its beginning, and
    the copy where the original was left. A file that was cut is read on at its end; one whose content is another is
    read from its beginning. The last line is taken without its end only where nothing is followed and it is whole.

    Args:
        patterns: such as `logs/*.log`; `**` means any folders. Files that end in `.gz` are unpacked.
        service: what lines are of that don't say so; by default the file's name.
        follow: whether more is awaited.
        new_id: gives ids.
        clock: seconds since 1970.
    """

    name = "files"

    def __init__(
        self,
        patterns: Sequence[str],
        *,
        service: str = "",
        follow: bool = False,
        new_id: Callable[[], str] = lambda: os.urandom(6).hex(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._patterns, self._service, self._follow = tuple(patterns), service, follow
        self._new_id, self._clock = new_id, clock
        self._known: list[Known] = []
        # Copies of files that are still there, by inode, with the copied one's id and their own head.
        self._copies: dict[tuple[int, int], tuple[str, str]] = {}
        self.notes: list[str] = []

    def position(self) -> Any:
        """Where every file was read up to."""
        copies = [[*inode, *copied] for inode, copied in self._copies.items()]
        return {"files": [asdict(each) for each in self._known], "copies": copies}

    def restore(self, position: Any) -> None:
        """Go on there."""
        self._known = [Known(**each) for each in position["files"]]
        self._copies = {(device, inode): (id, head) for device, inode, id, head in position["copies"]}

    def read(self, most: int) -> Iterator[Line]:
        """Some of what is there, of one file after the other; nothing where nothing is new."""
        left = most
        for known, stamp in self._found():
            if stamp == known.stamp:
                continue
            for line in self._lines(known, left):
                left -= 1
                yield line
            if left <= 0:
                return
            known.stamp = stamp

    def close(self) -> None:
        """Nothing is kept open."""

    def _found(self) -> list[tuple[Known, str]]:
        """The files that are there, with their stamps. Those that moved are found before what took their place."""
        by_inode = {(each.device, each.inode): each for each in self._known if each.inode}
        matched: list[tuple[Known, str]] = []
        fresh: list[tuple[str, tuple[int, int], str]] = []
        for path, status in self._there():
            inode, stamp = (status.st_dev, status.st_ino), f"{status.st_size}-{status.st_mtime_ns}"
            known = by_inode.get(inode)
            if known is not None and (known.stamp == stamp or (known.offset and self._continues(known, path))):
                known.path = path
                matched.append((known, stamp))
            else:
                if known is not None:  # the inode has another content now: what was there may stand elsewhere
                    known.inode = 0
                fresh.append((path, inode, stamp))
        intact = {known.id for known, _ in matched}
        fresh.sort(key=lambda each: each[1] not in by_inode)
        for path, inode, stamp in fresh:
            if inode in self._copies and self._copies[inode][1] != self._head_of(path):
                del self._copies[inode]  # the copy is gone, and another file has its inode
            known = self._moved(path, inode)
            if known is None and inode not in self._copies:
                known = _original(path, [each for each, _ in matched if not each.offset])
            if known is not None and known.id in intact:
                self._copies[inode] = known.id, self._head_of(path)
                continue
            if known is None:
                if inode in self._copies:
                    continue
                known = by_inode.get(inode)
                if known is None or known.offset or known.id in intact:
                    known = Known(self._new_id(), path, *inode)
                    self._known.append(known)
            self._copies.pop(inode, None)
            known.path, (known.device, known.inode) = path, inode
            intact.add(known.id)
            matched.append((known, stamp))
        now = self._clock()
        for known, _ in matched:
            known.seen = now
        self._known = [each for each in self._known if now - each.seen < _FORGET_SECONDS]
        return matched

    def _there(self) -> Iterator[tuple[str, os.stat_result]]:
        """Each file once, by whatever names it has."""
        seen: set[tuple[int, int]] = set()
        for path in sorted({each for pattern in self._patterns for each in glob.glob(pattern, recursive=True)}):  # noqa: PTH207
            try:
                status = Path(path).stat()
            except OSError:
                continue
            inode = status.st_dev, status.st_ino
            if inode not in seen and stat.S_ISREG(status.st_mode):
                seen.add(inode)
                yield path, status

    def _continues(self, known: Known, path: str) -> bool:
        """Whether a file has what was read of it; one that was cut is put to its end."""
        try:
            with _opened(path) as file:
                head, length = _head(file)
                if known.head and head != known.head:
                    return False
                size = None if path.endswith(".gz") else os.fstat(file.fileno()).st_size
                if size is not None and size < known.offset:
                    if not length or not size:
                        return False
                    self.notes.append(f"{path} was cut from {known.offset} to {size} bytes")
                    known.id = self._new_id()  # lines that come now stand where others stood
                    known.offset, known.tail = size, _tail(file, size)
                    return True
                return _tail(file, known.offset) == known.tail
        except OSError:
            return True

    def _head_of(self, path: str) -> str:
        try:
            with _opened(path) as file:
                return _head(file)[0]
        except (OSError, EOFError):
            return ""

    def _moved(self, path: str, inode: tuple[int, int]) -> Known | None:
        """A file that is known, by its content: it was copied, packed, or moved from another disk."""
        original, _ = self._copies.get(inode, ("", ""))
        try:
            with _opened(path) as file:
                head, _ = _head(file)
                for known in self._known:
                    if known.id == original and (known.inode or not known.offset):
                        return known
                    if head and known.head == head and known.offset and _tail(file, known.offset) == known.tail:
                        return known
        except (OSError, EOFError):
            return None
        return None

    def _lines(self, known: Known, most: int) -> Iterator[Line]:
        service = self._service or _service_of(known.path)
        try:
            file = _opened(known.path)
        except OSError as error:
            self.notes.append(f"{known.path} can't be read: {error.strerror or error}")
            return
        with file:
            try:
                if not known.head:
                    known.head, _ = _head(file)
                file.seek(known.offset)
                yield from self._of(file, known, service, most)
            except (OSError, EOFError) as error:  # a damaged .gz too
                self.notes.append(f"{known.path} can't be read on at {known.offset}: {error}")
            finally:
                known.tail = _tail(file, known.offset)

    def _of(self, file: BinaryIO, known: Known, service: str, most: int) -> Iterator[Line]:
        """Lines from where the file stands. `known.offset` is behind the line that was given last."""
        rest, skipping, name, path = b"", False, known.id, known.path
        while most > 0:
            data = file.read(_CHUNK)
            if not data:
                break
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                offset = known.offset
                known.offset = offset + len(line) + 1
                if skipping:
                    skipping = False
                    continue
                if not line or line == b"\r":
                    continue
                if line[0] == 0:  # a hole, left by one who went on writing where the file was cut
                    line = line.lstrip(b"\x00")
                most -= 1
                yield (line, f"{name}-{offset:x}", service, path)
                if most <= 0:
                    return
            if len(rest) > LONGEST_BYTES:
                if not skipping:
                    most -= 1
                    yield (Garbage("a line of more than a million bytes"), "", service, path)
                known.offset += len(rest)
                rest, skipping = b"", True
        if rest and not skipping and not self._follow and most > 0 and rest.rstrip().endswith(b"}"):
            offset = known.offset
            known.offset = offset + len(rest)
            yield (rest, f"{name}-{offset:x}", service, path)


def _opened(path: str) -> BinaryIO:
    return gzip.open(path, "rb") if path.endswith(".gz") else Path(path).open("rb", buffering=0)  # type: ignore[return-value]


def _original(path: str, unread: list[Known]) -> Known | None:
    """Which file, of those that nothing was read of yet, one is a copy of."""
    for known in unread:
        try:
            with _opened(path) as one, _opened(known.path) as other:
                head, _ = _head(one)
                if not head or head != _head(other)[0]:
                    continue
                one.seek(0), other.seek(0)
                while data := one.read(_CHUNK):
                    if other.read(len(data)) != data:
                        break
                else:
                    return known
        except (OSError, EOFError):
            continue
    return None


def _head(file: BinaryIO) -> tuple[str, int]:
    """What a file's first line is known by; empty while that isn't whole."""
    file.seek(0)
    data = file.read(_HEAD)
    end = data.find(b"\n")
    if end < 0 and len(data) < _HEAD:
        return "", 0
    data = data[: end + 1] if end >= 0 else data
    return hashlib.blake2b(data, digest_size=12).hexdigest(), len(data)


def _tail(file: BinaryIO, offset: int) -> str:
    try:
        file.seek(max(0, offset - _TAIL))
        data = file.read(min(_TAIL, offset))
    except (OSError, EOFError, ValueError):
        return ""
    return hashlib.blake2b(data, digest_size=12).hexdigest() if len(data) == min(_TAIL, offset) else ""


def _service_of(path: str) -> str:
    """A service's name from its file's: without date, rotation and suffix.

    >>> _service_of("logs/shared_services_20260102.log.1.gz"), _service_of("/x/atm-local.asia-south1.auth.log")
    ('shared-services', 'auth')
    """
    name = Path(path).name.removesuffix(".gz")
    while name.rpartition(".")[2].isdigit():
        name = name.rpartition(".")[0]
    name = name.removesuffix(".log").removesuffix(".jsonl").rpartition(".")[2]
    stem, _, date = name.replace("_", "-").rpartition("-")
    return stem if stem and date.isdigit() else name.replace("_", "-")

"""Log files of what runs: whole lines, of bounded size, for the owner's eyes only."""

from __future__ import annotations

import os
from pathlib import Path

LIMIT = 5 * 1024 * 1024
"""Bytes after which a log file becomes `NAME.1` and a new one begins."""


class LogFile:
    """A file that several processes' outputs are appended to. At most twice `limit` bytes are kept."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path = path
        self._limit = limit
        self._descriptor = -1
        self._size = 0

    def write(self, lines: bytes) -> None:
        """Append; begins a new file where this one is full."""
        if self._descriptor < 0:
            self._open()
        if self._size + len(lines) > self._limit and self._size:
            self.close()
            self.path.replace(self.path.with_name(self.path.name + ".1"))
            self._open()
        self._size += os.write(self._descriptor, lines)

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._size = os.fstat(self._descriptor).st_size

    def close(self) -> None:
        """Close the file; a later write opens it again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def tail(self, most: int = 2000) -> str:
        """The end of the file, for error messages: at most `most` bytes, whole lines."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - most))
                text = file.read()
        except FileNotFoundError:
            return ""
        if size > most:
            text = text.partition(b"\n")[2]
        return text.decode(errors="replace")


class Lines:
    """Cuts a stream of chunks at line ends, so that outputs that share a file don't mix within a line."""

    def __init__(self, most: int = 256 * 1024) -> None:
        self._rest = b""
        self._most = most

    def feed(self, chunk: bytes) -> bytes:
        """The whole lines there are now; an endless line is cut at `most` bytes.

        >>> lines = Lines()
        >>> lines.feed(b"one\\ntw"), lines.feed(b"o\\n"), lines.end()
        (b'one\\n', b'two\\n', b'')
        """
        text = self._rest + chunk
        head, newline, self._rest = text.rpartition(b"\n")
        if len(self._rest) > self._most:
            head, newline, self._rest = text, b"\n", b""
        return head + newline

    def end(self) -> bytes:
        """What was left without a line end."""
        rest, self._rest = self._rest, b""
        return rest + b"\n" if rest else b""

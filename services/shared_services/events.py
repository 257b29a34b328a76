"""`Events`: what happens, to every page that listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson

from shared_services import HttpProblem

_BEAT_SECONDS = 15.0


class Events:
    """Told from any thread, heard in the loop. A listener that doesn't keep up is let go; it comes again by itself.

    Args:
        waiting: events that may wait for a listener.
    """

    def __init__(self, waiting: int = 100) -> None:
        self._waiting = waiting
        self._queues: set[asyncio.Queue[bytes | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def open(self) -> None:
        """Begin, in the loop of the service."""
        self._loop, self._closed = asyncio.get_running_loop(), False

    def close(self) -> None:
        """Let all listeners go: the service ends."""
        self._closed = True
        for queue in list(self._queues):
            self._end(queue)

    def tell(self, kind: str, **about: Any) -> None:
        """Tell all listeners something, from any thread."""
        data = _event(kind, about)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, data)

    def listen(self, first: dict[str, Any], *, most: int, seconds: float) -> AsyncIterator[bytes]:
        """The stream of a listener, as server-sent events have it.

        Args:
            first: what it is told at once.
            most: listeners there may be.
            seconds: how long at most.

        Raises:
            HttpProblem: there are that many already.
        """
        if self._closed or len(self._queues) >= most:
            raise HttpProblem(503, "too many pages follow the configuration just now", headers={"retry-after": "10"})
        return self._stream(first, seconds)

    async def _stream(self, first: dict[str, Any], seconds: float) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(self._waiting)
        self._queues.add(queue)
        until = loop.time() + seconds
        try:
            yield b"retry: 1000\n" + _event("hello", first)
            while (left := until - loop.time()) > 0:
                try:
                    async with asyncio.timeout(min(_BEAT_SECONDS, left)):
                        data = await queue.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if data is None:
                    return
                yield data
        finally:
            self._queues.discard(queue)

    def _put(self, data: bytes) -> None:
        for queue in list(self._queues):
            if queue.full():
                self._end(queue)
            else:
                queue.put_nowait(data)

    def _end(self, queue: asyncio.Queue[bytes | None]) -> None:
        self._queues.discard(queue)
        while queue.full():
            queue.get_nowait()
        queue.put_nowait(None)


def _event(kind: str, about: dict[str, Any]) -> bytes:
    return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(about) + b"\n\n"

"""The front of a service: what it passes on, and until when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx

from sandbox.runtime.front import Front, Target

SCOPE = {"type": "http", "method": "GET", "raw_path": b"/events", "query_string": b"", "headers": []}


class OneInstance:
    """A pool of one instance; it knows how many requests it has."""

    def __init__(self) -> None:
        self.active = 0

    async def acquire(self, seconds: float) -> Any:
        self.active += 1
        return SimpleNamespace(port=1, origin=None)

    def release(self, instance: Any) -> None:
        self.active -= 1


async def events(closed: asyncio.Event, *, endless: bool) -> AsyncIterator[bytes]:
    try:
        yield b"event: hello\n\n"
        if endless:
            await asyncio.Event().wait()
    finally:
        closed.set()


async def asked(*, endless: bool) -> tuple[list[bytes], bool, int]:
    """Ask for a stream, and go once something came; what came, whether it was closed, and what still runs."""
    came, closed, pool = asyncio.Event(), asyncio.Event(), OneInstance()
    said: list[bytes] = []

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=events(closed, endless=endless))

    async def receive() -> dict[str, Any]:
        await came.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            said.append(message["body"])
            if endless:
                came.set()

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        front = Front(client)
        front.targets = [Target(pool, 100, 30.0)]  # type: ignore[arg-type]
        async with asyncio.timeout(10):
            await front(dict(SCOPE), receive, send)
        return said, closed.is_set(), pool.active


def test_a_stream_ends_when_its_client_goes() -> None:
    assert asyncio.run(asked(endless=True)) == ([b"event: hello\n\n"], True, 0)


def test_a_stream_that_ends_is_passed_on_whole() -> None:
    assert asyncio.run(asked(endless=False)) == ([b"event: hello\n\n", b""], True, 0)

"""HTTP servers that keep what they get and answer what they are told: what tasks, jobs and events are sent to."""

from __future__ import annotations

import asyncio
import http.server
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Target:
    """One in the test's own event loop. An answer is a status, or the URL of a redirect."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[str, dict[str, str], bytes]] = asyncio.Queue()
        self.answers: list[int | str] = []
        self.held = asyncio.Event()
        self.held.set()
        self.open = self.most_open = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.got.put_nowait((head[0], headers, body))
        await self.held.wait()
        self.open -= 1
        answer = self.answers.pop(0) if self.answers else 200
        line = f"{answer} X" if isinstance(answer, int) else f"302 X\r\nlocation: {answer}"
        writer.write(f"HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        writer.close()

    async def next(self) -> tuple[str, dict[str, str], bytes]:
        return await asyncio.wait_for(self.got.get(), 60)


@dataclass(frozen=True)
class Got:
    """A request; header names are lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """One in a thread, for tests against processes. `held` keeps its answers back."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: queue.Queue[Got] = field(default_factory=queue.Queue)
    held: threading.Event = field(default_factory=threading.Event)

    def next(self, seconds: float = 60) -> Got:
        """The next request. Raises queue.Empty where none comes."""
        return self.got.get(timeout=seconds)


@contextmanager
def listener() -> Iterator[Listener]:
    """A listener while the block runs."""
    made = Listener()
    made.held.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {key.lower(): value for key, value in self.headers.items()}
            made.got.put(Got(self.requestline, headers, body))
            made.held.wait(30)
            self.send_response(made.answers.pop(0) if made.answers else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    for method in ("GET", "POST", "PUT"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/work"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        made.held.set()
        server.shutdown()
        server.server_close()

"""`python -m tests.support.load PORT SECONDS PATH,CONNECTIONS[,new] …`: requests as fast as they are answered.

Each connection sends its next request when it has its answer; with `new`, each request has a connection of its own.
When the server refuses connections it ends. Writes a line when every connection has had an answer, and at the end for
each load a line of JSON: how many requests were answered, how many were accepted and never answered, and how long
answers took, in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What became of the requests."""

    statuses: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        times = sorted(self.milliseconds)
        parts = {f"p{part}": times[len(times) * part // 100] for part in (50, 95, 99)} if times else {}
        return {"answered": self.statuses, "refused": self.refused, "lost": self.lost, **parts}


@dataclass
class Load:
    """One kind of request."""

    port: int
    path: str
    connections: int
    new: bool
    until: float
    tally: Tally = field(default_factory=Tally)
    began: int = 0

    async def run(self) -> None:
        await asyncio.gather(*(self._worker() for _ in range(self.connections)))

    async def _worker(self) -> None:
        request = f"GET {self.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
        tally, first = self.tally, True
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while time.monotonic() < self.until:
            fresh = connection is None
            try:
                if connection is None:
                    connection = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                tally.refused += 1
                return
            reader, writer = connection
            began = time.perf_counter()
            try:
                writer.write(request)
                status, stays = await asyncio.wait_for(_read_answer(reader), 30)
            except (OSError, EOFError, TimeoutError) as error:
                connection = None
                # HTTP lets a server close a connection that is idle at any time: the request goes again on another.
                partial = isinstance(error, asyncio.IncompleteReadError) and error.partial
                if fresh or partial or isinstance(error, TimeoutError):
                    tally.lost.append(f"{'new' if fresh else 'kept'}: {type(error).__name__}")
                continue
            tally.milliseconds.append((time.perf_counter() - began) * 1000)
            tally.statuses[status] = tally.statuses.get(status, 0) + 1
            self.began, first = self.began + first, False
            if self.new or not stays:
                writer.close()
                connection = None


async def _read_answer(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """Status, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.split("content-length:")[1].split("\r\n")[0])
    await reader.readexactly(length)
    return head.split(" ")[1], "connection: close" not in head


async def main() -> None:
    port, seconds, *specs = sys.argv[1:]
    until = time.monotonic() + float(seconds)
    parts = [spec.split(",") for spec in specs]
    loads = [Load(int(port), path, int(connections), more == ["new"], until) for path, connections, *more in parts]
    running = asyncio.gather(*(load.run() for load in loads))
    while not running.done() and any(load.began < load.connections for load in loads):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    print("all are answered", flush=True)
    await running
    for load in loads:
        print(json.dumps(load.tally.document()))


if __name__ == "__main__":
    asyncio.run(main())

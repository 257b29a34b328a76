"""A way to a server that can be made to fail: refused, hanging, and well again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Faulty:
    """Passes every byte on to a port, as long as it is well.

    `down` cuts every connection, and each that comes; `hang` takes them and says nothing.
    """

    def __init__(self, port: int) -> None:
        self.to, self.port = port, 0
        self._loop = asyncio.new_event_loop()
        self._mode = "well"
        self._well = asyncio.Event()
        self._well.set()
        self._writers: set[asyncio.StreamWriter] = set()

    def well(self) -> None:
        self._set("well")

    def down(self) -> None:
        self._set("down")

    def hang(self) -> None:
        self._set("hangs")

    def _set(self, mode: str) -> None:
        done = threading.Event()

        def change() -> None:
            self._mode = mode
            if mode == "hangs":
                self._well.clear()
            else:
                self._well.set()
            if mode == "down":
                for writer in list(self._writers):
                    writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(change)
        done.wait(5)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._mode == "down":
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            with suppress(OSError):
                there, here = await asyncio.open_connection("127.0.0.1", self.to)
                await asyncio.gather(self._pipe(reader, here), self._pipe(there, writer), return_exceptions=True)
        finally:
            self._writers.discard(writer)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._well.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


@contextmanager
def faulty(port: int) -> Iterator[Faulty]:
    """A faulty way to a port, in a thread of its own."""
    made, ready = Faulty(port), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(made._connect, "127.0.0.1", 0)
        made.port = server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.Event().wait()

    def run() -> None:
        asyncio.set_event_loop(made._loop)
        task = made._loop.create_task(serve())
        with suppress(asyncio.CancelledError):
            made._loop.run_until_complete(task)
        rest = asyncio.all_tasks(made._loop)
        made._loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
        made._loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made
    finally:
        # All at once, inside the loop: it is closed as soon as the server's own task has ended.
        made._loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(made._loop)])
        thread.join(5)

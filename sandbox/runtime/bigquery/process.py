"""BigQuery's engine: bqemulator as a child process, kept running, its data below the state directory."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import time
from pathlib import Path
from typing import Any

import aiohttp
import httpx
from yarl import URL

from sandbox.runtime import environment
from sandbox.runtime.logs import LogFile
from sandbox.runtime.probes import PLAIN, Probe, ready
from sandbox.runtime.processes import Process, ProcessTable, Program
from sandbox.runtime.services import free_port

log = logging.getLogger("sandbox.runtime")

ANONYMOUS = "_bqemu_anonymous"
"""The dataset that the engine names as the home of results that have no other. Clients keep tables of theirs there too
(ibis, BigQuery DataFrames), as at Google."""
STORAGE = "/storage"
"""Below it the engine answers what `storage.py` has added to it."""
START_SECONDS = 60.0
"""How long the engine may take to start, and a request waits for it."""


_OF_THE_BODY = ("content-encoding", "content-length", "transfer-encoding")  # as it came, not as it is read


def is_result(dataset: str, table: str) -> bool:
    """Whether a table is a query's result that has no other home, by the name that the engine gives it."""
    return dataset == ANONYMOUS and table.startswith("anon")


class EngineDown(Exception):
    """The engine did not start in time."""


class BigQuery:
    """The child and the way to it."""

    def __init__(self, state_dir: Path, table: ProcessTable, url: str) -> None:
        self._url = url
        self._folder = state_dir / "bigquery"
        # What jobs read, in a folder named by each, and what they write, by bucket and name.
        self.loads, self.exports = self._folder / "loads", self._folder / "exports"
        self._table = table
        self._log = LogFile(state_dir / "logs" / "bigquery.log")
        self._process: Process | None = None
        self._port = self._stops = 0
        self._up = asyncio.Event()
        self._stopping = False
        self._starts = 0
        # A new connection for each change: the engine drops one after an internal error, and is restarted. What only
        # reads can be asked again, so its connections are kept; by aiohttp, as there are dozens in a plan.
        self._client = httpx.AsyncClient(
            trust_env=False,
            verify=PLAIN,
            timeout=httpx.Timeout(600, connect=5),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=0),
        )
        self._reader: aiohttp.ClientSession | None = None  # made where there is a loop

    async def run(self) -> None:
        """Start the engine, and again whenever it ends, until `stop`."""
        pause = 0.1
        while not self._stopping:
            began = time.monotonic()
            self._process = await self._start()
            if await ready(self._process, self._port, Probe(START_SECONDS, "/readyz")):
                self._up.set()
            else:
                self._process.kill()
            code = await asyncio.shield(self._process.exited)
            self._up.clear()
            if self._stopping:
                return
            log.error("BigQuery's engine ended with code %d; see %s", code, self._log.path)
            pause = 0.1 if time.monotonic() - began > 30 else min(pause * 3, 10.0)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """End the engine; it folds its journal into its database."""
        self._stopping = True
        self._up.clear()
        if self._process is not None:
            await self._process.stop(grace=10.0)
        await self._client.aclose()
        if self._reader is not None:
            await self._reader.close()
        await self._table.drain()
        self._log.close()

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        document: Any = None,
        reads: bool = False,
    ) -> httpx.Response:
        """Ask the engine, once it is up. Raises EngineDown.

        Args:
            method: of HTTP.
            path: absolute, with its query.
            headers: sent along.
            body: sent, where there is no document.
            document: sent as JSON.
            reads: it changes nothing, as a GET does not.
        """
        if not await self._ready():
            raise EngineDown(f"BigQuery's engine does not start; see {self._log.path}")
        url = f"http://127.0.0.1:{self._port}{path}"
        try:
            if method == "GET" or reads:
                with contextlib.suppress(aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):  # it was dropped
                    return await self._read(method, url, headers, body)
            if document is not None:
                return await self._client.request(method, url, json=document, headers=headers)
            return await self._client.request(method, url, content=body, headers=headers)
        except (httpx.TransportError, TimeoutError) as error:
            raise EngineDown(f"BigQuery's engine did not answer ({type(error).__name__}).") from error

    async def _read(self, method: str, url: str, headers: dict[str, str] | None, body: bytes) -> httpx.Response:
        if self._reader is None:
            self._reader = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=64),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=600, sock_connect=5),
            )
        whole = URL(url, encoded=True)
        async with self._reader.request(
            method, whole, headers=headers, data=body or None, allow_redirects=False
        ) as answer:
            told = {key: value for key, value in answer.headers.items() if key.lower() not in _OF_THE_BODY}
            return httpx.Response(answer.status, headers=told, content=await answer.read())

    async def stop_job(self, project: str, job: str) -> None:
        """Stop a job's statements, those that are yet to run too, once the engine is up. An engine that ends has
        stopped them.
        """
        await self._ready()
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._stops)
            try:
                writer.write(f"{project}:{job}\n".encode())
                await reader.readexactly(1)
            finally:
                writer.close()

    async def _ready(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._up.wait()
        return self._up.is_set()

    @property
    def base(self) -> str:
        """Where the engine answers; its absolute links begin with it."""
        return f"http://127.0.0.1:{self._port}"

    def report(self) -> dict[str, Any]:
        """How it stands, for people and for the command line."""
        return {
            "state": "ready" if self._up.is_set() else "starting",
            "pid": self._process.pid if self._process is not None and self._process.running else None,
            "port": self._port,
            "starts": self._starts,
            "log": str(self._log.path),
        }

    async def _start(self) -> Process:
        home = self._folder / "home"
        for left in (self.loads, self.exports):
            shutil.rmtree(left, ignore_errors=True)
        for folder in (home, self._folder / "data", self._folder / "uploads"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._port, self._stops = free_port(), free_port()
        self._starts += 1
        variables = {
            **environment.base(home),
            "SANDBOX_URL": self._url,
            # The avro extension is in no Python package, and nothing may be downloaded.
            "BQEMU_ENABLE_FORMAT_EXTENSIONS": "false",
            "BQEMU_UPLOAD_STAGING_DIR": str(self._folder / "uploads"),
            "BQEMU_GCS_LOCAL_ROOT": str(self.exports),
        }
        arguments = ["start", "--persistent", "--data-dir", str(self._folder / "data"), "--rest-port", str(self._port)]
        arguments += ["--grpc-port", "0", "--log-level", "warning", "--log-format", "json"]
        program = Program(
            "sandbox.runtime.bigquery.engine", (str(home), str(self._stops), *arguments), variables, self._folder
        )
        return await self._table.start(program, self._log)

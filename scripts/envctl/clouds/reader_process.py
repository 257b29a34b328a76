"""A reader in a process of its own: it imports its clients on another core while a command is still at its YAML.

A line of JSON each way: first where the APIs answer, then what is to be read, and every answer as soon as it is there.
The process ends with its standard input, so also with a command that is killed. No credential passes between the two:
each finds its own, the sandbox's token or Google's application default credentials.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from types import TracebackType
from typing import Any

import orjson

from .credentials import ApplicationDefault, SandboxToken
from .endpoints import Endpoints
from .failures import Failure, Reason
from .reader import ReaderHere

_ENDED = Failure(Reason.UNEXPECTED, "the process that reads the cloud ended before it answered")
# A line is a document, and a workflow's source or a view's query may be long.
_LONGEST_LINE = 64 * 1024 * 1024


class ReaderProcess:
    """The process as a command sees it, begun at once. `aim` it, then read within its async context."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", __name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.endpoints: Endpoints
        self._project = ""
        self._requests: asyncio.WriteTransport
        self._answers: asyncio.Task[None]
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._asked = 0

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def aim(self, endpoints: Endpoints, project: str) -> ReaderProcess:
        """Say where the APIs answer, and the environment's project."""
        self.endpoints, self._project = endpoints, project
        return self

    def close(self) -> None:
        """End the process; does nothing where it has ended."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    async def http(
        self, service: str, path: str, method: str, query: Mapping[str, str], body: Any, permission: str
    ) -> dict[str, Any] | Failure:
        answer: dict[str, Any] | Failure = await self._ask("http", service, path, method, query, body, permission)
        return answer

    async def client(self, call: str, name: str, permission: str, service: str) -> dict[str, Any] | Failure:
        answer: dict[str, Any] | Failure = await self._ask("client", call, name, permission, service)
        return answer

    async def health(self, uri: str, seconds: float) -> tuple[int, Any] | Failure:
        answer = await self._ask("health", uri, seconds)
        return answer if isinstance(answer, Failure) else (answer[0], answer[1])

    async def __aenter__(self) -> ReaderProcess:
        loop, answers = asyncio.get_running_loop(), asyncio.StreamReader(limit=_LONGEST_LINE)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(answers), self._process.stdout)
        self._requests, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, self._process.stdin)
        self._answers = asyncio.ensure_future(self._take(answers))
        self._requests.write(_line([self.endpoints.sandbox_url, self._project]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._answers.cancel()
        if not self._requests.is_closing():  # as it is where the process has ended
            self._requests.abort()
        self.close()

    async def _ask(self, method: str, *arguments: Any) -> Any:
        if self._answers.done():
            return _ENDED
        self._asked += 1
        answer = self._waiting[self._asked] = asyncio.get_running_loop().create_future()
        self._requests.write(_line([self._asked, method, arguments]))
        return await answer

    async def _take(self, answers: asyncio.StreamReader) -> None:
        try:
            while line := await answers.readline():
                number, answer, failure = orjson.loads(line)
                waiting = self._waiting.pop(number)
                if not waiting.done():
                    waiting.set_result(_failure(failure) if failure else answer)
        finally:  # also where what came was no line of it
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_result(_ENDED)


def _failure(told: dict[str, Any]) -> Failure:
    return Failure(**{**told, "reason": Reason(told["reason"])})


async def _serve() -> None:
    """The process itself."""
    loop, requests = asyncio.get_running_loop(), asyncio.StreamReader(limit=_LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin.buffer)
    if not (aimed := await requests.readline()):
        return
    sandbox_url, project = orjson.loads(aimed)
    credentials = SandboxToken() if sandbox_url else ApplicationDefault()
    async with ReaderHere(Endpoints(sandbox_url), credentials, project, lean=True) as reader:
        tasks = set()
        while line := await requests.readline():
            task = asyncio.create_task(_answer(reader, *orjson.loads(line)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        os._exit(0)  # nobody is left who would want what is still being read


async def _answer(reader: ReaderHere, number: int, method: str, arguments: list[Any]) -> None:
    try:
        answer = await getattr(reader, method)(*arguments)
    except Exception as error:  # such as an answer that is no message of the API: this one read is unknown
        answer = Failure(Reason.UNEXPECTED, f"{type(error).__name__}: {error}"[:200])
    told = [number, None, asdict(answer)] if isinstance(answer, Failure) else [number, answer, None]
    try:
        sys.stdout.buffer.write(_line(told))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)  # the command was killed: nobody is left to be told


def _line(value: Any) -> bytes:
    return orjson.dumps(value) + b"\n"


def _main() -> None:
    # The terminal's Ctrl-C is for the command, which says what it means; this process ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    from . import session  # noqa: F401 - what takes long, before anything is asked
    from .generated import import_clients

    import_clients(lean=True)
    asyncio.run(_serve())


if __name__ == "__main__":
    _main()

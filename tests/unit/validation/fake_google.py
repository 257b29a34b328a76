"""A small HTTP server that answers as Google's APIs do, for the answers that a sandbox never gives: 403, 429, 503 …"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from tests.unit.validation.declared import deployed
from tests.unit.validation.declared.identities import project_bindings

Answer = tuple[int, Any]
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.I | re.M)


def error(code: int, status: str, message: str, details: list[dict[str, Any]] | None = None) -> Answer:
    """An error in the form of google.rpc."""
    return code, {"error": {"code": code, "status": status, "message": message, "details": details or []}}


def disabled(api: str) -> Answer:
    """What an API answers that the project hasn't enabled."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}
    metadata = {"service": api, "consumer": "projects/1"}
    message = f"{api} API has not been used in project 1 before or it is disabled."
    return error(403, "PERMISSION_DENIED", message, [{**info, "metadata": metadata}])


@dataclass
class FakeGoogle:
    """Documents by path ("pubsub/v1/projects/p/topics/t"), and faults that come before them.

    Attributes:
        documents: what is answered with 200.
        faults: answers by the beginning of the path, instead; a function is called for each request.
        requests: the paths that were asked for.
        delays: seconds before the answer, by the beginning of the path.
    """

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, Answer | Callable[[], Answer | None]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)
    url: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> FakeGoogle:
        """A cloud in which everything is as an environment declares it."""
        fake = cls()
        for thing in deployed(values):
            fake.documents[thing.read_at] = {**thing.document, **thing.shown}
            if thing.policy:
                fake.documents[thing.policy] = {"etag": "BwY=", "bindings": thing.bindings}
        project = values["project_id"]
        fake.documents[f"cloudresourcemanager/v1/projects/{project}"] = {
            "projectId": project,
            "projectNumber": values["project_number"],
            "lifecycleState": "ACTIVE",
        }
        fake.documents[f"cloudresourcemanager/v1/projects/{project}:getIamPolicy"] = {
            "bindings": project_bindings(values)
        }
        fake.documents[f"serviceusage/v1/projects/{project}/services"] = {
            "services": [{"name": f"projects/1/services/{api}", "state": "ENABLED"} for api in values["apis"]]
        }
        fake.documents = json.loads(json.dumps(fake.documents))  # nothing is shared between them
        return fake

    def start(self) -> FakeGoogle:
        """Answer on a thread beside the test's: one for all connections, or they fight for the interpreter."""
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Transport] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        serving = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def stop(self) -> None:
        async def close() -> None:
            self._server.close()
            for connection in list(self._connections):
                connection.abort()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _answer(self, path: str) -> Answer:
        for start, fault in self.faults.items():
            if path.startswith(start):
                answer = fault() if callable(fault) else fault
                if answer is not None:
                    return answer
        if path in self.documents:
            return 200, self.documents[path]
        return error(404, "NOT_FOUND", f"Resource not found: {path}")


class _Connection(asyncio.Protocol):
    """One connection, kept alive: a request after the other."""

    def __init__(self, fake: FakeGoogle) -> None:
        self._fake, self._got = fake, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._fake._connections.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fake._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._got += data
        while b"\r\n\r\n" in self._got:
            head, _, rest = self._got.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = int(length[1]) if length else 0
            if len(rest) < body:
                return
            self._got = rest[body:]
            path = urlsplit(head.split(b" ", 2)[1].decode()).path.lstrip("/")
            self._fake.requests.append(path)
            late = sum(seconds for start, seconds in self._fake.delays.items() if path.startswith(start))
            if late:
                asyncio.get_running_loop().call_later(late, self._send, path)
            else:
                self._send(path)

    def _send(self, path: str) -> None:
        status, body = self._fake._answer(path)
        page = isinstance(body, bytes)
        data = body if page else json.dumps(body).encode()
        kind = "text/html" if page else "application/json"
        reason = HTTPStatus(status).phrase
        head = f"HTTP/1.1 {status} {reason}\r\ncontent-type: {kind}\r\ncontent-length: {len(data)}\r\n\r\n"
        self._transport.write(head.encode() + data)

"""Requests and responses of the control plane, independent of any web server.

The web server and the Terraform provider build the same `Request` and call the same `Dispatch`,
so what Terraform does and what a client does takes one path.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request. Header names are lower case; `path` is percent-encoded as it came; `scheme` is the client's."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    scheme: str = "http"

    @classmethod
    def of(cls, method: str, url: str, document: Any = None, headers: Mapping[str, str] | None = None) -> Request:
        """Build a request from a path with an optional query and a JSON document.

        >>> Request.of("GET", "/pubsub/v1/projects/p/topics?pageSize=5").query
        {'pageSize': ['5']}
        """
        parts = urlsplit(url)
        body = b"" if document is None else json.dumps(document).encode()
        return cls(method, parts.path, parse_qs(parts.query, keep_blank_values=True), dict(headers or {}), body)

    def as_meant(self) -> Request:
        """What a client means that can't send it: Google's for Java compress bodies, and have POST stand for PATCH.

        The bytes of an object that are uploaded alone (`uploadType=media`, a signed URL) are kept as they are, and so
        is what isn't gzip: whoever reads it says so.
        """
        if not self.headers.keys() & {"content-encoding", "x-http-method-override"}:
            return self
        headers, method, body = dict(self.headers), self.method, self.body
        if method == "POST" and "x-http-method-override" in headers:
            method = headers.pop("x-http-method-override").upper()
        alone = self.param("uploadType") == "media" or self.query.keys() & {"X-Goog-Signature", "Signature"}
        if headers.get("content-encoding", "").lower() == "gzip" and not alone:
            with suppress(OSError, EOFError, zlib.error):
                body = gzip.decompress(body)
                del headers["content-encoding"]
        return replace(self, method=method, headers=headers, body=body)

    def origin(self, otherwise: str) -> str:
        """The address by which the client reached the server, whose own one is `otherwise`.

        A loopback address without a port is the server's with it: Google's clients for Rust leave it out.

        >>> Request("GET", "/", headers={"host": "localhost:8085"}).origin("http://127.0.0.1:8085")
        'http://localhost:8085'
        >>> Request("GET", "/", headers={"host": "127.0.0.1"}).origin("http://127.0.0.1:8085")
        'http://127.0.0.1:8085'
        """
        name = self.headers.get("host")
        if not name or f"http://{name}" == otherwise.rpartition(":")[0]:
            return otherwise
        return f"{self.scheme}://{name}"

    def json(self) -> Any:
        """The body as JSON; an empty one, or null (Google's clients for Go have none otherwise), is an empty object.

        Raises ValueError where it is not JSON.
        """
        found = json.loads(self.body) if self.body else None
        return {} if found is None else found

    def param(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else default


@dataclass(slots=True)
class Response:
    """An HTTP response."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, document: Any, status: int = 200) -> Response:
        """A JSON response."""
        return cls(status, {"content-type": "application/json; charset=UTF-8"}, json.dumps(document).encode())

    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}

    def problem(self) -> str:
        """What an answer of an API that refuses says.

        >>> Response.of({"error": {"code": 404, "message": "no such topic"}}, 404).problem()
        'no such topic'
        """
        return str(self.json().get("error", {}).get("message", self.status))


class ConnectionCut(Exception):
    """A call ends without an answer: the web server closes the connection, the embedded provider sees it closed."""


Dispatch = Callable[[Request], Awaitable[Response]]

"""Health answers over plain HTTP, with nothing but the standard library, so that a cold start is short."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HEALTH_PATHS = frozenset({"/health", "/health/live", "/health/ready"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers, as Cloud Run tells a container."""

    service: str
    revision: str
    configuration: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Identity:
        """From the variables that Cloud Run sets.

        >>> Identity.of({"K_SERVICE": "risk-manager"}).service
        'risk-manager'
        """
        return cls(
            environment.get("K_SERVICE", "starter"),
            environment.get("K_REVISION", ""),
            environment.get("K_CONFIGURATION", ""),
        )


def log(severity: str, message: str, identity: Identity, **fields: object) -> None:
    """One line of JSON that Cloud Logging understands."""
    line = {"severity": severity, "message": message, "service": identity.service, "revision": identity.revision}
    print(json.dumps({**line, **fields}), file=sys.stdout, flush=True)  # noqa: T201


def answer(identity: Identity, method: str, path: str, uptime: float) -> tuple[int, dict[str, object]]:
    """Status and document for a request.

    >>> answer(Identity("dashboard", "", ""), "GET", "/", 0.0)[0]
    404
    """
    if path not in HEALTH_PATHS:
        return 404, {"error": {"code": 404, "message": f"{identity.service} is a starter: it has no {path}."}}
    if method not in ("GET", "HEAD"):
        return 405, {"error": {"code": 405, "message": f"{method} is not allowed on {path}."}}
    return 200, {
        "service": identity.service,
        "status": "ok",
        "kind": "starter",
        "revision": identity.revision,
        "uptime_seconds": round(uptime, 3),
    }


class Server(ThreadingHTTPServer):
    """The server with what its handlers need."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], identity: Identity) -> None:
        self.identity = identity
        self.began = time.monotonic()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name, which may wait for a DNS server."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    """Answers every request from `answer`."""

    protocol_version = "HTTP/1.1"
    server_version = "starter"
    sys_version = ""
    # Without it, the headers and the body leave in two packets and the second waits for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        server = self.server
        if not isinstance(server, Server):
            raise TypeError("the handler belongs to Server")
        # The body must be read, or the next request on the connection would begin in it.
        length = self.headers.get("content-length", "")
        if length.isdigit():
            self.rfile.read(int(length))
        elif self.headers.get("transfer-encoding"):
            self.close_connection = True
        path = urlsplit(self.path).path
        status, document = answer(server.identity, self.command, path, time.monotonic() - server.began)
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: health checks would bury everything else."""

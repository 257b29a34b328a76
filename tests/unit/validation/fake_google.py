"""A small HTTP server that answers as Google's APIs do, for the answers that a sandbox never gives: 403, 429, 503 …"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.unit.validation.declared_cloud import deployed, project_bindings

Answer = tuple[int, Any]


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
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One packet an answer, or each waits 40 ms for the client's acknowledgement of the first.
            wbufsize = 65_536
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                status, body = fake._answer(urlsplit(self.path).path)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "text/html" if isinstance(body, bytes) else "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path: str) -> Answer:
        path = path.lstrip("/")
        self.requests.append(path)
        for start, seconds in self.delays.items():
            if path.startswith(start):
                time.sleep(seconds)
        for start, fault in self.faults.items():
            if path.startswith(start):
                answer = fault() if callable(fault) else fault
                if answer is not None:
                    return answer
        if path in self.documents:
            return 200, self.documents[path]
        return error(404, "NOT_FOUND", f"Resource not found: {path}")

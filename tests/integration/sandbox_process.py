"""A sandbox as a user starts it: a real process over a state directory."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}


@dataclass
class Sandbox:
    """A sandbox process over a state directory."""

    state: Path
    arguments: list[str] = field(default_factory=list)
    module: str = "sandbox"
    process: subprocess.Popen[bytes] | None = None
    document: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return str(self.document["url"])

    @property
    def port(self) -> int:
        return int(self.document["port"])

    def over_grpc(self, client: Any) -> Any:
        """A client of Google's, by its class, that speaks gRPC to this sandbox."""
        import grpc

        channel = grpc.insecure_channel(str(self.document["grpc"]))
        return client(transport=client.get_transport_class("grpc")(channel=channel))

    @property
    def reattach(self) -> str:
        """The value of TF_REATTACH_PROVIDERS."""
        return str(self.document["provider"]["reattach"])

    def start(self) -> Sandbox:
        command = [sys.executable, "-m", self.module, "serve", "--state", str(self.state), *self.arguments]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
        self.process = subprocess.Popen(command, env=environment)
        ready = self.state / "sandbox.json"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the sandbox ended with {self.process.returncode}: {self.log()}")
            with contextlib.suppress(FileNotFoundError):  # of the process before, which the new one takes away
                document = json.loads(ready.read_text())
                if document["pid"] == self.process.pid:
                    self.document = document
                    return self
            time.sleep(0.01)
        raise RuntimeError(f"the sandbox was not ready within 60 s: {self.log()}")

    def log(self) -> str:
        path = self.state / "sandbox.log"
        return path.read_text()[-4000:] if path.exists() else ""

    def kill(self) -> None:
        """End it as `kill -9` does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it cleanly; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def request(
        self,
        method: str,
        path: str,
        document: Any = None,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request, errors included."""
        headers = dict(headers or {})
        if document is not None:
            body, headers["content-type"] = json.dumps(document).encode(), "application/json"
        url = path if path.startswith("http://127.0.0.1") else self.url + path
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def get(self, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = self.request("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()

"""The service `shared-services` as a process over a bucket of the sandbox, and another service that follows it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.integration.sandbox_process import Sandbox
from tests.support.servers import free_port

ROOT = Path(__file__).resolve().parents[4]
FOLLOWER = """
import sys
from shared_services import create_app, get_config, run_service
app = create_app("portfolio-manager")

@app.get("/orders-per-minute")
async def limit():
    return {"value": get_config("risk").limits.orders_per_minute}

get_config("risk")
sys.exit(run_service(app))
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else {}


@dataclass
class Platform:
    """A bucket, a topic, and the services on them."""

    sandbox: Sandbox
    environ: dict[str, str]
    name: str
    project: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def make(self) -> Platform:
        def made(method: str, path: str, document: dict[str, Any]) -> None:
            answer = self.sandbox.request(method, path, document)
            assert answer.status == 200, answer.body

        bucket = {"name": self.name, "versioning": {"enabled": True}}
        made("POST", f"/storage/v1/b?project={self.project}", bucket)
        made("POST", f"/storage/v1/b?project={self.project}", {"name": f"{self.name}-reports"})
        topic = f"projects/{self.project}/topics/{self.name}"
        made("PUT", f"/pubsub/v1/{topic}", {})
        for who in ("own", "follower"):
            subscription = f"projects/{self.project}/subscriptions/{self.name}-{who}"
            made("PUT", f"/pubsub/v1/{subscription}", {"topic": topic})
        return self

    def start(self, *program: str, who: str = "own", **variables: str) -> str:
        """Start a service; its address, when it serves."""
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SANDBOX_URL": self.sandbox.url,
            **self.environ,
            "PLATFORM_ENVIRONMENT": "local",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "LOG_FORMAT": "json",
            "CONFIG_BUCKET": self.name,
            "REPORTS_BUCKET": f"{self.name}-reports",
            "CONFIG_TOPIC": self.name,
            "CONFIG_SUBSCRIPTION": f"{self.name}-{who}",
            **variables,
        }
        self.processes.append(subprocess.Popen([sys.executable, *program], env=environment, cwd=ROOT))
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while True:
            assert self.processes[-1].poll() is None, "the service ended"
            try:
                urllib.request.urlopen(f"{url}/health/live", timeout=5).close()
                return url
            except OSError:
                assert time.monotonic() < until, "the service is not up"
                time.sleep(0.02)

    def service(self, **variables: str) -> str:
        """`shared-services`."""
        return self.start("-m", "services.shared_services", **variables)

    def follower(self) -> str:
        """A service that follows the configuration."""
        return self.start("-c", FOLLOWER, who="follower")

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def ask(url: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
    """One request, errors included; `if_match="3"` is the header of that name."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        sent.setdefault("content-type", "application/json")
    request = urllib.request.Request(url, data, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def token(email: str, audience: str = "shared-services", seconds: float = 600) -> str:
    """An ID token without a signature, as a sandbox's services believe it."""
    now = int(time.time())
    claims = {"iss": "https://accounts.google.com", "aud": audience, "sub": email, "email": email}
    claims |= {"email_verified": True, "iat": now, "exp": int(now + seconds)}  # type: ignore[dict-item]
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in ({"alg": "none"}, claims)]
    return b".".join([*parts, b""]).decode()


SIGNED_IN = {
    "SECURITY__IDENTITY__AUDIENCES": "shared-services",
    "SECURITY__IDENTITY__CERTIFICATES": "unsigned",
    "SECURITY__MEMBERS": json.dumps(
        {"admin": ["ana@example.com"], "operator": ["ravi@example.com"], "auditor": ["*@audit.example.com"]}
    ),
}

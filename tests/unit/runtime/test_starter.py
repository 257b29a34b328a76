"""The starter, as a process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys

COMMAND = [sys.executable, "-m", "services.starter"]
HEAVY = ("fastapi", "pydantic", "sqlalchemy", "redis", "grpc", "google", "opentelemetry", "prometheus_client", "httpx")


def test_process_answers_keeps_the_connection_and_ends_on_sigterm() -> None:
    environment = {**os.environ, "PORT": "0", "K_SERVICE": "dashboard", "K_REVISION": "dashboard-00001-abc"}
    process = subprocess.Popen(COMMAND, env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert (line["severity"], line["service"], line["kind"]) == ("INFO", "dashboard", "starter")
        connection = http.client.HTTPConnection("127.0.0.1", line["port"], timeout=10)
        asked = {
            ("POST", "/orders"): 404,
            ("GET", "/health"): 200,
            ("HEAD", "/health"): 200,
            ("GET", "/health/live"): 200,
            ("GET", "/health/ready"): 200,
            ("POST", "/health"): 405,
            ("GET", "/health/"): 404,
            ("GET", "/metrics"): 200,
        }
        for (method, path), status in asked.items():
            connection.request(method, path, body=b"x" * 1000 if method == "POST" else None)
            response = connection.getresponse()
            body = response.read()
            assert (response.status, bool(body)) == (status, method != "HEAD")
        connection.request("GET", "/health")
        said = json.loads(connection.getresponse().read())
        assert (said["service"], said["status"], said["kind"]) == ("dashboard", "ok", "starter")
        assert said["revision"] == "dashboard-00001-abc"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()


def test_bad_port_is_one_clear_line() -> None:
    done = subprocess.run(COMMAND, env={**os.environ, "PORT": "http"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PORT must be a number" in json.loads(done.stdout)["message"]
    assert done.stderr == ""


def test_what_it_never_needs_is_not_loaded() -> None:
    code = "import sys, services.starter.__main__; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {name.split(".")[0] for name in loaded.split()} & set(HEAVY) == set()

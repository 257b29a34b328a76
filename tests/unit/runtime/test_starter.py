"""The starter, as a process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys

from services.starter.app import Identity, answer

IDENTITY = Identity("dashboard", "dashboard-00001-abc", "dashboard")


def test_only_health_paths_are_answered() -> None:
    assert [answer(IDENTITY, "GET", path, 0)[0] for path in ("/health", "/health/live", "/health/ready")] == [200] * 3
    assert [answer(IDENTITY, "GET", path, 0)[0] for path in ("/", "/healthz", "/health/", "/metrics")] == [404] * 4
    assert answer(IDENTITY, "POST", "/health", 0)[0] == 405


def test_process_answers_keeps_the_connection_and_ends_on_sigterm() -> None:
    environment = {**os.environ, "PORT": "0", "K_SERVICE": "dashboard", "K_REVISION": "dashboard-00001-abc"}
    command = [sys.executable, "-m", "services.starter"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert (line["severity"], line["service"], line["kind"]) == ("INFO", "dashboard", "starter")
        connection = http.client.HTTPConnection("127.0.0.1", line["port"], timeout=10)
        for method, path, status in (("POST", "/orders", 404), ("GET", "/health", 200), ("HEAD", "/health", 200)):
            connection.request(method, path, body=b"x" * 1000 if method == "POST" else None)
            response = connection.getresponse()
            body = response.read()
            assert (response.status, bool(body)) == (status, method != "HEAD")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()


def test_bad_port_is_one_clear_line() -> None:
    command = [sys.executable, "-m", "services.starter"]
    done = subprocess.run(command, env={**os.environ, "PORT": "http"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PORT must be a number" in json.loads(done.stdout)["message"]
    assert done.stderr == ""

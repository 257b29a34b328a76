"""Asking a sandbox what runs in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.integration.sandbox_process import Sandbox

PROJECT, LOCATION = "runtime-test", "asia-south1"
SERVICES = f"/run/v2/projects/{PROJECT}/locations/{LOCATION}/services"
JOBS = f"/run/v2/projects/{PROJECT}/locations/{LOCATION}/jobs"


def call(sandbox: Sandbox, method: str, path: str, document: Any = None, expect: int = 200) -> dict[str, Any]:
    """The JSON answer to a request, which must have the expected status."""
    answer = sandbox.request(method, path, document)
    assert answer.status == expect, answer.body
    found: dict[str, Any] = answer.json()
    return found


def make_client(sandbox: Sandbox) -> Any:
    """Google's client of BigQuery."""
    from google.api_core.client_options import ClientOptions
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import bigquery

    options = ClientOptions(api_endpoint=sandbox.url)
    return bigquery.Client(PROJECT, AnonymousCredentials(), client_options=options, location="asia-south1")


def runtime(sandbox: Sandbox) -> dict[str, Any]:
    """What runs."""
    return call(sandbox, "GET", "/sandbox/runtime")


def running(sandbox: Sandbox, service: str) -> dict[str, Any]:
    """What runs of a service."""
    found: dict[str, Any] = next(s for s in runtime(sandbox)["services"] if s["name"] == service)
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that is not reaped yet does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False

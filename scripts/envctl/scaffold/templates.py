"""What a new service is written from."""

from __future__ import annotations

PACKAGE = '''"""The service `{name}`."""
'''

MAIN = '''"""`python -m services.{package}`: serve on `$HOST:$PORT` until SIGTERM or SIGINT."""

from __future__ import annotations

import sys

from shared_services import create_app, run_service

from .settings import {model}

app = create_app({model}.model_fields["SERVICE_NAME"].default)


@app.get("/")
async def about() -> dict[str, str]:
    """Who answers. The service's own routes go here."""
    return {{"service": "{name}"}}


if __name__ == "__main__":
    sys.exit(run_service(app))
'''

SETTINGS = '''"""The service's settings: what the base has, and its own."""

from __future__ import annotations

from shared_services import BaseServiceConfig


class {model}(BaseServiceConfig):
    """Settings of `{name}`."""

    SERVICE_NAME: str = "{name}"
    SERVICE_PORT: int = {port}  # on a laptop; on Cloud Run it is $PORT
'''

TEST = '''"""The service `{name}`: its own routes, and what the base gives it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from services.{package}.__main__ import app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def test_it_says_who_answers(client: TestClient) -> None:
    assert client.get("/").json() == {{"service": "{name}"}}


def test_it_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200


def test_its_requests_are_counted(client: TestClient) -> None:
    client.get("/")
    assert "http_requests_total{{" in client.get("/metrics").text
'''

ACCOUNT = """display_name: {title}
"""

STANZA = """image: ${{region}}-docker.pkg.dev/${{project_id}}/services/{name}:latest
service_account: {account}
max_instances: 2
timeout: 60s
env:
  PLATFORM_ENVIRONMENT: ${{environment}}
{bucket}startup_probe: {{path: /health, period_seconds: 5, failure_threshold: 12}}
liveness_probe: {{path: /health, period_seconds: 30}}
{grants}"""

BUCKET = """  CONFIG_BUCKET: ${project_id}-config
"""

CALLERS = """grants:
  call: {{role: roles/run.invoker, members: [{members}]}}
"""

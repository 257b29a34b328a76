"""A bucket of the XML API's tests, and who asks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.integration.sandbox_process import Sandbox

from .asking import PROJECT


@pytest.fixture(scope="session")
def client(sandbox: Sandbox) -> Any:
    return storage.Client(PROJECT, AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


@pytest.fixture(scope="session")
def bucket(client: Any) -> Any:
    return client.create_bucket("xml-bucket", location="asia-south1")


@pytest.fixture(scope="session")
def web(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, timeout=60) as found:
        yield found

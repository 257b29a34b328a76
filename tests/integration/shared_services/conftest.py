"""The variables that `envctl env` prints for a sandbox, and things made in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from envctl.clouds.endpoints import environment_variables

from tests.integration.sandbox_process import Sandbox
from tests.support.servers import RedisServer, postgres_server, redis_server

PROJECT = "library-tests"


@pytest.fixture(scope="session")
def environ(sandbox: Sandbox) -> dict[str, str]:
    """What a program run under `envctl env` sees."""
    return environment_variables(sandbox.url, PROJECT, grpc=str(sandbox.document["grpc"]))


@pytest.fixture
def name() -> str:
    """A name of the test's own."""
    return f"t-{os.urandom(5).hex()}"


Made = Callable[..., Any]


@pytest.fixture
def make(sandbox: Sandbox) -> Made:
    """Makes something in the sandbox."""

    def make(method: str, path: str, document: Any = None) -> Any:
        answer = sandbox.request(method, path.format(project=PROJECT), document or {})
        assert answer.status == 200, answer.body
        return answer.json()

    return make


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A running redis-server; use keys of your own."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running PostgreSQL; use tables of your own."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as address:
        yield address

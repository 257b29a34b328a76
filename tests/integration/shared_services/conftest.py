"""The variables that `envctl env` prints for a sandbox, and things made in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from envctl.clouds.endpoints import environment_variables

from tests.integration.sandbox_process import Sandbox

PROJECT = "library-tests"


@pytest.fixture(scope="session")
def environ(sandbox: Sandbox) -> dict[str, str]:
    """What a program run under `envctl env` sees."""
    return environment_variables(sandbox.url, PROJECT)


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

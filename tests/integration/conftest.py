"""A sandbox of its own for a test session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.sandbox_process import Sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox that the session's tests share: use a project of your own in each test."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox") / "state").start()
    yield running
    running.stop()


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox for one test, not started: for tests that kill and restart it."""
    sandbox = Sandbox(tmp_path / "state")
    yield sandbox
    if sandbox.process is not None and sandbox.process.poll() is None:
        sandbox.stop()

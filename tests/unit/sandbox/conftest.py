"""What tests of several APIs share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.target import Target


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    """An HTTP server to send to."""
    made = Target()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/work"
    yield made
    server.close()

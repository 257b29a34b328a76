"""Asking an application without a socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from shared_services import Identity, ServiceSettings
from shared_services.logging import state

Line = dict[str, Any]


def settings(**more: Any) -> ServiceSettings:
    return ServiceSettings(**{"identity": Identity("quotes", "1.2.3"), **more})


@asynccontextmanager
async def client(app: Any, *, started: bool = True, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has started."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, **more)
    async with httpx.AsyncClient(transport=transport, base_url="http://quotes") as made:
        if started and hasattr(app, "state"):
            await app.state.service.start()
        yield made


@contextmanager
def lines() -> Iterator[list[Line]]:
    """The lines that are logged inside."""
    found: list[Line] = []

    before = state.current()
    new = state.State(service="quotes")
    new.emit = lambda line: found.append(json.loads(line))  # type: ignore[method-assign]
    state.replace(new)
    try:
        yield found
    finally:
        state.replace(before)

"""Requests log lines: they go nowhere unless a test looks at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .asgi import Line, lines


@pytest.fixture(autouse=True)
def _lines() -> Iterator[list[Line]]:
    with lines() as found:
        yield found

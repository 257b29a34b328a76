"""Lines of a logger, read back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared_services.logging import flush_logs, setup_logging, state
from shared_services.logging.stdlib import Handler

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before, level = state.current(), logging.getLogger().level
    yield
    state.replace(before)
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Handler)]:
        root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Sets logging up into a file, and reads what was written."""
    setup_logging("orders", "DEBUG", "json", tmp_path / "logs/service.log", to_stdout=False)

    def read() -> list[dict[str, Any]]:
        assert flush_logs()
        return [json.loads(line) for line in (tmp_path / "logs/service.log").read_text().splitlines()]

    return read

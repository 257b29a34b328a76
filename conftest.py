"""For every test and every example of a docstring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _logs_of_examples_go_nowhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """An example's output is what it returns, not what it logs."""
    if not isinstance(request.node, pytest.DoctestItem) or "shared_services" not in str(request.node.path):
        yield
        return
    from shared_services.logging import state

    before = state.current()
    quiet = state.State()
    quiet.sink = quiet.made_sink([], 1000)
    state.replace(quiet)
    yield
    state.replace(before)

"""Checkouts for the tests: one whose platform is up, shared; and fresh ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import Checkout, Result, checkout


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Checkout, Result]]:
    """A checkout on which `envctl up local` was run once, and what it answered."""
    made = checkout(tmp_path_factory.mktemp("up"))
    try:
        yield made, made.envctl("up", "local", "--format", "json")
    finally:
        made.envctl("down")


@pytest.fixture
def platform(up: tuple[Checkout, Result]) -> Checkout:
    """A checkout whose platform is up, as declared; a test that changes it mends it."""
    made, result = up
    assert result.code == 0, result.out + result.err
    return made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Checkout]:
    """A checkout on which nothing was run yet."""
    made = checkout(tmp_path)
    try:
        yield made
    finally:
        made.envctl("down")

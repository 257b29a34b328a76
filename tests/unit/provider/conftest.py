"""The tables as they are served, and the facts of the real provider where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.provider.catalogue import Catalogue, load

SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="session")
def facts() -> Path:
    """The facts of the real provider."""
    path = SHARED / "google-provider-facts"
    if not path.is_dir():
        pytest.skip(f"the facts of the real provider are not at {path.parent.name}/{path.name} beside the repository")
    return path

"""Fixtures for environments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.environments.environment_files import HEAD, EnvironmentFiles


@pytest.fixture
def envs(tmp_path: Path) -> EnvironmentFiles:
    """An empty platform and a valid `dev`."""
    return EnvironmentFiles(tmp_path).base(HEAD).dev("project_id: atm-dev-1\n")

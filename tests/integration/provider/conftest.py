"""A root and a project of its own for each test, in the session's sandbox."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pytest

from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox


@pytest.fixture
def root(sandbox: Sandbox, tmp_path: Path) -> Root:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    return Root(tmp_path, sandbox.reattach, f"atm-{uuid.uuid4().hex[:10]}")

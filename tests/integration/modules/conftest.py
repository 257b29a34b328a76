"""A provider without a cloud, that plans only."""

from __future__ import annotations

import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from envctl.errors import UserError
from envctl.terraform.binary import find_terraform

from tests.integration.modules.terraform import ROOT, Terraform

_START_SECONDS = 60


@pytest.fixture(scope="session")
def reattach() -> Iterator[str]:
    """The value of TF_REATTACH_PROVIDERS for a provider that runs as long as the tests."""
    folder = Path(tempfile.mkdtemp(prefix="atm-"))  # not pytest's: a socket's path has at most 100 characters
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.provider", "--socket", str(folder / "provider.sock")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
        line = process.stdout.readline() if ready else ""
        assert line.startswith("export TF_REATTACH_PROVIDERS="), f"the provider did not start: {line!r}"
        yield line.strip().partition("=")[2].strip("'")
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def terraform(reattach: str) -> Callable[[Path], Terraform]:
    """Terraform for a folder."""
    try:
        binary = find_terraform()
    except UserError:
        pytest.skip("terraform is not installed")
    return lambda folder: Terraform(binary, folder, reattach)

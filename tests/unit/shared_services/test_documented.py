"""Every public function shows how it is used, and the example runs with the doctests."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import shared_services

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", shared_services.__all__)
def test_a_public_function_has_an_example(name: str) -> None:
    thing = getattr(shared_services, name)
    if inspect.isfunction(thing):
        assert ">>>" in (inspect.getdoc(thing) or ""), f"{name} has no example"


def test_the_reference_is_current() -> None:
    # In a process of its own: what other tests have built of the models shows in their signatures.
    code = "import sys, library_docs; sys.stdout.write(library_docs.page('NOTICE'))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, text=True, check=True
    ).stdout
    page = (ROOT / "docs/reference/shared_services.md").read_text()
    assert made.partition("# shared_services")[2] == page.partition("# shared_services")[2], "run `make generate`"
    assert [name for name in shared_services.__all__ if f"\n### {name}\n" not in page] == []

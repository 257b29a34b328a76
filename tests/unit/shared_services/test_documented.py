"""Every public function shows how it is used, and the example runs with the doctests."""

from __future__ import annotations

import importlib.util
import inspect
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
    spec = importlib.util.spec_from_file_location("library_docs", ROOT / "scripts/library_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs/reference/shared_services.md").read_text()
    assert module.page(page.partition("\n# ")[0].removesuffix("\n") + "\n") == page, "run `make generate`"
    missing = [name for name in shared_services.__all__ if f"\n### {name}\n" not in page]
    assert not missing

"""The public face: every name is there, and importing it costs next to nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import shared_services


@pytest.mark.parametrize("name", shared_services.__all__)
def test_a_public_name_is_documented(name: str) -> None:
    assert getattr(shared_services, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="attribute Postion"):
        _ = shared_services.Postion
    assert "classify" in dir(shared_services)


def test_importing_the_package_loads_none_of_its_parts() -> None:
    code = "import sys, shared_services; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    parts = {name.split(".")[0] for name in loaded.split()} & {"pydantic", "pandas", "structlog", "yaml", "asyncio"}
    assert not parts
    assert [name for name in loaded.split() if name.startswith("shared_services")] == ["shared_services"]

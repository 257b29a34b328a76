"""What is refused before anything is planned: the same of both providers, word for word.

`refused/*.tf` hold values and combinations that cannot be, and the file of JSON beside each what hashicorp/google says
of them. `ATM_PARITY_RECORD=1`, with a mirror that holds the real one, writes it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import HEADER, Root
from tests.integration.sandbox_process import Sandbox

FOLDER = Path(__file__).with_name("refused")
ROOTS = pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.tf")))
pytestmark = pytest.mark.terraform


@ROOTS
def test_the_embedded_provider_refuses_with_the_real_ones_words(root: Root, name: str) -> None:
    recorded = json.loads((FOLDER / f"{name}.json").read_text())

    assert len(recorded) > 40
    assert _said(root, name) == recorded


@pytest.mark.real_provider
@pytest.mark.skipif(not MIRROR, reason="ATM_PROVIDER_MIRROR names no filesystem mirror with hashicorp/google")
@ROOTS
def test_the_real_provider_says_what_is_recorded(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    said, record = _said(real_root(sandbox, tmp_path), name), FOLDER / f"{name}.json"
    if os.environ.get("ATM_PARITY_RECORD"):
        record.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")

    assert said == json.loads(record.read_text())


def test_what_is_wrong_is_shown_at_its_line(root: Root) -> None:
    [shown] = [each for each in _diagnostics(root, "values") if each["summary"].endswith("got NOO")]
    lines = (HEADER + (FOLDER / "values.tf").read_text()).splitlines()

    assert '"NOO"' in lines[shown["range"]["start"]["line"] - 1]


def _said(root: Root, name: str) -> list[list[str]]:
    return [list(key) for key in sorted({_key(each) for each in _diagnostics(root, name)})]


def _key(diagnostic: dict[str, Any]) -> tuple[str, str, str, str]:
    where = diagnostic.get("address") or diagnostic.get("snippet", {}).get("context", "")
    return where, diagnostic["severity"], diagnostic["summary"], diagnostic.get("detail", "")


def _diagnostics(root: Root, name: str) -> list[dict[str, Any]]:
    root.write((FOLDER / f"{name}.tf").read_text())
    found: list[dict[str, Any]] = json.loads(root.run("validate", "-json", ok=(1,)).stdout)["diagnostics"]
    return found

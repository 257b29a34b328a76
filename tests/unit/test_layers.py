"""Layers import downwards only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"shared_services", "services", "sandbox", "envctl"}
MAY_IMPORT = {
    "shared_services": set(),
    "services": {"shared_services"},
    "sandbox": set(),
    "envctl": {"shared_services"},
}
FOLDERS = {"envctl": ROOT / "scripts/envctl"}


def imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_layer_imports_only_what_is_below_it(package: str) -> None:
    files = list(FOLDERS.get(package, ROOT / package).rglob("*.py"))
    assert files
    for file in files:
        above = (imports(file) & OURS) - MAY_IMPORT[package] - {package}
        assert not above, f"{file.relative_to(ROOT)} imports {', '.join(sorted(above))}"


def test_one_file_alone_knows_python_terraform() -> None:
    mentioning = (file for file in (ROOT / "scripts/envctl").rglob("*.py") if "python_terraform" in file.read_text())
    assert {file.name for file in mentioning if "python_terraform" in imports(file)} == {"adapter.py"}


def test_nothing_runs_through_a_shell() -> None:
    for package in MAY_IMPORT:
        for file in FOLDERS.get(package, ROOT / package).rglob("*.py"):
            text = file.read_text()
            for node in ast.walk(ast.parse(text)) if "shell" in text else ():
                if isinstance(node, ast.keyword) and node.arg == "shell":
                    pytest.fail(f"{file.relative_to(ROOT)}:{node.value.lineno} passes shell=")

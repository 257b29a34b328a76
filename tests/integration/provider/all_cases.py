"""The cases of all types: `CASES` of every `cases_PRODUCT.py` beside it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.integration.provider.cases import Case

_FILES = sorted(file.stem for file in Path(__file__).parent.glob("cases_*.py"))
CASES: list[Case] = [case for name in _FILES for case in import_module(f"tests.integration.provider.{name}").CASES]

"""A folder of configuration to change, and a manager over it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared_services import BaseServiceConfig, ConfigManager

CONFIG = Path(__file__).resolve().parents[4] / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of config/."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], Path]:
    """Writes a file as an editor does: whole, and never with the same times."""
    stamp = [2_000_000_000]

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        stamp[0] += 1
        os.utime(path, (stamp[0], stamp[0]))
        return path

    return write


@pytest.fixture
def manager(folder: Path) -> ConfigManager:
    """A manager that looks at its files at every call, and knows no variables."""
    return ConfigManager(folder, environment="test", environ={}, poll_seconds=0)


@pytest.fixture(autouse=True)
def own_classes() -> Iterator[None]:
    """What a test derives from BaseServiceConfig is forgotten after it."""
    before = dict(BaseServiceConfig.classes)
    yield
    BaseServiceConfig.classes.clear()
    BaseServiceConfig.classes.update(before)

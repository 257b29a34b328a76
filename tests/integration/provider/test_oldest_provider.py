"""The oldest hashicorp/google that the modules say they accept does know all that they name."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.provider.real import MIRROR

ROOT = Path(__file__).parents[3]
PINNED = Path(__file__).with_name("mirror") / "oldest/versions.tf"
OLDEST = re.search(r'version = "([\d.]+)"', PINNED.read_text())
HELD = Path(MIRROR or "-", "registry.terraform.io/hashicorp/google", OLDEST[1] if OLDEST else "")


def test_it_is_the_one_that_the_modules_name() -> None:
    assert OLDEST is not None
    files = [*ROOT.glob("modules/*/versions.tf"), ROOT / "infra/versions.tf"]
    bounds = {match[1] for file in files for match in re.finditer(r'">= (7[\d.]+), < 9"', file.read_text())}
    assert bounds == {OLDEST[1].removesuffix(".0")}


@pytest.mark.terraform
@pytest.mark.real_provider
@pytest.mark.skipif(not HELD.is_dir(), reason="ATM_PROVIDER_MIRROR names no mirror with the oldest hashicorp/google")
def test_the_root_and_its_modules_are_valid_with_it(tmp_path: Path) -> None:
    for folder in ("infra", "modules"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".terraform*", "tests"))
    (tmp_path / "infra/oldest_override.tf").write_text(PINNED.read_text(encoding="utf-8"), encoding="utf-8")
    settings = tmp_path / "mirror.tfrc"
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{MIRROR}"\n  }}\n}}\n')
    environ = {**os.environ, "TF_CLI_CONFIG_FILE": str(settings), "TF_DATA_DIR": str(tmp_path / "data")}
    for words in (("init", "-backend=false", "-no-color"), ("validate", "-no-color")):
        done = subprocess.run(
            ["terraform", *words], cwd=tmp_path / "infra", env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    lock = (tmp_path / "infra/.terraform.lock.hcl").read_text()
    assert f'version     = "{HELD.name}"' in lock

"""The stock terraform over the modules, with the embedded provider, in copies that the tests may spoil."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted(path.name for path in (ROOT / "modules").iterdir() if path.is_dir())


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str

    def must_pass(self) -> Done:
        assert self.code == 0, self.out
        return self


@dataclass(frozen=True)
class Terraform:
    """Terraform with the provider that runs, in one folder."""

    binary: Path
    folder: Path
    reattach: str

    def __call__(self, *arguments: str) -> Done:
        done = subprocess.run(
            [str(self.binary), *arguments],
            cwd=self.folder,
            env={**self._environment(os.environ), "TF_REATTACH_PROVIDERS": self.reattach},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=600,
        )
        return Done(done.returncode, done.stdout)

    def init(self) -> Terraform:
        self("init", "-backend=false", "-no-color").must_pass()
        return self

    def _environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        kept = {key: value for key, value in inherited.items() if not key.startswith(("TF_", "GOOGLE_"))}
        return {**kept, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def copy_modules(folder: Path, *names: str) -> None:
    """Copy modules to `folder/modules`, without what terraform left in them."""
    for name in names:
        shutil.copytree(
            ROOT / "modules" / name, folder / "modules" / name, ignore=shutil.ignore_patterns(".terraform*")
        )


def example(module: str) -> str:
    """The HCL of a README's example."""
    text = (ROOT / "modules" / module / "README.md").read_text(encoding="utf-8")
    found = re.search(r"## Example\n\n```hcl\n(.*?)```", text, re.DOTALL)
    assert found, f"modules/{module}/README.md has no example"
    return found[1]

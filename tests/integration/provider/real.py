"""The real hashicorp/google against a sandbox, wherever `ATM_PROVIDER_MIRROR` names a mirror that holds it."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from envctl.clouds.endpoints import environment_variables

from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

MIRROR = os.environ.get("ATM_PROVIDER_MIRROR", "")


def real_root(sandbox: Sandbox, folder: Path) -> Root:
    """A root and a project of its own, below `folder`."""
    folder = folder / "real"
    folder.mkdir()
    return real_over(sandbox, folder, f"atm-{uuid.uuid4().hex[:10]}")


def real_over(sandbox: Sandbox, folder: Path, project: str, seconds: float = 600) -> Root:
    """The configuration that is in `folder`, for that project."""
    settings = folder / "mirror.tfrc"
    settings.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{MIRROR}"\n  }}\n}}\n', encoding="utf-8"
    )
    variables = {**environment_variables(sandbox.url, project), "TF_CLI_CONFIG_FILE": str(settings)}
    return Root(folder, "", project, variables=variables, seconds=seconds)

"""Terraform's own `gcs` backend keeps its state in the sandbox, with locking."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.sandbox_process import Sandbox

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH"),
]
ROOT = """
terraform {
  backend "gcs" {
    bucket = "terraform-state-test"
    prefix = "env/local"
  }
}
resource "terraform_data" "this" {
  input = "kept"
}
"""


def test_state_and_lock_live_in_the_sandbox(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ROOT)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TF_", "GOOGLE_"))}
    environment |= {
        "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": f"{sandbox.url}/storage/v1/",
        "GOOGLE_OAUTH_ACCESS_TOKEN": "x",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_IN_AUTOMATION": "1",
    }

    def terraform(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["terraform", *arguments, "-no-color", "-input=false"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    bucket = {"name": "terraform-state-test", "versioning": {"enabled": True}}
    sandbox.request("POST", "/storage/v1/b?project=state-backend", bucket)
    assert terraform("init").returncode == 0
    assert terraform("apply", "-auto-approve").returncode == 0
    assert terraform("plan", "-detailed-exitcode").returncode == 0
    objects = "/storage/v1/b/terraform-state-test/o"
    assert [item["name"] for item in sandbox.get(objects)["items"]] == ["env/local/default.tfstate"]
    lock = f"/upload{objects}?uploadType=media&name=env/local/default.tflock&ifGenerationMatch=0"
    assert sandbox.request("POST", lock, body=b'{"ID": "1", "Who": "someone"}').status == 200
    locked = terraform("plan", "-lock-timeout=0s")
    assert locked.returncode == 1
    assert "someone" in locked.stderr

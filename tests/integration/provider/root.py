"""A Terraform root against a sandbox's embedded provider."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEADER = """
terraform {
  required_providers {
    google = { source = "hashicorp/google" }
  }
}
"""


@dataclass
class Root:
    """A folder with a configuration, and the stock terraform run in it."""

    folder: Path
    reattach: str
    project: str
    parallelism: int = 10
    variables: dict[str, str] = field(default_factory=dict)
    """Where the provider finds its APIs, when it isn't the embedded one."""
    seconds: float = 600
    """How long a command may take."""

    def run(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """Run terraform; its exit code must be one of `ok`."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "GOOGLE_", "CLOUDSDK_"))}
        environment = {
            **inherited,
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_REATTACH_PROVIDERS": self.reattach,
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "GOOGLE_PROJECT": self.project,
            "GOOGLE_REGION": "asia-south1",
            **self.variables,
        }
        if not self.reattach:
            del environment["TF_REATTACH_PROVIDERS"]
        command = ["terraform", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=self.seconds
        )
        assert done.returncode in ok, (
            f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr}"
        )
        return done

    def write(self, configuration: str) -> None:
        """Make this the configuration."""
        text = configuration.replace("PROJECT", self.project)
        (self.folder / "main.tf").write_text(HEADER + text)
        if not (self.folder / ".terraform").exists():
            self.run("init", "-input=false", "-no-color")

    def apply(self, configuration: str) -> None:
        """Apply a configuration."""
        self.write(configuration)
        self.run("apply", "-auto-approve", "-input=false", "-no-color", f"-parallelism={self.parallelism}")

    def fails(self, configuration: str, *arguments: str) -> str:
        """What an apply (or another command) that must fail says, on one line."""
        self.write(configuration)
        command = arguments or ("apply", "-auto-approve", "-input=false", "-no-color")
        done = self.run(*command, ok=(1,))
        return " ".join(done.stderr.replace("│", " ").split())

    def changes(self, configuration: str | None = None) -> dict[str, Any]:
        """The planned change of each address, no-ops left out."""
        if configuration is not None:
            self.write(configuration)
        self.run("plan", "-input=false", "-no-color", "-out=plan")
        shown = json.loads(self.run("show", "-json", "plan").stdout)
        found = {change["address"]: change["change"] for change in shown.get("resource_changes", [])}
        return {at: c for at, c in found.items() if c["actions"] != ["no-op"] or c.get("importing")}

    def actions(self, configuration: str | None = None) -> dict[str, list[str]]:
        """The planned actions of each address."""
        return {address: change["actions"] for address, change in self.changes(configuration).items()}

    def apply_plan(self) -> None:
        """Apply what was planned last."""
        self.run("apply", "-input=false", "-no-color", "plan")

    def state(self) -> dict[str, dict[str, Any]]:
        """The attributes of each resource in the state."""
        shown = json.loads(self.run("show", "-json").stdout)
        return dict(_resources(shown.get("values", {}).get("root_module", {})))

    def refresh(self) -> None:
        """Bring the state up to what is there."""
        self.run("apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color")

    def forget(self) -> None:
        """Lose the state, and with it all knowledge of what was made."""
        for file in self.folder.glob("terraform.tfstate*"):
            file.unlink()

    def destroy(self) -> None:
        """Destroy everything."""
        self.run("destroy", "-auto-approve", "-input=false", "-no-color")


def _resources(module: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in module.get("resources", []):
        yield resource["address"], resource["values"]
    for inner in module.get("child_modules", []):
        yield from _resources(inner)

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
_ACTIONS = {"replace": ["delete", "create"]}


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
        # Providers that run already need no init, and a root without modules or backend has nothing else for it.
        ready = self.folder / "initialized"
        if not self.reattach and not ready.exists():
            self.run("init", "-input=false", "-no-color")
            ready.touch()

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

    def changes(self, configuration: str | None = None, *options: str) -> dict[str, Any]:
        """The planned change of each address, no-ops left out."""
        if configuration is not None:
            self.write(configuration)
        planned = self.run("plan", "-input=false", "-no-color", "-out=plan", "-detailed-exitcode", *options, ok=(0, 2))
        if planned.returncode == 0:
            return {}
        shown = json.loads(self.run("show", "-json", "plan").stdout)
        found = {change["address"]: change["change"] for change in shown.get("resource_changes", [])}
        return {at: c for at, c in found.items() if c["actions"] != ["no-op"] or c.get("importing")}

    def actions(self, configuration: str | None = None, *options: str) -> dict[str, list[str]]:
        """The planned actions of each address, as the plan tells them while it is made: no second command reads it."""
        if configuration is not None:
            self.write(configuration)
        planned = self.run("plan", "-input=false", "-json", "-out=plan", *options)
        events = (json.loads(line) for line in planned.stdout.splitlines())
        told = [event["change"] for event in events if event["type"] == "planned_change"]
        return {change["resource"]["addr"]: _ACTIONS.get(change["action"], [change["action"]]) for change in told}

    def apply_plan(self) -> None:
        """Apply what was planned last."""
        self.run("apply", "-input=false", "-no-color", "plan")

    def state(self) -> dict[str, dict[str, Any]]:
        """The attributes of each resource in the state."""
        shown = json.loads(self.run("show", "-json").stdout)
        return dict(_resources(shown.get("values", {}).get("root_module", {})))

    def knows_nothing(self) -> bool:
        """Whether nothing is in the state."""
        return not json.loads((self.folder / "terraform.tfstate").read_text())["resources"]

    def refresh(self) -> None:
        """Bring the state up to what is there."""
        self.run("apply", "-refresh-only", "-auto-approve", "-input=false", "-no-color")

    def forget(self) -> bytes:
        """Lose the state, and with it all knowledge of what was made; what it was."""
        state = (self.folder / "terraform.tfstate").read_bytes()
        for file in self.folder.glob("terraform.tfstate*"):
            file.unlink()
        return state

    def remember(self, state: bytes) -> None:
        """Have a state again that was lost."""
        (self.folder / "terraform.tfstate").write_bytes(state)

    def destroy(self) -> None:
        """Destroy everything."""
        self.run("destroy", "-auto-approve", "-input=false", "-no-color", "-refresh=false")


def _resources(module: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in module.get("resources", []):
        yield resource["address"], resource["values"]
    for inner in module.get("child_modules", []):
        yield from _resources(inner)

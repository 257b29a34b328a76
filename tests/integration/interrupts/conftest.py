"""A small environment that is up: commands are interrupted there."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.interrupts.holding import Gate
from tests.support.checkout import TOKEN, Checkout, checkout

PROJECT = "atm-interrupts-1"
YAML = f"""
project_id: {PROJECT}
project_number: "301872649103"
cloud: sandbox
deletion_protection: false
"""
BASE = """
apis: [pubsub.googleapis.com, iam.googleapis.com]
subprojects:
  data:
    topics:
      ticks: {retention: 86400s}
      bars: {}
"""
LOCK = f"/storage/v1/b/{PROJECT}-tfstate/o/terraform%2Fstate%2Fdefault.tflock"


def ask(sandbox: Path, method: str, path: str, document: Any = None) -> tuple[int, Any]:
    """One request to the sandbox of a state folder."""
    url = json.loads((sandbox / "sandbox.json").read_text())["url"]
    body = None if document is None else json.dumps(document).encode()
    headers = {"authorization": TOKEN, "content-type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url + path, body, headers, method=method), timeout=60
        ) as got:
            return got.status, json.loads(got.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, {}


@dataclass(frozen=True)
class Tiny:
    """An environment of two topics in a sandbox, in git, with a gate before terraform and git."""

    checkout: Checkout
    gate: Gate

    @property
    def root(self) -> Path:
        return self.checkout.root

    @property
    def sandbox(self) -> Path:
        return self.root / ".sandbox/tiny"

    def locked(self) -> bool:
        return ask(self.sandbox, "GET", LOCK)[0] == 200

    def slow(
        self, method: str, path: str, *, service: str = "pubsub", seconds: float = 2, at: Path | None = None
    ) -> str:
        """Have calls wait; the fault's number."""
        fault = {"service": service, "method": method, "path": path, "latency_ms": int(seconds * 1000)}
        return str(ask(at or self.sandbox, "POST", "/sandbox/faults", fault)[1]["id"])

    def hit(self, at: Path | None = None) -> bool:
        """Whether a call waits, or has."""
        return any(fault["matched"] for fault in ask(at or self.sandbox, "GET", "/sandbox/faults")[1]["faults"])

    def call_off(self) -> None:
        """Clear what holds calls up."""
        ask(self.sandbox, "DELETE", "/sandbox/faults")

    def change(self, retention: int) -> None:
        """Something to plan and apply."""
        file = self.root / "envs/base.yaml"
        file.write_text(BASE.replace("86400s", f"{retention}s"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    root = tmp_path_factory.mktemp("interrupts")
    fresh = checkout(root / "checkout")
    shutil.rmtree(fresh.root / "envs")
    (fresh.root / "envs").mkdir()
    (fresh.root / "envs/tiny.yaml").write_text(YAML)
    (fresh.root / "envs/base.yaml").write_text(BASE)
    (fresh.root / ".gitignore").write_text("build/\nhome/\nplans/\n.sandbox/\n*.tfstate\n")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "The platform"]):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        subprocess.run(["git", *who, *command], cwd=fresh.root, check=True, capture_output=True)
    try:
        fresh.must("up", "tiny")
        yield Tiny(fresh, Gate.of(root / "gate", "terraform", "git"))
    finally:
        fresh.envctl("down")


@pytest.fixture
def tiny(made: Tiny) -> Tiny:
    made.gate.clear()
    made.call_off()
    return made

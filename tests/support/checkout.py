"""A checkout of its own with a sandbox of its own, driven through the command line as a person would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "Bearer sandbox-only"


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Checkout:
    """A copy of what envctl reads, in a folder of its own."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("TF_", "GOOGLE_", "ENVCTL_"))
        }
        return {**inherited, "TF_CLI_CONFIG_FILE": os.devnull, "HOME": str(self.root / "home")}

    def command(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).parent / "envctl"), *arguments]

    def envctl(self, *arguments: str, variables: Mapping[str, str] | None = None, timeout: float = 300) -> Result:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env={**self.environment, **(variables or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Result(done.returncode, done.stdout, done.stderr)

    def must(self, *arguments: str, code: int = 0, timeout: float = 300) -> Result:
        """Run envctl, which must end with the exit code given."""
        result = self.envctl(*arguments, timeout=timeout)
        assert result.code == code, f"envctl {' '.join(arguments)} ended with {result.code}\n{result.out}\n{result.err}"
        return result

    @property
    def sandbox(self) -> dict[str, Any]:
        described: dict[str, Any] = json.loads((self.root / ".sandbox/local/sandbox.json").read_text())
        return described

    def call(self, method: str, path: str, document: Any = None) -> Any:
        """One request to the sandbox, as any client could make it."""
        body = None if document is None else json.dumps(document).encode()
        headers = {"authorization": TOKEN, "content-type": "application/json"}
        request = urllib.request.Request(self.sandbox["url"] + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            pytest.fail(f"{method} {path} answered {error.code}: {error.read().decode(errors='replace')}")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text()
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1))


def checkout(root: Path) -> Checkout:
    for folder in ("envs", "infra", "modules"):
        ignored = shutil.ignore_patterns(".terraform*", "tests")
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    (root / "home").mkdir(parents=True)
    return Checkout(root)

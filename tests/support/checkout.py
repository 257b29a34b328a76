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
    """A copy of what envctl reads, in a folder of its own; `programs` is where envctl is, `path` the PATH for it."""

    root: Path
    programs: Path = Path(sys.executable).parent
    path: str = os.environ["PATH"]

    @property
    def environment(self) -> dict[str, str]:
        # Without kept bytecode every command would compile itself anew, which is longer than most take.
        left_out = ("TF_", "GOOGLE_", "ENVCTL_", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
        own = {"PATH": self.path, "HOME": str(self.root / "home")}
        return {**inherited, "TF_CLI_CONFIG_FILE": os.devnull, **own}

    def command(self, *arguments: str) -> list[str]:
        return [str(self.programs / "envctl"), *arguments]

    def envctl(self, *arguments: str, variables: Mapping[str, str] | None = None, timeout: float = 300) -> Result:
        return self.run(self.command(*arguments), variables or {}, timeout)

    def run(self, command: list[str], variables: Mapping[str, str], timeout: float = 300) -> Result:
        done = subprocess.run(
            command,
            cwd=self.root,
            env={**self.environment, **variables},
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


def clone(root: Path) -> Checkout:
    """The files that git knows, as they are now, on a machine that has no terraform; nothing is set up yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    (root / "home").mkdir()
    folders = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if not shutil.which("terraform", path=folder))
    return Checkout(root, root / ".venv/bin", path)

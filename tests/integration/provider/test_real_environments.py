"""The whole root with the real hashicorp/google and the embedded one, as environments of this repository are rendered.

Each has a sandbox of its own, since the project's name is the environment's. Nothing is protected: it is destroyed.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from envctl.environments.load import load
from envctl.environments.render import write
from envctl.environments.tfvars import state_bucket
from envctl.rehearsal import PLACEHOLDER, lifted

from tests.integration.modules.terraform import MODULES, ROOT, copy_modules
from tests.integration.provider import beside
from tests.integration.provider.real import MIRROR, real_over
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.real_provider,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not MIRROR, reason="ATM_PROVIDER_MIRROR names no filesystem mirror with hashicorp/google"),
]
_MOST_SECONDS = 1800


@pytest.mark.parametrize("name", ["local", "prod"])
def test_the_whole_root_goes_the_same_way(name: str, tmp_path: Path) -> None:
    loaded = load(name, ROOT)
    project, number = loaded.declared.project_id, loaded.tfvars["project_number"]
    values = lifted(loaded.tfvars)
    took: dict[str, float] = {}
    with _sandbox(tmp_path / "one", project, number) as one, _sandbox(tmp_path / "two", project, number) as two:
        ours = Root(_laid_out(tmp_path / "one", loaded, values), one.reattach, project)
        theirs = real_over(two, _laid_out(tmp_path / "two", loaded, values), project, _MOST_SECONDS)
        for sandbox in (one, two):
            bucket = {"name": state_bucket(loaded.declared)}  # as `envctl bootstrap` makes it, before terraform
            sandbox.request("POST", f"/storage/v1/b?project={project}", bucket)
        for who, root in (("embedded", ours), ("real", theirs)):
            root.run("init", "-input=false", "-no-color")
            took[f"{who}, apply"] = _timed(lambda root=root: root.run("apply", "-auto-approve", "-input=false"))
        differences = _left(ours, theirs)
        for who, root in (("embedded", ours), ("real", theirs)):
            took[f"{who}, empty plan"] = _timed(lambda who=who, root=root: differences.extend(_changes(who, root)))
        over = Root(theirs.folder, two.reattach, project)
        differences += _changes("embedded, of what the real one made,", over)
        made = len(theirs.state())
        for who, root in (("embedded", ours), ("real", theirs)):
            took[f"{who}, destroy"] = _timed(root.destroy)
            assert root.state() == {}
    _report(f"{name}, {made} resources", took, differences)
    assert not differences, "\n" + "\n".join(differences)


@contextmanager
def _sandbox(folder: Path, project: str, number: str | None) -> Iterator[Sandbox]:
    arguments = ["--placeholder", PLACEHOLDER, *(["--project", f"{project}={number}"] if number else [])]
    running = Sandbox(folder / "state", arguments).start()
    try:
        yield running
    finally:
        running.stop()


def _laid_out(folder: Path, loaded: Any, values: dict[str, Any]) -> Path:
    """A copy of the root with the environment's variables and a state on disk."""
    copy_modules(folder, *MODULES)
    inside = folder / "infra"
    shutil.copytree(ROOT / "infra", inside, ignore=shutil.ignore_patterns(".terraform*", "backend.tf"))
    shutil.copy2(write(loaded, folder / "build", values).tfvars, inside / "rendered.auto.tfvars.json")
    return inside


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _left(ours: Root, theirs: Root) -> list[str]:
    """What differs in the states, an attribute a line."""
    embedded, real = beside.state(ours), beside.state(theirs)
    return [
        f"apply {address}{line}"
        for address in sorted({*embedded, *real})
        for line in beside.differences(embedded.get(address), real.get(address))
    ]


def _changes(who: str, root: Root) -> list[str]:
    """What a plan that ought to be empty isn't, an address a line."""
    return [
        f"empty plan {address}: {who} {change['actions']} {beside.changed(change)}"
        for address, change in root.changes().items()
    ]


def _report(what: str, took: dict[str, float], differences: list[str]) -> None:
    """Say how it went where the person at the other end is waiting."""
    path = os.environ.get("ATM_PARITY_REPORT")
    if path:
        times = "; ".join(f"{step} {seconds:.1f} s" for step, seconds in took.items())
        lines = [f"{what}: {len(differences)} differences; {times}", *(f"  {line}" for line in differences), ""]
        with Path(path).open("a", encoding="utf-8") as file:
            file.write("\n".join(lines))

"""A rehearsal is interrupted in each of its phases: its sandbox, folder and worktree go; after a kill, by the next."""

from __future__ import annotations

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.interrupts.conftest import BASE, Tiny
from tests.integration.interrupts.holding import Running, begin, command, ways

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("interrupts"),
    pytest.mark.timeout(900),
]


@dataclass(frozen=True)
class Phase:
    """Where it waits at its gate; and, once it goes on from there, the call of its sandbox that takes its time.

    Without either it is where its sandbox has begun to start. `cleaning` ends what it began, signal or not.
    """

    held: tuple[str, int] | None = None
    slow: tuple[str, str] | None = None
    cleaning: bool = False


PHASES = {
    "checking the base out": Phase(("worktree-add", 1)),
    "starting its sandbox": Phase(),
    "init": Phase(("init", 1)),
    "applying the base": Phase(("apply", 1), ("PUT", "v1/projects/*/topics/*")),
    "plan": Phase(("plan", 1)),
    "show": Phase(("show", 1)),
    "applying the change": Phase(("apply", 2), ("PATCH", "v1/projects/*/topics/*")),
    "validation": Phase(("output", 1), ("GET", "v1/projects/*/topics/*")),
    "cleaning up": Phase(("worktree-remove", 1), cleaning=True),
}


@pytest.fixture
def changed(tiny: Tiny) -> Tiny:
    """A change to rehearse: the base is the last commit."""
    (tiny.root / "envs/base.yaml").write_text(BASE.replace("86400s", "172800s"))
    return tiny


def words(folder: Path) -> list[str]:
    """The processes that have to do with a folder."""
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [said for pid in pids if f"{folder}/envctl-rehearsal-" in (said := command(pid))]


def left(tiny: Tiny, folder: Path) -> list[str]:
    listed = subprocess.run(["git", "worktree", "list"], cwd=tiny.root, capture_output=True, text=True, check=True)
    worktrees = listed.stdout.splitlines()[1:]
    return [*map(str, folder.glob("envctl-rehearsal-*")), *worktrees, *words(folder)]


def started(tiny: Tiny, phase: Phase, folder: Path) -> Running:
    if phase.held:
        tiny.gate.hold(*phase.held)
    variables = {**tiny.gate.variables, "TMPDIR": str(folder)}
    running = begin(tiny.checkout, "rehearse", "tiny", "--base", "main", "--out", "plans", variables=variables)
    if phase.held is None:
        running.wait_until(lambda: any(folder.glob("envctl-rehearsal-*/sandboxes/tiny")))
        return running
    held = phase.held
    running.wait_until(lambda: tiny.gate.holds(*held))
    if phase.slow:
        (sandbox,) = folder.glob("envctl-rehearsal-*/sandboxes/tiny")
        tiny.slow(*phase.slow, at=sandbox)
        tiny.gate.release(*held)
        running.wait_until(lambda: tiny.hit(sandbox))
    return running


@pytest.mark.parametrize("numbers", ways())
@pytest.mark.parametrize("name", PHASES)
def test_it_ends_and_leaves_nothing(
    name: str, numbers: tuple[signal.Signals, ...], changed: Tiny, tmp_path: Path
) -> None:
    phase = PHASES[name]
    review = changed.root / "plans/tiny/review.json"
    review.unlink(missing_ok=True)

    running = started(changed, phase, tmp_path)
    then = (lambda: changed.gate.release("worktree-remove")) if phase.cleaning else None
    said = running.end(*numbers, outlives="sandboxes/tiny", then=then)

    assert not review.exists()
    if running.killed:  # nobody can clean up then: the next one does
        again = begin(changed.checkout, "rehearse", "tiny", "--base", "no-such", variables={"TMPDIR": str(tmp_path)})
        assert "there is no commit no-such" in again.process.communicate(timeout=120)[1]
    else:
        assert "interrupted" in said
    assert left(changed, tmp_path) == []


def test_after_all_of_it_the_rehearsal_goes_through(changed: Tiny, tmp_path: Path) -> None:
    done = changed.checkout.envctl("rehearse", "tiny", "--base", "main", variables={"TMPDIR": str(tmp_path)})
    assert done.code == 0, done.out + done.err
    assert left(changed, tmp_path) == []

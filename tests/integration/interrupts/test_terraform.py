"""A command is interrupted in each of its phases: it ends in order, leaves no process, lock or half a file.

A phase is reached where a program waits at its gate, or where a call that the sandbox holds up is under way.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.interrupts.conftest import Tiny
from tests.integration.interrupts.holding import Running, begin, command, descendants, half_written, ways

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.terraform,
    pytest.mark.xdist_group("interrupts"),
    pytest.mark.timeout(600),
]
TOPIC = "v1/projects/*/topics/ticks"


@dataclass(frozen=True)
class Phase:
    """Where a command is interrupted.

    Attributes:
        words: the command.
        held: the call of a program at which it waits: its words and which of them.
        slow: the call of the sandbox that takes its time: method, path, API.
        code: of the command when it is run again.
        forgotten: what is initialised is forgotten first, so that it is again.
        before, after: commands that go before it, and that make good again what it does.
    """

    words: tuple[str, ...]
    held: tuple[str, int] | None = None
    slow: tuple[str, str, str] | None = None
    code: int = 0
    forgotten: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


PLAN, REVIEW = ("plan", "tiny", "--out", "new.tfplan"), ("plan", "tiny", "--out", "plans")
DRIFT, APPLY = ("drift", "tiny", "--imports", "imports.tf"), ("apply", "tiny")
REVIEWED = ("apply", "tiny", "--plan", "plans/tiny/plan.tfplan")
JUDGE, DESTROY = ("policy", "tiny"), ("destroy", "tiny")
PHASES = {
    "init": Phase(PLAN, held=("init", 1), code=2, forgotten=True),
    "init, asking for the state": Phase(PLAN, slow=("GET", "*default.tfstate*", "storage"), code=2, forgotten=True),
    "plan, not begun": Phase(PLAN, held=("plan", 1), code=2),
    "plan": Phase(PLAN, slow=("GET", TOPIC, "pubsub"), code=2),
    "show": Phase(PLAN, held=("show", 1), code=2),
    "review: show": Phase(REVIEW, held=("show", 1), code=2),
    "review: policy, cost and what it is made from": Phase(REVIEW, held=("rev-parse", 1), code=2),
    "apply, not begun": Phase(APPLY, held=("apply", 1)),
    "apply": Phase(APPLY, slow=("PATCH", TOPIC, "pubsub")),
    "apply of what was reviewed: show": Phase(REVIEWED, held=("show", 1), before=REVIEW),
    "apply of what was reviewed: is it that": Phase(REVIEWED, held=("rev-parse", 1), before=REVIEW),
    "apply of what was reviewed, not begun": Phase(REVIEWED, held=("apply", 1), before=REVIEW),
    "outputs": Phase(APPLY, held=("output", 1)),
    "validation": Phase(("validate-env", "tiny"), slow=("GET", TOPIC, "pubsub"), code=2),
    "policy of what is live": Phase(("policy", "tiny", "--live"), slow=("GET", TOPIC, "pubsub")),
    "policy: plan": Phase(JUDGE, held=("plan", 1)),
    "policy: show": Phase(JUDGE, held=("show", 1)),
    "drift: what differs": Phase(DRIFT, slow=("GET", TOPIC, "pubsub"), code=2),
    "drift: what nobody declared": Phase(DRIFT, slow=("GET", "v1/projects/*/topics", "pubsub"), code=2),
    "drift: the state's list": Phase(DRIFT, held=("state-list", 1), code=2),
    "drift: the state": Phase(DRIFT, held=("plan", 1), code=2),
    "drift: the state and the cloud": Phase(DRIFT, held=("plan", 2), code=2),
    "destroy: plan": Phase(DESTROY, held=("plan", 1), after=APPLY),
    "destroy, not begun": Phase(DESTROY, held=("apply", 1), after=APPLY),
    "destroy": Phase(DESTROY, slow=("DELETE", TOPIC, "pubsub"), after=APPLY),
    "up: the state's bucket": Phase(("up", "tiny"), slow=("GET", "*-tfstate", "storage")),
    "bootstrap: plan": Phase(("bootstrap", "tiny"), held=("plan", 1)),
    "lock report": Phase(("state", "lock", "tiny"), slow=("GET", "*default.tflock*", "storage")),
    "backup": Phase(("state", "backup", "tiny", "--out", "new.tfstate"), held=("state-pull", 1)),
    "restore, looking": Phase(("state", "restore", "tiny", "--from", "kept.tfstate"), held=("state-pull", 1)),
    "restore, not begun": Phase(("state", "restore", "tiny", "--from", "kept.tfstate"), held=("state-push", 1)),
    "restore": Phase(("state", "restore", "tiny", "--from", "kept.tfstate"), slow=("POST", "*", "storage")),
}
_retention = iter(range(3600, 86_400, 60))


def started(tiny: Tiny, phase: Phase) -> Running:
    """The command, in the phase."""
    if phase.held:
        tiny.gate.hold(*phase.held)
    if phase.slow:
        method, path, service = phase.slow
        tiny.slow(method, path, service=service)
    if phase.forgotten:
        (tiny.root / "build/tiny/.terraform/initialised").unlink(missing_ok=True)
    running = begin(tiny.checkout, *phase.words, variables=tiny.gate.variables)
    running.wait_until(lambda: tiny.gate.holds(*phase.held) if phase.held else tiny.hit())
    return running


def left_behind(tiny: Tiny) -> list[str]:
    found = [*half_written(tiny.root / "build"), *half_written(tiny.root / "plans")]
    found += [name for name in ("new.tfplan", "new.tfstate", "imports.tf") if (tiny.root / name).exists()]
    found += [str(path) for path in (tiny.root / "plans").glob("*/review.json")]
    return found


@pytest.mark.parametrize("numbers", ways())
@pytest.mark.parametrize("name", PHASES)
def test_it_ends_in_order_and_can_be_run_again(
    name: str, numbers: tuple[signal.Signals, ...], tiny: Tiny, kept: Path
) -> None:
    phase = PHASES[name]
    tiny.change(next(_retention))
    for file in ("new.tfplan", "new.tfstate", "imports.tf", "plans/tiny/review.json"):
        (tiny.root / file).unlink(missing_ok=True)
    if phase.before:
        tiny.checkout.must(*phase.before, code=2)
    there = left_behind(tiny)

    running = started(tiny, phase)
    said = running.end(*numbers)

    if not running.killed:
        assert "interrupted" in said
        assert "✗" not in said or "interrupted (" in said, said
        assert left_behind(tiny) == there
    assert not tiny.locked()
    tiny.gate.clear()
    tiny.call_off()
    tiny.checkout.must(*phase.words, code=phase.code)
    if phase.after:
        tiny.checkout.must(*phase.after)
    assert not half_written(tiny.root / "build")


@pytest.fixture(scope="module")
def kept(made: Tiny) -> Path:
    file = made.root / "kept.tfstate"
    made.checkout.must("state", "backup", "tiny", "--out", str(file))
    return file


def applying(tiny: Tiny, seconds: float) -> Running:
    tiny.change(next(_retention))
    tiny.slow("PATCH", TOPIC, seconds=seconds)
    running = begin(tiny.checkout, "apply", "tiny")
    running.wait_until(tiny.hit)
    assert tiny.locked()
    return running


def test_a_job_that_ci_cancels_lets_terraform_end_and_unlock(tiny: Tiny) -> None:
    """SIGINT, SIGTERM a while later, SIGKILL at last: terraform is interrupted once, and finishes what it began."""
    applying(tiny, 4).end(signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    assert not tiny.locked()
    tiny.call_off()
    tiny.checkout.must("apply", "tiny")
    tiny.checkout.must("plan", "tiny")


def test_a_third_interrupt_stops_at_once_and_what_it_leaves_can_be_mended(tiny: Tiny) -> None:
    said = applying(tiny, 30).end(signal.SIGINT, signal.SIGINT, signal.SIGINT)
    assert "stopped at once" in said
    assert "envctl state lock tiny" in said
    if tiny.locked():  # Terraform still tries to let go of it
        recover(tiny)
    tiny.call_off()
    tiny.checkout.must("apply", "tiny")
    tiny.checkout.must("plan", "tiny")


def test_a_terraform_that_is_killed_leaves_a_lock_that_is_told_and_taken_back(tiny: Tiny) -> None:
    running = applying(tiny, 30)
    tree = [running.process.pid, *descendants(running.process.pid)]
    for pid in tree:
        os.kill(pid, signal.SIGKILL)
    running.process.communicate(timeout=30)
    deadline = time.monotonic() + 20
    while any(command(pid) for pid in tree):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    recover(tiny)


def test_a_terraform_that_dies_alone_says_so(tiny: Tiny) -> None:
    running = applying(tiny, 30)
    terraform = next(pid for pid in descendants(running.process.pid)[::-1] if "apply" in command(pid).split())
    os.kill(terraform, signal.SIGKILL)
    _, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 1, err
    assert "terraform apply was killed" in err
    assert "envctl state lock" in err
    recover(tiny)


def recover(tiny: Tiny) -> None:
    """A lock is left: it is told with holder and age, refuses the next, and can be taken away."""
    tiny.call_off()
    refused = tiny.checkout.must("plan", "tiny", code=1).err
    assert "the state is locked by" in refused
    report = tiny.checkout.must("state", "lock", "tiny", "--format", "json", code=2).json
    lock = report["lock"]
    assert lock["operation"] == "apply"
    assert "@" in lock["who"]
    assert lock["age_seconds"] < 600
    assert lock["link"].startswith("http")
    assert f"--lock {lock['id']}" in refused
    wrong = tiny.checkout.must("state", "unlock", "tiny", "--lock", "1", code=1).err
    assert "not 1" in wrong
    tiny.checkout.must("state", "unlock", "tiny", "--lock", lock["id"])
    assert not tiny.locked()
    tiny.checkout.must("apply", "tiny")
    tiny.checkout.must("plan", "tiny")

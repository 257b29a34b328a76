"""Rehearsing a change: the environment as a commit has it, in a sandbox that is thrown away, and then the change to it.

No cloud and no credential: a pull request from a fork gets a true plan, and errors that only an apply shows. This
checkout is taken as it is, with what isn't committed yet.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .bootstrap import ensure_state_bucket
from .console import step
from .environments import load, names
from .errors import UserError
from .git import git
from .interrupts import finishing
from .known import Known
from .operations import apply_environment, make_plan, ready
from .output.model import Report, Result
from .plans.provenance import provenance
from .plans.read import read_plan
from .project import Project, find_project
from .rehearsal import PLACEHOLDER
from .reviews.dangers import DESTROYS, REPLACES
from .reviews.make import keep_plan, review_plan
from .reviews.model import Review, ReviewedRehearsal
from .sandboxes import Sandbox, start, stop
from .target import Target
from .validating import validate_target

_PREFIX = "envctl-rehearsal-"
_LINKED = ("envs", "infra", "modules")


@dataclass(slots=True)
class Rehearsal:
    """What came of rehearsing a change.

    Attributes:
        environment: its name.
        base: the commit it was rehearsed against, as it was given.
        review: what the change does, as for a pull request.
        validation: of the environment after the change; None where it came not so far.
        seconds: of each stage, by its name.
    """

    environment: str
    base: str
    review: Review
    validation: Report | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """Why it failed, or nothing."""
        rehearsed = self.review.rehearsal
        return self.review.problem or (rehearsed.problem if rehearsed else "")

    @property
    def destroyed(self) -> list[str]:
        """Addresses that the change destroys or replaces."""
        return [one.address for one in self.review.changes if {DESTROYS, REPLACES} & set(one.dangers)]

    @property
    def exit_code(self) -> int:
        """1: it failed; 2: it destroys something, breaks a rule, or isn't as declared afterwards; 0: none of it."""
        if self.problem:
            return 1
        broken = any(one.new and one.result == "fail" for one in self.review.findings)
        differs = self.validation is not None and self.validation.exit_code != 0
        return 2 if self.destroyed or broken or differs else 0


def rehearse(name: str, base: str, *, out: Path | None = None) -> Rehearsal:
    """Apply an environment as a commit has it, then plan, apply and validate what this checkout makes of it.

    Args:
        name: the environment.
        base: a commit, branch or tag.
        out: a folder that gets the review, as of `envctl plan ENV --out DIR`.

    Raises:
        UserError: there is no such commit, or the environment as it was can't be applied.
    """
    project = find_project()
    if clear_abandoned():
        git(project.root, "worktree", "prune")
    with _folder() as folder, _checkout(project, base, folder / "base") as before:
        after = _linked(project, folder / "after")
        done = Rehearsal(name, base, Review(environment=name, words=name))
        sandbox = _started(name, before, after, folder / "sandboxes" / name, done)
        try:
            if sandbox is not None:
                _run(done, project, before, after, sandbox, folder, out)
        finally:
            with finishing():
                stop(folder / "sandboxes" / name)
    if out is not None:
        done.review.write(out)
    return done


def clear_abandoned() -> list[Path]:
    """Remove what a rehearsal left that was killed: its sandbox and its folder."""
    found = []
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not owner.isdigit() or _lives(int(owner)) or folder.stat().st_uid != os.getuid():
            continue
        for state in (folder / "sandboxes").glob("*"):
            stop(state)
        shutil.rmtree(folder, ignore_errors=True)
        found.append(folder)
    return found


def _started(name: str, before: Project, after: Project, state: Path, done: Rehearsal) -> Sandbox | None:
    """The sandbox, where the change can be read at all; a broken YAML needs none."""
    try:
        declared = load(name, after.root).declared
        if name in names(before.root):
            load(name, before.root)
    except UserError as error:
        done.review = done.review.model_copy(update={"status": "failed", "problem": str(error)})
        return None
    with step("sandbox, to be thrown away"):
        return start(state, projects=declared.project_numbers, placeholder=PLACEHOLDER)[0]


def _run(
    done: Rehearsal,
    project: Project,
    before: Project,
    after: Project,
    sandbox: Sandbox,
    folder: Path,
    out: Path | None,
) -> None:
    name = done.environment
    if name in names(before.root):
        with _timed(done, "base"):
            was = _target(before, name, sandbox)
            ensure_state_bucket(was)
            try:
                _apply_base(was)
            except UserError as error:
                raise UserError(f"{name} as {done.base} has it can't be applied", why=str(error)) from error
    target = _target(after, name, sandbox)
    ensure_state_bucket(target)
    made_from = provenance(project, target.loaded)
    file = folder / "change.tfplan"
    try:
        with _timed(done, "plan"):
            # What is there was applied a moment ago, and nobody else was here.
            result = make_plan(target, out=file, refresh=False)
        plan = read_plan(result.document or target.workspace().show(file))
    except UserError as error:
        done.review = Review(environment=name, words=name, status="failed", problem=str(error), made_from=made_from)
        return
    warnings = [warning.summary for warning in result.warnings]
    done.review = review_plan(
        plan, target.loaded, made_from, words=target.words, provider=target.provider, warnings=warnings
    )
    if out is not None:
        keep_plan(plan, target.loaded, out / name)
    problem = ""
    checks: dict[str, int] = {}
    try:
        if result.changes:
            with _timed(done, "apply"):
                apply_environment(target, plan_file=file, yes=True)
        with _timed(done, "validate"):
            done.validation = validate_target(target, services=False)
        checks = {kind.value: number for kind, number in done.validation.counts.items() if number}
        problem = _failures(done.validation)
    except UserError as error:
        problem = str(error)
    rehearsed = ReviewedRehearsal(base=done.base, problem=problem if done.validation is None else "", checks=checks)
    if done.validation is not None and problem:
        rehearsed = rehearsed.model_copy(update={"differs": problem})
    done.review = done.review.model_copy(update={"rehearsal": rehearsed})


def _apply_base(target: Target) -> None:
    """What is there before the change: nobody looks at its plan, so it is planned and applied in one."""
    workspace = ready(target)
    with step(f"what {target.name} was") as stage:
        outcome = workspace.apply_as_declared()
        stage.result = f"{outcome.summary.add if outcome.summary else 0} added"


def _failures(report: Report) -> str:
    failed = [check.message for check in report.checks if check.result in (Result.FAIL, Result.UNKNOWN)]
    more = f"\n… and {len(failed) - 10} more" if len(failed) > 10 else ""
    return "\n".join(failed[:10]) + more


def _target(project: Project, name: str, sandbox: Sandbox) -> Target:
    known = Known.of(load(name, project.root), project)
    return Target(project, known, sandbox, "embedded", rehearsal=True)


def _linked(project: Project, folder: Path) -> Project:
    """This checkout under another root, so that what is rendered and planned stays out of it."""
    folder.mkdir(parents=True)
    for part in _LINKED:
        (folder / part).symlink_to(project.root / part, target_is_directory=True)
    return Project(folder)


def _to_have(project: Project, base: str) -> str:
    """How to name or get a commit that isn't here: a checkout of a pull request has main as origin/main alone."""
    if git(project.root, "rev-parse", "--verify", "--quiet", f"origin/{base}^{{commit}}").returncode == 0:
        return f"name it as origin/{base}, which is here"
    return "fetch it: a shallow checkout has none but its own"


@contextmanager
def _checkout(project: Project, base: str, folder: Path) -> Iterator[Project]:
    """A worktree of a commit; git forgets it afterwards."""
    found = git(project.root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    if found.returncode != 0:
        raise UserError(
            f"there is no commit {base}",
            where=str(project.root),
            todo=_to_have(project, base),
        )
    try:
        made = git(project.root, "worktree", "add", "--detach", "--force", str(folder), found.stdout.strip())
        if made.returncode != 0:
            raise UserError(f"git can't check out {base}", why=made.stderr.strip())
        yield Project(folder)
    finally:
        with finishing():
            git(project.root, "worktree", "remove", "--force", str(folder))
            git(project.root, "worktree", "prune")


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        with finishing():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _timed(done: Rehearsal, stage: str) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        done.seconds[stage] = round(time.monotonic() - began, 2)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

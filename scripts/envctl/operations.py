"""Planning, applying and destroying an environment: the terraform commands, with progress, as typed results."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .console import Step, step
from .errors import UserError
from .readdressed import advised
from .redaction import ResourceDiff, resource_diffs
from .target import Target
from .terraform.events import Change, Diagnostic, Event, Progress
from .terraform.workspace import Workspace

if TYPE_CHECKING:
    from .leftovers import Leftover


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A saved plan.

    `words` is the environment as the commands take it, such as "prod --sandbox".
    `changes` are what apply would do, `drift` what others changed, `diffs` the attributes (secrets redacted).
    `document` is the plan as `terraform show` has it, where it changes anything; it holds secrets in clear.
    """

    environment: str
    words: str
    provider: str
    plan_file: Path
    changes: list[Change]
    drift: list[Change]
    diffs: list[ResourceDiff]
    warnings: list[Diagnostic]
    outputs_change: bool
    seconds: float
    document: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What an apply did, and the root's outputs afterwards."""

    environment: str
    provider: str
    added: int
    changed: int
    removed: int
    outputs: dict[str, Any]
    warnings: list[Diagnostic]
    seconds: float


@dataclass(frozen=True, slots=True)
class DestroyResult:
    """What a destroy removed, and what it left."""

    environment: str
    provider: str
    removed: int
    left: list[Leftover] = field(default_factory=list)
    seconds: float = 0.0


def make_plan(
    target: Target,
    *,
    out: Path | None = None,
    destroy: bool = False,
    lock_timeout: str = "0s",
    refresh: bool = True,
) -> PlanResult:
    """Render, initialise and plan. Without `refresh` the state is taken for what is there.

    Raises:
        DataLoss: it would lose data of tables that the YAML doesn't give up; the plan isn't kept.
        UserError: terraform failed.
    """
    workspace = ready(target)
    file = out.resolve() if out else workspace.plan_file
    with step("plan") as stage:
        outcome = workspace.plan(
            out=file, destroy=destroy, lock_timeout=lock_timeout, on_event=_refreshing(stage), refresh=refresh
        )
        changes = [change for change in outcome.changes if change.action != "noop"]
        differs = outcome.exit_code == 2
        stage.result = _counts(changes) if differs else "nothing to change"
    try:
        shown = workspace.show(file) if differs else {}
        unused = _data_losses(target, shown, destroy=destroy)
    except BaseException:  # a plan that nobody looked at isn't kept
        file.unlink(missing_ok=True)
        raise
    diffs = resource_diffs(shown)
    warnings = [diagnostic for diagnostic in outcome.diagnostics if diagnostic.severity == "warning"]
    warnings += unused
    warnings += advised(shown)
    outputs_change = differs and not changes
    # What others changed matters where the plan sets it back; the rest is what Google itself counts and stamps.
    planned = {change.address for change in changes}
    drift = [change for change in outcome.drift if change.address in planned]
    return PlanResult(
        target.name,
        target.words,
        target.provider,
        file,
        changes,
        drift,
        diffs,
        warnings,
        outputs_change,
        outcome.seconds,
        shown,
    )


def _data_losses(target: Target, shown: dict[str, Any], *, destroy: bool) -> list[Diagnostic]:
    """Refuse a plan that loses data it may not lose; of permissions to lose data, which it makes no use of."""
    if not shown and not target.known.facts.allows_data_loss:
        return []  # nothing to refuse or to tell, and the YAML needn't be read for it
    from .losses import left_over, refuse_losses

    if not destroy:
        refuse_losses(shown, target.loaded)
    return left_over(shown, target.loaded)


def apply_environment(
    target: Target,
    *,
    plan_file: Path | None = None,
    yes: bool = False,
    lock_timeout: str = "0s",
    fingerprint: str | None = None,
    review_file: Path | None = None,
) -> ApplyResult:
    """Apply a saved plan; or plan, ask where the cloud is not a sandbox, and apply.

    Args:
        target: the environment.
        plan_file: the saved plan.
        yes: don't ask.
        lock_timeout: how long to wait for the state's lock.
        fingerprint: of the plan that was reviewed; another one is refused.
        review_file: its review; by default the one beside the plan, where there is one.

    Raises:
        DataLoss: it would lose data of tables that the YAML doesn't give up.
        NotReviewed: the plan isn't the one that was reviewed.
        UserError: terraform failed, or nobody could be asked.
    """
    if plan_file is None and (fingerprint or review_file):
        raise UserError("what was reviewed is a plan, and none is given", todo="give it with --plan")
    if plan_file is not None:
        if not plan_file.is_file():
            raise UserError(
                f"{plan_file} does not exist", todo=f"make it with `envctl plan {target.words} --out {plan_file}`"
            )
        workspace = ready(target)
        # The plan may be of another day, or made by terraform itself.
        shown = workspace.show(plan_file.resolve())
        _reviewed(target, shown, plan_file, fingerprint, review_file)
        from .losses import refuse_losses

        refuse_losses(shown, target.loaded)
        return _apply(target, workspace, plan_file.resolve(), total=None, lock_timeout=lock_timeout)
    before = 0
    if target.rehearsal:
        from .rehearsal import fill_secrets

        before = fill_secrets(target, ready(target), lock_timeout=lock_timeout)
    planned = make_plan(target, lock_timeout=lock_timeout)
    if planned.changes:
        confirm(target, yes, f"Apply {_counts(planned.changes)} to {target.name} ({target.known.facts.project_id})?")
    done = _apply(target, target.workspace(), planned.plan_file, total=len(planned.changes), lock_timeout=lock_timeout)
    return replace(done, added=done.added + before)


def _reviewed(
    target: Target, shown: dict[str, Any], plan_file: Path, fingerprint: str | None, review_file: Path | None
) -> None:
    from .plans.provenance import provenance
    from .plans.read import read_plan
    from .reviews import read_review, require_reviewed

    beside = plan_file.with_name("review.json")
    file = review_file or (beside if beside.is_file() else None)
    require_reviewed(
        read_plan(shown, str(plan_file)),
        target.loaded,
        provenance(target.project, target.loaded),
        fingerprint=fingerprint,
        review=None if file is None else read_review(file),
    )


def destroy_environment(target: Target, *, yes: bool = False, lock_timeout: str = "0s") -> DestroyResult:
    """Remove all that terraform made, and find out what is left. In a rehearsal, protection is lifted first."""
    if target.rehearsal:
        from .rehearsal import lift_protection

        target = replace(target, lifted=True)
        lift_protection(target, ready(target), lock_timeout=lock_timeout)
    planned = make_plan(target, destroy=True, lock_timeout=lock_timeout)
    if planned.changes:
        confirm(
            target,
            yes,
            f"Destroy {len(planned.changes)} resources of {target.name} ({target.known.facts.project_id})?",
        )
    workspace = target.workspace()
    with step("destroy") as stage:
        outcome = workspace.apply(
            planned.plan_file, lock_timeout=lock_timeout, on_event=_applying(stage, len(planned.changes))
        )
        removed = outcome.summary.remove if outcome.summary else 0
        stage.result = f"{removed} removed"
    planned.plan_file.unlink(missing_ok=True)
    from .leftovers import leftovers  # it brings the HTTP clients along, which plan and apply do without

    return DestroyResult(target.name, target.provider, removed, leftovers(target), outcome.seconds)


def ready(target: Target) -> Workspace:
    """The environment rendered and terraform initialised for it."""
    workspace = target.workspace()
    with step(f"terraform init ({_provider(target)})") as stage:
        stage.result = "done" if workspace.init() else "up to date"
    return workspace


def _apply(target: Target, workspace: Workspace, plan: Path, *, total: int | None, lock_timeout: str) -> ApplyResult:
    with step("apply") as stage:
        outcome = workspace.apply(plan, lock_timeout=lock_timeout, on_event=_applying(stage, total))
        summary = outcome.summary
        added, changed, removed = (summary.add, summary.change, summary.remove) if summary else (0, 0, 0)
        stage.result = f"{added} added, {changed} changed, {removed} removed"
    warnings = [diagnostic for diagnostic in outcome.diagnostics if diagnostic.severity == "warning"]
    return ApplyResult(
        target.name, target.provider, added, changed, removed, workspace.outputs(), warnings, outcome.seconds
    )


def _provider(target: Target) -> str:
    return "embedded provider" if target.provider == "embedded" else "hashicorp/google from the registry"


def _counts(changes: list[Change]) -> str:
    names = {"create": "to add", "update": "to change", "replace": "to replace", "delete": "to destroy"}
    found = [(sum(change.action == action for change in changes), words) for action, words in names.items()]
    return ", ".join(f"{number} {words}" for number, words in found if number) or f"{len(changes)} changes"


def confirm(target: Target, yes: bool, question: str) -> None:
    """Ask a person before something changes outside a sandbox.

    Raises:
        UserError: there is nobody to ask.
    """
    if yes or target.sandbox is not None:
        return
    if not sys.stdin.isatty():
        raise UserError(
            f"{target.name} is not a sandbox, and there is nobody to ask",
            todo=f"plan first and apply that plan: `envctl plan {target.name}`, then "
            f"`envctl apply {target.name} --plan build/{target.name}/plan.tfplan`; or add --yes",
        )
    typer.confirm(question, abort=True, err=True)


def _refreshing(stage: Step) -> Callable[[Event], None]:
    done = 0

    def show(event: Event) -> None:
        nonlocal done
        if isinstance(event, Progress) and event.phase == "refresh" and event.state == "complete":
            done += 1
            stage.advance(done, None, event.address)

    return show


def _applying(stage: Step, total: int | None) -> Callable[[Event], None]:
    done = 0

    def show(event: Event) -> None:
        nonlocal done
        if isinstance(event, Progress) and event.phase == "apply" and event.state != "start":
            done += 1
            stage.advance(done, total, event.address)

    return show

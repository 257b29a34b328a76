"""Making the review of an environment: plan it, and say of the plan what a person has to decide on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..cost.reckon import cost_of_plan
from ..errors import UserError
from ..files import put
from ..output.model import Report, Result
from ..plans.fingerprint import combined, parts
from ..plans.model import Change, Plan, before
from ..plans.pending import pending
from ..plans.provenance import Provenance, provenance
from ..plans.read import FOREIGN, foreign, read_plan
from ..plans.redact import redacted_document, secret_names
from ..policy.check import check_plan, ground_of
from ..policy.evaluate import worst
from ..redaction import change_attributes
from .dangers import dangers, order
from .model import Review, ReviewedAttribute, ReviewedChange, ReviewedCost, ReviewedFinding

if TYPE_CHECKING:
    from ..environments import LoadedEnvironment
    from ..target import Target

PLAN, DOCUMENT = "plan.tfplan", "plan.json"


def review_environment(
    name: str,
    folder: Path,
    *,
    open_target: Callable[[str], Target],
    lock_timeout: str = "0s",
) -> Review:
    """Plan an environment and keep plan and review in `FOLDER/NAME`. What fails is a review too: it says why.

    Args:
        name: the environment.
        folder: for all environments; it holds `plan.tfplan` (with values in clear: readable by its owner only),
            `plan.json` (without secrets) and `review.json`.
        open_target: finds the environment and its cloud.
        lock_timeout: how long to wait for the state's lock.
    """
    try:
        review = _planned(open_target(name), folder.resolve() / name, lock_timeout)
    except UserError as error:
        review = Review(environment=name, words=name, status="failed", problem=str(error))
    review.write(folder)
    return review


def _planned(target: Target, folder: Path, lock_timeout: str) -> Review:
    from ..operations import make_plan

    result = make_plan(target, out=folder / PLAN, lock_timeout=lock_timeout)
    try:
        plan = read_plan(result.document or target.workspace().show(folder / PLAN))
        keep_plan(plan, target.loaded, folder)
        return review_plan(
            plan,
            target.loaded,
            provenance(target.project, target.loaded),
            words=target.words,
            provider=target.provider,
            warnings=[warning.summary for warning in result.warnings],
        )
    except BaseException:  # a plan without its review could be applied as if it had one
        for name in (PLAN, DOCUMENT):
            (folder / name).unlink(missing_ok=True)
        raise


def keep_plan(plan: Plan, loaded: LoadedEnvironment, folder: Path) -> Path:
    """Keep a plan without its secrets, as `plan.json`."""
    file = folder / DOCUMENT
    document = redacted_document(plan, secret_names(loaded))
    put(file, json.dumps(document, separators=(",", ":"), ensure_ascii=False))
    return file


def review_plan(
    plan: Plan,
    loaded: LoadedEnvironment,
    made_from: Provenance,
    *,
    words: str = "",
    provider: str = "",
    warnings: list[str] | None = None,
) -> Review:
    """What a plan would do, for a person and without secrets."""
    names = secret_names(loaded)
    hashes = parts(plan)
    estimate, change = cost_of_plan(plan, loaded)
    report = check_plan(plan, loaded, cost=change.after)
    budget = loaded.declared.budget
    return Review(
        environment=loaded.name,
        words=words or loaded.name,
        made_from=made_from,
        terraform=plan.terraform,
        provider=provider,
        fingerprint=combined(hashes),
        parts=hashes,
        changes=_changes(plan, names),
        pending=pending(plan),
        warnings=warnings or [],
        findings=_findings(report, plan, loaded, change.before),
        excepted=report.counts[Result.SKIPPED],
        cost=ReviewedCost(
            before=change.before,
            after=change.after,
            budget=float(budget.amount) if budget is not None and budget.currency == "INR" else None,
            things=change.things,
            missing=estimate.missing,
        ),
    )


def _findings(report: Report, plan: Plan, loaded: LoadedEnvironment, cost: float) -> list[ReviewedFinding]:
    """What is broken afterwards; and of that, what is not broken now."""
    ground = ground_of(loaded, cost=cost)
    ground = replace(ground, budget=_budget_before(plan, ground.budget))
    now = {check.id for check in check_plan(before(plan), loaded, ground=ground).checks if check.result is Result.FAIL}
    return [
        ReviewedFinding(
            id=check.id,
            rule=check.kind,
            severity=check.severity or "medium",
            result="fail" if check.result is Result.FAIL else "unknown",
            message=check.message,
            where=f"{check.where.file}:{check.where.line}" if check.where else "",
            todo=check.cause.todo if check.cause else "",
            new=check.id not in now,
        )
        for check in worst(report.checks)
    ]


def _budget_before(plan: Plan, declared: float | None) -> float | None:
    """The budget that a plan finds, which the YAML may have lowered; what is declared, where the plan has none."""
    for change in plan.resources:
        if change.type == "google_billing_budget" and change.action != "read":
            try:
                (amount,) = (change.before or {})["amount"]
                return float(amount["specified_amount"][0]["units"])
            except FOREIGN:  # there was none, or one that is no sum
                return None
    return declared


def _changes(plan: Plan, names: frozenset[str]) -> list[ReviewedChange]:
    try:
        return [_change(change, names) for change in sorted(plan.changes, key=order)]
    except FOREIGN as error:
        raise foreign("one of its changes", error) from error


def _change(change: Change, names: frozenset[str]) -> ReviewedChange:
    attributes = change_attributes(change, names) if change.action in ("update", "replace") else []
    return ReviewedChange(
        address=change.address,
        type=change.type,
        subproject=change.subproject,
        action="import" if change.imported else "move" if change.action == "no-op" else change.action,
        dangers=dangers(change),
        attributes=[
            ReviewedAttribute(path=one.path, before=one.before, after=one.after, replaces=one.replaces)
            for one in attributes
        ],
    )

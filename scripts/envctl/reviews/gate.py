"""Whether a plan is the one that was reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import UserError
from ..plans.fingerprint import combined, differences, parts
from ..plans.model import Plan
from ..plans.provenance import Provenance
from .model import Review

if TYPE_CHECKING:
    from ..environments import LoadedEnvironment

_SHOWN = 10
_LEAST = 12  # digits of a fingerprint


class NotReviewed(UserError):
    """A plan that isn't the reviewed one."""


def require_reviewed(
    plan: Plan,
    loaded: LoadedEnvironment,
    now: Provenance,
    *,
    fingerprint: str | None = None,
    review: Review | None = None,
) -> None:
    """Refuse a plan that isn't what was reviewed.

    Args:
        plan: what would be applied.
        loaded: the environment it would be applied to.
        now: what this checkout is.
        fingerprint: the reviewed one, whole or its first twelve digits at least.
        review: the review, where it is at hand: it says what differs.

    Raises:
        NotReviewed: it is of another project or environment, of other YAML or code, or does something else.
    """
    require_same_project(plan, loaded)
    if review is not None:
        if review.environment != loaded.name:
            raise NotReviewed(
                f"the review is of {review.environment}, not of {loaded.name}", todo="give its own review"
            )
        if review.status == "failed":
            raise NotReviewed("the reviewed plan failed", why=review.problem, todo=_AGAIN)
        made_from = review.made_from
        if differs := made_from.differences(now):
            raise NotReviewed(
                f"the plan was made from another state of {' and '.join(differs)}",
                why=_whence(made_from, now),
                todo=_AGAIN if made_from.commit == now.commit else f"check out {made_from.commit[:12]}; or {_AGAIN}",
            )
    if fingerprint is not None and len(fingerprint) < _LEAST:
        raise NotReviewed(
            "the fingerprint is too short",
            why=f"it is told by twelve digits at least, and {len(fingerprint)} were given",
            todo="give it as the review has it",
        )
    found = parts(plan)
    wanted = fingerprint or (review.fingerprint if review else "")
    if wanted and not _same(wanted, combined(found)):
        raise NotReviewed(
            "the plan is not the one that was reviewed",
            why=_why(wanted, combined(found), review.parts if review else {}, found),
            todo=_AGAIN,
        )


_AGAIN = "plan again, and have that plan reviewed"


def require_same_project(plan: Plan, loaded: LoadedEnvironment) -> None:
    """Refuse a plan that names another project than the environment's.

    Raises:
        NotReviewed: it does.
    """
    of = str(plan.variables.get("project_id") or "")
    if of and of != loaded.declared.project_id:
        raise NotReviewed(
            f"the plan is of project {of}, and {loaded.name} is {loaded.declared.project_id}",
            todo="give the plan of this environment",
        )


def _same(wanted: str, found: str) -> bool:
    return len(wanted) >= _LEAST and found.startswith(wanted.lower())


def _whence(made_from: Provenance, now: Provenance) -> str:
    if made_from.commit != now.commit:
        return f"it is of commit {made_from.commit[:12]}, this checkout is at {now.commit[:12]}"
    return f"both are of commit {now.commit[:12]}, and differ in what isn't committed"


def _why(wanted: str, found: str, reviewed: Mapping[str, str], now: Mapping[str, str]) -> str:
    said = f"its fingerprint is {found[:12]}, the reviewed one is {wanted[:12]}"
    lines = differences(reviewed, now) if reviewed else []
    more = [f"… and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join([said, *lines[:_SHOWN], *more])

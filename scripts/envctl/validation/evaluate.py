"""Holding what was declared against what was observed. No I/O: the same input brings the same checks."""

from __future__ import annotations

from collections.abc import Iterator

from envctl.clouds import Failure, Reason
from envctl.output.model import Cause, Check, Result

from . import causes
from .grant_checks import GrantChecks
from .health import Health
from .model import Environment, PathPart, Thing
from .observe import Observed
from .setting_checks import setting_checks, setting_names
from .view import View


def evaluate(environment: Environment, things: list[Thing], observed: Observed) -> Iterator[Check]:
    """Every check, in the order of declaration.

    Args:
        environment: what was declared.
        things: all of it.
        observed: what the cloud answered.
    """
    view = View(environment, things, observed)
    grants = GrantChecks(view)
    for thing in things:
        document = view.document(thing)
        if isinstance(document, Failure):
            yield from _not_there(view, grants, thing, document, health=observed.asked_health)
            continue
        yield view.check(thing, "exists", Result.PASS, f"{thing.title} exists")
        yield from setting_checks(view, thing, document)
        yield from grants.checks(thing)
        if health := observed.healths.get(thing.id):
            yield _health(view, thing, health)


def _not_there(view: View, grants: GrantChecks, thing: Thing, failure: Failure, *, health: bool) -> Iterator[Check]:
    """One finding for what is missing, and everything that hangs on it under the same cause."""
    cause = view.cause(thing, failure)
    own = failure.reason is Reason.ABSENT and cause == view.missing(thing) and not _is_parents(thing, cause)
    if own:
        message = cause.title if thing.kind.name == "apis" else f"{thing.title} is missing"
        yield view.check(thing, "exists", Result.FAIL, message, cause=cause)
    else:
        yield view.blocked(thing, "exists", None, failure, cause)
    names: list[tuple[str, tuple[PathPart, ...]]] = list(setting_names(thing))
    if health and thing.kind.name == "services":
        names.append(("health", thing.path))
    if failure.reason is Reason.ABSENT:
        names += grants.names(thing)
    for what, path in names:
        yield view.blocked(thing, what, path, failure, cause)
    if failure.reason is not Reason.ABSENT:
        # Grants are read apart: they may be readable, or refused for want of another permission.
        yield from grants.checks(thing)


def _is_parents(thing: Thing, cause: Cause) -> bool:
    """Whether something above the thing is what is missing: its parent, or its parent's parent."""
    return thing.parent is not None and cause.id.startswith("missing:") and cause.id != f"missing:{thing.id}"


def _health(view: View, thing: Thing, health: Health) -> Check:
    cause: Cause | None = None
    if health.result is Result.FAIL:
        cause = causes.down(thing)
    elif health.failure:
        cause = causes.blocked(health.failure, thing.place.project)
    permission = health.failure.permission if health.failure else None
    actual = health.actual if health.result is Result.FAIL else None
    return view.check(thing, "health", health.result, health.message, cause=cause, permission=permission, actual=actual)

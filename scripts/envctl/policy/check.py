"""The policy of an environment, held against a plan or against what is live."""

from __future__ import annotations

import asyncio
import time
from datetime import date
from typing import TYPE_CHECKING

from envctl.output.model import Check, Location, Report, Result

from .evaluate import Where, evaluate, report
from .evaluate import today as current_day
from .exceptions import Exceptions
from .model import Ground
from .subjects import live, planned

if TYPE_CHECKING:
    from envctl.clouds import Credentials, Endpoints
    from envctl.environments import LoadedEnvironment
    from envctl.plans.model import Plan
    from envctl.validation.model import Thing
    from envctl.validation.observe import Observed


def ground_of(loaded: LoadedEnvironment, *, cost: float | None = None) -> Ground:
    """What an environment says of itself to the rules."""
    from envctl.plans.redact import secret_names

    declared, policy = loaded.declared, loaded.declared.policy
    production = loaded.name == "prod" if policy.production is None else policy.production
    return Ground(
        environment=loaded.name,
        production=production,
        project=declared.project_id,
        regions=tuple(policy.regions) or (declared.region,),
        cmek=frozenset(policy.cmek),
        labels=tuple(policy.labels),
        log_days=policy.log_days,
        secrets=secret_names(loaded),
        budget=float(declared.budget.amount) if declared.budget else None,
        rupees=declared.budget is not None and declared.budget.currency == "INR",
        cost=cost,
    )


def check_plan(
    plan: Plan,
    loaded: LoadedEnvironment,
    *,
    cost: float | None = None,
    today: date | None = None,
    ground: Ground | None = None,
) -> Report:
    """Hold the policy against what would be there after a plan.

    Args:
        plan: what would be.
        loaded: the environment.
        cost: what a month of it is reckoned to cost, in rupees.
        today: the day by which exceptions expire.
        ground: what the environment says of itself, where that isn't what is loaded.
    """
    began = time.perf_counter()
    exceptions = Exceptions(loaded.declared.policy.exceptions, today or current_day())
    ground = ground or ground_of(loaded, cost=cost)
    verdict = evaluate(planned(plan.resources), ground, exceptions, places(loaded))
    return report(f"policy of {loaded.name}, planned", verdict, time.perf_counter() - began)


def check_live(
    loaded: LoadedEnvironment,
    endpoints: Endpoints,
    credentials: Credentials,
    *,
    cost: float | None = None,
    today: date | None = None,
) -> Report:
    """Hold the policy against what the cloud says is there. What can't be read is unknown, and never passes."""
    from envctl.validation.kinds import all_things

    from .shapes import API

    began = time.perf_counter()
    things = [thing for thing in all_things(loaded) if thing.kind.name in API or thing.kind.policy is not None]
    observed = asyncio.run(_observe(loaded, endpoints, credentials, things))
    exceptions = Exceptions(loaded.declared.policy.exceptions, today or current_day())
    where = places(loaded)
    unread = _unread(things, observed, where)
    verdict = evaluate(
        live(things, observed), ground_of(loaded, cost=cost), exceptions, where, unread=unread, whole=not unread
    )
    return report(f"policy of {loaded.name}, live", verdict, time.perf_counter() - began)


def places(loaded: LoadedEnvironment) -> Where:
    """Where a path stands in the YAML."""

    owners = {account: name for name, one in loaded.declared.subprojects.items() for account in one.service_accounts}

    def where(path: tuple[str | int, ...]) -> Location | None:
        if path[0] == "service_accounts":  # a role on the project: its account is some subproject's
            owner = owners.get(str(path[1]))
            if owner is None:
                return None
            path = ("subprojects", owner, *path, "project_roles")
        at = loaded.where(path)
        return Location(at.file, at.line, at.column)

    return where


async def _observe(
    loaded: LoadedEnvironment, endpoints: Endpoints, credentials: Credentials, things: list[Thing]
) -> Observed:
    from envctl.clouds.reader_process import ReaderProcess
    from envctl.validation.observe import observe

    async with ReaderProcess().aim(endpoints, loaded.declared.project_id) as reader:
        return await observe(things, reader, services=False, on_progress=None)


def _unread(things: list[Thing], observed: Observed, where: Where) -> list[Check]:
    """A check for each answer that is missing for another reason than that the thing isn't there."""
    from envctl.clouds import Failure, Reason
    from envctl.validation import causes

    found: dict[str, Check] = {}
    for (id, read), answer in observed.answers.items():
        if not isinstance(answer, Failure) or answer.reason is Reason.ABSENT:
            continue
        thing = next(thing for thing in things if thing.id == id)
        cause = causes.blocked(answer, thing.place.project)
        name = "project#project_policy" if read == "project_policy" else f"{id}#{read}"
        found[name] = Check(
            name,
            thing.kind.name,
            thing.name,
            read,
            Result.UNKNOWN,
            where(thing.path),
            f"{thing.title}: {read} can't be read: {answer.message}",
            permission=answer.permission,
            cause=cause,
        )
    return list(found.values())

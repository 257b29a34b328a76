"""The cost of an environment, from its YAML or from a plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..plans.model import before as as_it_is
from .estimate import estimate
from .items import declared, planned, unpriced_declared, unpriced_planned
from .model import Difference, Estimate, difference, table

if TYPE_CHECKING:
    from envctl.environments import LoadedEnvironment
    from envctl.plans.model import Plan


def cost_of_yaml(loaded: LoadedEnvironment) -> Estimate:
    """What the environment costs as it is declared; and what is switched off, if it were on."""
    values = loaded.tfvars
    usage, prices = loaded.declared.usage, table()
    unpriced = Counter(unpriced_declared(values))
    off = estimate(declared(_switched_off(loaded)), usage, prices, shared=False).by_thing()
    return estimate(declared(values), usage, prices, unpriced=unpriced, off=off)


def cost_of_plan(plan: Plan, loaded: LoadedEnvironment) -> tuple[Estimate, Difference]:
    """What the environment costs once a plan is applied, and in what that differs from now."""
    usage, prices = loaded.declared.usage, table()
    unpriced = Counter(unpriced_planned(plan.resources))
    after = estimate(planned(plan.resources), usage, prices, unpriced=unpriced)
    # What stays as it is costs what it did: the rest alone is reckoned twice. A first plan has nothing before it.
    changes = [change for change in plan.resources if change.action not in ("no-op", "read")]
    first = not any(change.before is not None for change in plan.resources)
    now = estimate(planned(as_it_is(replace(plan, resources=tuple(changes))).resources), usage, prices, shared=False)
    then = estimate(planned(changes), usage, prices, shared=first)
    return after, difference(after.total, now, then)


def _switched_off(loaded: LoadedEnvironment) -> dict[str, Any]:
    """Values of what is declared and switched off; what their price depends on are plain values."""
    from shared_services.yaml.nodes import plain

    from ..environments.models import Environment
    from ..environments.models.base import Switched

    whole = Environment.model_validate(plain(loaded.tree))
    subprojects: dict[str, dict[str, dict[str, Any]]] = {}
    for name, subproject in whole.subprojects.items():
        for kind in type(subproject).model_fields:
            things = getattr(subproject, kind)
            for key, thing in things.items() if isinstance(things, dict) else ():
                if isinstance(thing, Switched) and not thing.enabled:
                    subprojects.setdefault(name, {}).setdefault(kind, {})[key] = thing.model_dump(by_alias=True)
    return {"subprojects": subprojects}

"""The cost of an environment, and whether it fits its budget."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .cost.model import Difference, Estimate
from .cost.reckon import cost_of_plan, cost_of_yaml
from .environments import load
from .project import find_project


@dataclass(frozen=True, slots=True)
class CostResult:
    """What an environment costs in a month.

    Attributes:
        environment: its name.
        estimate: the cost, thing by thing.
        budget: rupees a month; None where the YAML has no budget in rupees.
        difference: before and after, where a plan was given.
    """

    environment: str
    estimate: Estimate
    budget: float | None = None
    difference: Difference | None = None

    @property
    def within_budget(self) -> bool:
        return self.budget is None or self.estimate.total <= self.budget

    @property
    def exit_code(self) -> int:
        """2: above the budget; 1: something has no price, so that it isn't known; 0: it fits."""
        if not self.within_budget:
            return 2
        return 1 if self.estimate.missing else 0


def reckon(name: str, plan_file: Path | None = None, *, sandbox: bool = False) -> CostResult:
    """The cost of an environment as its YAML declares it, or once a plan is applied.

    Raises:
        UserError: the environment is invalid, or there is no such plan.
    """
    loaded = load(name, find_project().root)
    budget = loaded.declared.budget
    limit = float(budget.amount) if budget is not None and budget.currency == "INR" else None
    if plan_file is None:
        return CostResult(name, cost_of_yaml(loaded), limit)
    from .judging import find_plan

    after, change = cost_of_plan(find_plan(loaded, plan_file, sandbox=sandbox), loaded)
    return CostResult(name, after, limit, change)

"""What it may cost, and what exceptions may be."""

from __future__ import annotations

from ..model import Ground, Rule, Subject


def _budget(subject: Subject, ground: Ground) -> str | None:
    return None if ground.budget else "nobody is told what it costs"


def _within(subject: Subject, ground: Ground) -> str | None:
    if ground.budget is None or ground.cost is None or not ground.rupees or ground.cost <= ground.budget:
        return None
    return f"a month is reckoned at ₹{ground.cost:,.0f}, and the budget is ₹{ground.budget:,.0f}"


def _never(_subject: Subject, _ground: Ground) -> str | None:
    return None


RULES = (
    Rule(
        "ATM-BUD-001",
        "medium",
        "Production has a budget",
        "It tells, before the invoice does.",
        "write budget into the environment's YAML",
        ("environment",),
        (),
        _budget,
        production=True,
    ),
    Rule(
        "ATM-BUD-002",
        "high",
        "What is declared fits the budget",
        "What is on by default must be affordable.",
        "see `envctl cost ENV` for what is dear, and switch it off or make it smaller; or raise the budget",
        ("environment",),
        (),
        _within,
    ),
    Rule(
        "ATM-POL-001",
        "medium",
        "Exceptions haven't expired",
        "An exception is for a time; then the rule holds again.",
        "mend what it excepts; or agree on a new end with its owner",
        (),
        (),
        _never,
    ),
    Rule(
        "ATM-POL-002",
        "low",
        "Exceptions are in use",
        "One that excepts nothing lets a later mistake pass.",
        "take it out",
        (),
        (),
        _never,
    ),
)

"""What an environment costs, as text, JSON and Markdown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from envctl.console import paint, table

if TYPE_CHECKING:
    from envctl.costing import CostResult

_SHOWN = 15


def rupees(amount: float) -> str:
    """Rupees in whole numbers, grouped as in India.

    >>> rupees(1234567.4), rupees(-950), rupees(19999.6)
    ('₹12,34,567', '-₹950', '₹20,000')
    """
    digits = str(abs(round(amount)))
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return f"{'-' if round(amount) < 0 else ''}₹{','.join([*groups, tail])}"


def cost_text(result: CostResult, *, all_lines: bool = False) -> str:
    """What a person reads: by subproject, the dearest things, what isn't in it, and the budget."""
    found = result.estimate
    rows = [(name, rupees(inr)) for name, inr in found.by_subproject().items()]
    lines = [
        f"{result.environment}: {rupees(found.total)} a month, before taxes",
        "",
        table(rows, ("subproject", "INR")),
    ]
    things = list(found.by_thing().items())
    shown = things if all_lines else things[:_SHOWN]
    assumed = {line.id for line in found.lines if line.assumed}
    names = [(id, rupees(inr), "use assumed" if id in assumed else "") for id, inr in shown]
    lines += ["", table(names, ("thing", "INR", ""))]
    if len(things) > len(shown):
        lines.append(f"… and {len(things) - len(shown)} more for {rupees(sum(inr for _, inr in things[len(shown) :]))}")
    if found.off:
        lines += [
            "",
            table([(id, rupees(inr)) for id, inr in found.off.items()], ("switched off", "INR if it were on")),
        ]
    if result.difference is not None:
        lines += ["", *difference_lines(result)]
    lines += ["", *(f"! {text}" for text in found.missing), *notes(result)]
    lines.append(paint(verdict(result), "red" if result.exit_code else "green"))
    return "\n".join(lines)


def cost_json(result: CostResult) -> str:
    """The same for machines, with each line."""
    found = result.estimate
    document: dict[str, Any] = {
        "environment": result.environment,
        "currency": "INR",
        "total": found.total,
        "budget": result.budget,
        "within_budget": result.within_budget,
        "subprojects": found.by_subproject(),
        "things": found.by_thing(),
        "difference": asdict(result.difference) if result.difference else None,
        **asdict(found),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def cost_markdown(result: CostResult) -> str:
    """The same as a section."""
    found = result.estimate
    lines = [
        f"### {result.environment}: {rupees(found.total)} a month",
        "",
        "| subproject | INR a month |",
        "|---|---:|",
    ]
    lines += [f"| {name} | {rupees(inr)} |" for name, inr in found.by_subproject().items()]
    if result.difference is not None:
        lines += ["", *(f"- {line}" for line in difference_lines(result))]
    return "\n".join([*lines, "", *(f"- {text}" for text in (*found.missing, *notes(result))), "", verdict(result)])


def difference_lines(result: CostResult) -> list[str]:
    """Before and after, and the things that make the difference."""
    change = result.difference
    if change is None:
        return []
    sign = "+" if change.more > 0 else ""
    head = f"before {rupees(change.before)}, after {rupees(change.after)} ({sign}{rupees(change.more)})"
    parts = [f"{'+' if inr > 0 else ''}{rupees(inr)} {id}" for id, inr in list(change.things.items())[:_SHOWN]]
    return [head, *parts]


def notes(result: CostResult) -> list[str]:
    """What the number is, and what isn't in it."""
    found = result.estimate
    assumed = len({line.id for line in found.lines if line.assumed})
    approximate = sum(line.inr for line in found.lines if line.approximate)
    said = [
        f"prices of {found.dated} at ₹{found.rupees_per_dollar:g} a dollar; no free tiers, discounts or taxes",
        f"{rupees(approximate)} of it are by prices that are marked approximate",
    ]
    if assumed:
        said.append(f"the use of {assumed} things is assumed: say it under `usage` in the YAML")
    if found.unpriced:
        kinds = ", ".join(f"{number} {kind}" for kind, number in found.unpriced.items())
        said.append(f"not priced: {kinds}; also support, traffic between regions, and what isn't declared")
    return said


def verdict(result: CostResult) -> str:
    """Whether it fits the budget."""
    if result.budget is None:
        return f"{result.environment} has no budget to compare with"
    if result.within_budget:
        return f"within the budget of {rupees(result.budget)}"
    return f"above the budget of {rupees(result.budget)} by {rupees(result.estimate.total - result.budget)}"

"""Prices, what they are multiplied with, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from ..errors import UserError

_FILE = Path(__file__).with_name("prices.yaml")


class Price(BaseModel, frozen=True, extra="forbid"):
    """One price, in dollars for the unit that its name ends with."""

    usd: float = Field(ge=0)
    source: str
    approximate: bool = False


class Prices(BaseModel, frozen=True, extra="forbid"):
    """A dated table of prices for one region."""

    dated: str
    region: str
    rupees_per_dollar: float = Field(gt=0)
    rate_source: str
    sources: dict[str, str]
    prices: dict[str, Price]


@dataclass(slots=True)
class Item:
    """Something that costs: `facts` are what its price depends on, the same from a plan as from the YAML."""

    kind: str
    id: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subproject(self) -> str:
        return self.id.partition("/")[0]


@dataclass(slots=True)
class Line:
    """One part of what a thing costs in a month.

    Attributes:
        id: the thing, such as "strategy-engine/services/strategy-engine".
        subproject: whose it is; "environment" for what is shared.
        what: such as "vCPU, 158400 s".
        inr: rupees a month.
        assumed: whether the use is assumed, as the YAML says nothing of it.
        approximate: whether the price is.
    """

    id: str
    subproject: str
    what: str
    inr: float
    assumed: bool = False
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an environment costs in a month.

    Attributes:
        lines: what is priced, by thing.
        missing: things whose price isn't in the table, and why.
        unpriced: kinds that cost something and aren't priced, by number.
        off: what is switched off, and what it would cost.
        dated, rupees_per_dollar: of the table.
    """

    lines: list[Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unpriced: dict[str, int] = field(default_factory=dict)
    off: dict[str, float] = field(default_factory=dict)
    dated: str = ""
    rupees_per_dollar: float = 0.0

    @property
    def total(self) -> float:
        """Rupees a month."""
        return round(sum(line.inr for line in self.lines), 2)

    def by_subproject(self) -> dict[str, float]:
        """Rupees a month, the dearest first."""
        return _summed((line.subproject, line.inr) for line in self.lines)

    def by_thing(self) -> dict[str, float]:
        """Rupees a month, the dearest first."""
        return _summed((line.id, line.inr) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change makes of the cost, in rupees a month."""

    before: float
    after: float
    things: dict[str, float] = field(default_factory=dict)

    @property
    def more(self) -> float:
        return round(self.after - self.before, 2)


def difference(total: float, before: Estimate, after: Estimate) -> Difference:
    """What is dearer and what is cheaper, by thing; the largest first.

    Args:
        total: what all costs afterwards.
        before, after: what changes, as it is and as it becomes.
    """
    was, becomes = before.by_thing(), after.by_thing()
    things = {id: round(becomes.get(id, 0.0) - was.get(id, 0.0), 2) for id in was.keys() | becomes.keys()}
    changed = {id: inr for id, inr in things.items() if abs(inr) >= 0.01}
    ordered = dict(sorted(changed.items(), key=lambda item: (-abs(item[1]), item[0])))
    return Difference(round(total - after.total + before.total, 2), total, ordered)


@cache
def table(file: Path = _FILE) -> Prices:
    """The table of prices.

    Raises:
        UserError: it is broken.
    """
    import yaml

    try:
        return Prices.model_validate(yaml.safe_load(file.read_text()))
    except (yaml.YAMLError, ValidationError) as error:
        raise UserError(f"{file.name} is not a table of prices", why=str(error).splitlines()[-1]) from None


def _summed(pairs: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, inr in pairs:
        found[key] = found.get(key, 0.0) + inr
    return {key: round(inr, 2) for key, inr in sorted(found.items(), key=lambda item: (-item[1], item[0]))}

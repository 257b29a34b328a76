"""How a strategy did on a symbol and day."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from .base import Model, Schema
from .fields import Count, Day, Moment, Money, Name, Rate, Real, Symbol, now


class Performance(Model):
    """One row a strategy, symbol and day.

    >>> Performance(trade_date="2026-01-02", strategy="momentum", symbol="INFY", trades=2, pnl=-12.5).pnl
    Decimal('-12.5')
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="performance", doc="How a strategy did on a symbol and day.", table="performance"
    )

    trade_date: Day
    strategy: Name
    symbol: Symbol
    trades: Count
    pnl: Money = Field(description="Profit and loss of the day, in INR.")
    return_rate: Real | None = Field(default=None, description="Return of the day; 0.01 is one percent.")
    sharpe_ratio: Real | None = Field(default=None, description="Annualised, over the last 252 trading days.")
    max_drawdown: Annotated[Real | None, Field(le=0)] = Field(
        default=None, description="Worst fall from a peak, 0 or negative."
    )
    win_rate: Rate | None = Field(default=None, description="0 to 1.")
    computed_at: Moment = Field(default_factory=now)

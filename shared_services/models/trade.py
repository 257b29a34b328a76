"""A trade from its entry to its exit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from .bar import with_day
from .base import Model, Schema
from .enums import Side
from .fields import EXACT, Amount, Day, Moment, Money, Name, Price, Quantity, Symbol


class TradeRecord(Model):
    """A trade; without an exit it is open. `side` is that of the entry.

    >>> trade = TradeRecord(trade_id="T1", symbol="TCS", side="BUY", quantity=10, entry_price=3500, exit_price=3520,
    ...                     entry_at="2026-01-02T09:30:00+05:30", exit_at="2026-01-02T10:00:00+05:30", charges=45.5)
    >>> trade.gross_pnl, trade.pnl, trade.held_for
    (Decimal('200'), Decimal('154.5'), datetime.timedelta(seconds=1800))
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="trade_record", doc="A trade from its entry to its exit.", table="trade_records"
    )

    trade_id: Name
    trade_date: Day = Field(description="The trading day of the entry, in India.")
    symbol: Symbol
    exchange: Name = "NSE"
    strategy: Name | None = None
    trader: Name | None = None
    side: Side = Field(description="BUY or SELL, of the entry.")
    quantity: Quantity
    entry_price: Price = Field(description="INR.")
    entry_at: Moment
    exit_price: Price | None = Field(default=None, description="INR.")
    exit_at: Moment | None = None
    charges: Amount = Field(default=Decimal(0), description="Brokerage, taxes and fees, in INR.")
    pnl: Money | None = Field(default=None, description="After charges, in INR; none while it is open.")
    entry_order_id: Name | None = None
    exit_order_id: Name | None = None
    signal_id: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, values: Any) -> Any:
        return with_day(values, "entry_at")

    @model_validator(mode="after")
    def _closed(self) -> Self:
        if (self.exit_price is None) != (self.exit_at is None):
            raise ValueError("an exit has a price and a time")
        if self.exit_at is not None and self.exit_at < self.entry_at:
            raise ValueError("the exit is before the entry")
        gross = self.gross_pnl
        expected = None if gross is None else EXACT.subtract(gross, self.charges)
        if self.pnl is None and expected is not None:
            object.__setattr__(self, "pnl", expected)
        elif self.pnl != expected:
            raise ValueError(f"pnl is {self.pnl}, and prices and charges make {expected}")
        return self

    @property
    def is_open(self) -> bool:
        """Whether it has no exit yet."""
        return self.exit_price is None

    @property
    def gross_pnl(self) -> Decimal | None:
        """Before charges, in INR; none while it is open."""
        if self.exit_price is None:
            return None
        return EXACT.multiply(
            Decimal(self.side.sign * self.quantity), EXACT.subtract(self.exit_price, self.entry_price)
        )

    @property
    def held_for(self) -> timedelta | None:
        """From entry to exit; none while it is open."""
        return None if self.exit_at is None else self.exit_at - self.entry_at

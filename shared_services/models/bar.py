"""Market data: bars and ticks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Model, Schema
from .fields import INDIA, Count, Day, Moment, Name, Price, Symbol, now, to_utc


class MarketBar(Model):
    """A bar of the exchange: its high is no lower, and its low no higher, than its other prices.

    >>> bar = MarketBar(bar_start="2026-01-02T09:15:00+05:30", bar_interval="1d", symbol="TCS", open=3500, high=3550,
    ...                 low=3480.5, close=3520, volume=1200)
    >>> bar.trade_date.isoformat(), bar.low
    ('2026-01-02', Decimal('3480.5'))
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="market_bar",
        doc="A bar of the exchange, validated.",
        table="market_data",
        record="market_bar",
        namespace="trading.market",
        ordering_key="symbol",
    )

    trade_date: Day = Field(description="The trading day, in India.")
    bar_start: Moment = Field(description="When the bar begins.")
    bar_interval: Literal["1m", "5m", "15m", "1h", "1d"] = Field(description="1m, 5m, 15m, 1h or 1d.")
    symbol: Symbol
    exchange: Name = Field(default="NSE", description="NSE.")
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Count
    open_interest: Count | None = None
    source: Name = "unknown"
    ingested_at: Moment = Field(default_factory=now)

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, values: Any) -> Any:
        return with_day(values, "bar_start")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            raise ValueError(
                f"low <= open, close <= high does not hold: open {self.open}, high {self.high}, low {self.low}, "
                f"close {self.close}"
            )
        if self.trade_date != self.bar_start.astimezone(INDIA).date():
            raise ValueError(f"the bar starts on {self.bar_start.astimezone(INDIA).date()}, not {self.trade_date}")
        return self


class Tick(Model):
    """A trade or a quote of the exchange.

    >>> Tick(symbol="TCS", price=3500.05, quantity=10, exchange_time="2026-01-02T09:15:01+05:30").price
    Decimal('3500.05')
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="tick",
        doc="A tick of the exchange.",
        table="ticks",
        record="tick",
        namespace="trading.market",
        ordering_key="symbol",
    )

    trade_date: Day = Field(description="The trading day, in India.")
    exchange_time: Moment = Field(description="When the exchange made it.")
    symbol: Symbol
    exchange: Name = Field(default="NSE", description="NSE.")
    price: Price = Field(description="Last traded price, in INR.")
    quantity: Count = Field(default=0, description="Quantity of the last trade.")
    bid: Price | None = Field(default=None, description="Best bid, in INR.")
    ask: Price | None = Field(default=None, description="Best ask, in INR.")
    volume: Count | None = Field(default=None, description="Traded since the day began.")
    open_interest: Count | None = None
    sequence: Count | None = Field(default=None, description="The feed's own number; a gap is a lost tick.")
    source: Name = "unknown"
    received_at: Moment = Field(default_factory=now)

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, values: Any) -> Any:
        return with_day(values, "exchange_time")


def with_day(values: Any, field: str) -> Any:
    """The values with `trade_date`, the day in India of the time in `field`, where it was left out."""
    if not isinstance(values, dict) or values.get("trade_date") is not None:
        return values
    try:
        moment = values[field]
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return {**values, "trade_date": to_utc(moment).astimezone(INDIA).date()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return values  # the time is at fault, and says so

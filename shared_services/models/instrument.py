"""What can be traded, and by which of the exchange's limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from .base import Model, Schema
from .enums import OptionType, Segment
from .fields import Amount, Day, Moment, Name, Price, Quantity, Symbol, now


class Instrument(Model):
    """A share, a contract or an index, with its lot, tick, price band and freeze quantity.

    >>> Instrument(symbol="TCS", tick_size=0.1, lower_band=3150, upper_band=3850).lot_size
    1
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="instrument", doc="What can be traded, and by which limits.", table="instruments"
    )

    symbol: Symbol = Field(description="As NSE writes it, such as RELIANCE.")
    exchange: Name = "NSE"
    segment: Segment = Segment.EQUITY
    series: Name = Field(default="EQ", description="NSE's series, such as EQ or BE.")
    isin: Annotated[str | None, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$")] = None
    sector: Name | None = None
    lot_size: Quantity = Field(default=1, description="Orders are multiples of it.")
    tick_size: Price = Field(default=Decimal("0.05"), description="Prices are multiples of it, in INR.")
    lower_band: Amount | None = Field(default=None, description="Lowest price that the exchange takes, in INR.")
    upper_band: Price | None = Field(default=None, description="Highest price that the exchange takes, in INR.")
    freeze_quantity: Quantity | None = Field(default=None, description="The most that one order may have.")
    previous_close: Price | None = None
    underlying: Symbol | None = None
    expiry: Day | None = None
    strike: Price | None = None
    option_type: OptionType | None = None
    tradable: bool = True
    as_of: Moment = Field(default_factory=now)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.lower_band is not None and self.upper_band is not None and self.lower_band > self.upper_band:
            raise ValueError(f"the lower band {self.lower_band} is above the upper one {self.upper_band}")
        if self.segment in (Segment.FUTURES, Segment.OPTIONS) and (self.underlying is None or self.expiry is None):
            raise ValueError(f"{self.segment} need an underlying and an expiry")
        if (self.segment is Segment.OPTIONS) != (self.strike is not None and self.option_type is not None):
            raise ValueError("options have a strike and an option type, and only they")
        return self

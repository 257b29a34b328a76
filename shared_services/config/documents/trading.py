"""`config/trading.yaml`: how the platform trades."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from shared_services.yaml.said import FieldError

from ..model import BasisPoints, Clock, ConfigModel, Positive, Rupees, Seconds


class EntryWindow(ConfigModel):
    """When new positions may be opened, inside the exchange's session."""

    opens: Clock = "09:20"
    closes: Clock = "15:10"
    square_off: Clock = "15:15"
    """When intraday positions are closed."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise FieldError(f"opens is before closes ({self.closes})", "opens")
        if self.square_off < self.closes:
            raise FieldError(f"square_off is not before closes ({self.closes})", "square_off")
        return self


class OrderDefaults(ConfigModel):
    """What an order is where its strategy doesn't say."""

    type: Literal["MARKET", "LIMIT", "SL", "SL-M"] = "LIMIT"
    validity: Literal["DAY", "IOC"] = "DAY"
    product: Literal["CNC", "MIS", "NRML"] = "CNC"
    limit_offset_bps: BasisPoints = Decimal(5)
    """How far a limit stands from the last price."""
    cancel_unfilled_after_seconds: Seconds = 300


class TradingConfig(ConfigModel):
    """How the platform trades."""

    mode: Literal["paper", "live"] = "paper"
    """Paper until somebody writes live, here and in brokers.yaml."""
    broker: str = "paper"
    segments: tuple[Literal["EQ", "FO"], ...] = ("EQ",)
    capital: Rupees
    """What may be invested in all."""
    universe: str = "large_cap"
    """A list of universe.yaml."""
    entry: EntryWindow = EntryWindow()
    orders: OrderDefaults = OrderDefaults()
    maximum_open_positions: Positive = 40
    maximum_orders_per_second: int = Field(default=9, ge=1, le=9)
    """SEBI's retail rules allow fewer than ten for each exchange and segment."""
    exchange_algorithm_id: str | None = None
    """Registered with the exchange; stands on every order that is live."""

    @model_validator(mode="after")
    def _live_is_registered(self) -> Self:
        if self.mode == "live" and not self.exchange_algorithm_id:
            raise FieldError("live trading needs the algorithm's id at the exchange", "exchange_algorithm_id")
        if self.mode == "live" and self.broker == "paper":
            raise FieldError("live trading needs a broker other than paper", "broker")
        return self

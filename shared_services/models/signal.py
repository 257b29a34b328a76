"""What a strategy says of a symbol."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import Model, Schema
from .fields import Column, Day, Moment, Name, Price, Rate, Symbol, now, to_whole, today

_NAMESPACE = uuid.UUID("6f0c4d0e-6f5b-5c5c-9d0e-3c5a3c1f7a11")


def signal_id(run_id: str, strategy: str, symbol: str, trade_date: date) -> str:
    """The id of a signal: the same run of the same strategy over the same symbol and day gives the same one, so that
    what is published twice can be told.

    >>> signal_id("run-1", "momentum", "INFY", date(2026, 1, 2))
    '9e364942-2ed4-542e-a2fe-cf856d6ea117'
    """
    return str(uuid.uuid5(_NAMESPACE, "\0".join((run_id, strategy, symbol, trade_date.isoformat()))))


class Signal(Model):
    """One signal. `price` may be left out, but the table and the topic need it.

    >>> signal = Signal(strategy="momentum", symbol="INFY", signal=1, trade_date="2026-01-02", run_id="run-1")
    >>> signal.signal, signal.is_buy, signal.signal_id == signal_id("run-1", "momentum", "INFY", date(2026, 1, 2))
    (1, True, True)
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="signal",
        doc="One signal, as it is published.",
        table="signals",
        record="signal",
        namespace="trading.strategy",
        ordering_key="symbol",
    )

    signal_id: Name = Field(
        default="",
        description="Unique; the same run of the same strategy over the same symbol gives the same id.",
    )
    run_id: Name = Field(default="manual", description="The workflow execution that asked for it.")
    trade_date: Day = Field(default_factory=today, description="The trading day, in India.")
    generated_at: Moment = Field(default_factory=now)
    strategy: Name
    symbol: Symbol = Field(description="As NSE writes it, such as RELIANCE.")
    signal: Annotated[Literal[-1, 0, 1], BeforeValidator(to_whole), Column(avro_type="int")] = Field(
        description="1 buy, 0 hold, -1 sell."
    )
    strength: Rate | None = Field(default=None, description="0 to 1.")
    price: Annotated[Price | None, Column(required=True)] = Field(
        default=None, description="The price it was made at, in INR."
    )
    features: Annotated[dict[str, Any] | None, Column(avro=False)] = Field(
        default=None, description="What the strategy looked at."
    )

    @model_validator(mode="before")
    @classmethod
    def _identified(cls, values: Any) -> Any:
        if not isinstance(values, dict) or values.get("signal_id"):
            return values
        day = values.get("trade_date") or today()
        try:
            day = date.fromisoformat(day) if isinstance(day, str) else day
            made = signal_id(values.get("run_id", "manual"), values["strategy"], values["symbol"], day)
        except (KeyError, TypeError, ValueError, AttributeError):
            made = "unknown"  # another field is at fault, and says so
        return {**values, "trade_date": day, "signal_id": made}

    @property
    def is_buy(self) -> bool:
        """Whether it says to buy."""
        return self.signal > 0

    @property
    def is_sell(self) -> bool:
        """Whether it says to sell."""
        return self.signal < 0

    def at(self, price: Decimal | float, generated_at: datetime | None = None) -> Self:
        """The same signal with its price.

        >>> Signal(strategy="momentum", symbol="INFY", signal=1).at(1500.5).price
        Decimal('1500.5')
        """
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**values | {"price": price, "generated_at": generated_at or self.generated_at})

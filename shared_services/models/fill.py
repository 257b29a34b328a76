"""An execution: what the exchange did with an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field, model_validator

from .bar import with_day
from .base import Model, Schema
from .enums import Product, Side
from .fields import EXACT, Amount, Day, Moment, Name, Price, Quantity, Symbol


class Fill(Model):
    """One execution. Its id is the exchange's: the same id twice is the same execution.

    >>> fill = Fill(execution_id="E1", client_order_id="O1", symbol="TCS", side="BUY", quantity=10, price=3500.5,
    ...             executed_at="2026-01-02T09:30:00+05:30")
    >>> fill.value, fill.signed_quantity
    (Decimal('35005.0'), 10)
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="fill",
        doc="One execution of an order.",
        table="fills",
        record="fill",
        namespace="trading.execution",
        ordering_key="symbol",
    )

    execution_id: Name = Field(description="The exchange's; unique, so that an execution told twice counts once.")
    client_order_id: Name
    venue_order_id: Name | None = Field(default=None, description="The exchange's number of the order.")
    trade_date: Day = Field(description="The trading day, in India.")
    executed_at: Moment
    symbol: Symbol
    exchange: Name = "NSE"
    side: Side
    quantity: Quantity
    price: Price = Field(description="INR a share or unit.")
    charges: Amount = Field(default=Decimal(0), description="Brokerage, taxes and fees, in INR.")
    product: Product = Product.MIS
    strategy: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, values: Any) -> Any:
        return with_day(values, "executed_at")

    @property
    def value(self) -> Decimal:
        """Quantity by price, in INR, without charges."""
        return EXACT.multiply(Decimal(self.quantity), self.price)

    @property
    def signed_quantity(self) -> int:
        """Positive bought, negative sold."""
        return self.side.sign * self.quantity

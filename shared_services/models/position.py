"""What is held of a symbol."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import ClassVar, Self

from pydantic import Field

from .base import Model, Schema
from .fields import DECIMALS, EXACT, Amount, Day, Moment, Money, Name, Price, Symbol, Whole, now, to_money, today
from .fill import Fill

_STEP = Decimal(1).scaleb(-DECIMALS)


class Position(Model):
    """What is held: a negative quantity is sold short. `price` is the average that it was entered at.

    >>> position = Position(symbol="TCS", quantity=100, price=3500.0)
    >>> position.cost, position.unrealised_pnl(3510)
    (Decimal('350000.0'), Decimal('1000.0'))
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="position",
        doc="What is held of a symbol.",
        table="positions",
        record="position",
        namespace="trading.portfolio",
        ordering_key="symbol",
    )

    as_of: Moment = Field(default_factory=now)
    trade_date: Day = Field(default_factory=today, description="The trading day, in India.")
    symbol: Symbol
    exchange: Name = "NSE"
    strategy: Name | None = None
    quantity: Whole = Field(description="Negative is short.")
    price: Amount = Field(description="Average price of entry, in INR.")
    last_price: Price | None = Field(default=None, description="What the market said last, in INR.")
    realised_pnl: Money = Field(default=Decimal(0), description="Profit and loss of what was closed, in INR.")
    charges: Amount = Field(default=Decimal(0), description="Brokerage, taxes and fees so far, in INR.")

    @property
    def is_flat(self) -> bool:
        """Whether nothing is held."""
        return self.quantity == 0

    @property
    def cost(self) -> Decimal:
        """Quantity by average price, in INR; negative when short."""
        return EXACT.multiply(Decimal(self.quantity), self.price)

    def market_value(self, price: Decimal | float | None = None) -> Decimal:
        """Quantity by `price`, or else by the last price, or else by the average; in INR, negative when short."""
        return EXACT.multiply(Decimal(self.quantity), self._priced(price))

    def unrealised_pnl(self, price: Decimal | float | None = None) -> Decimal:
        """What closing at `price` (or else at the last price) would bring, in INR, without charges."""
        return EXACT.subtract(self.market_value(price), self.cost)

    def apply(self, fill: Fill) -> Self:
        """The position after a fill, at average cost: adding moves the average, closing realises, and what goes
        through zero opens the other way at the fill's price.

        Raises:
            ValueError: the fill is of another symbol.

        >>> bought = Position(symbol="TCS", quantity=100, price=3500)
        >>> sold = Fill(execution_id="E1", client_order_id="O1", symbol="TCS", side="SELL", quantity=40, price=3525,
        ...             executed_at="2026-01-02T09:30:00+05:30")
        >>> after = bought.apply(sold)
        >>> after.quantity, after.price, after.realised_pnl
        (60, Decimal('3500'), Decimal('1000'))
        """
        if fill.symbol != self.symbol:
            raise ValueError(f"a fill of {fill.symbol} does not change a position in {self.symbol}")
        change, held = fill.signed_quantity, self.quantity
        price, realised, after = self.price, self.realised_pnl, held + change
        if held == 0 or (held > 0) == (change > 0):
            total = EXACT.add(self.cost, EXACT.multiply(Decimal(change), fill.price))
            price = EXACT.divide(total, Decimal(after)).quantize(_STEP, ROUND_HALF_EVEN, EXACT).normalize(EXACT)
        else:
            closed = min(abs(held), abs(change)) * (1 if held > 0 else -1)
            gain = EXACT.multiply(Decimal(closed), EXACT.subtract(fill.price, self.price))
            realised = EXACT.add(realised, gain)
            if after == 0:
                price = Decimal(0)
            elif (after > 0) != (held > 0):
                price = fill.price
        return type(self)(
            as_of=max(fill.executed_at, self.as_of) if held else fill.executed_at,
            trade_date=fill.trade_date,
            symbol=self.symbol,
            exchange=self.exchange,
            strategy=self.strategy,
            quantity=after,
            price=_plain(price),
            last_price=fill.price,
            realised_pnl=_plain(realised),
            charges=EXACT.add(self.charges, fill.charges),
        )

    def _priced(self, price: Decimal | float | None) -> Decimal:
        if price is not None:
            return to_money(price)
        return self.last_price if self.last_price is not None else self.price


def _plain(number: Decimal) -> Decimal:
    """Without an exponent: 35E+2 is 3500."""
    return number if int(number.as_tuple().exponent) <= 0 else number.quantize(Decimal(1), context=EXACT)

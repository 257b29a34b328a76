"""Profit and loss of fills, in INR and exact: first in first out, or by average cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from shared_services.errors import InputError
from shared_services.models import Fill, Side, TradeRecord
from shared_services.models.fields import EXACT, to_money

Costing = Literal["FIFO", "AVERAGE"]
_ZERO = Decimal(0)


class PnlError(InputError, ValueError):
    """Fills that make no account: of several symbols, or an unknown costing."""


@dataclass(slots=True)
class Lot:
    """What one fill opened and nothing has closed yet; a negative quantity is sold short."""

    quantity: int
    price: Decimal
    fill: Fill


@dataclass(slots=True)
class PnlAccount:
    """The profit and loss of one symbol, fill by fill. An execution id that was counted is not counted again.

    >>> def fill(number, side, quantity, price):
    ...     return Fill(execution_id=f"E{number}", client_order_id="O1", symbol="TCS", side=side, quantity=quantity,
    ...                 price=price, executed_at="2026-01-02T10:00:00+05:30")
    >>> account = account_of([fill(1, "BUY", 100, 10), fill(2, "BUY", 100, 12), fill(3, "SELL", 150, 13)])
    >>> account.realised, account.unrealised(14), account.quantity
    (Decimal('350'), Decimal('100'), 50)
    """

    costing: Costing = "FIFO"
    symbol: str = ""
    realised: Decimal = _ZERO
    charges: Decimal = _ZERO
    lots: deque[Lot] = field(default_factory=deque)
    trades: list[TradeRecord] = field(default_factory=list)
    """What FIFO matched: a closing fill makes one trade a lot that it closes."""
    _counted: set[str] = field(default_factory=set)
    _average_cost: Decimal = _ZERO
    """Of AVERAGE: cost of what is held."""

    def __post_init__(self) -> None:
        if self.costing not in ("FIFO", "AVERAGE"):
            raise PnlError(f"the costing is FIFO or AVERAGE, not {self.costing!r}")

    @property
    def quantity(self) -> int:
        """What is held; negative is short."""
        return sum(lot.quantity for lot in self.lots)

    @property
    def cost(self) -> Decimal:
        """What the holding cost, in INR; negative when short."""
        if self.costing == "AVERAGE":
            return self._average_cost
        return sum((EXACT.multiply(Decimal(lot.quantity), lot.price) for lot in self.lots), _ZERO)

    @property
    def average_price(self) -> Decimal | None:
        """Cost by quantity, in INR; None when nothing is held."""
        held = self.quantity
        return EXACT.divide(self.cost, Decimal(held)) if held else None

    def unrealised(self, price: Decimal | float | str) -> Decimal:
        """What closing at the price would bring, in INR."""
        return EXACT.subtract(EXACT.multiply(Decimal(self.quantity), to_money(price)), self.cost)

    def apply(self, fill: Fill) -> Decimal:
        """Counts a fill; what it realised, in INR, without charges.

        Raises:
            PnlError: a fill of another symbol.
        """
        if self.symbol and fill.symbol != self.symbol:
            raise PnlError(f"an account of {self.symbol} takes no fill of {fill.symbol}")
        if fill.execution_id in self._counted:
            return _ZERO
        self.symbol = fill.symbol
        self._counted.add(fill.execution_id)
        self.charges += fill.charges
        left, held, gained, matched = fill.signed_quantity, self.quantity, _ZERO, _ZERO
        entry = EXACT.divide(self._average_cost, Decimal(held)) if held and self.costing == "AVERAGE" else _ZERO
        closed = 0
        while left and self.lots and (self.lots[0].quantity > 0) != (left > 0):
            lot = self.lots[0]
            part = min(abs(lot.quantity), abs(left)) * (1 if lot.quantity > 0 else -1)
            matched += EXACT.multiply(Decimal(part), EXACT.subtract(fill.price, lot.price))
            self._record(lot, fill, abs(part))
            lot.quantity -= part
            left += part
            closed += part
            if not lot.quantity:
                self.lots.popleft()
        if closed:
            gained = matched
            if self.costing == "AVERAGE":
                cost = self._average_cost if closed == held else EXACT.multiply(Decimal(closed), entry)
                gained = EXACT.subtract(EXACT.multiply(Decimal(closed), fill.price), cost)
                self._average_cost = EXACT.subtract(self._average_cost, cost)
        if left:
            self.lots.append(Lot(left, fill.price, fill))
            self._average_cost = EXACT.add(self._average_cost, EXACT.multiply(Decimal(left), fill.price))
        self.realised = EXACT.add(self.realised, gained)
        return gained

    def _record(self, lot: Lot, fill: Fill, quantity: int) -> None:
        if self.costing == "AVERAGE":
            return
        self.trades.append(
            TradeRecord(
                trade_id=f"{lot.fill.execution_id}/{fill.execution_id}",
                trade_date=lot.fill.trade_date,
                symbol=fill.symbol,
                exchange=fill.exchange,
                strategy=lot.fill.strategy,
                side=lot.fill.side,
                quantity=quantity,
                entry_price=lot.price,
                entry_at=lot.fill.executed_at,
                exit_price=fill.price,
                exit_at=max(fill.executed_at, lot.fill.executed_at),
                entry_order_id=lot.fill.client_order_id,
                exit_order_id=fill.client_order_id,
            )
        )


def account_of(fills: Iterable[Fill], costing: Costing = "FIFO") -> PnlAccount:
    """The account of one symbol's fills, in the order given.

    >>> account_of([], "AVERAGE").quantity
    0
    """
    account = PnlAccount(costing)
    for fill in fills:
        account.apply(fill)
    return account


def realised_pnl(fills: Iterable[Fill], costing: Costing = "FIFO") -> Decimal:
    """What one symbol's fills realised, in INR, without charges.

    >>> realised_pnl([])
    Decimal('0')
    """
    return account_of(fills, costing).realised


def unrealised_pnl(fills: Iterable[Fill], price: Decimal | float | str, costing: Costing = "FIFO") -> Decimal:
    """What closing what one symbol's fills left open would bring at the price, in INR.

    >>> unrealised_pnl([], 100)
    Decimal('0')
    """
    return account_of(fills, costing).unrealised(price)


def match_trades(fills: Iterable[Fill]) -> list[TradeRecord]:
    """One symbol's fills as trades from entry to exit, first in first out; what is still open is in none.

    >>> match_trades([])
    []
    """
    return account_of(fills).trades


def trade_pnl(
    side: Side | str, quantity: int, entry_price: Decimal | float | str, exit_price: Decimal | float | str
) -> Decimal:
    """What a trade brings, in INR, without charges; `side` is that of the entry.

    >>> trade_pnl("SELL", 100, 3500, 3480.5)
    Decimal('1950.0')
    """
    return EXACT.multiply(
        Decimal(Side(side).sign * quantity), EXACT.subtract(to_money(exit_price), to_money(entry_price))
    )

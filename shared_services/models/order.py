"""An order and its life: every change gives a new `Order`, and what the exchange tells twice changes nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from .bar import with_day
from .base import Model, Schema
from .enums import OrderStatus as S
from .enums import OrderType, Product, Side, TimeInForce
from .errors import InvalidTransition, ModelError, Overfill
from .fields import DECIMALS, EXACT, Amount, Count, Day, Moment, Name, Price, Quantity, Symbol, Text, now, to_utc
from .fill import Fill
from .order_states import FINAL, OPEN, can_follow

_STEP = Decimal(1).scaleb(-DECIMALS)
_PENDING = frozenset({S.PENDING_UPDATE, S.PENDING_CANCEL})


class Order(Model):
    """An order as it stands. While it is open, `filled_quantity + leaves_quantity = quantity`.

    A row of the table is one state of an order: `sequence` counts them.

    >>> order = Order(client_order_id="O1", symbol="TCS", side="BUY", quantity=10, order_type="LIMIT", limit_price=3500)
    >>> order = order.submit().accept("N1")
    >>> fill = Fill(execution_id="E1", client_order_id="O1", symbol="TCS", side="BUY", quantity=4, price=3499.5,
    ...             executed_at="2026-01-02T09:30:00+05:30")
    >>> order = order.fill(fill).fill(fill)
    >>> order.status.value, order.filled_quantity, order.leaves_quantity, order.average_price
    ('PARTIALLY_FILLED', 4, 6, Decimal('3499.500000000'))
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="order",
        doc="An order in one of its states.",
        table="orders",
        record="order",
        namespace="trading.execution",
        ordering_key="client_order_id",
    )

    client_order_id: Name = Field(description="Ours; the same id is the same order, however often it is sent.")
    sequence: Count = Field(default=0, description="Which state of the order it is, from 0.")
    trade_date: Day = Field(description="The trading day, in India.")
    created_at: Moment = Field(default_factory=now)
    updated_at: Moment
    symbol: Symbol
    exchange: Name = "NSE"
    side: Side
    quantity: Quantity
    order_type: OrderType = OrderType.MARKET
    limit_price: Price | None = Field(default=None, description="INR; of LIMIT and SL orders.")
    trigger_price: Price | None = Field(default=None, description="INR; of SL and SL_M orders.")
    product: Product = Product.MIS
    time_in_force: TimeInForce = TimeInForce.DAY
    reduce_only: bool = Field(default=False, description="Whether it may only make a position smaller.")
    strategy: Name | None = None
    signal_id: Name | None = Field(default=None, description="The signal it came from.")
    decision_id: Name | None = Field(default=None, description="The risk decision that let it pass.")
    algo_id: Name | None = Field(default=None, description="The exchange's id of the algorithm.")
    status: S = S.INITIALIZED
    venue_order_id: Name | None = Field(default=None, description="The exchange's number of the order.")
    filled_quantity: Count = 0
    leaves_quantity: Count = Field(description="What is still to be filled; 0 once it is over.")
    filled_value: Amount = Field(default=Decimal(0), description="Sum of quantity by price over the fills, in INR.")
    average_price: Price | None = Field(default=None, description="INR, over the fills.")
    execution_ids: tuple[Name, ...] = Field(default=(), description="The fills that are counted.")
    triggered: bool = Field(default=False, description="Whether the stop was triggered.")
    reason: Text | None = Field(default=None, description="Why it was denied, rejected, canceled or not changed.")

    @model_validator(mode="before")
    @classmethod
    def _begun(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        values = dict(values)
        if values.get("created_at") is None:
            values["created_at"] = now()
        values.setdefault("updated_at", values["created_at"])
        values.setdefault("leaves_quantity", values.get("quantity"))
        return with_day(values, "created_at")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        limited = self.order_type in (OrderType.LIMIT, OrderType.SL)
        stopped = self.order_type in (OrderType.SL, OrderType.SL_M)
        if limited != (self.limit_price is not None):
            raise ValueError(f"{self.order_type}: a limit_price is given with LIMIT and SL, and only then")
        if stopped != (self.trigger_price is not None):
            raise ValueError(f"{self.order_type}: a trigger_price is given with SL and SL_M, and only then")
        limit, trigger = self.limit_price, self.trigger_price
        if limit is not None and trigger is not None and (limit - trigger) * self.side.sign < 0:
            raise ValueError("SL: a buy's limit is not below its trigger, a sell's not above it")
        expected = self.quantity - self.filled_quantity if self.status not in FINAL else 0
        if self.leaves_quantity != expected:
            raise ValueError(f"{self.status}: {self.leaves_quantity} left, and {expected} follows from what is filled")
        if self.filled_quantity > self.quantity or (self.status is S.FILLED) != (self.filled_quantity == self.quantity):
            raise ValueError(f"{self.status} with {self.filled_quantity} of {self.quantity} filled")
        if (self.filled_quantity > 0) != (self.average_price is not None):
            raise ValueError("an average price goes with fills, and only with them")
        return self

    @property
    def is_open(self) -> bool:
        """Whether the exchange may still execute it."""
        return self.status in OPEN

    @property
    def is_final(self) -> bool:
        """Whether nothing more is expected (a late fill may come all the same)."""
        return self.status in FINAL

    def deny(self, reason: str, at: datetime | None = None) -> Self:
        """Our own checks refuse it; it never leaves the house."""
        return self._to(S.DENIED, at, reason=reason)

    def submit(self, at: datetime | None = None) -> Self:
        """It is sent to the exchange."""
        return self._to(S.SUBMITTED, at)

    def reject(self, reason: str, at: datetime | None = None) -> Self:
        """The exchange refuses it."""
        return self._to(S.REJECTED, at, reason=reason)

    def accept(self, venue_order_id: str | None = None, at: datetime | None = None) -> Self:
        """The exchange has it. An acknowledgement that comes after fills, or twice, only brings the exchange's number;
        for a pending change or cancel it says that the exchange refused that."""
        number = venue_order_id or self.venue_order_id
        if self.status in _PENDING:
            return self._to(self._standing(), at, venue_order_id=number)
        if (self.status in OPEN and self.status is not S.SUBMITTED) or self.status in (S.FILLED, S.CANCELED, S.EXPIRED):
            return self if number == self.venue_order_id else self._changed(at, venue_order_id=number)
        return self._to(S.ACCEPTED, at, venue_order_id=number)

    def trigger(self, at: datetime | None = None) -> Self:
        """Its stop price was reached."""
        if self.trigger_price is None:
            raise InvalidTransition(f"{self.client_order_id} is a {self.order_type} order: it has no stop to trigger")
        if self.status in _PENDING:
            return self._changed(at, triggered=True)
        return self._to(S.TRIGGERED, at, triggered=True)

    def request_update(self, at: datetime | None = None) -> Self:
        """A change is asked for."""
        return self._to(S.PENDING_UPDATE, at)

    def update(
        self,
        quantity: int | None = None,
        limit_price: Decimal | float | None = None,
        trigger_price: Decimal | float | None = None,
        at: datetime | None = None,
    ) -> Self:
        """The exchange made the change. A quantity that is filled already ends the order.

        Raises:
            ModelError: less than is filled already.
        """
        if self.status is not S.PENDING_UPDATE:
            raise InvalidTransition(f"{self.client_order_id} is {self.status}: no change was asked for")
        wanted = self.quantity if quantity is None else quantity
        if wanted < self.filled_quantity:
            raise ModelError(f"{self.client_order_id}: {self.filled_quantity} are filled; it can't be made {wanted}")
        after = S.FILLED if wanted == self.filled_quantity else self._standing()
        return self._to(
            after,
            at,
            quantity=wanted,
            limit_price=self.limit_price if limit_price is None else limit_price,
            trigger_price=self.trigger_price if trigger_price is None else trigger_price,
        )

    def request_cancel(self, at: datetime | None = None) -> Self:
        """A cancel is asked for."""
        return self._to(S.PENDING_CANCEL, at)

    def refuse(self, reason: str, at: datetime | None = None) -> Self:
        """The exchange refuses the change or the cancel: the order stands as before."""
        if self.status not in _PENDING:
            raise InvalidTransition(f"{self.client_order_id} is {self.status}: nothing was asked that could be refused")
        return self._to(self._standing(), at, reason=reason)

    def cancel(self, reason: str | None = None, at: datetime | None = None) -> Self:
        """It is canceled; what is filled stays."""
        return self._to(S.CANCELED, at, reason=reason)

    def expire(self, at: datetime | None = None) -> Self:
        """Its time is over."""
        return self._to(S.EXPIRED, at)

    def fill(self, fill: Fill, at: datetime | None = None) -> Self:
        """It is executed, in part or in full; an execution id that is counted already changes nothing.

        A part that comes late, after a cancel, is counted and leaves the order CANCELED; a part that comes while a
        change or a cancel is pending leaves that pending.

        Raises:
            Overfill: more than the order has left.
            InvalidTransition: an order that was never sent, or was refused.
            ModelError: a fill of another order.
        """
        if (fill.client_order_id, fill.symbol, fill.side) != (self.client_order_id, self.symbol, self.side):
            raise ModelError(f"{fill.execution_id} is no fill of {self.client_order_id}")
        if fill.execution_id in self.execution_ids:
            return self
        filled = self.filled_quantity + fill.quantity
        late = self.status in (S.CANCELED, S.EXPIRED)
        if self.status not in OPEN and not late:
            raise (Overfill if self.status is S.FILLED else InvalidTransition)(
                f"{self.client_order_id} is {self.status}: {fill.execution_id} can't fill it"
            )
        if filled > self.quantity:
            raise Overfill(
                f"{self.client_order_id}: {fill.execution_id} fills {fill.quantity}, and "
                f"{self.quantity - self.filled_quantity} of {self.quantity} are left"
            )
        value = EXACT.add(self.filled_value, fill.value)
        counted: dict[str, Any] = {
            "filled_quantity": filled,
            "filled_value": value,
            "average_price": EXACT.divide(value, Decimal(filled)).quantize(_STEP, ROUND_HALF_EVEN, EXACT),
            "execution_ids": (*self.execution_ids, fill.execution_id),
            "venue_order_id": self.venue_order_id or fill.venue_order_id,
        }
        status = self.status
        if filled == self.quantity:
            status = S.FILLED
        elif not late and status not in _PENDING:
            status = S.PARTIALLY_FILLED
        if status is not self.status and not can_follow(self.status, status):
            raise InvalidTransition(f"{self.client_order_id} is {self.status}: it can't become {status}")
        counted |= {
            "status": status,
            "sequence": self.sequence + 1,
            "updated_at": max(fill.executed_at, self.updated_at) if at is None else to_utc(at),
            "leaves_quantity": 0 if status in FINAL else self.quantity - filled,
        }
        return self.model_copy(update=counted)  # all of it is checked already, and fills come by the thousand

    def _standing(self) -> S:
        """Where it stands but for what is pending."""
        if self.filled_quantity:
            return S.PARTIALLY_FILLED
        return S.TRIGGERED if self.triggered else S.ACCEPTED

    def _to(self, status: S, at: datetime | None, **values: Any) -> Self:
        if not can_follow(self.status, status):
            raise InvalidTransition(f"{self.client_order_id} is {self.status}: it can't become {status}")
        return self._changed(at, status=status, **values)

    def _changed(self, at: datetime | None, **values: Any) -> Self:
        now_is = {name: getattr(self, name) for name in type(self).model_fields}
        now_is |= {name: value for name, value in values.items() if value is not None}
        now_is |= {"sequence": self.sequence + 1, "updated_at": at or max(now(), self.updated_at)}
        left = 0 if now_is["status"] in FINAL else now_is["quantity"] - now_is["filled_quantity"]
        return type(self)(**now_is | {"leaves_quantity": left})

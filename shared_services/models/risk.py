"""What the risk checks decided, and who did what."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from .bar import with_day
from .base import Model, Schema
from .enums import Decision, Side, TradingState
from .fields import Count, Day, Moment, Name, Price, Quantity, Symbol, Text, now


class RiskDecision(Model):
    """Whether an order may go out, and by which of the limits not.

    >>> RiskDecision(decision_id="D1", client_order_id="O1", symbol="TCS", side="BUY", quantity=10, decision="DENIED",
    ...              reason_codes=("PRICE_BAND",)).allowed_quantity
    0
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="risk_decision",
        doc="What the risk checks said of an order.",
        table="risk_decisions",
        record="risk_decision",
        namespace="trading.risk",
        ordering_key="client_order_id",
    )

    decision_id: Name
    trade_date: Day = Field(description="The trading day, in India.")
    decided_at: Moment = Field(default_factory=now)
    client_order_id: Name
    signal_id: Name | None = Field(default=None, description="The signal the order came from.")
    strategy: Name | None = None
    symbol: Symbol
    side: Side
    quantity: Quantity = Field(description="What was asked for.")
    price: Price | None = Field(default=None, description="What it was checked at, in INR.")
    decision: Decision
    allowed_quantity: Count = Field(description="What may go out; 0 when denied.")
    reason_codes: tuple[Name, ...] = Field(default=(), description="One a check that failed.")
    trading_state: TradingState = TradingState.ACTIVE
    limits_version: Name | None = Field(default=None, description="Version of the limits that it was checked by.")
    limits: dict[str, Any] | None = Field(default=None, description="The limits that counted, and how much was used.")
    correlation_id: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _allowed(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        values = dict(values)
        if values.get("decided_at") is None:
            values["decided_at"] = now()
        if values.get("allowed_quantity") is None and values.get("decision") in ("APPROVED", "DENIED"):
            values["allowed_quantity"] = 0 if values["decision"] == "DENIED" else values.get("quantity")
        return with_day(values, "decided_at")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        expected = {
            Decision.APPROVED: self.allowed_quantity == self.quantity,
            Decision.REDUCED: 0 < self.allowed_quantity < self.quantity,
            Decision.DENIED: self.allowed_quantity == 0,
        }
        if not expected[self.decision]:
            raise ValueError(f"{self.decision} with {self.allowed_quantity} of {self.quantity} allowed")
        if self.decision is not Decision.APPROVED and not self.reason_codes:
            raise ValueError(f"{self.decision} needs a reason code")
        return self


class AuditEvent(Model):
    """Who did what, chained by hashes: an event changed or left out shows.

    >>> first = AuditEvent(event_id="A1", actor="risk-manager", action="halt", subject="NSE", outcome="done")
    >>> second = AuditEvent(event_id="A2", actor="operator", action="arm", subject="NSE", outcome="done",
    ...                     previous_hash=first.digest())
    >>> second.follows(first)
    True
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="audit_event",
        doc="Who did what.",
        table="audit_events",
        record="audit_event",
        namespace="trading.risk",
    )

    event_id: Name
    trade_date: Day = Field(description="The day, in India.")
    occurred_at: Moment = Field(default_factory=now)
    actor: Name = Field(description="A person or a service account.")
    action: Name
    subject: Name = Field(description="What it was done to.")
    outcome: Name
    reason: Text | None = None
    client_order_id: Name | None = None
    signal_id: Name | None = None
    details: dict[str, Any] | None = None
    correlation_id: Name | None = None
    previous_hash: Name | None = Field(default=None, description="SHA-256 of the event before, in hex.")

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        if values.get("occurred_at") is None:
            values = {**values, "occurred_at": now()}
        return with_day(values, "occurred_at")

    def digest(self) -> str:
        """SHA-256, in hex, over the event as canonical JSON."""
        values = json.loads(self.model_dump_json())
        return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def follows(self, event: AuditEvent) -> bool:
        """Whether this event was written after that one, and that one is as it was."""
        return self.previous_hash == event.digest()

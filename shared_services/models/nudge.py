"""What the behavioural engine tells a trader."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, model_validator

from .bar import with_day
from .base import Model, Schema
from .enums import NudgeKind, Severity
from .fields import Day, Moment, Name, Symbol, Text, now


class Nudge(Model):
    """A hint that a trader's own habits gave reason for.

    >>> Nudge(nudge_id="N1", trader="asha", kind="REVENGE_TRADING", message="Three orders soon after a loss").severity
    <Severity.INFO: 'INFO'>
    """

    SCHEMA: ClassVar[Schema] = Schema(
        name="nudge",
        doc="What the behavioural engine tells a trader.",
        table="nudges",
        record="nudge",
        namespace="trading.risk",
        ordering_key="trader",
    )

    nudge_id: Name
    trade_date: Day = Field(description="The trading day, in India.")
    created_at: Moment = Field(default_factory=now)
    trader: Name
    kind: NudgeKind
    severity: Severity = Severity.INFO
    message: Text
    symbol: Symbol | None = None
    strategy: Name | None = None
    client_order_id: Name | None = Field(default=None, description="The order that gave reason for it.")
    evidence: dict[str, Any] | None = Field(default=None, description="The numbers behind it.")
    acknowledged_at: Moment | None = Field(default=None, description="When the trader saw it.")

    @model_validator(mode="before")
    @classmethod
    def _dated(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        if values.get("created_at") is None:
            values = {**values, "created_at": now()}
        return with_day(values, "created_at")

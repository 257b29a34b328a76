"""`config/risk.yaml`: limits before a trade, measures after it, and the kill switch."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from shared_services.yaml.said import FieldError

from ..model import ConfigModel, Count, Fraction, Positive, Rupees, Seconds


class Limits(ConfigModel):
    """What no order may exceed. Fractions are of the capital in trading.yaml."""

    order_value: Rupees
    daily_turnover: Rupees
    position: Fraction = Decimal("0.05")
    sector: Fraction = Decimal("0.25")
    strategy: Fraction = Decimal("0.40")
    gross_exposure: Fraction = Decimal("1")
    net_exposure: Fraction = Decimal("1")
    orders_per_minute: Positive = 120
    price_band: Fraction = Decimal("0.03")
    """How far from the last price a limit may stand."""
    stale_price_seconds: Seconds = 5
    duplicate_window_seconds: Seconds = 60


class Loss(ConfigModel):
    """When trading is reduced, and when it stops."""

    daily_reduce: Fraction = Decimal("0.01")
    daily_halt: Fraction = Decimal("0.02")
    drawdown_halt: Fraction = Decimal("0.10")
    cool_down_minutes: Count = 30

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.daily_reduce > self.daily_halt:
            raise FieldError(f"daily_reduce is at most daily_halt ({self.daily_halt})", "daily_reduce")
        return self


class ValueAtRisk(ConfigModel):
    """How value at risk is computed."""

    method: Literal["historical", "parametric", "monte_carlo"] = "historical"
    confidence: tuple[Fraction, ...] = (Decimal("0.95"), Decimal("0.99"))
    horizon_days: Positive = 1
    window_days: int = Field(default=250, ge=30, le=2500)
    limit: Fraction = Decimal("0.03")


class KillSwitch(ConfigModel):
    """What the kill switch does. It is re-armed by hand only."""

    cancel_open_orders: bool = True
    flatten_positions: bool = False
    topic: str = "alerts"


class RiskConfig(ConfigModel):
    """Limits, measures and the kill switch. Without an answer from risk nothing is traded."""

    limits: Limits
    loss: Loss = Loss()
    value_at_risk: ValueAtRisk = ValueAtRisk()
    kill_switch: KillSwitch = KillSwitch()
    check_timeout_ms: Positive = 50
    """A check that takes longer denies the order."""

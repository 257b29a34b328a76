"""execution-router and portfolio-manager."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..model import Positive, Seconds
from .base import BaseServiceConfig


class ExecutionRouterConfig(BaseServiceConfig):
    """Routes orders to the exchange: none lost, none sent twice."""

    SERVICE_NAME: str = "execution-router"
    BROKER: str = "paper"
    ORDERS_PER_SECOND: int = Field(default=9, ge=1, le=9)
    RISK_TIMEOUT_SECONDS: Seconds = 0.5
    ACKNOWLEDGE_SECONDS: Seconds = 5
    """After this without an answer the order is looked up, never sent again."""
    SLICE_ABOVE_QUANTITY: Positive = 10_000


class PortfolioManagerConfig(BaseServiceConfig):
    """Positions and profit and loss."""

    SERVICE_NAME: str = "portfolio-manager"
    COST_METHOD: Literal["fifo", "average"] = "fifo"
    MARK_SECONDS: Seconds = 5
    SNAPSHOT_SECONDS: Seconds = 60
    SETTLEMENT_DAYS: int = Field(default=1, ge=0, le=3)

"""risk-manager and ai-behavioral-nudge-engine."""

from __future__ import annotations

from ..model import Days, Positive, Seconds
from .base import BaseServiceConfig


class RiskManagerConfig(BaseServiceConfig):
    """Checks before a trade, limits, VaR and the kill switch."""

    SERVICE_NAME: str = "risk-manager"
    CHECK_TIMEOUT_MS: Positive = 50
    RECONCILE_SECONDS: Seconds = 60
    VAR_REFRESH_SECONDS: Seconds = 300
    FAIL_CLOSED: bool = True
    """Without positions or prices every order is denied."""


class NudgeEngineConfig(BaseServiceConfig):
    """Nudges from a trader's own behaviour."""

    SERVICE_NAME: str = "ai-behavioral-nudge-engine"
    LOOKBACK_DAYS: Days = 90
    NUDGES_PER_DAY: Positive = 5
    MINIMUM_TRADES: Positive = 20
    """Below this many trades nothing is said: chance looks like a habit."""

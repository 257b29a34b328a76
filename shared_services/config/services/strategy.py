"""strategy-engine."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from ..model import Fraction, Positive, Seconds
from .base import BaseServiceConfig


class StrategyEngineConfig(BaseServiceConfig):
    """Runs every strategy over every symbol."""

    SERVICE_NAME: str = "strategy-engine"
    THREADS: int = Field(default=2, ge=1, le=64)
    SECONDS_PER_SYMBOL: Seconds = 0.2
    MINIMUM_COMPLETION: Fraction = Decimal("0.998")
    CHUNK_SYMBOLS: Positive = 50
    WRITE_BATCH_ROWS: Positive = 10_000

"""market-data-ingestion and market-connector."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from ..model import Fraction, Positive, Seconds
from ..secret import Secret
from .base import BaseServiceConfig


class MarketDataIngestionConfig(BaseServiceConfig):
    """Takes bars and ticks in, validates, stores and publishes them."""

    SERVICE_NAME: str = "market-data-ingestion"
    SERVICE_PORT: int = Field(default=8001, ge=1, le=65535)
    DATA_REFRESH_INTERVAL_MINUTES: Positive = 15
    BATCH_ROWS: Positive = 5000
    VALIDATION_MINIMUM_COMPLETENESS: Fraction = Decimal("0.995")
    ALPHA_VANTAGE_API_KEY: Secret | None = None
    POLYGON_API_KEY: Secret | None = None


class MarketConnectorConfig(BaseServiceConfig):
    """Holds the connection to the exchange's feed."""

    SERVICE_NAME: str = "market-connector"
    FEED: str = "generated"
    FEED_MODE: Literal["ltp", "quote", "full"] = "full"
    MAXIMUM_SUBSCRIPTIONS: int = Field(default=3000, ge=1, le=3000)
    RECONNECT_SECONDS: Seconds = 1
    RECONNECT_LONGEST_SECONDS: Seconds = 30
    TICK_BUFFER: Positive = 100_000

"""`config/market_data.yaml`: which data is taken in, and what makes it good."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from ..model import ConfigModel, Fraction, Positive, Seconds, Url

Interval = Literal["tick", "1m", "5m", "15m", "1h", "1d"]


class Feed(ConfigModel):
    """Where data comes from; feeds are tried in order of priority."""

    kind: Literal["websocket", "rest", "file", "generated"]
    url: Url | None = None
    priority: int = Field(default=100, ge=1, le=1000)
    intervals: tuple[Interval, ...] = ("1d",)
    reconnect_seconds: Seconds = 1
    heartbeat_seconds: Seconds = 10


class Quality(ConfigModel):
    """What a bar has to satisfy; what doesn't is put aside, with the reason."""

    maximum_move: Fraction = Decimal("0.20")
    """Between two closes, corporate actions aside."""
    maximum_gap_bars: Positive = 3
    minimum_completeness: Fraction = Decimal("0.995")
    reject_zero_volume: bool = False
    late_after_seconds: Seconds = 30


class MarketDataConfig(ConfigModel):
    """Which data is taken in, and what makes it good."""

    feeds: dict[str, Feed]
    quality: Quality = Quality()
    batch_rows: Positive = 5000
    flush_seconds: Seconds = 2
    keep_ticks_days: Positive = 30
    history_start_year: int = Field(default=2019, ge=1994, le=2100)

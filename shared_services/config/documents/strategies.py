"""`config/strategies.yaml`: the four strategies and their parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared_services.yaml.said import FieldError

from ..model import ConfigModel, Fraction, Positive, Seconds

Lookback = Annotated[int, Field(ge=2, le=1000, description="Bars.")]


class Strategy(ConfigModel):
    """What every strategy has."""

    enabled: bool = True
    weight: Fraction
    """Its part of the capital."""
    stop_loss: Fraction = Decimal("0.03")
    take_profit: Fraction = Decimal("0.06")


class Momentum(Strategy):
    """Buys what has risen: two moving averages."""

    fast: Lookback = 20
    slow: Lookback = 50

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.fast >= self.slow:
            raise FieldError(f"fast is less than slow ({self.slow})", "fast")
        return self


class MeanReversion(Strategy):
    """Buys what has fallen too far: RSI by Wilder's smoothing."""

    lookback: Lookback = 14
    oversold: int = Field(default=30, ge=1, le=49)
    overbought: int = Field(default=70, ge=51, le=99)


class Breakout(Strategy):
    """Buys what leaves its range: Bollinger bands and volume."""

    lookback: Lookback = 20
    deviations: Decimal = Field(default=Decimal(2), gt=0, le=5)
    volume_ratio: Decimal = Field(default=Decimal("1.5"), ge=1, le=20)


class Pairs(Strategy):
    """Trades the spread of two that move together."""

    lookback: Lookback = 60
    entry_z: Decimal = Field(default=Decimal(2), gt=0, le=6)
    exit_z: Decimal = Field(default=Decimal("0.5"), ge=0, le=6)
    maximum_pairs: Positive = 20


class Run(ConfigModel):
    """How a run over all symbols goes."""

    symbols: Positive = 250
    history_bars: Lookback = 500
    seconds_per_symbol: Seconds = 0.2
    minimum_completion: Fraction = Decimal("0.998")
    minimum_strength: Fraction = Decimal("0.5")


class StrategiesConfig(ConfigModel):
    """The strategies. Their weights are together at most one."""

    momentum: Momentum
    mean_reversion: MeanReversion
    breakout: Breakout
    pairs: Pairs
    run: Run = Run()
    bar_interval: Literal["1d", "1h", "15m", "5m", "1m"] = "1d"

    @model_validator(mode="after")
    def _weights(self) -> Self:
        parts = (self.momentum, self.mean_reversion, self.breakout, self.pairs)
        total = sum((part.weight for part in parts if part.enabled), Decimal(0))
        if total > 1:
            raise ValueError(f"the weights of the enabled strategies are together at most 1, not {total}")
        return self

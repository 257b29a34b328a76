"""Volatility and the loss that is seldom passed. A loss is a positive number: 0.02 is two percent of the value.

Sources: J.P. Morgan, RiskMetrics (1996); Rockafellar and Uryasev (2000) for the conditional value at risk; Kupiec
(1995) for the backtest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from .series import TRADING_DAYS, Floats, Series, SeriesError, floats, same_length, spread

Method = Literal["historical", "parametric"]
_NORMAL = NormalDist()
_KUPIEC_5_PERCENT = 3.841458820694124
"""The 95 % quantile of chi-squared with one degree of freedom."""


def volatility(returns: Series, periods: int = TRADING_DAYS) -> float:
    """std(ddof=1) · √periods.

    Raises:
        SeriesError: fewer than two returns, or NaN among them.

    >>> round(volatility([0.01, -0.005, 0.007, 0.002]), 4)
    0.1041
    """
    return spread(floats(returns, 2)) * math.sqrt(periods)


def ewma_volatility(returns: Series, decay: float = 0.94, periods: int = TRADING_DAYS) -> float:
    """Volatility that forgets: v[t] = decay · v[t-1] + (1 - decay) · r[t]², begun with the first r² (RiskMetrics).

    >>> round(ewma_volatility([0.01, -0.005, 0.007, 0.002]), 4)
    0.1484
    """
    if not 0 < decay < 1:
        raise SeriesError(f"the decay is between 0 and 1, not {decay}")
    squares = floats(returns) ** 2
    weights = decay ** np.arange(squares.size - 1, -1, -1)
    weights[1:] *= 1 - decay
    return math.sqrt(float(weights @ squares) * periods)


def value_at_risk(returns: Series, confidence: float = 0.95, method: Method = "historical", horizon: int = 1) -> float:
    """The loss that is not passed in `confidence` of the periods. Negative when even that is a gain.

    `historical` takes the quantile of what was (interpolated linearly), `parametric` that of a normal distribution.
    Over a horizon of more periods the first is scaled by √horizon, the second by its mean and √horizon.

    Raises:
        SeriesError: fewer than two returns, NaN among them, or a confidence that is not between 0.5 and 1.

    >>> round(value_at_risk([0.01, -0.02, 0.005, -0.01, 0.002], 0.95), 4)
    0.018
    """
    array, tail = floats(returns, 2), _tail(confidence, horizon)
    if method == "historical":
        return -_quantile(array, tail) * math.sqrt(horizon)
    mean, deviation = _normal(array, horizon)
    return -(mean + _NORMAL.inv_cdf(tail) * deviation)


def conditional_value_at_risk(
    returns: Series, confidence: float = 0.95, method: Method = "historical", horizon: int = 1
) -> float:
    """The average loss in the periods that are worse than the value at risk (expected shortfall).

    `historical` averages the worst 1 + int((n-1) · (1-confidence)) returns; `parametric` takes a normal distribution.

    >>> round(conditional_value_at_risk([0.01, -0.02, 0.005, -0.01, 0.002], 0.95), 4)
    0.02
    """
    array, tail = floats(returns, 2), _tail(confidence, horizon)
    if method == "historical":
        worst = int((array.size - 1) * tail + 1e-12)
        return -float(np.partition(array, worst)[: worst + 1].mean()) * math.sqrt(horizon)
    mean, deviation = _normal(array, horizon)
    return -(mean - deviation * _NORMAL.pdf(_NORMAL.inv_cdf(tail)) / tail)


@dataclass(frozen=True, slots=True)
class VarBacktest:
    """How often losses passed the value at risk that was forecast for them."""

    periods: int
    breaches: int
    expected: float
    statistic: float
    """Kupiec's likelihood ratio: chi-squared with one degree of freedom when the forecast is right."""

    @property
    def accepted(self) -> bool:
        """Whether the forecast stands at the 5 % level."""
        return self.statistic <= _KUPIEC_5_PERCENT


def backtest_value_at_risk(returns: Series, forecasts: Series, confidence: float = 0.95) -> VarBacktest:
    """Counts the periods whose loss passed the forecast, and tests the count (Kupiec's proportion of failures).

    Raises:
        SeriesError: as `value_at_risk`, or not as many forecasts as returns.

    >>> backtest_value_at_risk([-0.03] * 5 + [0.01] * 95, [0.02] * 100).accepted
    True
    """
    array, losses = floats(returns), floats(forecasts, what="forecasts")
    same_length(array, losses, "forecasts")
    tail = _tail(confidence, 1)
    count, breaches = array.size, int(np.count_nonzero(-array > losses))
    kept = count - breaches
    part = breaches / count
    expected = kept * math.log1p(-tail) + breaches * math.log(tail)
    seen = (kept * math.log1p(-part) if kept else 0.0) + (breaches * math.log(part) if breaches else 0.0)
    return VarBacktest(count, breaches, count * tail, max(0.0, -2 * (expected - seen)))


def _tail(confidence: float, horizon: int) -> float:
    if not 0.5 < confidence < 1:
        raise SeriesError(f"the confidence is between 0.5 and 1, such as 0.95, not {confidence}")
    if horizon < 1:
        raise SeriesError(f"the horizon is one period or more, not {horizon}")
    return 1 - confidence


def _quantile(array: Floats, part: float) -> float:
    """Interpolated linearly, as numpy's default: its own takes ten times as long over a year's returns."""
    place = (array.size - 1) * part
    below = min(int(place), array.size - 2)
    low, high = np.partition(array, (below, below + 1))[below : below + 2].tolist()
    return float(low + (high - low) * (place - below))


def _normal(array: Floats, horizon: int) -> tuple[float, float]:
    return float(array.mean()) * horizon, spread(array) * math.sqrt(horizon)

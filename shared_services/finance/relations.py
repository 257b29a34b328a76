"""How returns go together: with a benchmark, and in a portfolio. NaN where something does not vary."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .series import TRADING_DAYS, Floats, Series, SeriesError, floats, same_length, spread


def beta(returns: Series, benchmark: Series) -> float:
    """cov(returns, benchmark) / var(benchmark): how much a move of the market moves it (Sharpe 1964).

    >>> round(beta([0.02, -0.01, 0.03], [0.01, -0.005, 0.015]), 4)
    2.0
    """
    return _slope(*_pair(returns, benchmark))


def alpha(returns: Series, benchmark: Series, risk_free_rate: float = 0.0, periods: int = TRADING_DAYS) -> float:
    """What is left a year once the market's part is taken out: (1 + mean(r - rf - beta · (b - rf)))^periods - 1
    (Jensen 1968).

    >>> round(alpha([0.021, -0.009, 0.031], [0.01, -0.005, 0.015]), 4)
    0.2864
    """
    array, other = _pair(returns, benchmark)
    free = (1 + risk_free_rate) ** (1 / periods) - 1
    left = _mean(array) - free - _slope(array, other) * (_mean(other) - free)
    return (1 + left) ** periods - 1 if left > -1 else -1.0


def correlation(first: Series, second: Series) -> float:
    """Pearson's, -1 to 1.

    >>> round(correlation([0.02, -0.01, 0.03], [0.01, -0.005, 0.015]), 4)
    1.0
    """
    array, other = _pair(first, second)
    if not spread(array) or not spread(other):
        return math.nan
    a, b = array - _mean(array), other - _mean(other)
    return max(-1.0, min(1.0, float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))))


def tracking_error(returns: Series, benchmark: Series, periods: int = TRADING_DAYS) -> float:
    """Volatility of the difference from the benchmark, a year.

    >>> round(tracking_error([0.01, -0.005, 0.007], [0.008, -0.004, 0.003]), 4)
    0.0399
    """
    array, other = _pair(returns, benchmark)
    return spread(array - other) * math.sqrt(periods)


def covariance_matrix(returns: Sequence[Series], periods: int = TRADING_DAYS) -> Floats:
    """Covariances (ddof=1) of several series, a year; a row a series.

    >>> covariance_matrix([[0.02, -0.01], [0.01, -0.005]], periods=1).round(6).tolist()
    [[0.00045, 0.000225], [0.000225, 0.000112]]
    """
    rows = [floats(each, 2) for each in returns]
    if not rows or any(row.size != rows[0].size for row in rows):
        raise SeriesError("the series must be of the same days, and one at least")
    table = np.vstack(rows)
    table -= table.mean(axis=1, keepdims=True)
    return np.asarray(table @ table.T * (periods / (table.shape[1] - 1)), np.float64)


def portfolio_volatility(weights: Series, covariance: Sequence[Series] | Floats) -> float:
    """√(w' C w), of weights and their covariance matrix (Markowitz 1952).

    >>> round(portfolio_volatility([0.5, 0.5], [[0.04, 0.0], [0.0, 0.09]]), 4)
    0.1803
    """
    vector = floats(weights, what="weights")
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.shape != (vector.size, vector.size) or not np.isfinite(matrix).all():
        raise SeriesError(f"{vector.size} weights need a finite covariance matrix of {vector.size} by {vector.size}")
    return math.sqrt(max(0.0, float(vector @ matrix @ vector)))


def _mean(array: Floats) -> float:
    return float(array.sum()) / array.size


def _slope(array: Floats, other: Floats) -> float:
    if not spread(other):
        return math.nan
    centred = other - _mean(other)
    return float(centred @ array) / float(centred @ centred)


def _pair(first: Series, second: Series) -> tuple[Floats, Floats]:
    array, other = floats(first, 2), floats(second, 2, "benchmark returns")
    same_length(array, other)
    return array, other

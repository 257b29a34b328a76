"""Returns of prices, and what they compound to. A return of 0.01 is one percent."""

from __future__ import annotations

import math

import numpy as np

from .series import TRADING_DAYS, Floats, Series, SeriesError, floats, growths


def simple_returns(prices: Series) -> Floats:
    """p[t] / p[t-1] - 1, one fewer than the prices.

    Raises:
        SeriesError: fewer than two, or not all finite and above zero.

    >>> simple_returns([100, 110, 99]).round(4).tolist()
    [0.1, -0.1]
    """
    array = _prices(prices)
    return array[1:] / array[:-1] - 1


def log_returns(prices: Series) -> Floats:
    """ln(p[t] / p[t-1]): they add up over time, where simple returns multiply.

    Raises:
        SeriesError: fewer than two, or not all finite and above zero.

    >>> log_returns([100, 110, 99]).round(4).tolist()
    [0.0953, -0.1054]
    """
    return np.diff(np.log(_prices(prices)))


def cumulative_returns(returns: Series) -> Floats:
    """What was gained until then: (1+r1)(1+r2)… - 1, for each period.

    >>> cumulative_returns([0.1, -0.1]).round(4).tolist()
    [0.1, -0.01]
    """
    return np.asarray(np.cumprod(growths(returns)) - 1, np.float64)


def total_return(returns: Series) -> float:
    """What was gained over all periods.

    >>> round(total_return([0.1, -0.1]), 4)
    -0.01
    """
    return float(np.prod(growths(returns))) - 1


def annualised_return(returns: Series, periods: int = TRADING_DAYS) -> float:
    """Compound growth a year: (1 + total)^(periods / n) - 1.

    >>> round(annualised_return([0.001] * 252), 4)
    0.2864
    """
    growth = growths(returns)
    return math.pow(float(np.prod(growth)), periods / growth.size) - 1


def equity_curve(returns: Series, start: float = 1.0) -> Floats:
    """What `start` becomes: the start, and the value after each period.

    >>> equity_curve([0.1, -0.1], 100).round(2).tolist()
    [100.0, 110.0, 99.0]
    """
    return start * np.concatenate(([1.0], np.cumprod(growths(returns))))


def excess_returns(returns: Series, risk_free_rate: float = 0.0, periods: int = TRADING_DAYS) -> Floats:
    """Returns above the risk-free ones: the annual rate is (1 + rate)^(1/periods) - 1 a period.

    >>> excess_returns([0.001], 0.065).round(6).tolist()
    [0.00075]
    """
    each: float = (1 + risk_free_rate) ** (1 / periods) - 1
    return floats(returns) - each


def _prices(prices: Series) -> Floats:
    array = floats(prices, 2, "prices")
    if (array <= 0).any():
        raise SeriesError("prices must be above zero")
    return array

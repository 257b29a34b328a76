"""Return for risk. `risk_free_rate` is annual; `periods` is how many returns there are a year.

What is undefined, since the returns don't vary or never fell, is NaN.
"""

from __future__ import annotations

import math

import numpy as np

from .drawdown import max_drawdown
from .returns import annualised_return, excess_returns
from .series import TRADING_DAYS, Series, floats, same_length, spread


def sharpe_ratio(returns: Series, risk_free_rate: float = 0.0, periods: int = TRADING_DAYS) -> float:
    """mean / std(ddof=1) · √periods, of the excess returns (Sharpe 1994).

    Raises:
        SeriesError: fewer than two returns, or NaN among them.

    >>> round(sharpe_ratio([0.01, -0.005, 0.007, 0.002]), 4)
    8.4729
    """
    excess = excess_returns(floats(returns, 2), risk_free_rate, periods)
    deviation = spread(excess)
    return float(excess.mean()) / deviation * math.sqrt(periods) if deviation else math.nan


def downside_deviation(returns: Series, target: float = 0.0, periods: int = TRADING_DAYS) -> float:
    """√(mean(min(r - target, 0)²)) · √periods, over all returns; `target` is a period's (Sortino, Price 1994).

    >>> round(downside_deviation([0.01, -0.005, 0.007, 0.002]), 4)
    0.0397
    """
    below = np.minimum(floats(returns) - target, 0)
    return math.sqrt(float(np.mean(below * below)) * periods)


def sortino_ratio(returns: Series, target: float = 0.0, periods: int = TRADING_DAYS) -> float:
    """Annual mean above the target, by the downside deviation; `target` is a period's (Sortino, Price 1994).

    >>> round(sortino_ratio([0.01, -0.005, 0.007, 0.002]), 4)
    22.2243
    """
    array = floats(returns)
    deviation = downside_deviation(array, target, periods)
    return (float(array.mean()) - target) * periods / deviation if deviation else math.nan


def calmar_ratio(returns: Series, periods: int = TRADING_DAYS) -> float:
    """Annualised return by the worst drawdown (Young 1991).

    >>> round(calmar_ratio([0.01, -0.02, 0.015, 0.002]), 2)
    25.94
    """
    worst = max_drawdown(returns)
    return annualised_return(returns, periods) / -worst if worst else math.nan


def omega_ratio(returns: Series, target: float = 0.0) -> float:
    """Gains above the target by losses below it (Keating, Shadwick 2002).

    >>> round(omega_ratio([0.01, -0.005, 0.007, 0.002]), 2)
    3.8
    """
    above = floats(returns) - target
    losses = -float(above[above < 0].sum())
    return float(above[above > 0].sum()) / losses if losses else math.nan


def information_ratio(returns: Series, benchmark: Series, periods: int = TRADING_DAYS) -> float:
    """mean / std(ddof=1) · √periods, of the returns above the benchmark's (Goodwin 1998).

    >>> round(information_ratio([0.01, -0.005, 0.007], [0.008, -0.004, 0.003]), 2)
    10.51
    """
    array, other = floats(returns, 2), floats(benchmark, 2, "benchmark returns")
    same_length(array, other)
    deviation = spread(array - other)
    return float((array - other).mean()) / deviation * math.sqrt(periods) if deviation else math.nan


def win_rate(returns: Series) -> float:
    """The part of the periods that gained, 0 to 1; one without gain or loss is left out. NaN when all are.

    >>> win_rate([0.01, -0.005, 0.007, 0])
    0.6666666666666666
    """
    array = floats(returns)
    moved = int(np.count_nonzero(array))
    return int(np.count_nonzero(array > 0)) / moved if moved else math.nan


def profit_factor(profits: Series) -> float:
    """What was won by what was lost, of returns or of amounts; NaN when nothing was lost.

    >>> profit_factor([300, -100, 200, -150])
    2.0
    """
    array = floats(profits)
    lost = -float(array[array < 0].sum())
    return float(array[array > 0].sum()) / lost if lost else math.nan


def payoff_ratio(profits: Series) -> float:
    """The average win by the average loss; NaN when there is no loss or no win.

    >>> payoff_ratio([300, -100, 200, -150])
    2.0
    """
    array = floats(profits)
    won, lost = array[array > 0], array[array < 0]
    return float(won.mean()) / -float(lost.mean()) if won.size and lost.size else math.nan

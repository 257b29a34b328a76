"""Falls from a peak. A drawdown is 0 or negative: -0.2 is a fifth below the highest value so far, the start
included.
"""

from __future__ import annotations

import numpy as np

from .returns import equity_curve
from .series import Floats, Series


def drawdowns(returns: Series) -> Floats:
    """How far below the peak, after each period.

    >>> drawdowns([0.1, -0.1, 0.2]).round(4).tolist()
    [0.0, -0.1, 0.0]
    """
    curve = equity_curve(returns)
    return (curve / np.maximum.accumulate(curve) - 1)[1:]


def max_drawdown(returns: Series) -> float:
    """The worst of `drawdowns`; 0 when it never fell.

    >>> round(max_drawdown([0.1, -0.1, -0.1, 0.5]), 4)
    -0.19
    """
    return float(drawdowns(returns).min())


def max_drawdown_duration(returns: Series) -> int:
    """The most periods in a row below an earlier peak.

    >>> max_drawdown_duration([0.1, -0.1, 0.05, 0.2, -0.01])
    2
    """
    falls = drawdowns(returns)
    peaks = np.flatnonzero(falls >= 0)
    return int(np.diff(np.concatenate(([-1], peaks, [falls.size]))).max()) - 1

"""What finance takes and refuses, what it says of the edges, and what holds of any returns."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_services import (
    SeriesError,
    backtest_value_at_risk,
    beta,
    calmar_ratio,
    classify,
    conditional_value_at_risk,
    correlation,
    drawdowns,
    equity_curve,
    ewma_volatility,
    information_ratio,
    log_returns,
    max_drawdown,
    max_drawdown_duration,
    payoff_ratio,
    portfolio_volatility,
    profit_factor,
    sharpe_ratio,
    simple_returns,
    sortino_ratio,
    total_return,
    value_at_risk,
    volatility,
    win_rate,
)

RETURNS = st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=40)
OF_RETURNS: list[Callable[[Any], Any]] = [
    sharpe_ratio, sortino_ratio, calmar_ratio, volatility, ewma_volatility, max_drawdown, max_drawdown_duration,
    value_at_risk, conditional_value_at_risk, total_return, win_rate, profit_factor, payoff_ratio, equity_curve,
]  # fmt: skip


@pytest.mark.parametrize("function", OF_RETURNS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("bad", [[0.1, math.nan], [math.inf, 0.1], [], ["x", "y"], [[0.1], [0.2]], None, [0.1, None]])
def test_what_is_no_series_is_an_error_of_input(function: Callable[[Any], Any], bad: Any) -> None:
    with pytest.raises(SeriesError) as caught:
        function(bad)
    assert isinstance(caught.value, ValueError)
    assert classify(caught.value).value == "input"


def test_the_place_of_what_is_missing_is_named() -> None:
    with pytest.raises(SeriesError, match=r"returns\[1\] is nan"):
        sharpe_ratio([0.1, math.nan, 0.2])
    with pytest.raises(SeriesError, match="1 returns, and 2 are needed"):
        volatility([0.1])
    with pytest.raises(SeriesError, match="below -1"):
        max_drawdown([0.1, -1.5])
    with pytest.raises(SeriesError, match="above zero"):
        simple_returns([100, 0])
    with pytest.raises(SeriesError, match="same days"):
        beta([0.1, 0.2], [0.1, 0.2, 0.3])


def test_what_does_not_vary_has_no_ratio() -> None:
    flat = [0.01] * 10
    assert math.isnan(sharpe_ratio(flat)) and math.isnan(sortino_ratio(flat)) and math.isnan(calmar_ratio(flat))
    assert math.isnan(beta([0.1, 0.2], [0.1, 0.1])) and math.isnan(correlation([0.1, 0.2], [0.1, 0.1]))
    assert math.isnan(information_ratio(flat, flat)) and math.isnan(win_rate([0.0]))
    assert max_drawdown(flat) == 0


@given(RETURNS)
def test_drawdowns_are_never_above_zero_nor_below_all(values: list[float]) -> None:
    falls = drawdowns(values)
    assert ((falls <= 0) & (falls >= -1)).all() and len(falls) == len(values)
    assert equity_curve(values, 50)[-1] == pytest.approx(50 * (1 + total_return(values)))


@given(RETURNS, st.floats(0.6, 0.99))
def test_the_tail_is_no_better_than_its_edge(values: list[float], confidence: float) -> None:
    for method in ("historical", "parametric"):
        edge = value_at_risk(values, confidence, method)  # type: ignore[arg-type]
        assert conditional_value_at_risk(values, confidence, method) >= edge - 1e-9  # type: ignore[arg-type]


@given(RETURNS, st.floats(0.1, 10))
def test_sharpe_does_not_depend_on_leverage_and_volatility_does(values: list[float], leverage: float) -> None:
    ratio = sharpe_ratio(values)
    if not math.isnan(ratio) and np.std(values) > 1e-6:
        assert sharpe_ratio([each * leverage for each in values]) == pytest.approx(ratio, rel=1e-6, abs=1e-6)
        assert volatility([each * leverage for each in values]) == pytest.approx(volatility(values) * leverage)


@given(st.lists(st.floats(1, 1e5), min_size=2, max_size=30))
def test_log_returns_add_up(prices: list[float]) -> None:
    assert math.exp(log_returns(prices).sum()) == pytest.approx(1 + total_return(simple_returns(prices)))


def test_parametric_risk_is_that_of_a_normal_distribution() -> None:
    array = np.random.default_rng(0).normal(0, 0.01, 200_000)
    normal = NormalDist(0, 0.01)
    assert value_at_risk(array, 0.99, "parametric") == pytest.approx(-normal.inv_cdf(0.01), rel=0.01)
    assert value_at_risk(array, 0.99) == pytest.approx(-normal.inv_cdf(0.01), rel=0.02)
    worse = array[array < normal.inv_cdf(0.01)].mean()
    assert conditional_value_at_risk(array, 0.99, "parametric") == pytest.approx(-worse, rel=0.02)
    assert value_at_risk(array, 0.99, "parametric", horizon=4) == pytest.approx(-2 * normal.inv_cdf(0.01), rel=0.02)


def test_ewma_is_riskmetrics_recursion() -> None:
    values = [0.01, -0.02, 0.005, 0.012]
    variance = values[0] ** 2
    for value in values[1:]:
        variance = 0.94 * variance + 0.06 * value**2
    assert ewma_volatility(values, periods=1) == pytest.approx(math.sqrt(variance))


def test_the_backtest_counts_and_judges() -> None:
    exact = backtest_value_at_risk([-0.03] * 5 + [0.0] * 95, [0.02] * 100)
    assert (exact.breaches, exact.expected) == (5, pytest.approx(5)) and exact.statistic == pytest.approx(0, abs=1e-9)
    assert not backtest_value_at_risk([-0.03] * 15 + [0.0] * 85, [0.02] * 100).accepted
    # Kupiec (1995), by hand: 2 · (15 ln(.15/.05) + 85 ln(.85/.95))
    many = backtest_value_at_risk([-0.03] * 15 + [0.0] * 85, [0.02] * 100)
    assert many.statistic == pytest.approx(2 * (15 * math.log(3) + 85 * math.log(0.85 / 0.95)))
    assert backtest_value_at_risk([0.0] * 100, [0.02] * 100).breaches == 0


@pytest.mark.parametrize("confidence", [0, 0.5, 1, 5, 95, math.nan])
def test_a_confidence_is_between_a_half_and_one(confidence: float) -> None:
    with pytest.raises(SeriesError, match="confidence"):
        value_at_risk([0.1, 0.2], confidence)


def test_a_portfolio_of_one_has_its_own_volatility() -> None:
    assert portfolio_volatility([1.0], [[0.04]]) == pytest.approx(0.2)
    with pytest.raises(SeriesError, match="2 by 2"):
        portfolio_volatility([0.5, 0.5], [[0.04]])

"""Our ratios beside empyrical's, over many series of returns."""

from __future__ import annotations

import math
import warnings

import empyrical
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from shared_services import (
    alpha,
    annualised_return,
    beta,
    calmar_ratio,
    conditional_value_at_risk,
    correlation,
    cumulative_returns,
    downside_deviation,
    max_drawdown,
    omega_ratio,
    sharpe_ratio,
    simple_returns,
    sortino_ratio,
    total_return,
    value_at_risk,
    volatility,
)
from shared_services.finance.series import Floats


def some(seed: int, count: int = 500) -> Floats:
    return np.random.default_rng(seed).normal(0.0005, 0.012, count)


returns = hnp.arrays(np.float64, st.integers(3, 60), elements=st.floats(-0.25, 0.25, width=32))
PAIRS = [
    (sharpe_ratio, empyrical.sharpe_ratio),
    (sortino_ratio, empyrical.sortino_ratio),
    (calmar_ratio, empyrical.calmar_ratio),
    (volatility, empyrical.annual_volatility),
    (annualised_return, empyrical.annual_return),
    (downside_deviation, empyrical.downside_risk),
    (max_drawdown, empyrical.max_drawdown),
    (total_return, empyrical.cum_returns_final),
    (omega_ratio, empyrical.omega_ratio),
    (lambda array: -value_at_risk(array), empyrical.value_at_risk),
    (lambda array: -value_at_risk(array, 0.99), lambda array: empyrical.value_at_risk(array, 0.01)),
    (lambda array: -conditional_value_at_risk(array), empyrical.conditional_value_at_risk),
]
NAMES = ["sharpe", "sortino", "calmar", "volatility", "annual", "downside", "drawdown", "total", "omega", "var95",
         "var99", "cvar"]  # fmt: skip


@pytest.mark.parametrize(("function", "oracle"), PAIRS, ids=NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_a_ratio_of_generated_returns(function: object, oracle: object, seed: int) -> None:
    array = some(seed)
    assert function(array) == pytest.approx(oracle(array), rel=1e-9, abs=1e-12)  # type: ignore[operator]


@pytest.mark.parametrize(("function", "oracle"), PAIRS, ids=NAMES)
@given(array=returns)
def test_a_ratio_of_any_returns(function: object, oracle: object, array: Floats) -> None:
    assume(array.std() > 1e-6 and (array < -1e-6).any() and (array > 1e-6).any())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = oracle(array)  # type: ignore[operator]
    assume(math.isfinite(expected))
    assert function(array) == pytest.approx(expected, rel=1e-6, abs=1e-9)  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(5))
def test_beta_alpha_and_correlation(seed: int) -> None:
    market = some(seed)
    array = 1.3 * market + some(seed + 100) / 3
    assert beta(array, market) == pytest.approx(empyrical.beta(array, market), rel=1e-9)
    assert alpha(array, market) == pytest.approx(empyrical.alpha(array, market), rel=1e-9)
    assert correlation(array, market) == pytest.approx(np.corrcoef(array, market)[0, 1], rel=1e-9)


def test_the_risk_free_rate_is_annual() -> None:
    array, rate = some(1), 0.065
    daily = (1 + rate) ** (1 / 252) - 1
    assert sharpe_ratio(array, rate) == pytest.approx(empyrical.sharpe_ratio(array, risk_free=daily), rel=1e-9)


def test_returns_of_prices() -> None:
    prices = 100 * np.cumprod(1 + some(3))
    array = simple_returns(prices)
    assert np.allclose(array, empyrical.simple_returns(prices))
    assert np.allclose(cumulative_returns(array), empyrical.cum_returns(array))
    assert total_return(array) == pytest.approx(prices[-1] / prices[0] - 1)

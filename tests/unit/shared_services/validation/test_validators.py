"""Validators answer True or False, whatever they are asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared_services
from shared_services import (
    Instrument,
    validate_isin,
    validate_order,
    validate_portfolio_weights,
    validate_price,
    validate_price_band,
    validate_quantity,
    validate_symbol,
    validate_tick,
    validate_trade_date,
)

VALIDATORS = sorted(name for name in shared_services.__all__ if name.startswith("validate_"))


class Hostile:
    """Raises whatever is done with it."""

    def _no(self, *_: object) -> Any:
        raise RuntimeError("no")

    __eq__ = __hash__ = __index__ = __float__ = __str__ = __bool__ = __iter__ = __len__ = __lt__ = __repr__ = _no


class HostileText(str):
    __slots__ = ()
    __eq__ = __hash__ = __len__ = __getitem__ = __iter__ = Hostile._no


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary(), st.dates(),
    st.datetimes(), st.lists(st.integers()), st.dictionaries(st.text(), st.floats() | st.text() | st.none()),
    st.complex_numbers(), st.fractions(), st.just(object), st.just(np.array([1.0, 2.0])),
    st.just("1" * 10_000), st.just(10**400),
)  # fmt: skip


@pytest.mark.parametrize("name", VALIDATORS)
@settings(max_examples=40)
@given(value=ANYTHING)
def test_a_validator_never_raises(name: str, value: object) -> None:
    validate: Callable[[object], object] = getattr(shared_services, name)
    assert validate(value) in (True, False)


@pytest.mark.parametrize("name", VALIDATORS)
def test_not_even_for_what_raises_at_every_touch(name: str) -> None:
    validate: Callable[[object], object] = getattr(shared_services, name)
    for value in (Hostile(), {"symbol": Hostile()}, HostileText("TCS"), [Hostile()], type("Odd", (dict,), {})(a=1)):
        assert validate(value) in (True, False)


@settings(max_examples=40)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_nor_for_its_other_arguments(first: Any, second: Any, third: Any, fourth: Any) -> None:
    assert validate_price(first, second, third, fourth) in (True, False)
    assert validate_quantity(first, second, third) in (True, False)
    assert validate_symbol(first, second) in (True, False)
    assert validate_price_band(first, second, third) in (True, False)
    assert validate_order(first, second) in (True, False)


@pytest.mark.parametrize("quantity", [0, -1, 1.0, 1.5, math.nan, math.inf, "100", None, True, Decimal(100), 2**63])
def test_what_is_no_quantity(quantity: object) -> None:
    assert not validate_quantity(quantity)


def test_quantities() -> None:
    assert validate_quantity(100) and validate_quantity(np.int64(65), lot_size=65)
    assert validate_quantity(-65, lot_size=65, allow_short=True)
    assert not validate_quantity(1801, max_quantity=1800) and not validate_quantity(100, lot_size=0)


@given(st.floats(0.05, 1e6), st.sampled_from(["0.05", "0.01"]))
def test_a_price_rounded_to_the_tick_is_valid(price: float, tick: str) -> None:
    assert validate_price(shared_services.round_to_tick(price, tick, "up"), tick)


@pytest.mark.parametrize("price", [0, -1, math.nan, math.inf, "x", None, True, 1e10, Decimal("NaN"), [1]])
def test_what_is_no_price(price: object) -> None:
    assert not validate_price(price)


def test_known_symbols_and_days() -> None:
    assert validate_symbol("M&M") and not validate_symbol("UNKNOWN", known={"TCS"})
    assert validate_trade_date(date(2026, 1, 2)) and not validate_trade_date(date(2027, 1, 4))
    assert validate_trade_date(datetime(2026, 1, 2, 10)) and not validate_trade_date("2026-13-01")


@pytest.mark.parametrize("isin", ["INE467B01029", "INE009A01021", "US0378331005", "INE040A01034"])
def test_isins_of_shares_and_their_misprints(isin: str) -> None:
    assert validate_isin(isin)
    for digit in "0123456789":
        assert validate_isin(isin[:-1] + digit) == (digit == isin[-1])
    assert not validate_isin(isin.lower()) and not validate_isin(isin[:-1])


ORDER = {"client_order_id": "O", "symbol": "NIFTYX", "side": "BUY", "quantity": 130, "order_type": "LIMIT"}
NIFTY = Instrument(
    symbol="NIFTYX", segment="FUTURES", underlying="NIFTY", expiry="2026-01-27", lot_size=65, tick_size="0.10",
    freeze_quantity=1800, lower_band=22000, upper_band=27000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"quantity": 100}, False),
        ({"quantity": 1820}, False),
        ({"limit_price": 25000.15}, False),
        ({"limit_price": 27000.1}, False),
        ({"symbol": "OTHER"}, False),
        ({"side": "HOLD"}, False),
        ({"order_type": "MARKET", "limit_price": None}, True),
    ],
)
def test_an_order_and_its_instrument(change: dict[str, object], valid: bool) -> None:
    assert validate_order({**ORDER, "limit_price": 25000.1, **change}, NIFTY) is valid


def test_an_order_of_what_is_not_tradable() -> None:
    order = {**ORDER, "limit_price": 25000.1}
    assert not validate_order(order, NIFTY.model_copy(update={"tradable": False}))


def test_ticks_and_weights() -> None:
    tick = {"symbol": "TCS", "price": 10, "exchange_time": "2026-01-02T09:15:00+05:30"}
    assert validate_tick({**tick, "bid": 9, "ask": 10}) and not validate_tick({**tick, "bid": 11, "ask": 10})
    assert not validate_portfolio_weights({"TCS": math.nan}) and not validate_portfolio_weights({"TCS": True})

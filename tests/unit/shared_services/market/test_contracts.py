"""Ticks, lots, bands and expiry days, at the dates that rules changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_services import (
    UnknownContract,
    get_expiry_weekday,
    get_freeze_quantity,
    get_lot_size,
    get_monthly_expiry,
    get_next_expiry,
    get_price_band,
    get_tick_size,
    get_weekly_expiry,
    is_expiry_day,
    is_on_tick,
    is_trading_day,
    round_to_lot,
    round_to_tick,
)

PRICES = st.decimals("0.05", "50000", places=2)
TICKS = st.sampled_from(["0.01", "0.05", "0.10", "0.50", "1.00", "5.00"])


@pytest.mark.parametrize(
    ("price", "tick"),
    [(249.99, "0.01"), (250, "0.05"), (1000, "0.05"), (1000.05, "0.10"), (5000, "0.10"), (5000.5, "0.50"),
     (10000, "0.50"), (10001, "1.00"), (20000, "1.00"), (20005, "5.00")],
)  # fmt: skip
def test_ticks_since_april_2025(price: float, tick: str) -> None:
    assert get_tick_size(price, day=date(2025, 4, 15)) == Decimal(tick)


def test_ticks_before() -> None:
    assert get_tick_size(200, day=date(2024, 6, 9)) == Decimal("0.05")
    assert get_tick_size(200, day=date(2024, 6, 10)) == Decimal("0.01")
    assert get_tick_size(30000.05, "INDEX", date(2025, 4, 15)) == Decimal("0.20")
    assert get_tick_size(30000, "OPTIONS", date(2026, 1, 2)) == Decimal("0.05")
    with pytest.raises(UnknownContract):
        get_tick_size(100, day=date(2018, 1, 1))


@given(PRICES, TICKS)
def test_rounding_to_a_tick_lands_on_it_and_near(price: Decimal, tick: str) -> None:
    low, near, high = (round_to_tick(price, tick, way) for way in ("down", "nearest", "up"))
    assert low <= price <= high and low <= near <= high
    assert high - low in (0, Decimal(tick)) and (high == low) == is_on_tick(price, tick)
    assert abs(near - price) <= Decimal(tick) / 2


@given(PRICES.filter(lambda price: price > 10), st.sampled_from([2, 5, 10, 20]))
def test_a_band_is_around_its_close(close: Decimal, percent: int) -> None:
    low, high = get_price_band(close, percent)
    assert low <= close <= high
    assert is_on_tick(low) and is_on_tick(high)
    assert close - low <= close * percent / 100 and high - close <= close * percent / 100


def test_bands_are_those_of_nse() -> None:
    with pytest.raises(ValueError, match="not of 7"):
        get_price_band(1000, 7)


@given(st.integers(-(10**6), 10**6), st.integers(1, 1000))
def test_rounding_to_lots_goes_towards_zero(quantity: int, lot: int) -> None:
    rounded = round_to_lot(quantity, lot)
    assert rounded % lot == 0 and abs(rounded) <= abs(quantity) < abs(rounded) + lot


@pytest.mark.parametrize(
    ("year", "month", "underlying", "expiry"),
    [
        (2023, 3, "NIFTY", date(2023, 3, 29)),  # the last Thursday, 2023-03-30, was closed
        (2025, 8, "NIFTY", date(2025, 8, 28)),
        (2025, 9, "NIFTY", date(2025, 9, 30)),
        (2025, 9, "RELIANCE", date(2025, 9, 30)),
        (2024, 3, "BANKNIFTY", date(2024, 3, 27)),
        (2025, 1, "BANKNIFTY", date(2025, 1, 30)),
        (2026, 3, "NIFTY", date(2026, 3, 30)),  # the last Tuesday, 2026-03-31, is closed
    ],
)
def test_monthly_expiry(year: int, month: int, underlying: str, expiry: date) -> None:
    assert get_monthly_expiry(year, month, underlying) == expiry


def test_weekly_expiry_over_the_change_of_its_day() -> None:
    assert get_weekly_expiry(date(2025, 8, 22)) == date(2025, 8, 28)
    assert get_weekly_expiry(date(2025, 8, 29)) == date(2025, 9, 2)
    assert get_weekly_expiry(date(2023, 9, 1), "BANKNIFTY") == date(2023, 9, 6)
    assert get_expiry_weekday("NIFTY", "WEEKLY", date(2025, 4, 10)) == 3
    with pytest.raises(UnknownContract):
        get_weekly_expiry(date(2025, 1, 2), "BANKNIFTY")
    with pytest.raises(UnknownContract):
        get_weekly_expiry(date(2025, 1, 2), "RELIANCE")


@given(st.dates(date(2019, 3, 1), date(2026, 11, 30)), st.sampled_from(["MONTHLY", "WEEKLY"]))
def test_the_next_expiry_is_a_trading_day_on_or_after(day: date, cycle: str) -> None:
    expiry = get_next_expiry(day, "NIFTY", cycle)  # type: ignore[arg-type]
    assert day <= expiry <= day + timedelta(days=45)
    assert is_trading_day(expiry, regular=True) and is_expiry_day(expiry, "NIFTY", cycle)  # type: ignore[arg-type]


def test_lots_and_freeze_quantities_have_dates_and_limits() -> None:
    assert get_lot_size("BANKNIFTY", date(2025, 7, 31)) == 35
    assert get_freeze_quantity("FINNIFTY", date(2025, 12, 1)) == 1200
    for call in (get_lot_size, get_freeze_quantity):
        with pytest.raises(UnknownContract, match="Instrument"):
            call("RELIANCE", date(2026, 1, 2))
        with pytest.raises(UnknownContract, match="nothing is known"):
            call("NIFTY", date(2020, 1, 2))

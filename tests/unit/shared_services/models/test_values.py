"""What the models take and what they refuse."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared_services.models import (
    AuditEvent,
    Instrument,
    MarketBar,
    Position,
    RiskDecision,
    Signal,
    Tick,
    TradeRecord,
    to_money,
)
from shared_services.models.fields import to_utc, to_whole

BAR = {
    "bar_start": "2026-01-02T09:15:00+05:30",
    "bar_interval": "1d",
    "symbol": "TCS",
    "open": 3500,
    "high": 3550,
    "low": 3480,
    "close": 3520,
    "volume": 10,
}


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_a_float_becomes_what_python_prints_of_it(value: float) -> None:
    money = to_money(value)
    assert abs(money - Decimal(repr(value))) <= Decimal("5e-10")
    if -int(Decimal(repr(value)).as_tuple().exponent) <= 9:
        assert money == Decimal(repr(value))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**19), max_value=10**19))
def test_a_decimal_is_taken_exactly(value: Decimal) -> None:
    assert to_money(value) == value


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, "NaN", "inf", "", "1_000", "12x", "٣", True, None, [], Decimal("NaN"),
     Decimal("sNaN"), 1e20, Decimal("1e30"), Decimal("0.0000000001"), 1e300],
)  # fmt: skip
def test_what_is_no_money_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        to_money(value)


@given(st.one_of(st.floats(), st.text(), st.booleans(), st.none(), st.decimals()))
def test_a_quantity_is_whole_or_refused(value: object) -> None:
    with pytest.raises(ValueError):
        to_whole(value)


def test_numbers_of_numpy_are_numbers() -> None:
    position = Position(symbol="TCS", quantity=np.int64(3), price=np.float64(0.1))
    assert (position.quantity, position.price) == (3, Decimal("0.1"))


@pytest.mark.parametrize("symbol", ["", "tcs", "TCS ", " TCS", "TCS;", "A" * 31, "123", "TCS\n", "\u0422CS", None, 5])
def test_what_is_no_symbol_is_refused(symbol: object) -> None:
    with pytest.raises(ValueError, match="symbol"):
        Position(symbol=symbol, quantity=1, price=1)


def test_times_need_a_zone_and_are_kept_in_utc() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Position(symbol="TCS", quantity=1, price=1, as_of=datetime(2026, 1, 2))
    with pytest.raises(ValueError, match="zone"):
        Position(symbol="TCS", quantity=1, price=1, as_of=0)
    assert to_utc(datetime(2026, 1, 2, tzinfo=UTC)).tzinfo is UTC


def test_a_model_never_changes_and_takes_no_unknown_field() -> None:
    position = Position(symbol="TCS", quantity=1, price=1)
    with pytest.raises(ValueError, match="frozen"):
        position.quantity = 2
    with pytest.raises(ValueError, match="qty"):
        Position(symbol="TCS", qty=1, price=1)


@pytest.mark.parametrize("signal", [2, -2, 0.5, 1.0, True, "1", None])
def test_a_signal_is_buy_hold_or_sell(signal: object) -> None:
    with pytest.raises(ValueError, match="signal"):
        Signal(strategy="momentum", symbol="INFY", signal=signal)


def test_the_same_run_gives_the_same_signal_id() -> None:
    values = {"strategy": "momentum", "symbol": "INFY", "signal": 1, "run_id": "r1", "trade_date": date(2026, 1, 2)}
    assert Signal(**values).signal_id == Signal(**values | {"signal": -1}).signal_id
    assert Signal(**values).signal_id != Signal(**values | {"run_id": "r2"}).signal_id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"high": 3490}, "does not hold"),
        ({"low": 3510}, "does not hold"),
        ({"low": math.nan}, "finite"),
        ({"close": -1}, "greater than 0"),
        ({"volume": -1}, "greater than or equal to 0"),
        ({"trade_date": "2026-01-03"}, "starts on 2026-01-02"),
        ({"bar_interval": "2m"}, "1m"),
    ],
)
def test_a_bar_that_is_none_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MarketBar(**BAR | change)


def test_the_day_of_a_bar_is_that_of_india() -> None:
    bar = MarketBar(**BAR | {"bar_start": "2026-01-01T19:00:00+00:00"})
    assert bar.trade_date == date(2026, 1, 2)
    assert Tick(symbol="TCS", price=1, exchange_time="2026-01-01T19:00:00Z").trade_date == date(2026, 1, 2)


def test_an_option_has_a_strike_and_a_share_none() -> None:
    option = {"symbol": "NIFTY26JAN25000CE", "segment": "OPTIONS", "underlying": "NIFTY", "expiry": "2026-01-27"}
    with pytest.raises(ValueError, match="strike"):
        Instrument(**option)
    assert Instrument(**option, strike=25000, option_type="CE").lot_size == 1
    with pytest.raises(ValueError, match="strike"):
        Instrument(symbol="TCS", strike=1, option_type="CE")


def test_a_trade_computes_its_profit_and_refuses_another() -> None:
    values = {
        "trade_id": "T1", "symbol": "TCS", "side": "SELL", "quantity": 10, "entry_price": 100, "exit_price": 90.5,
        "entry_at": "2026-01-02T10:00:00+05:30", "exit_at": "2026-01-02T11:00:00+05:30", "charges": 5,
    }  # fmt: skip
    assert TradeRecord(**values).pnl == 90
    with pytest.raises(ValueError, match="prices and charges make 90"):
        TradeRecord(**values, pnl=91)
    with pytest.raises(ValueError, match="before the entry"):
        TradeRecord(**values | {"exit_at": "2026-01-02T09:00:00+05:30"})


def test_a_denial_needs_its_reason() -> None:
    values = {"decision_id": "D", "client_order_id": "O", "symbol": "TCS", "side": "BUY", "quantity": 10}
    with pytest.raises(ValueError, match="reason"):
        RiskDecision(**values, decision="DENIED")
    with pytest.raises(ValueError, match="REDUCED with 10 of 10"):
        RiskDecision(**values, decision="REDUCED", allowed_quantity=10, reason_codes=("MAX",))


def test_a_changed_event_breaks_the_chain() -> None:
    event = {"event_id": "A1", "actor": "a", "action": "b", "subject": "c", "outcome": "done"}
    first = AuditEvent(**event, occurred_at="2026-01-02T10:00:00+05:30")
    second = AuditEvent(**event | {"event_id": "A2"}, previous_hash=first.digest())
    assert second.follows(first)
    assert not second.follows(AuditEvent(**event | {"actor": "x"}, occurred_at="2026-01-02T10:00:00+05:30"))


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_unrealised_profit_is_value_less_cost(quantity: int, paise: int) -> None:
    assume(quantity)
    position = Position(symbol="TCS", quantity=quantity, price=100)
    price = Decimal(20_000 + paise) / 100
    assert position.unrealised_pnl(price) == position.market_value(price) - position.cost

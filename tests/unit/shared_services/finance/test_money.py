"""Sizes, profit and loss, and charges: whole lots, exact money, dated rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared_services import (
    ChargesError,
    Fill,
    PnlAccount,
    PnlError,
    Position,
    SizingError,
    Tariff,
    account_of,
    break_even_price,
    calculate_charges,
    equal_weight_size,
    exercise_tax,
    fixed_fractional_size,
    get_charge_rates,
    kelly_fraction,
    kelly_size,
    match_trades,
    realised_pnl,
    round_trip_charges,
    trade_pnl,
    unrealised_pnl,
    volatility_target_size,
)

PRICES = st.decimals("1", "9999", places=2)
FILLS = st.lists(st.tuples(st.sampled_from(["BUY", "SELL"]), st.integers(1, 500), PRICES), min_size=1, max_size=12)


def fills(rows: list[Any]) -> list[Fill]:
    return [
        Fill(execution_id=f"E{number}", client_order_id="O", symbol="TCS", side=side, quantity=quantity, price=price,
             executed_at=f"2026-01-02T10:00:{number:02d}+05:30")
        for number, (side, quantity, price) in enumerate(rows)
    ]  # fmt: skip


@given(FILLS, PRICES)
def test_however_costs_are_counted_the_whole_is_the_same(rows: list[Any], price: Decimal) -> None:
    cash = sum((-(1 if side == "BUY" else -1) * quantity * paid for side, quantity, paid in rows), Decimal(0))
    for costing in ("FIFO", "AVERAGE"):
        account = account_of(fills(rows), costing)
        whole = account.realised + account.unrealised(price)
        assert abs(whole - (cash + account.quantity * price)) < Decimal("1e-20")


@given(FILLS)
def test_a_position_keeps_the_account_of_average_cost(rows: list[Any]) -> None:
    position = Position(symbol="TCS", quantity=0, price=0)
    for fill in fills(rows):
        position = position.apply(fill)
    account = account_of(fills(rows), "AVERAGE")
    assert position.quantity == account.quantity
    # The position's average is rounded to nine decimals at each step.
    assert abs(position.realised_pnl - account.realised) < Decimal("0.0001")


@given(FILLS)
def test_trades_of_fifo_sum_to_what_was_realised(rows: list[Any]) -> None:
    made = fills(rows)
    assert sum((trade.gross_pnl or Decimal(0) for trade in match_trades(made)), Decimal(0)) == realised_pnl(made)


def test_first_in_first_out_and_average_by_hand() -> None:
    made = fills([("BUY", 100, 10), ("BUY", 100, 12), ("SELL", 150, 13)])
    assert (realised_pnl(made), unrealised_pnl(made, 14)) == (350, 100)
    assert (realised_pnl(made, "AVERAGE"), unrealised_pnl(made, 14, "AVERAGE")) == (300, 150)
    short = fills([("SELL", 10, 100), ("BUY", 15, 90)])
    assert (realised_pnl(short), account_of(short).quantity, account_of(short).average_price) == (100, 5, 90)


def test_an_execution_told_twice_counts_once_and_another_symbol_not_at_all() -> None:
    account = PnlAccount()
    fill = fills([("BUY", 10, 100)])[0]
    account.apply(fill)
    assert account.apply(fill) == 0 and account.quantity == 10
    with pytest.raises(PnlError, match="takes no fill of INFY"):
        account.apply(fill.model_copy(update={"symbol": "INFY", "execution_id": "X"}))
    with pytest.raises(PnlError, match="LIFO"):
        PnlAccount("LIFO")  # type: ignore[arg-type]


@example(Decimal(25_000_000), 0.03602689974736022, Decimal(1), Decimal("3.14"), 1)  # at nine decimals one too many
@given(st.decimals("1000", "1e8", places=2), st.floats(0.001, 0.05), PRICES, PRICES, st.integers(1, 100))
def test_a_stop_loses_no_more_than_was_risked(
    equity: Decimal, part: float, entry: Decimal, stop: Decimal, lot: int
) -> None:
    if entry == stop:
        return
    size = fixed_fractional_size(equity, part, entry, stop, lot)
    assert size % lot == 0 and size * entry <= equity
    assert size * abs(entry - stop) <= equity * Decimal(repr(part)) + Decimal("1e-3")


@given(st.floats(0.01, 0.5), st.floats(0.01, 2), PRICES)
def test_a_volatility_target_is_never_leveraged_unasked(target: float, own: float, price: Decimal) -> None:
    size = volatility_target_size(1_000_000, target, own, price)
    assert 0 <= size * price <= 1_000_000
    assert float(size * price) * own <= 1_000_000 * target * (1 + 1e-6)


@given(st.floats(0, 1), st.floats(0.01, 10), st.floats(0, 1))
def test_kelly_is_capped_and_without_an_edge_nothing(rate: float, payoff: float, cap: float) -> None:
    fraction = kelly_fraction(rate, payoff, cap)
    assert 0 <= fraction <= cap
    if rate * payoff < 1 - rate:
        assert fraction == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: fixed_fractional_size(float("nan"), 0.01, 500, 490),
        lambda: fixed_fractional_size(1e6, 2, 500, 490),
        lambda: fixed_fractional_size(1e6, 0.01, 500, 500),
        lambda: fixed_fractional_size(-1, 0.01, 500, 490),
        lambda: fixed_fractional_size(1e6, 0.01, 500, 490, lot_size=0),
        lambda: volatility_target_size(1e6, 0, 0.2, 500),
        lambda: kelly_fraction(1.2, 1),
        lambda: kelly_fraction(0.5, 0),
        lambda: kelly_fraction(float("nan"), 1),
        lambda: kelly_size(1e6, 0.6, 2, 0),
        lambda: equal_weight_size(1e6, 0, 500),
    ],
)
def test_what_no_size_follows_from(call: Any) -> None:
    with pytest.raises(SizingError):
        call()


# Contract notes worked out by hand from the published rates: 100 bought at 1000 and sold at 1100 in January 2025.
@pytest.mark.parametrize(
    ("segment", "side", "price", "expected"),
    [
        # brokerage, stt, exchange, ipft, sebi, stamp, depository, gst
        ("DELIVERY", "BUY", 1000, "0 100 2.97 0.10 0.10 15 0 0.57"),
        ("DELIVERY", "SELL", 1100, "0 110 3.27 0.11 0.11 0 13 2.97"),
        ("INTRADAY", "BUY", 1000, "20 0 2.97 0.10 0.10 3 0 4.17"),
        ("INTRADAY", "SELL", 1100, "20 27.5 3.27 0.11 0.11 0 0 4.23"),
        ("FUTURES", "BUY", 1000, "20 0 1.73 0.10 0.10 2 0 3.95"),
        ("FUTURES", "SELL", 1100, "20 22 1.90 0.11 0.11 0 0 3.98"),
        ("OPTIONS", "BUY", 1000, "20 0 35.03 0.50 0.10 3 0 10.01"),
        ("OPTIONS", "SELL", 1100, "20 110 38.53 0.55 0.11 0 0 10.65"),
    ],
)
def test_a_contract_note(segment: str, side: str, price: int, expected: str) -> None:
    note = calculate_charges(side, 100, price, segment, date(2025, 1, 2))
    parts = [note.brokerage, note.stt, note.exchange, note.ipft, note.sebi, note.stamp_duty, note.depository, note.gst]
    assert parts == [Decimal(part) for part in expected.split()]
    assert note.total == sum(parts)


def test_rates_change_on_their_day() -> None:
    stt = [get_charge_rates("FUTURES", date.fromisoformat(day)).stt_sell for day in
           ("2023-04-01", "2024-09-30", "2024-10-01", "2026-03-31", "2026-04-01")]  # fmt: skip
    assert stt == [Decimal(rate) for rate in ("0.000125", "0.000125", "0.0002", "0.0002", "0.0005")]
    before, after = (get_charge_rates("OPTIONS", date(2026, month, 1)) for month in (2, 3))
    assert before.exchange + before.ipft == Decimal("0.0003553")
    assert abs(after.exchange + after.ipft - Decimal("0.0003553")) < Decimal("1e-9")
    assert exercise_tax(75, 120, date(2026, 4, 1)) == Decimal("13.50")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("BUY", 0, 100), "above zero"),
        (("BUY", -5, 100), "above zero"),
        (("BUY", 1.5, 100), "whole"),
        (("BUY", 1, float("nan")), "finite"),
        (("HOLD", 1, 100), "HOLD"),
        (("BUY", 1, 100, "CURRENCY"), "CURRENCY"),
        (("BUY", 1, 100, "INTRADAY", date(2020, 1, 1)), "no rates"),
    ],
)
def test_what_no_charges_follow_from(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ChargesError, match=message):
        calculate_charges(*arguments)


@given(st.integers(1, 10_000), PRICES, st.sampled_from(["DELIVERY", "INTRADAY", "FUTURES", "OPTIONS"]))
def test_break_even_pays_for_the_charges_and_a_paisa_less_does_not(quantity: int, price: Decimal, segment: str) -> None:
    day = date(2025, 1, 2)
    even = break_even_price(quantity, price, segment, day)
    for level, pays in ((even, True), (even - Decimal("0.01"), False)):
        earned = trade_pnl("BUY", quantity, price, level)
        assert (earned >= round_trip_charges(quantity, price, level, segment, day)) is pays


def test_a_tariff_of_ones_own() -> None:
    free = calculate_charges("BUY", 100, 1000, "INTRADAY", date(2025, 1, 2), Tariff())
    assert free.brokerage == 0 and free.gst == Decimal("0.57")

"""The life of an order, with its awkward edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_services.models import Fill, InvalidTransition, ModelError, Order, OrderStatus, Overfill
from shared_services.models.order_states import FINAL, OPEN, TRANSITIONS, can_follow

S = OrderStatus
NOON = datetime(2026, 1, 2, 6, 30, tzinfo=UTC)


def new(quantity: int = 10, **values: Any) -> Order:
    return Order(client_order_id="O1", symbol="TCS", side="BUY", quantity=quantity, created_at=NOON, **values)


def done(number: int, quantity: int, price: float = 100.5, **values: Any) -> Fill:
    given: dict[str, Any] = {"client_order_id": "O1", "symbol": "TCS", "side": "BUY", "executed_at": NOON} | values
    return Fill(execution_id=f"E{number}", quantity=quantity, price=price, **given)


def test_a_plain_life() -> None:
    order = new().submit(NOON).accept("N1", NOON)
    assert (order.status, order.venue_order_id, order.leaves_quantity) == (S.ACCEPTED, "N1", 10)
    order = order.fill(done(1, 4, 100)).fill(done(2, 6, 101))
    assert (order.status, order.filled_quantity, order.leaves_quantity) == (S.FILLED, 10, 0)
    assert order.average_price == Decimal("100.6") and order.sequence == 4


def test_an_execution_told_twice_counts_once() -> None:
    order = new().submit().accept().fill(done(1, 4))
    assert order.fill(done(1, 4)) is order
    filled = order.fill(done(2, 6))
    assert filled.fill(done(2, 6)) is filled


def test_a_fill_may_overtake_the_acknowledgement() -> None:
    order = new().submit().fill(done(1, 10))
    assert order.status is S.FILLED
    late = order.accept("N1")
    assert (late.status, late.venue_order_id) == (S.FILLED, "N1")
    assert late.accept("N1") is late


def test_a_late_fill_of_a_canceled_order_counts() -> None:
    canceled = new().submit().accept().cancel("by hand")
    assert canceled.leaves_quantity == 0
    assert canceled.fill(done(1, 10)).status is S.FILLED
    part = canceled.fill(done(1, 3))
    assert (part.status, part.filled_quantity, part.leaves_quantity) == (S.CANCELED, 3, 0)
    assert part.fill(done(2, 7)).status is S.FILLED


def test_a_cancel_that_fails_leaves_the_order_as_it_stood() -> None:
    accepted = new().submit().accept("N1")
    assert accepted.request_cancel().refuse("too late").status is S.ACCEPTED
    assert accepted.request_cancel().accept().status is S.ACCEPTED
    part = accepted.fill(done(1, 4)).request_cancel()
    assert part.refuse("too late").status is S.PARTIALLY_FILLED
    stop = new(order_type="SL_M", trigger_price=90).submit().accept().trigger()
    assert stop.request_cancel().refuse("too late").status is S.TRIGGERED


def test_fills_while_a_cancel_is_pending() -> None:
    pending = new().submit().accept().request_cancel().fill(done(1, 4))
    assert (pending.status, pending.filled_quantity, pending.leaves_quantity) == (S.PENDING_CANCEL, 4, 6)
    assert pending.fill(done(2, 6)).status is S.FILLED
    assert pending.cancel().filled_quantity == 4


def test_a_change_of_quantity_and_price() -> None:
    order = new(order_type="LIMIT", limit_price=100).submit().accept().fill(done(1, 4)).request_update()
    changed = order.update(quantity=8, limit_price=99.5)
    assert (changed.status, changed.leaves_quantity) == (S.PARTIALLY_FILLED, 4)
    assert changed.limit_price == Decimal("99.5")
    assert order.update(quantity=4).status is S.FILLED
    with pytest.raises(ModelError, match="4 are filled; it can't be made 3"):
        order.update(quantity=3)
    with pytest.raises(InvalidTransition, match="no change was asked for"):
        changed.update(quantity=9)


def test_more_than_is_left_is_refused() -> None:
    order = new().submit().accept().fill(done(1, 4))
    with pytest.raises(Overfill, match="fills 7, and 6 of 10 are left"):
        order.fill(done(2, 7))
    with pytest.raises(Overfill):
        order.fill(done(2, 6)).fill(done(3, 1))


@pytest.mark.parametrize("change", [{"symbol": "INFY"}, {"side": "SELL"}, {"client_order_id": "O2"}])
def test_a_fill_of_another_order_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="is no fill of O1"):
        new().submit().fill(done(1, 1, **change))


def test_an_order_that_was_never_sent_or_refused_is_not_filled() -> None:
    for order in (new(), new().deny("limit"), new().submit().reject("no")):
        with pytest.raises(InvalidTransition):
            order.fill(done(1, 1))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"order_type": "LIMIT"}, "limit_price"),
        ({"limit_price": 5}, "limit_price"),
        ({"order_type": "SL_M"}, "trigger_price"),
        ({"order_type": "SL", "limit_price": 99, "trigger_price": 100}, "not below its trigger"),
        ({"status": "FILLED"}, "10 left, and 0 follows"),
        ({"quantity": 0}, "greater than 0"),
        ({"quantity": -1}, "greater than 0"),
        ({"quantity": 1.5}, "whole"),
        ({"filled_quantity": 3}, "left"),
    ],
)
def test_an_order_that_is_none_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Order(**{"client_order_id": "O1", "symbol": "TCS", "side": "BUY", "quantity": 10} | values)


def test_the_edges_are_those_of_the_field() -> None:
    assert can_follow(S.CANCELED, S.FILLED)
    assert can_follow(S.PENDING_CANCEL, S.ACCEPTED)
    assert can_follow(S.SUBMITTED, S.FILLED)
    assert set(TRANSITIONS) == set(S)
    assert OPEN | FINAL | {S.INITIALIZED} == set(S)
    assert not any(TRANSITIONS[state] for state in (S.DENIED, S.REJECTED, S.FILLED))


CALLS = {
    "submit": lambda order: order.submit(),
    "deny": lambda order: order.deny("limit"),
    "accept": lambda order: order.accept("N1"),
    "reject": lambda order: order.reject("no"),
    "trigger": lambda order: order.trigger(),
    "request_update": lambda order: order.request_update(),
    "grow": lambda order: order.update(quantity=order.quantity + 5),
    "shrink": lambda order: order.update(quantity=max(1, order.filled_quantity)),
    "request_cancel": lambda order: order.request_cancel(),
    "refuse": lambda order: order.refuse("no"),
    "cancel": lambda order: order.cancel(),
    "expire": lambda order: order.expire(),
}


@settings(max_examples=200)
@given(
    st.sampled_from([{}, {"order_type": "SL_M", "trigger_price": 90}]),
    st.lists(st.one_of(st.sampled_from(sorted(CALLS)), st.tuples(st.integers(1, 9), st.integers(1, 7))), max_size=14),
)
def test_whatever_happens_the_order_stays_whole(values: dict[str, Any], events: list[Any]) -> None:
    order, counted = new(**values), {}
    for event in events:
        before = order
        try:
            if isinstance(event, str):
                order = CALLS[event](order)
            else:
                order = order.fill(done(*event))
        except ModelError:
            assert order is before
            continue
        if not isinstance(event, str):
            counted.setdefault(event[0], event[1])
        assert before.status == order.status or can_follow(before.status, order.status)
        assert order.sequence == before.sequence + (order is not before)
        assert order.updated_at >= before.updated_at
        if order.is_open:
            assert order.filled_quantity + order.leaves_quantity == order.quantity
        assert order.filled_quantity == sum(counted.values()) <= order.quantity
        assert Order.from_row(order.to_row()) == order


def test_time_never_runs_backwards() -> None:
    order = new().submit(NOON + timedelta(hours=2)).fill(done(1, 4))
    assert order.updated_at == NOON + timedelta(hours=2)

"""Strategies that make any allowed value of each model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from shared_services.models import (
    AuditEvent,
    Fill,
    Instrument,
    MarketBar,
    Nudge,
    Order,
    OrderType,
    Performance,
    Position,
    RiskDecision,
    Signal,
    Tick,
    TradeRecord,
)
from shared_services.models.base import Model

symbols = st.from_regex(r"[A-Z][A-Z0-9&-]{0,9}", fullmatch=True)
names = st.text(min_size=1, max_size=12)
prices = st.decimals("0.01", "99999", places=2)
amounts = st.decimals("-1e9", "1e9", places=4)
quantities = st.integers(1, 10**9)
moments = st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.text(max_size=6), json_values, max_size=3)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def bars(draw: st.DrawFn) -> MarketBar:
    low, a, b, high = sorted(draw(st.lists(prices, min_size=4, max_size=4)))
    return MarketBar(
        bar_start=draw(moments), bar_interval=draw(st.sampled_from(["1m", "5m", "1d"])), symbol=draw(symbols),
        open=a, high=high, low=low, close=b, volume=draw(st.integers(0, 10**12)), source=draw(names),
        open_interest=draw(maybe(st.integers(0, 10**9))), ingested_at=draw(moments),
    )  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> Order:
    kind = draw(st.sampled_from(list(OrderType)))
    price = draw(prices)
    return Order(
        client_order_id=draw(names), symbol=draw(symbols), side=draw(st.sampled_from(["BUY", "SELL"])),
        quantity=draw(quantities), order_type=kind, created_at=draw(moments), strategy=draw(maybe(names)),
        limit_price=price if kind in (OrderType.LIMIT, OrderType.SL) else None,
        trigger_price=price if kind in (OrderType.SL, OrderType.SL_M) else None,
        reduce_only=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def trades(draw: st.DrawFn) -> TradeRecord:
    start, end = sorted([draw(moments), draw(moments)])
    closed = draw(st.booleans())
    return TradeRecord(
        trade_id=draw(names), symbol=draw(symbols), side=draw(st.sampled_from(["BUY", "SELL"])),
        quantity=draw(quantities), entry_price=draw(prices), entry_at=start, charges=draw(prices),
        exit_price=draw(prices) if closed else None, exit_at=end if closed else None,
    )  # fmt: skip


@st.composite
def decisions(draw: st.DrawFn) -> RiskDecision:
    quantity = draw(quantities)
    decision = draw(st.sampled_from(["APPROVED", "DENIED"]))
    return RiskDecision(
        decision_id=draw(names), client_order_id=draw(names), symbol=draw(symbols), side="BUY", quantity=quantity,
        decision=decision, decided_at=draw(moments), limits=draw(maybe(objects)),
        reason_codes=tuple(draw(st.lists(names, min_size=decision == "DENIED", max_size=3))),
    )  # fmt: skip


ANY: dict[type[Model], st.SearchStrategy[Any]] = {
    AuditEvent: st.builds(
        AuditEvent, event_id=names, actor=names, action=names, subject=names, outcome=names, occurred_at=moments,
        reason=maybe(st.text(max_size=20)), details=maybe(objects), previous_hash=maybe(names),
        trade_date=st.none(), client_order_id=maybe(names), signal_id=maybe(names), correlation_id=maybe(names),
    ),
    Fill: st.builds(
        Fill, execution_id=names, client_order_id=names, executed_at=moments, symbol=symbols, quantity=quantities,
        side=st.sampled_from(["BUY", "SELL"]), price=prices, charges=prices, trade_date=st.none(),
        venue_order_id=maybe(names), strategy=maybe(names), exchange=st.just("NSE"),
    ),
    Instrument: st.builds(
        Instrument, symbol=symbols, lot_size=quantities, tick_size=prices, as_of=moments, series=st.just("EQ"),
        segment=st.just("EQUITY"), isin=st.none(), lower_band=st.none(), upper_band=maybe(prices), underlying=st.none(),
        expiry=st.none(), strike=st.none(), option_type=st.none(), exchange=st.just("NSE"), sector=maybe(names),
        freeze_quantity=maybe(quantities), previous_close=maybe(prices), tradable=st.booleans(),
    ),
    MarketBar: bars(),
    Nudge: st.builds(
        Nudge, nudge_id=names, trader=names, kind=st.sampled_from(["OVER_TRADING", "REVENGE_TRADING"]),
        message=st.text(max_size=30), created_at=moments, trade_date=st.none(), symbol=maybe(symbols),
        strategy=maybe(names), client_order_id=maybe(names), evidence=maybe(objects), acknowledged_at=maybe(moments),
        severity=st.just("INFO"),
    ),
    Order: orders(),
    Performance: st.builds(
        Performance, trade_date=st.dates(), strategy=names, symbol=symbols, trades=st.integers(0, 1000), pnl=amounts,
        return_rate=maybe(st.floats(-1, 1)), sharpe_ratio=maybe(st.floats(-9, 9)), computed_at=moments,
        max_drawdown=maybe(st.floats(-1, 0)), win_rate=maybe(st.floats(0, 1)),
    ),
    Position: st.builds(
        Position, as_of=moments, trade_date=st.dates(), symbol=symbols, strategy=maybe(names),
        quantity=st.integers(-(10**9), 10**9), price=prices, last_price=maybe(prices), realised_pnl=amounts,
        charges=prices, exchange=st.just("NSE"),
    ),
    RiskDecision: decisions(),
    Signal: st.builds(
        Signal, run_id=names, trade_date=st.dates(), generated_at=moments, strategy=names, symbol=symbols,
        signal=st.sampled_from([-1, 0, 1]), strength=maybe(st.floats(0, 1)), price=prices, features=st.none(),
        signal_id=st.none(),
    ),
    Tick: st.builds(
        Tick, exchange_time=moments, symbol=symbols, price=prices, quantity=st.integers(0, 10**9), bid=maybe(prices),
        ask=maybe(prices), volume=maybe(st.integers(0, 10**12)), received_at=moments, trade_date=st.none(),
        open_interest=maybe(st.integers(0, 10**9)), sequence=maybe(st.integers(0, 2**60)), source=names,
        exchange=st.just("NSE"),
    ),
    TradeRecord: trades(),
}  # fmt: skip

"""Every function of shared_services that does no I/O, a call each, beside its limit, the users' target and a peer."""

from __future__ import annotations

import statistics
import time
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

import shared_services as s

HEADER = ("a call of", "µs", "limit µs", "of limit", "users' target µs", "peer", "peer µs", "ratio")
LIMIT_US = 100.0
TARGET_US = 10_000.0
_REPEATS, _CALLS = 7, 50

DAY, AT = date(2026, 1, 2), datetime(2026, 1, 2, 10, 0)
RETURNS = np.random.default_rng(0).normal(0.0005, 0.012, 252)
BENCHMARK = np.random.default_rng(1).normal(0.0005, 0.01, 252)
PRICES = 100 * np.cumprod(1 + RETURNS)
FILL: dict[str, Any] = {
    "execution_id": "E1", "client_order_id": "O1", "symbol": "TCS", "side": "BUY", "quantity": 4, "price": 3500,
    "executed_at": datetime(2026, 1, 2, 5, tzinfo=UTC),
}  # fmt: skip
BAR: dict[str, Any] = {
    "bar_start": datetime(2026, 1, 2, 3, 45, tzinfo=UTC), "bar_interval": "1d", "symbol": "TCS", "open": 3500,
    "high": 3550, "low": 3480, "close": 3520, "volume": 10,
}  # fmt: skip
TICK: dict[str, Any] = {"symbol": "TCS", "price": 3500.05, "exchange_time": datetime(2026, 1, 2, 5, tzinfo=UTC)}
ORDER: dict[str, Any] = {"client_order_id": "O1", "symbol": "TCS", "side": "BUY", "quantity": 10}


def cases() -> dict[str, Callable[[], object]]:
    """A call by the name of what is called; a test holds the names against the public ones."""
    signal = s.Signal(strategy="momentum", symbol="INFY", signal=1, price=1500.5)
    position = s.Position(symbol="TCS", quantity=100, price=3500)
    order, fill = s.Order(**ORDER).submit().accept("N1"), s.Fill(**FILL)
    row, message, binary = signal.to_row(), signal.to_message(), signal.to_message("BINARY")
    both = [RETURNS, BENCHMARK]
    forecasts = np.full(RETURNS.size, 0.02)
    return {
        "Position": lambda: s.Position(symbol="TCS", quantity=100, price=3500.0),
        "Signal": lambda: s.Signal(strategy="momentum", symbol="INFY", signal=1),
        "Order": lambda: s.Order(**ORDER),
        "Fill": lambda: s.Fill(**FILL),
        "MarketBar": lambda: s.MarketBar(**BAR),
        "Tick": lambda: s.Tick(**TICK),
        "Order.fill": lambda: order.fill(fill),
        "Position.apply": lambda: position.apply(fill),
        "Signal.to_json": signal.to_json,
        "Signal.to_row": signal.to_row,
        "Signal.from_row": lambda: s.Signal.from_row(row),
        "Signal.to_message": signal.to_message,
        "Signal.to_message BINARY": lambda: signal.to_message("BINARY"),
        "Signal.from_message": lambda: s.Signal.from_message(message.data, message.attributes),
        "Signal.from_message BINARY": lambda: s.Signal.from_message(binary.data, binary.attributes),
        "signal_id": lambda: s.signal_id("run", "momentum", "INFY", DAY),
        "to_money": lambda: s.to_money(3500.05),
        "bigquery_schema": lambda: s.bigquery_schema(s.Signal),
        "avro_schema": lambda: s.avro_schema(s.Signal),
        # market
        "add_trading_days": lambda: s.add_trading_days(DAY, 5),
        "count_trading_days": lambda: s.count_trading_days(date(2025, 1, 1), date(2025, 12, 31)),
        "day_in_india": s.day_in_india,
        "get_calendar": s.get_calendar,
        "get_expiry_weekday": lambda: s.get_expiry_weekday("NIFTY", "WEEKLY", DAY),
        "get_freeze_quantity": lambda: s.get_freeze_quantity("NIFTY", DAY),
        "get_holidays": lambda: s.get_holidays(2026),
        "get_lot_size": lambda: s.get_lot_size("NIFTY", DAY),
        "get_market_phase": lambda: s.get_market_phase(AT),
        "get_monthly_expiry": lambda: s.get_monthly_expiry(2026, 3),
        "get_next_close": lambda: s.get_next_close(AT),
        "get_next_expiry": lambda: s.get_next_expiry(DAY),
        "get_next_open": lambda: s.get_next_open(AT),
        "get_next_trading_day": lambda: s.get_next_trading_day(DAY),
        "get_previous_trading_day": lambda: s.get_previous_trading_day(DAY),
        "get_price_band": lambda: s.get_price_band(1000, 10),
        "get_session": lambda: s.get_session(DAY),
        "get_tick_size": lambda: s.get_tick_size(1500, day=DAY),
        "get_trading_day": lambda: s.get_trading_day(DAY),
        "get_trading_days": lambda: s.get_trading_days(date(2025, 1, 1), date(2025, 12, 31)),
        "get_weekly_expiry": lambda: s.get_weekly_expiry(DAY),
        "is_closing_auction": lambda: s.is_closing_auction(AT),
        "is_expiry_day": lambda: s.is_expiry_day(DAY),
        "is_holiday": lambda: s.is_holiday(DAY),
        "is_market_open": lambda: s.is_market_open(AT),
        "is_on_tick": lambda: s.is_on_tick(3500.05),
        "is_pre_open": lambda: s.is_pre_open(AT),
        "is_special_session": lambda: s.is_special_session(DAY),
        "is_trading_day": lambda: s.is_trading_day(DAY),
        "minutes_to_close": lambda: s.minutes_to_close(AT),
        "moment_in_india": s.moment_in_india,
        "round_to_lot": lambda: s.round_to_lot(200, 65),
        "round_to_tick": lambda: s.round_to_tick(3500.07),
        "time_since_open": lambda: s.time_since_open(AT),
        # validation
        "is_whole": lambda: s.is_whole(100),
        "validate_bar": lambda: s.validate_bar(BAR),
        "validate_isin": lambda: s.validate_isin("INE002A01018"),
        "validate_leverage": lambda: s.validate_leverage(2),
        "validate_order": lambda: s.validate_order(ORDER),
        "validate_percentage": lambda: s.validate_percentage(12.5),
        "validate_portfolio_weights": lambda: s.validate_portfolio_weights({"TCS": 0.6, "INFY": 0.4}),
        "validate_position": lambda: s.validate_position({"symbol": "TCS", "quantity": 1, "price": 3500}),
        "validate_price": lambda: s.validate_price(3500.05, "0.05"),
        "validate_price_band": lambda: s.validate_price_band(1100, 1000, 10),
        "validate_quantity": lambda: s.validate_quantity(100),
        "validate_signal": lambda: s.validate_signal({"strategy": "m", "symbol": "INFY", "signal": 1}),
        "validate_signal_value": lambda: s.validate_signal_value(1),
        "validate_strategy": lambda: s.validate_strategy("momentum"),
        "validate_strength": lambda: s.validate_strength(0.7),
        "validate_symbol": lambda: s.validate_symbol("RELIANCE"),
        "validate_tick": lambda: s.validate_tick(TICK),
        "validate_timestamp": lambda: s.validate_timestamp("2026-01-02T09:15:00+05:30"),
        "validate_trade_date": lambda: s.validate_trade_date("2026-01-02"),
        "validate_uuid": lambda: s.validate_uuid("6f0c4d0e-6f5b-5c5c-9d0e-3c5a3c1f7a11"),
        # finance, over the 252 returns of a year
        "account_of": lambda: s.account_of([fill]),
        "alpha": lambda: s.alpha(RETURNS, BENCHMARK),
        "annualised_return": lambda: s.annualised_return(RETURNS),
        "backtest_value_at_risk": lambda: s.backtest_value_at_risk(RETURNS, forecasts),
        "beta": lambda: s.beta(RETURNS, BENCHMARK),
        "break_even_price": lambda: s.break_even_price(100, 1000, "INTRADAY", DAY),
        "calculate_charges": lambda: s.calculate_charges("BUY", 100, 1000, "INTRADAY", DAY),
        "calmar_ratio": lambda: s.calmar_ratio(RETURNS),
        "conditional_value_at_risk": lambda: s.conditional_value_at_risk(RETURNS),
        "correlation": lambda: s.correlation(RETURNS, BENCHMARK),
        "covariance_matrix": lambda: s.covariance_matrix(both),
        "cumulative_returns": lambda: s.cumulative_returns(RETURNS),
        "downside_deviation": lambda: s.downside_deviation(RETURNS),
        "drawdowns": lambda: s.drawdowns(RETURNS),
        "equal_weight_size": lambda: s.equal_weight_size(1_000_000, 20, 3500),
        "equity_curve": lambda: s.equity_curve(RETURNS),
        "ewma_volatility": lambda: s.ewma_volatility(RETURNS),
        "excess_returns": lambda: s.excess_returns(RETURNS, 0.065),
        "exercise_tax": lambda: s.exercise_tax(75, 120, DAY),
        "fixed_fractional_size": lambda: s.fixed_fractional_size(1_000_000, 0.01, 500, 490),
        "get_charge_rates": lambda: s.get_charge_rates("FUTURES", DAY),
        "information_ratio": lambda: s.information_ratio(RETURNS, BENCHMARK),
        "kelly_fraction": lambda: s.kelly_fraction(0.55, 1.5),
        "kelly_size": lambda: s.kelly_size(1_000_000, 0.52, 1.2, 500),
        "log_returns": lambda: s.log_returns(PRICES),
        "match_trades": lambda: s.match_trades([fill]),
        "max_drawdown": lambda: s.max_drawdown(RETURNS),
        "max_drawdown_duration": lambda: s.max_drawdown_duration(RETURNS),
        "omega_ratio": lambda: s.omega_ratio(RETURNS),
        "payoff_ratio": lambda: s.payoff_ratio(RETURNS),
        "portfolio_volatility": lambda: s.portfolio_volatility([0.5, 0.5], [[0.04, 0.0], [0.0, 0.09]]),
        "profit_factor": lambda: s.profit_factor(RETURNS),
        "realised_pnl": lambda: s.realised_pnl([fill]),
        "round_trip_charges": lambda: s.round_trip_charges(100, 1000, 1005, "INTRADAY", DAY),
        "sharpe_ratio": lambda: s.sharpe_ratio(RETURNS),
        "simple_returns": lambda: s.simple_returns(PRICES),
        "sortino_ratio": lambda: s.sortino_ratio(RETURNS),
        "total_return": lambda: s.total_return(RETURNS),
        "tracking_error": lambda: s.tracking_error(RETURNS, BENCHMARK),
        "trade_pnl": lambda: s.trade_pnl("SELL", 100, 3500, 3480.5),
        "unrealised_pnl": lambda: s.unrealised_pnl([fill], 3510),
        "value_at_risk": lambda: s.value_at_risk(RETURNS),
        "volatility": lambda: s.volatility(RETURNS),
        "volatility_target_size": lambda: s.volatility_target_size(1_000_000, 0.10, 0.25, 500),
        "win_rate": lambda: s.win_rate(RETURNS),
    }


def peers() -> dict[str, tuple[str, Callable[[], object]]]:
    """What else does the same, by the name of ours."""
    import empyrical
    import exchange_calendars
    import fastavro.schema
    import pandas

    xbom = exchange_calendars.get_calendar("XBOM", start="2024-01-01", end="2026-12-31")
    session, minute = pandas.Timestamp("2026-01-02"), pandas.Timestamp(AT, tz="Asia/Kolkata")
    record = fastavro.parse_schema(s.avro_schema(s.Signal))
    values = {
        "signal_id": "x" * 36, "run_id": "manual", "trade_date": "2026-01-02", "strategy": "momentum", "symbol": "INFY",
        "generated_at": "2026-01-02T00:00:00+00:00", "signal": 1, "strength": None, "price": "1500.5",
    }  # fmt: skip

    def avro() -> object:
        import io

        out = io.BytesIO()
        fastavro.schemaless_writer(out, record, values)
        return out.getvalue()

    return {
        "is_market_open": ("exchange-calendars", lambda: xbom.is_open_on_minute(minute)),
        "get_next_trading_day": ("exchange-calendars", lambda: xbom.next_session(session)),
        "get_previous_trading_day": ("exchange-calendars", lambda: xbom.previous_session(session)),
        "get_trading_days": (
            "exchange-calendars",
            lambda: xbom.sessions_in_range(pandas.Timestamp("2025-01-01"), pandas.Timestamp("2025-12-31")),
        ),
        "Signal.to_message BINARY": ("fastavro, of ready values", avro),
        "alpha": ("empyrical", lambda: empyrical.alpha(RETURNS, BENCHMARK)),
        "annualised_return": ("empyrical", lambda: empyrical.annual_return(RETURNS)),
        "beta": ("empyrical", lambda: empyrical.beta(RETURNS, BENCHMARK)),
        "calmar_ratio": ("empyrical", lambda: empyrical.calmar_ratio(RETURNS)),
        "conditional_value_at_risk": ("empyrical", lambda: empyrical.conditional_value_at_risk(RETURNS)),
        "max_drawdown": ("empyrical", lambda: empyrical.max_drawdown(RETURNS)),
        "omega_ratio": ("empyrical", lambda: empyrical.omega_ratio(RETURNS)),
        "sharpe_ratio": ("empyrical", lambda: empyrical.sharpe_ratio(RETURNS)),
        "sortino_ratio": ("empyrical", lambda: empyrical.sortino_ratio(RETURNS)),
        "value_at_risk": ("empyrical", lambda: empyrical.value_at_risk(RETURNS)),
        "volatility": ("empyrical", lambda: empyrical.annual_volatility(RETURNS)),
        "to_money": ("Decimal(repr(x))", lambda: Decimal(repr(3500.05))),
        "validate_uuid": ("uuid.UUID", lambda: __import__("uuid").UUID("6f0c4d0e-6f5b-5c5c-9d0e-3c5a3c1f7a11")),
    }


@dataclass(frozen=True)
class Measured:
    """Microseconds a call, and a peer's."""

    name: str
    ours: float
    peer: str = ""
    theirs: float = 0.0

    def cells(self) -> Sequence[str]:
        line = (self.name, f"{self.ours:.1f}", f"{LIMIT_US:.0f}", f"{self.ours / LIMIT_US:.2f}", f"{TARGET_US:.0f}")
        return (
            (*line, self.peer, f"{self.theirs:.1f}", f"{self.ours / self.theirs:.2f}")
            if self.peer
            else (*line, "", "", "")
        )


def measure() -> list[Measured]:
    """The slowest first, each in turn with its peer."""
    others, found = peers(), []
    for name, call in cases().items():
        peer, other = others.get(name, ("", None))
        call()
        if other is not None:
            other()
        pairs = [(_microseconds(call), _microseconds(other) if other else 0.0) for _ in range(_REPEATS)]
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        found.append(Measured(name, ours, peer, theirs))
    return sorted(found, key=lambda each: -each.ours)


def _microseconds(call: Callable[[], object]) -> float:
    """Of processor time: what else runs on the machine counts less."""
    return timeit.timeit(call, number=_CALLS, timer=time.process_time) / _CALLS * 1e6

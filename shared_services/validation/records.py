"""Is this an order, a bar, a signal? True or False for whatever is given; nothing here raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_services.models import Instrument, MarketBar, Order, OrderType, Position, Segment, Signal, Tick
from shared_services.models.base import Model

from .fields import never_raises, validate_price, validate_quantity


@never_raises
def validate_order(order: object, instrument: Instrument | None = None) -> bool:
    """Whether it is an order (an `Order`, or the values of one) and, with its instrument, one that the exchange takes:
    of that symbol, tradable, in whole lots, within the freeze quantity, with prices on the tick and in the band.

    >>> values = {"client_order_id": "O1", "symbol": "TCS", "side": "BUY", "quantity": 10, "order_type": "LIMIT"}
    >>> validate_order({**values, "limit_price": 3500.1}), validate_order(values)
    (True, False)
    >>> validate_order({**values, "limit_price": 3500.12}, Instrument(symbol="TCS", tick_size=0.1))
    False
    """
    given = _made(Order, order)
    if not isinstance(given, Order):
        return False
    if instrument is None:
        return True
    if given.symbol != instrument.symbol or not instrument.tradable or instrument.segment is Segment.INDEX:
        return False
    if not validate_quantity(given.quantity, instrument.lot_size, instrument.freeze_quantity):
        return False
    if given.order_type in (OrderType.MARKET, OrderType.SL_M) and given.limit_price is not None:
        return False
    low, high = instrument.lower_band, instrument.upper_band
    prices = [price for price in (given.limit_price, given.trigger_price) if price is not None]
    return all(validate_price(price, instrument.tick_size, low, high) for price in prices)


@never_raises
def validate_signal(signal: object) -> bool:
    """Whether it is a signal, or the values of one.

    >>> validate_signal({"strategy": "momentum", "symbol": "INFY", "signal": 1}), validate_signal({"signal": 2})
    (True, False)
    """
    return _made(Signal, signal) is not None


@never_raises
def validate_position(position: object) -> bool:
    """Whether it is a position, or the values of one.

    >>> validate_position({"symbol": "TCS", "quantity": -5, "price": 3500}), validate_position({"symbol": "TCS"})
    (True, False)
    """
    return _made(Position, position) is not None


@never_raises
def validate_bar(bar: object) -> bool:
    """Whether it is a bar, or the values of one: low <= open, close <= high, and no price missing.

    >>> validate_bar({"bar_start": "2026-01-02T09:15:00+05:30", "bar_interval": "1m", "symbol": "TCS", "open": 10,
    ...               "high": 9, "low": 8, "close": 9, "volume": 1})
    False
    """
    return _made(MarketBar, bar) is not None


@never_raises
def validate_tick(tick: object) -> bool:
    """Whether it is a tick, or the values of one; a bid above its ask is none.

    >>> validate_tick({"symbol": "TCS", "price": 10, "exchange_time": "2026-01-02T09:15:00+05:30"})
    True
    """
    made = _made(Tick, tick)
    return isinstance(made, Tick) and (made.bid is None or made.ask is None or made.bid <= made.ask)


@never_raises
def validate_portfolio_weights(weights: object, tolerance: float = 1e-6) -> bool:
    """Whether it is a mapping of symbols to finite weights that sum to 1.

    >>> validate_portfolio_weights({"TCS": 0.6, "INFY": 0.4}), validate_portfolio_weights({"TCS": 0.6})
    (True, False)
    """
    if not isinstance(weights, Mapping) or not weights:
        return False
    total = sum(float(weight) for weight in weights.values() if not isinstance(weight, bool | str))
    return abs(total - 1) <= tolerance and not any(isinstance(weight, bool | str) for weight in weights.values())


def _made(model: type[Model], value: Any) -> Model | None:
    if isinstance(value, model):
        return value
    return model(**value) if isinstance(value, Mapping) else None

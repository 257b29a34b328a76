"""The examples that users were given for models, validators and the market, as they stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def test_data_models() -> None:
    from shared_services import Position, Signal, TradeRecord

    position = Position(symbol="TCS", quantity=100, price=3500.0)
    signal = Signal(strategy="momentum", symbol="INFY", signal=1)

    assert position.price == Decimal("3500") and isinstance(position.price, Decimal)
    assert signal.is_buy
    assert TradeRecord.__doc__


def test_input_validation() -> None:
    processed = False
    from shared_services import validate_quantity, validate_symbol

    if validate_symbol("RELIANCE") and validate_quantity(100):
        # Process trade
        processed = True

    assert processed


def test_market_hours() -> None:
    from shared_services import get_next_trading_day, is_market_open

    if is_market_open():
        # Execute trading logic
        next_day = get_next_trading_day()
        assert next_day > date(2019, 1, 1)

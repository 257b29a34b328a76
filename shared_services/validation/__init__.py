"""Checks that answer True or False, for any input whatever.

>>> validate_symbol("RELIANCE") and validate_quantity(100)
True
"""

from .fields import (
    is_whole,
    validate_isin,
    validate_leverage,
    validate_percentage,
    validate_price,
    validate_price_band,
    validate_quantity,
    validate_signal_value,
    validate_strategy,
    validate_strength,
    validate_symbol,
    validate_timestamp,
    validate_trade_date,
    validate_uuid,
)
from .records import (
    validate_bar,
    validate_order,
    validate_portfolio_weights,
    validate_position,
    validate_signal,
    validate_tick,
)

__all__ = [
    "is_whole",
    "validate_bar",
    "validate_isin",
    "validate_leverage",
    "validate_order",
    "validate_percentage",
    "validate_portfolio_weights",
    "validate_position",
    "validate_price",
    "validate_price_band",
    "validate_quantity",
    "validate_signal",
    "validate_signal_value",
    "validate_strategy",
    "validate_strength",
    "validate_symbol",
    "validate_tick",
    "validate_timestamp",
    "validate_trade_date",
    "validate_uuid",
]

"""The market: when NSE trades, and what it asks of orders.

>>> from datetime import datetime
>>> is_market_open(datetime(2026, 1, 2, 10, 0)), get_next_trading_day(datetime(2026, 1, 23)).isoformat()
(True, '2026-01-27')
"""

from .calendar import Holiday, Session, SessionKind, TradingCalendar, get_calendar
from .contracts import (
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
    round_to_lot,
    round_to_tick,
)
from .days import (
    add_trading_days,
    count_trading_days,
    day_in_india,
    get_holidays,
    get_next_trading_day,
    get_previous_trading_day,
    get_trading_day,
    get_trading_days,
    is_holiday,
    is_trading_day,
)
from .errors import CalendarRangeError, UnknownContract
from .hours import (
    MarketPhase,
    get_market_phase,
    get_next_close,
    get_next_open,
    get_session,
    is_closing_auction,
    is_market_open,
    is_pre_open,
    is_special_session,
    minutes_to_close,
    moment_in_india,
    time_since_open,
)

__all__ = [
    "CalendarRangeError",
    "Holiday",
    "MarketPhase",
    "Session",
    "SessionKind",
    "TradingCalendar",
    "UnknownContract",
    "add_trading_days",
    "count_trading_days",
    "day_in_india",
    "get_calendar",
    "get_expiry_weekday",
    "get_freeze_quantity",
    "get_holidays",
    "get_lot_size",
    "get_market_phase",
    "get_monthly_expiry",
    "get_next_close",
    "get_next_expiry",
    "get_next_open",
    "get_next_trading_day",
    "get_previous_trading_day",
    "get_price_band",
    "get_session",
    "get_tick_size",
    "get_trading_day",
    "get_trading_days",
    "get_weekly_expiry",
    "is_closing_auction",
    "is_expiry_day",
    "is_holiday",
    "is_market_open",
    "is_on_tick",
    "is_pre_open",
    "is_special_session",
    "is_trading_day",
    "minutes_to_close",
    "moment_in_india",
    "round_to_lot",
    "round_to_tick",
    "time_since_open",
]

"""Is this a symbol, a quantity, a price? True or False for whatever is given; nothing here raises.

What is refused, with its reason, is the models' business: these are for the question alone.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Container
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from shared_services.market.contracts import get_price_band, is_on_tick
from shared_services.market.days import is_trading_day
from shared_services.models.fields import to_money, to_whole
from shared_services.models.symbols import is_symbol

P = ParamSpec("P")
_STRATEGY_MOST = 64
_ISIN_LENGTH = 12
_HIGHEST = Decimal(10) ** 9


def never_raises(check: Callable[P, bool]) -> Callable[P, bool]:
    """A check that answers False where it would raise: whatever `__eq__`, `__hash__` or `__index__` of a stranger
    do.
    """

    @wraps(check)
    def safe(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            return bool(check(*args, **kwargs))
        except Exception:
            return False

    return safe


@never_raises
def validate_symbol(symbol: object, known: Container[str] | None = None) -> bool:
    """Whether it is a symbol as NSE writes it and, with `known`, one of those.

    >>> validate_symbol("RELIANCE"), validate_symbol("reliance"), validate_symbol("RELIANCE", known={"TCS"})
    (True, False, False)
    """
    return isinstance(symbol, str) and is_symbol(symbol) and (known is None or symbol in known)


@never_raises
def validate_quantity(
    quantity: object, lot_size: int = 1, max_quantity: int | None = None, *, allow_short: bool = False
) -> bool:
    """Whether it is a whole number of lots above zero (or, with `allow_short`, below), of at most `max_quantity`.

    A float is no quantity, even 100.0: who computed it should say how it is to be rounded.

    >>> validate_quantity(100), validate_quantity(-100), validate_quantity(1.5), validate_quantity(100, lot_size=65)
    (True, False, False, False)
    """
    number = to_whole(quantity)
    if number == 0 or (number < 0 and not allow_short) or lot_size < 1 or number % lot_size:
        return False
    return max_quantity is None or abs(number) <= max_quantity


@never_raises
def validate_price(
    price: object,
    tick_size: Decimal | float | str | None = None,
    low: Decimal | float | None = None,
    high: Decimal | float | None = None,
) -> bool:
    """Whether it is a price in INR: a number above zero and below 10^9, on the tick and in the band where given.

    >>> validate_price(3500.05, tick_size="0.05"), validate_price(float("nan")), validate_price(90, low=95)
    (True, False, False)
    """
    amount = to_money(price)
    if not 0 < amount < _HIGHEST or (tick_size is not None and not is_on_tick(amount, tick_size)):
        return False
    return (low is None or amount >= to_money(low)) and (high is None or amount <= to_money(high))


@never_raises
def validate_price_band(price: object, previous_close: object, percent: int = 20) -> bool:
    """Whether a price is within the band of `percent` around the close before.

    >>> validate_price_band(1100, 1000, 10), validate_price_band(1100.05, 1000, 10)
    (True, False)
    """
    low, high = get_price_band(to_money(previous_close), percent, "0.01")
    return low <= to_money(price) <= high


@never_raises
def validate_signal_value(signal: object) -> bool:
    """Whether it is 1 (buy), 0 (hold) or -1 (sell), as a whole number.

    >>> validate_signal_value(1), validate_signal_value(0.5), validate_signal_value(True)
    (True, False, False)
    """
    return to_whole(signal) in (-1, 0, 1)


@never_raises
def validate_strength(strength: object) -> bool:
    """Whether it is a number from 0 to 1.

    >>> validate_strength(0.7), validate_strength(float("nan")), validate_strength(1.2)
    (True, False, False)
    """
    return not isinstance(strength, str) and 0 <= to_money(strength) <= 1


@never_raises
def validate_strategy(strategy: object) -> bool:
    """Whether it is the name of a strategy: 1 to 64 of a-z, 0-9, `_`, `-`, begun by a letter.

    >>> validate_strategy("mean_reversion"), validate_strategy("Mean Reversion")
    (True, False)
    """
    return (
        isinstance(strategy, str)
        and 0 < len(strategy) <= _STRATEGY_MOST
        and strategy[0] in "abcdefghijklmnopqrstuvwxyz"
        and set(strategy) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    )


@never_raises
def validate_trade_date(day: object) -> bool:
    """Whether NSE trades that day: a date, or a text such as 2026-01-02. False beyond the calendar.

    >>> validate_trade_date("2026-01-02"), validate_trade_date(date(2026, 1, 26)), validate_trade_date("2050-01-03")
    (True, False, False)
    """
    given = date.fromisoformat(day) if isinstance(day, str) else day
    return isinstance(given, date) and is_trading_day(given)


@never_raises
def validate_timestamp(moment: object) -> bool:
    """Whether it is a datetime with a zone, or a text of one.

    >>> validate_timestamp("2026-01-02T09:15:00+05:30"), validate_timestamp(datetime(2026, 1, 2))
    (True, False)
    """
    given = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return isinstance(given, datetime) and given.utcoffset() is not None


@never_raises
def validate_isin(isin: object) -> bool:
    """Whether it is an ISIN with its check digit (ISO 6166, Luhn over the letters' numbers).

    >>> validate_isin("INE002A01018"), validate_isin("INE002A01019")
    (True, False)
    """
    if not isinstance(isin, str) or len(isin) != _ISIN_LENGTH or not isin.isascii() or not isin.isalnum():
        return False
    if isin != isin.upper() or not isin[:2].isalpha() or not isin[-1].isdigit():
        return False
    digits = [int(digit) for letter in isin for digit in str(int(letter, 36))]
    doubled = [digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


@never_raises
def validate_percentage(value: object, low: float = 0, high: float = 100) -> bool:
    """Whether it is a number from `low` to `high`.

    >>> validate_percentage(12.5), validate_percentage(120), validate_percentage("12")
    (True, False, False)
    """
    return not isinstance(value, str) and to_money(low) <= to_money(value) <= to_money(high)


@never_raises
def validate_uuid(value: object) -> bool:
    """Whether it is a UUID or the usual text of one.

    >>> validate_uuid("6f0c4d0e-6f5b-5c5c-9d0e-3c5a3c1f7a11"), validate_uuid("6f0c4d0e")
    (True, False)
    """
    return isinstance(value, UUID) or (isinstance(value, str) and str(UUID(value)) == value.lower())


@never_raises
def validate_leverage(leverage: object, maximum: float = 5) -> bool:
    """Whether it is a number above 0 and no more than `maximum`; SEBI's peak margin leaves 5 for intraday equity.

    >>> validate_leverage(2), validate_leverage(0), validate_leverage(10)
    (True, False, False)
    """
    return not isinstance(leverage, str) and 0 < to_money(leverage) <= to_money(maximum)


def is_whole(value: object) -> bool:
    """Whether it is a whole number, of Python or of numpy; a bool or a float is none.

    >>> is_whole(3), is_whole(3.0), is_whole(True)
    (True, False, False)
    """
    if isinstance(value, bool):
        return False
    try:
        operator.index(value)  # type: ignore[arg-type]
    except Exception:
        return False
    return True

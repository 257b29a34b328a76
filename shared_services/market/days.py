"""Questions about days: which are trading days, and which come next.

A day is a `date`, a `datetime` (its day in India; without a zone it is India's already) or None, today in India.
Every function raises `CalendarRangeError` for a day that the calendar does not reach, and TypeError for anything else.
"""

from __future__ import annotations

from datetime import date, datetime

from .calendar import INDIA, Holiday, get_calendar


def day_in_india(day: date | datetime | None = None) -> date:
    """The day, in India.

    >>> from datetime import UTC
    >>> day_in_india(datetime(2026, 1, 1, 20, 0, tzinfo=UTC)).isoformat()
    '2026-01-02'
    """
    if day is None:
        return datetime.now(INDIA).date()
    if isinstance(day, datetime):
        return (day if day.tzinfo is None else day.astimezone(INDIA)).date()
    if isinstance(day, date):
        return day
    raise TypeError(f"a day is a date or a datetime, not {type(day).__name__}")


def is_trading_day(day: date | datetime | None = None, *, regular: bool = False) -> bool:
    """Whether NSE has a session that day. With `regular`, a Muhurat hour is none.

    >>> is_trading_day(date(2026, 1, 26)), is_trading_day(date(2025, 10, 21))
    (False, True)
    >>> is_trading_day(date(2025, 10, 21), regular=True)
    False
    """
    return get_calendar().is_trading_day(day_in_india(day), regular=regular)


def is_holiday(day: date | datetime | None = None) -> bool:
    """Whether NSE is closed that day for a holiday; a weekend is none by itself.

    >>> is_holiday(date(2026, 1, 26)), is_holiday(date(2026, 1, 25))
    (True, False)
    """
    nse = get_calendar()
    return nse.check(day_in_india(day)) in nse.holidays


def get_holidays(year: int) -> list[Holiday]:
    """The holidays of a year, in order.

    >>> get_holidays(2026)[0].name
    'Municipal elections in Maharashtra'
    """
    nse = get_calendar()
    nse.check(date(year, 12, 31) if year < nse.valid_through.year else date(year, 1, 1))
    return [nse.holidays[day] for day in sorted(nse.holidays) if day.year == year]


def get_next_trading_day(day: date | datetime | None = None, *, regular: bool = False) -> date:
    """The first trading day after the day.

    >>> get_next_trading_day(date(2026, 1, 23)).isoformat()
    '2026-01-27'
    """
    return get_calendar().step(day_in_india(day), 1, regular=regular)


def get_previous_trading_day(day: date | datetime | None = None, *, regular: bool = False) -> date:
    """The last trading day before the day.

    >>> get_previous_trading_day(date(2026, 1, 27)).isoformat()
    '2026-01-23'
    """
    return get_calendar().step(day_in_india(day), -1, regular=regular)


def get_trading_day(day: date | datetime | None = None, *, regular: bool = False) -> date:
    """The day itself when it is a trading day, or else the one before it: whose closing prices count.

    >>> get_trading_day(date(2026, 1, 26)).isoformat()
    '2026-01-23'
    """
    given = day_in_india(day)
    nse = get_calendar()
    return given if nse.is_trading_day(given, regular=regular) else nse.step(given, -1, regular=regular)


def add_trading_days(day: date | datetime | None, count: int, *, regular: bool = False) -> date:
    """The trading day that is `count` after the day, or before it when negative; 0 is `get_trading_day`.

    >>> add_trading_days(date(2026, 1, 23), 2).isoformat(), add_trading_days(date(2026, 1, 27), -1).isoformat()
    ('2026-01-28', '2026-01-23')
    """
    if count == 0:
        return get_trading_day(day, regular=regular)
    return get_calendar().step(day_in_india(day), count, regular=regular)


def get_trading_days(first: date | datetime, last: date | datetime, *, regular: bool = False) -> list[date]:
    """The trading days from `first` through `last`, both counted; none when `last` is before `first`.

    >>> [day.day for day in get_trading_days(date(2026, 1, 22), date(2026, 1, 28))]
    [22, 23, 27, 28]
    """
    return get_calendar().days(day_in_india(first), day_in_india(last), regular=regular)


def count_trading_days(first: date | datetime, last: date | datetime, *, regular: bool = False) -> int:
    """How many trading days there are from `first` through `last`, both counted.

    >>> count_trading_days(date(2025, 1, 1), date(2025, 12, 31), regular=True)
    248
    """
    return len(get_trading_days(first, last, regular=regular))

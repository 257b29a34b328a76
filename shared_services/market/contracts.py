"""What NSE asks of orders: ticks, lots, freeze quantities, bands and expiry days, by date.

Facts are data, in `data/nse_contracts.toml`, with their sources. A single share's own band, freeze quantity and lot
are in NSE's daily files: give them in an `Instrument`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from shared_services.models.fields import EXACT, to_money

from .calendar import get_calendar
from .days import day_in_india
from .errors import UnknownContract

_FILE = Path(__file__).parent / "data" / "nse_contracts.toml"
Cycle = Literal["WEEKLY", "MONTHLY"]
Kind = Literal["EQUITY", "INDEX", "OPTIONS"]
Rounding = Literal["nearest", "down", "up"]
_ROUNDINGS = {"nearest": ROUND_HALF_EVEN, "down": ROUND_FLOOR, "up": ROUND_CEILING}
_PAISA = Decimal("0.01")
_DECEMBER = 12


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(), parse_float=Decimal)


def _in_force(rows: list[dict[str, Any]], day: date, what: str) -> Mapping[str, Any]:
    """The last row that holds from the day or before it."""
    held = [row for row in rows if row["valid_from"] <= day and day <= row.get("valid_through", day)]
    if not held:
        raise UnknownContract(f"nothing is known of {what} on {day}")
    return max(held, key=lambda row: row["valid_from"])


def get_tick_size(price: Decimal | float | str, kind: Kind = "EQUITY", day: date | datetime | None = None) -> Decimal:
    """The tick of a share or contract, in INR. NSE takes the closing price of the month before: give that one.

    `kind` is EQUITY for shares and futures on them, INDEX for futures on indices, OPTIONS for all options.

    Raises:
        UnknownContract: before 2019.
        ValueError: the price is no number above zero.

    >>> get_tick_size(1500, day=date(2026, 1, 2)), get_tick_size(1500, day=date(2024, 1, 2))
    (Decimal('0.10'), Decimal('0.05'))
    """
    amount = _positive(price)
    rows = [row for row in _content()["ticks"] if row["kind"] == kind]
    for step in _in_force(rows, day_in_india(day), f"ticks of {kind}")["steps"]:
        if "below" in step and not amount < Decimal(step["below"]):
            continue
        if "up_to" in step and amount > Decimal(step["up_to"]):
            continue
        return Decimal(step["tick"])
    raise UnknownContract(f"no tick for {amount}")


def round_to_tick(
    price: Decimal | float | str, tick: Decimal | float | str = "0.05", rounding: Rounding = "nearest"
) -> Decimal:
    """The price as a multiple of the tick: the nearest (half to even), or the next one down or up.

    Raises:
        ValueError: price or tick is no number above zero.

    >>> round_to_tick(3500.07, "0.05"), round_to_tick(3500.07, "0.05", "up")
    (Decimal('3500.05'), Decimal('3500.10'))
    """
    step = _positive(tick)
    count = EXACT.divide(_positive(price), step).quantize(Decimal(1), _ROUNDINGS[rounding], EXACT)
    return EXACT.multiply(count, step)


def is_on_tick(price: Decimal | float | str, tick: Decimal | float | str = "0.05") -> bool:
    """Whether a price is a multiple of the tick.

    >>> is_on_tick(3500.05), is_on_tick(3500.07)
    (True, False)
    """
    return EXACT.remainder(_positive(price), _positive(tick)).is_zero()


def get_lot_size(underlying: str, expiry: date | datetime | None = None) -> int:
    """Units in a lot of an index contract that expires that day. Known from 2024-11-20.

    Raises:
        UnknownContract: another underlying, or an earlier day.

    >>> get_lot_size("NIFTY", date(2026, 1, 27)), get_lot_size("NIFTY", date(2025, 12, 30))
    (65, 75)
    """
    sizes = _in_force(_content()["lots"], day_in_india(expiry), "lots")["sizes"]
    if underlying not in sizes:
        raise UnknownContract(f"no lot is known of {underlying}: give it in an Instrument")
    return int(sizes[underlying])


def round_to_lot(quantity: int, lot_size: int) -> int:
    """The quantity without what does not fill a lot.

    >>> round_to_lot(200, 65), round_to_lot(-200, 65)
    (195, -195)
    """
    if lot_size < 1:
        raise ValueError(f"a lot has one unit or more, not {lot_size}")
    return quantity // lot_size * lot_size if quantity >= 0 else -(-quantity // lot_size * lot_size)


def get_freeze_quantity(underlying: str, day: date | datetime | None = None) -> int:
    """The most units that one order of an index contract may have. Known from 2024-08-01.

    Raises:
        UnknownContract: another underlying, or an earlier day.

    >>> get_freeze_quantity("BANKNIFTY", date(2025, 9, 1)), get_freeze_quantity("BANKNIFTY", date(2025, 8, 1))
    (900, 600)
    """
    quantities = _in_force(_content()["freeze"], day_in_india(day), "freeze quantities")["quantities"]
    if underlying not in quantities:
        raise UnknownContract(f"no freeze quantity is known of {underlying}: give it in an Instrument")
    return int(quantities[underlying])


def get_price_band(
    previous_close: Decimal | float | str, percent: int = 20, tick: Decimal | float | str = "0.05"
) -> tuple[Decimal, Decimal]:
    """Lowest and highest price that NSE takes: the close before, less and more `percent`, on ticks within the band.

    Raises:
        ValueError: no price, or a percentage that NSE has no band of (2, 5, 10, 20, 40).

    >>> get_price_band(1000, 10)
    (Decimal('900.00'), Decimal('1100.00'))
    """
    if percent not in _content()["bands"]["percentages"]:
        raise ValueError(f"NSE has bands of {_content()['bands']['percentages']} percent, not of {percent}")
    close = _positive(previous_close)
    width = EXACT.multiply(close, EXACT.divide(Decimal(percent), Decimal(100)))
    low, high = EXACT.subtract(close, width), EXACT.add(close, width)
    return round_to_tick(low, tick, "up"), round_to_tick(high, tick, "down")


def get_expiry_weekday(underlying: str = "NIFTY", cycle: Cycle = "MONTHLY", day: date | datetime | None = None) -> int:
    """The weekday that contracts expire on, 0 for Monday; shares go by the rule of `*`.

    Raises:
        UnknownContract: no such contracts that day.

    >>> get_expiry_weekday("NIFTY", "WEEKLY", date(2026, 1, 2)), get_expiry_weekday("NIFTY", "WEEKLY", date(2025, 8, 1))
    (1, 3)
    """
    given = day_in_india(day)
    rows = [row for row in _content()["expiry"] if row["cycle"] == cycle]
    own = [row for row in rows if underlying in row["underlyings"]]
    if not own and cycle == "MONTHLY":
        own = [row for row in rows if "*" in row["underlyings"]]
    return int(_in_force(own, given, f"{cycle.lower()} contracts of {underlying}")["weekday"])


def get_monthly_expiry(year: int, month: int, underlying: str = "NIFTY") -> date:
    """The day that a month's contracts expire: the last such weekday, or the trading day before it.

    Raises:
        CalendarRangeError: the calendar does not reach the month.

    >>> get_monthly_expiry(2025, 8).isoformat(), get_monthly_expiry(2025, 9).isoformat()
    ('2025-08-28', '2025-09-30')
    """
    last = (date(year + month // _DECEMBER, month % _DECEMBER + 1, 1)) - timedelta(days=1)
    weekday = get_expiry_weekday(underlying, "MONTHLY", last)
    return _traded(last - timedelta(days=(last.weekday() - weekday) % 7))


def get_weekly_expiry(day: date | datetime | None = None, underlying: str = "NIFTY") -> date:
    """The weekly expiry on or after the day.

    Raises:
        CalendarRangeError: the calendar does not reach it.
        UnknownContract: the underlying has no weekly contracts.

    >>> get_weekly_expiry(date(2025, 10, 17)).isoformat() # 2025-10-21 is closed
    '2025-10-20'
    """
    given = day_in_india(day)
    start = given
    while True:
        weekday = get_expiry_weekday(underlying, "WEEKLY", start)
        due = start + timedelta(days=(weekday - start.weekday()) % 7)
        if get_expiry_weekday(underlying, "WEEKLY", due) != weekday:  # the rule changes before it is due
            weekday = get_expiry_weekday(underlying, "WEEKLY", due)
            due = start + timedelta(days=(weekday - start.weekday()) % 7)
        expiry = _traded(due)
        if expiry >= given:
            return expiry
        start = due + timedelta(days=1)


def get_next_expiry(day: date | datetime | None = None, underlying: str = "NIFTY", cycle: Cycle = "MONTHLY") -> date:
    """The expiry of the cycle on or after the day.

    >>> get_next_expiry(date(2026, 1, 2)).isoformat(), get_next_expiry(date(2026, 1, 2), cycle="WEEKLY").isoformat()
    ('2026-01-27', '2026-01-06')
    """
    given = day_in_india(day)
    if cycle == "WEEKLY":
        return get_weekly_expiry(given, underlying)
    expiry = get_monthly_expiry(given.year, given.month, underlying)
    if expiry >= given:
        return expiry
    return get_monthly_expiry(given.year + given.month // _DECEMBER, given.month % _DECEMBER + 1, underlying)


def is_expiry_day(day: date | datetime | None = None, underlying: str = "NIFTY", cycle: Cycle = "MONTHLY") -> bool:
    """Whether contracts of the cycle expire that day.

    >>> is_expiry_day(date(2025, 9, 30)), is_expiry_day(date(2025, 9, 29))
    (True, False)
    """
    given = day_in_india(day)
    return get_next_expiry(given, underlying, cycle) == given


def _traded(day: date) -> date:
    nse = get_calendar()
    return day if nse.is_trading_day(day, regular=True) else nse.step(day, -1, regular=True)


def _positive(value: Decimal | float | str) -> Decimal:
    amount = to_money(value)
    if amount <= 0:
        raise ValueError(f"must be above zero, not {amount}")
    return amount

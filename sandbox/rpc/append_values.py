"""Single values of rows that are appended, as Arrow takes them; ValueError says what is wrong with one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from sandbox.runtime.bigquery.fields import Field

_FIRST_DAY, _LAST_DAY = -719162, 2932896
_FIRST_MICRO, _LAST_MICRO = _FIRST_DAY * 86_400_000_000, (_LAST_DAY + 1) * 86_400_000_000 - 1
_EPOCH = date(1970, 1, 1).toordinal()
_DATE = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?")
_INTERVAL = re.compile(r"([+-]?)(\d+)-(\d+) ([+-]?\d+) ([+-]?)(\d+):(\d+):(\d+)(?:\.(\d{1,9}))?")
_CONTEXT = Context(prec=100)
# Digits behind the point and before it.
_SCALES = {"NUMERIC": (9, 29), "BIGNUMERIC": (38, 38)}


def day(value: int) -> int:
    """Days since 1970."""
    if not _FIRST_DAY <= value <= _LAST_DAY:
        raise ValueError(f"{value} is out of the range of DATE: 0001-01-01 to 9999-12-31")
    return value


def day_of_text(text: str) -> int:
    """Days since 1970, of a literal.

    >>> day_of_text("2026-11-27")
    20784
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"Invalid date: '{text}'")
    return date(*map(int, found.groups())).toordinal() - _EPOCH


def micros(value: int) -> int:
    """Microseconds since 1970."""
    if not _FIRST_MICRO <= value <= _LAST_MICRO:
        raise ValueError(f"{value} is out of the range of TIMESTAMP: 0001-01-01 to 9999-12-31")
    return value


def time_of_text(text: str) -> int:
    """Microseconds of a day, of a literal.

    >>> time_of_text("09:15:00.5")
    33300500000
    """
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(f"Invalid time: '{text}'")
    hour, minute, second, fraction = found.groups()
    return _of_clock(time(int(hour), int(minute), int(second), int((fraction or "0").ljust(6, "0"))))


def datetime_of_text(text: str) -> int:
    """Microseconds since 1970 by the wall clock, of a literal.

    >>> datetime_of_text("1970-01-02 00:00:00"), datetime_of_text("1970-01-02")
    (86400000000, 86400000000)
    """
    head, _, clock = text.strip().replace("t", " ").replace("T", " ").partition(" ")
    return day_of_text(head) * 86_400_000_000 + (time_of_text(clock) if clock else 0)


def packed_time(value: int) -> int:
    """A TIME that Google's CivilTimeEncoder has packed: hour, minute, second and microseconds, side by side.

    >>> packed_time(((9 << 12 | 15 << 6) << 20) + 7)
    33300000007
    """
    packed = value >> 20
    if value < 0 or packed >> 17:
        raise ValueError(f"{value} is no packed TIME")
    return _of_clock(time(packed >> 12, packed >> 6 & 63, packed & 63, value & 0xFFFFF))


def packed_datetime(value: int) -> int:
    """A DATETIME that Google's CivilTimeEncoder has packed.

    >>> packed_datetime((1970 << 26 | 1 << 22 | 2 << 17) << 20)
    86400000000
    """
    packed = value >> 20
    at = datetime(
        packed >> 26,
        packed >> 22 & 15,
        packed >> 17 & 31,
        packed >> 12 & 31,
        packed >> 6 & 63,
        packed & 63,
        value & 0xFFFFF,
    )
    return (at.toordinal() - _EPOCH) * 86_400_000_000 + _of_clock(at.time())


def _of_clock(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def numeric(field: Field) -> Callable[[Any], Decimal]:
    """What makes a column's NUMERIC or BIGNUMERIC of a number or its text.

    >>> numeric({"type": "NUMERIC"})("1.0000000005")
    Decimal('1.000000001')
    """
    scale, whole = _SCALES[field["type"]]
    if field.get("precision"):
        digits = int(field.get("scale") or 0)
        scale, whole = digits, int(field["precision"]) - digits
    unit, most = Decimal(1).scaleb(-scale), Decimal(10) ** whole

    def convert(value: Any) -> Decimal:
        try:
            given = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
        except InvalidOperation:
            given = Decimal("NaN")
        if not given.is_finite():
            raise ValueError(f"Invalid {field['type']} value: {value}")
        rounded = given.quantize(unit, ROUND_HALF_UP, _CONTEXT) if given.copy_abs() < most else most
        if rounded.copy_abs() >= most:
            raise ValueError(f"{field['type']} out of range: {value}")
        return rounded

    return convert


def numeric_of_bytes(field: Field) -> Callable[[bytes], Decimal]:
    """The same, of what Google's BigDecimalByteStringEncoder writes: little-endian, in units of the last digit."""
    scale, convert = _SCALES[field["type"]][0], numeric(field)
    return lambda value: convert(Decimal(int.from_bytes(value, "little", signed=True)).scaleb(-scale, _CONTEXT))


def json_text(text: str) -> str:
    """A text that is JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Invalid JSON: {error}") from error
    return text


def interval_of_text(text: str) -> tuple[int, int, int]:
    """Months, days and nanoseconds, of BigQuery's canonical form.

    >>> interval_of_text("1-2 3 -0:0:4.5")
    (14, 3, -4500000000)
    """
    found = _INTERVAL.fullmatch(text.strip())
    if not found:
        raise ValueError(f"Invalid interval: '{text}'")
    years, months = int(found[2]), int(found[3])
    seconds = (int(found[6]) * 60 + int(found[7])) * 60 + int(found[8])
    nanos = seconds * 1_000_000_000 + int((found[9] or "0").ljust(9, "0"))
    return (years * 12 + months) * _sign(found[1]), int(found[4]), nanos * _sign(found[5])


def _sign(text: str) -> int:
    return -1 if text == "-" else 1


def limited(field: Field, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same conversion, of values that aren't longer than their column allows."""
    most = int(field.get("maxLength") or 0)
    if not most:
        return convert

    def checked(value: Any) -> Any:
        found = convert(value)
        if len(found) > most:
            raise ValueError(
                f"{field['type']}({most}) has maximum length {most} but got a value with length {len(found)}"
            )
        return found

    return checked

"""The types of the models' fields: money, quantities, times and symbols, each with the one rule that holds
everywhere.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from .symbols import is_symbol

INDIA = ZoneInfo("Asia/Kolkata")
DECIMALS = 9  # what BigQuery's NUMERIC keeps
EXACT = Context(prec=60)  # products of money and quantities, without rounding
_STEP = Decimal(1).scaleb(-DECIMALS)
_MOST = Decimal(10) ** 20
_MOST_WHOLE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """How a field is stored, where its type doesn't say it.

    `required` makes the column REQUIRED although Python may leave the field out: a signal can be made without a price,
    but not stored without one. `avro=False` keeps a field out of messages, `avro_type` names another type than the
    usual one.
    """

    required: bool | None = None
    avro: bool = True
    avro_type: str = ""


def to_money(value: object) -> Decimal:
    """A Decimal of at most nine decimals, as BigQuery's NUMERIC keeps.

    A float becomes what Python prints of it (its shortest repr: 0.1 is 0.1) and is rounded, half to even, to nine
    decimals. A Decimal, an int or a text is taken exactly.

    Raises:
        ValueError: NaN, infinite, beyond ±10^20, more than nine decimals, or not a number.

    >>> to_money(2450.5), to_money(0.1 + 0.2), to_money("3500.00")
    (Decimal('2450.5'), Decimal('0.300000000'), Decimal('3500.00'))
    >>> to_money(float("nan"))
    Traceback (most recent call last):
    ValueError: must be a finite number, not nan
    """
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"must be a finite number, not {value}")
        number = Decimal(float.__repr__(value))
        if abs(number) < _MOST and -int(number.as_tuple().exponent) > DECIMALS:
            number = number.quantize(_STEP, ROUND_HALF_EVEN, EXACT)
    elif isinstance(value, str):
        number = _parsed(value)
    elif isinstance(value, bool):
        raise ValueError("must be a number, not a bool")
    else:
        try:
            number = Decimal(operator.index(value))  # type: ignore[arg-type]
        except TypeError:
            raise ValueError(f"must be a number, not {type(value).__name__}") from None
    if not number.is_finite():
        raise ValueError(f"must be a finite number, not {number}")
    if abs(number) >= _MOST:
        raise ValueError("must be between -10^20 and 10^20")
    if -int(number.as_tuple().exponent) > DECIMALS and number != number.quantize(_STEP, ROUND_HALF_EVEN, EXACT):
        raise ValueError(f"must have at most {DECIMALS} decimals, not {number}")
    if -int(number.as_tuple().exponent) > DECIMALS:
        number = number.quantize(_STEP, ROUND_HALF_EVEN, EXACT)
    return number + 0 if number.is_zero() and number.is_signed() else number


def _parsed(text: str) -> Decimal:
    try:
        if len(text) > 64 or "_" in text or not text.isascii():
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"must be a number, not {text[:40]!r}") from None


def to_whole(value: object) -> int:
    """A whole number of 64 bits, from an int or numpy's; never from a float, a text or a bool.

    Raises:
        ValueError: anything else.

    >>> to_whole(100)
    100
    >>> to_whole(1.5)
    Traceback (most recent call last):
    ValueError: must be a whole number, not 1.5
    """
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not a bool")
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(f"must be a whole number, not {str(value)[:40]}") from None
    if abs(number) > _MOST_WHOLE:
        raise ValueError("must fit 64 bits")
    return number


def to_utc(value: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the time says no zone: what is stored must not depend on where it was made.

    >>> to_utc(datetime(2026, 1, 2, 9, 15, tzinfo=INDIA)).isoformat()
    '2026-01-02T03:45:00+00:00'
    """
    if value.tzinfo is None:
        raise ValueError('must have a time zone: datetime(…, tzinfo=ZoneInfo("Asia/Kolkata")), or UTC')
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time of the years 1 to 9999") from None


def _finite(value: object) -> float:
    if isinstance(value, bool | str):
        raise ValueError(f"must be a number, not a {type(value).__name__}")
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise ValueError(f"must be a finite number, not {number}")
    return number


def _symbol(value: str) -> str:
    if not is_symbol(value):
        raise ValueError(f"must be a symbol as NSE writes it, such as RELIANCE or M&M, not {value[:40]!r}")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        raise ValueError("must be a date, not a time: say which day, in India")
    if isinstance(value, int | float):
        raise ValueError("must be a date such as 2026-01-02, not a number")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, date) and not isinstance(value, datetime)):
        raise ValueError("must be a time with a zone, such as 2026-01-02T09:15:00+05:30")
    if isinstance(value, str) and len(value) < 16:
        raise ValueError(f"must be a time with a zone, such as 2026-01-02T09:15:00+05:30, not {value!r}")
    return value


Money = Annotated[Decimal, BeforeValidator(to_money)]
Price = Annotated[Decimal, BeforeValidator(to_money), Field(gt=0)]
"""INR for one share or unit: above zero."""
Amount = Annotated[Decimal, BeforeValidator(to_money), Field(ge=0)]
Whole = Annotated[int, BeforeValidator(to_whole)]
Quantity = Annotated[int, BeforeValidator(to_whole), Field(gt=0)]
Count = Annotated[int, BeforeValidator(to_whole), Field(ge=0)]
Real = Annotated[float, BeforeValidator(_finite)]
Rate = Annotated[float, BeforeValidator(_finite), Field(ge=0, le=1)]
Symbol = Annotated[str, Field(strict=True), AfterValidator(_symbol)]
Text = Annotated[str, Field(strict=True, max_length=10_000)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=256)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(to_utc)]


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """This day, in India."""
    return datetime.now(INDIA).date()

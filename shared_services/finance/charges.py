"""What a trade on NSE costs: brokerage, taxes and fees, by segment and date.

Rates are data, in `data/charges.toml`, with their sources and the dates they hold from. Each part is rounded to the
paisa; a contract note rounds the day's STT and stamp duty to the rupee, so a day's bill may differ by some paise a
trade.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from shared_services.errors import InputError
from shared_services.market.days import day_in_india
from shared_services.models import Side
from shared_services.models.fields import EXACT, to_money, to_whole

_FILE = Path(__file__).parent / "data" / "charges.toml"
_PAISA = Decimal("0.01")
_ZERO = Decimal(0)
Number = Decimal | float | str


class ChargesError(InputError, ValueError):
    """A trade that no charges follow from, or a day before the oldest rates."""


class ChargeSegment(StrEnum):
    """What is charged alike."""

    DELIVERY = "DELIVERY"
    INTRADAY = "INTRADAY"
    FUTURES = "FUTURES"
    OPTIONS = "OPTIONS"


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a broker takes for an order, in INR: `flat`, or else `rate` of the turnover and `most` at the most."""

    rate: Decimal = _ZERO
    most: Decimal | None = None
    flat: Decimal | None = None
    depository: Decimal = _ZERO

    def brokerage(self, turnover: Decimal) -> Decimal:
        """The brokerage of one order.

        >>> Tariff(rate=Decimal("0.0003"), most=Decimal(20)).brokerage(Decimal(100_000))
        Decimal('20')
        """
        if self.flat is not None:
            return self.flat
        share = EXACT.multiply(turnover, self.rate)
        return share if self.most is None else min(share, self.most)


@dataclass(frozen=True, slots=True)
class ChargeRates:
    """The rates of a segment on a day; parts of the turnover."""

    stt_buy: Decimal
    stt_sell: Decimal
    stt_exercised: Decimal
    stamp_buy: Decimal
    exchange: Decimal
    ipft: Decimal
    sebi: Decimal
    gst: Decimal
    tariff: Tariff
    provisional: bool
    """Whether one of them is from excerpts."""


@dataclass(frozen=True, slots=True)
class Charges:
    """What a trade costs, in INR, to the paisa."""

    turnover: Decimal
    brokerage: Decimal
    stt: Decimal
    exchange: Decimal
    ipft: Decimal
    sebi: Decimal
    stamp_duty: Decimal
    depository: Decimal
    gst: Decimal

    @property
    def total(self) -> Decimal:
        """All of them, without the turnover."""
        taxes = self.stt + self.stamp_duty + self.gst
        return self.brokerage + self.exchange + self.ipft + self.sebi + self.depository + taxes


def get_charge_rates(segment: ChargeSegment | str, day: date | datetime | None = None) -> ChargeRates:
    """The rates of a segment on a day (today, in India, without one).

    Raises:
        ChargesError: an unknown segment, or a day before 2023-04-01.

    >>> rates = get_charge_rates("FUTURES", date(2025, 1, 2))
    >>> rates.stt_sell, rates.stamp_buy
    (Decimal('0.0002'), Decimal('0.00002'))
    """
    try:
        return _rates(ChargeSegment(segment), day_in_india(day))
    except ValueError as error:
        if isinstance(error, ChargesError):
            raise
        raise ChargesError(f"the segments are {', '.join(ChargeSegment)}, not {segment!r}") from None


@cache
def _content() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text())


@cache
def _rates(segment: ChargeSegment, day: date) -> ChargeRates:
    rows = {kind: _in_force(kind, day) for kind in ("stt", "stamp", "exchange", "sebi", "gst", "tariff")}
    name = segment.value.lower()
    stt, exchange, broker = rows["stt"][name], rows["exchange"][name], rows["tariff"][name]
    tariff = Tariff(
        rate=Decimal(broker.get("rate", "0")),
        most=Decimal(broker["most"]) if "most" in broker else None,
        flat=Decimal(broker["flat"]) if "flat" in broker else None,
        depository=Decimal(rows["tariff"]["depository"]) if segment is ChargeSegment.DELIVERY else _ZERO,
    )
    return ChargeRates(
        stt_buy=Decimal(stt["buy"]),
        stt_sell=Decimal(stt["sell"]),
        stt_exercised=Decimal(stt.get("exercised", "0")),
        stamp_buy=Decimal(rows["stamp"][name]),
        exchange=Decimal(exchange["charge"]),
        ipft=Decimal(exchange["ipft"]),
        sebi=Decimal(rows["sebi"]["rate"]),
        gst=Decimal(rows["gst"]["rate"]),
        tariff=tariff,
        provisional=any(row.get("provisional", False) for row in rows.values()),
    )


def _in_force(kind: str, day: date) -> Mapping[str, Any]:
    held = [row for row in _content()[kind] if row["valid_from"] <= day]
    if not held:
        raise ChargesError(f"no rates of {kind} are known for {day}", why="the oldest are of 2023-04-01")
    return max(held, key=lambda row: row["valid_from"])


def calculate_charges(
    side: Side | str,
    quantity: int,
    price: Number,
    segment: ChargeSegment | str = ChargeSegment.INTRADAY,
    day: date | datetime | None = None,
    tariff: Tariff | None = None,
) -> Charges:
    """What an executed order costs. `price` is the premium for options; GST is on brokerage, exchange, SEBI and
    depository.

    A sale of delivered shares costs the depository's charge, once a share and day: give the day's sale as one.

    Raises:
        ChargesError: not a whole quantity above zero, no price above zero, an unknown side or segment, or a day before
            2023-04-01.

    >>> charges = calculate_charges("SELL", 100, 1000, "INTRADAY", date(2025, 1, 2))
    >>> charges.brokerage, charges.stt, charges.exchange, charges.gst, charges.total
    (Decimal('20.00'), Decimal('25.00'), Decimal('2.97'), Decimal('4.17'), Decimal('52.34'))
    """
    try:
        way, number, each = Side(side), to_whole(quantity), to_money(price)
    except ValueError as error:
        raise ChargesError(str(error)) from None
    if number <= 0 or each <= 0:
        raise ChargesError(f"quantity and price are above zero, not {number} and {each}")
    rates = get_charge_rates(segment, day)
    return _charges(way, number, each, rates, tariff or rates.tariff)


def _charges(way: Side, number: int, each: Decimal, rates: ChargeRates, broker: Tariff) -> Charges:
    turnover = EXACT.multiply(Decimal(number), each)
    buys = way is Side.BUY
    brokerage = _paise(broker.brokerage(turnover))
    exchange, ipft = _part(turnover, rates.exchange), _part(turnover, rates.ipft)
    sebi = _part(turnover, rates.sebi)
    depository = _ZERO if buys else _paise(broker.depository)
    return Charges(
        turnover=turnover,
        brokerage=brokerage,
        stt=_part(turnover, rates.stt_buy if buys else rates.stt_sell),
        exchange=exchange,
        ipft=ipft,
        sebi=sebi,
        stamp_duty=_part(turnover, rates.stamp_buy) if buys else _ZERO,
        depository=depository,
        gst=_part(brokerage + exchange + ipft + sebi + depository, rates.gst),
    )


def round_trip_charges(
    quantity: int,
    buy_price: Number,
    sell_price: Number,
    segment: ChargeSegment | str = ChargeSegment.INTRADAY,
    day: date | datetime | None = None,
    tariff: Tariff | None = None,
) -> Decimal:
    """What buying and selling costs together, in INR.

    >>> round_trip_charges(100, 1000, 1005, "INTRADAY", date(2025, 1, 2))
    Decimal('82.82')
    """
    bought = calculate_charges(Side.BUY, quantity, buy_price, segment, day, tariff)
    return bought.total + calculate_charges(Side.SELL, quantity, sell_price, segment, day, tariff).total


def break_even_price(
    quantity: int,
    buy_price: Number,
    segment: ChargeSegment | str = ChargeSegment.INTRADAY,
    day: date | datetime | None = None,
    tariff: Tariff | None = None,
) -> Decimal:
    """The lowest price, to the paisa, that selling at pays for both sides' charges.

    >>> break_even_price(100, 1000, "INTRADAY", date(2025, 1, 2))
    Decimal('1000.83')
    """
    bought = calculate_charges(Side.BUY, quantity, buy_price, segment, day, tariff).total
    rates, paid = get_charge_rates(segment, day), to_money(buy_price)
    price = paid
    while True:  # charges only grow with the price, so this climbs to the lowest that pays, in a few steps
        both = bought + _charges(Side.SELL, quantity, price, rates, tariff or rates.tariff).total
        wanted = EXACT.add(paid, EXACT.divide(both, Decimal(quantity))).quantize(_PAISA, ROUND_CEILING, EXACT)
        if wanted <= price:
            return price
        price = wanted


def exercise_tax(quantity: int, intrinsic_value: Number, day: date | datetime | None = None) -> Decimal:
    """STT on options that are exercised, in INR: on their intrinsic value, paid by the buyer.

    >>> exercise_tax(75, 120, date(2025, 1, 2))
    Decimal('11.25')
    """
    worth = EXACT.multiply(Decimal(to_whole(quantity)), to_money(intrinsic_value))
    return _part(worth, get_charge_rates(ChargeSegment.OPTIONS, day).stt_exercised)


def _part(amount: Decimal, rate: Decimal) -> Decimal:
    return _paise(EXACT.multiply(amount, rate))


def _paise(amount: Decimal) -> Decimal:
    return amount.quantize(_PAISA, ROUND_HALF_UP, EXACT)

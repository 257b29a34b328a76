"""The trading calendar of NSE: which days, which hours.

Facts are data, in `data/nse_calendar.toml`, with their sources; `NSE_CALENDAR_FILE` names a newer file of the same
form. Times without a zone are taken as India's, and so is a `date`. What lies beyond the file's range is refused with
`CalendarRangeError`: no calendar is better than a wrong one.
"""

from __future__ import annotations

import os
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .errors import CalendarRangeError

INDIA = ZoneInfo("Asia/Kolkata")
_FILE = Path(__file__).parent / "data" / "nse_calendar.toml"
_SATURDAY = 5

Span = tuple[time, time]


class SessionKind(StrEnum):
    """Why there is a session: a regular day, or one of the special ones."""

    REGULAR = "REGULAR"
    MUHURAT = "MUHURAT"
    BUDGET = "BUDGET"
    DISASTER_RECOVERY = "DISASTER_RECOVERY"
    SPECIAL = "SPECIAL"


@dataclass(frozen=True, slots=True)
class Session:
    """One day's hours, in India's time. A span has its beginning and leaves out its end."""

    day: date
    kind: SessionKind
    name: str
    open: tuple[Span, ...]
    pre_open: Span | None = None
    closing_auction: Span | None = None
    post_close: Span | None = None
    provisional: bool = False
    source: str = ""

    @property
    def opens_at(self) -> datetime:
        """When normal trading begins."""
        return datetime.combine(self.day, self.open[0][0], INDIA)

    @property
    def closes_at(self) -> datetime:
        """When normal trading ends."""
        return datetime.combine(self.day, self.open[-1][1], INDIA)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that is closed besides the weekend."""

    day: date
    name: str
    source: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """A regular day's hours from a date on."""

    valid_from: date
    open: Span
    pre_open: Span | None
    closing_auction: Span | None
    post_close: Span | None
    provisional: bool
    source: str


class TradingCalendar:
    """A calendar read from a file. `get_calendar()` gives the one in use.

    >>> nse = get_calendar()
    >>> nse.valid_from.isoformat(), nse.is_trading_day(date(2024, 1, 20))
    ('2019-01-01', True)
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.valid_from: date = content["valid_from"]
        self.valid_through: date = content["valid_through"]
        self.holidays: dict[date, Holiday] = {}
        for year in content["years"].values():
            for day, name in year["holidays"].items():
                when = date.fromisoformat(day)
                self.holidays[when] = Holiday(when, name, year["source"], year.get("provisional", False))
        self._hours: dict[str, list[Hours]] = {}
        for row in sorted(content["hours"], key=lambda each: each["valid_from"]):
            for segment in row["segments"]:
                self._hours.setdefault(segment, []).append(_hours(row))
        self.specials: dict[date, Mapping[str, Any]] = {row["date"]: row for row in content["special"]}
        # A Muhurat hour is a session, but no day that contracts expire or strategies are run on.
        self._all = self._days()
        self._regular = [day for day in self._all if self._kind(day) is not SessionKind.MUHURAT]
        self._sessions: dict[tuple[date, str], Session | None] = {}

    @classmethod
    def from_file(cls, path: str | Path) -> TradingCalendar:
        """Reads a calendar.

        Raises:
            OSError: no such file.
            ValueError: not TOML of this form.
        """
        try:
            return cls(tomllib.loads(Path(path).read_text()))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} is no trading calendar: {error!r}") from error

    def _days(self) -> list[date]:
        count = (self.valid_through - self.valid_from).days + 1
        days = (self.valid_from + timedelta(days=number) for number in range(count))
        return [day for day in days if day in self.specials or (day.weekday() < _SATURDAY and day not in self.holidays)]

    def _kind(self, day: date) -> SessionKind:
        special = self.specials.get(day)
        return SessionKind(special["kind"]) if special else SessionKind.REGULAR

    def check(self, day: date) -> date:
        """The day, when the calendar reaches it.

        Raises:
            CalendarRangeError: it does not.
        """
        if not self.valid_from <= day <= self.valid_through:
            raise CalendarRangeError(
                f"the NSE calendar has no {day}",
                why=f"it holds from {self.valid_from} through {self.valid_through}",
                todo="update shared_services, or name a newer calendar in NSE_CALENDAR_FILE",
            )
        return day

    def is_trading_day(self, day: date, *, regular: bool = False) -> bool:
        """Whether there is a session; with `regular`, a Muhurat hour doesn't count."""
        self.check(day)
        days = self._regular if regular else self._all
        place = bisect_left(days, day)
        return place < len(days) and days[place] == day

    def days(self, first: date, last: date, *, regular: bool = False) -> list[date]:
        """The trading days from `first` through `last`."""
        self.check(first)
        self.check(last)
        days = self._regular if regular else self._all
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def step(self, day: date, count: int, *, regular: bool = False) -> date:
        """The trading day that is `count` after the day (before it, when negative)."""
        self.check(day)
        days = self._regular if regular else self._all
        place = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
        if not 0 <= place < len(days):
            end = self.valid_through if count > 0 else self.valid_from
            raise CalendarRangeError(
                f"the NSE calendar ends on {end}: it doesn't know the trading day {abs(count)} from {day}",
                todo="update shared_services, or name a newer calendar in NSE_CALENDAR_FILE",
            )
        return days[place]

    def session(self, day: date, segment: str = "EQUITY") -> Session | None:
        """The hours of a day; None when it is closed."""
        key = (day, segment)
        if key not in self._sessions:
            self.check(day)
            self._sessions[key] = self._session(day, segment)
        return self._sessions[key]

    def _session(self, day: date, segment: str) -> Session | None:
        if not self.is_trading_day(day):
            return None
        rows = self._hours[segment]
        hours = rows[bisect_right([row.valid_from for row in rows], day) - 1]
        special = self.specials.get(day)
        if special is None:
            return Session(
                day, SessionKind.REGULAR, "regular", (hours.open,), hours.pre_open, hours.closing_auction,
                hours.post_close, hours.provisional, hours.source,
            )  # fmt: skip
        kind, provisional = SessionKind(special["kind"]), special.get("provisional", False)
        if "open" not in special:  # a regular day's hours
            return Session(
                day, kind, special["name"], (hours.open,), hours.pre_open, hours.closing_auction, hours.post_close,
                provisional or hours.provisional, special["source"],
            )  # fmt: skip
        spans = tuple((start, end) for start, end in special["open"])
        before = _span(special.get("pre_open")) if hours.pre_open else None
        return Session(day, kind, special["name"], spans, before, None, None, provisional, special["source"])


def _hours(row: Mapping[str, Any]) -> Hours:
    start, end = row["open"]
    return Hours(
        valid_from=row["valid_from"],
        open=(start, end),
        pre_open=_span(row.get("pre_open")),
        closing_auction=_span(row.get("closing_auction")),
        post_close=_span(row.get("post_close")),
        provisional=row.get("provisional", False),
        source=row["source"],
    )


def _span(given: list[time] | None) -> Span | None:
    return (given[0], given[1]) if given else None


def get_calendar() -> TradingCalendar:
    """The calendar in use: that of `NSE_CALENDAR_FILE`, or else the one that comes with the package.

    >>> get_calendar().valid_through >= date(2026, 12, 31)
    True
    """
    return _read(os.environ.get("NSE_CALENDAR_FILE") or str(_FILE))


@lru_cache(maxsize=4)
def _read(path: str) -> TradingCalendar:
    return TradingCalendar.from_file(path)

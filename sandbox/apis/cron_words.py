"""Schedules in words (`1st,3rd monday of month 09:00`), as App Engine's cron.yaml has them: BigQuery's Data Transfer
takes no others, Cloud Scheduler takes them beside unix-cron.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.apis.cron_times import LONGEST, Times

_DAY_MINUTES = 1440
_TOKEN = re.compile(r"\d+:\d+|\d+(?:st|nd|rd|th)?|[a-z]+|\S")
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th"), ("fifth", "5th")), 1
    )
    for word in words
}
_WEEKDAYS = {
    word: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
    for word in (name, name[:3])
}
_MONTHS = {
    word: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"),
        1,
    )
    for word in (name, name[:3])
}  # fmt: skip
_UNITS = {"minutes": 1, "mins": 1, "hours": 60}
_EVERY_DAY, _EVERY_MONTH = frozenset(range(1, 8)), frozenset(range(1, 13))


@dataclass(frozen=True, slots=True)
class Interval(Times):
    """A time every so many seconds, before and after the one that they are counted from."""

    seconds: int
    origin: float

    def after(self, moment: float) -> float | None:
        """The first time later than `moment`.

        >>> Interval(900, 0.0).after(1000.0)
        1800.0
        """
        return self.origin + ((moment - self.origin) // self.seconds + 1) * self.seconds


@dataclass(frozen=True, slots=True)
class Days(Times):
    """Times of day, on the clocks of a zone, on the days that fit.

    ordinals  which of its weekdays in a month a day may be; empty: any
    monthdays days of the month, in place of weekdays
    minutes   times of day, in minutes since midnight
    """

    zone: ZoneInfo
    minutes: tuple[int, ...]
    weekdays: frozenset[int] = _EVERY_DAY
    ordinals: frozenset[int] = frozenset()
    monthdays: frozenset[int] = frozenset()
    months: frozenset[int] = _EVERY_MONTH

    def fits_day(self, day: date) -> bool:
        """Whether it has times on that day."""
        if day.month not in self.months:
            return False
        if self.monthdays:
            return day.day in self.monthdays
        return day.isoweekday() in self.weekdays and (not self.ordinals or (day.day - 1) // 7 + 1 in self.ordinals)

    def after(self, moment: float) -> float | None:
        """The first time later than `moment`; None where there is none (the 31st of February).

        A time that clocks leave out in spring is left out, and one that they show twice in autumn comes twice.
        """
        day = datetime.fromtimestamp(moment, self.zone).date()
        for _ in range(LONGEST // 86_400):
            if self.fits_day(day):
                later = [at for at in self._on(day) if at > moment]
                if later:
                    return min(later)
            day += timedelta(days=1)
        return None

    def _on(self, day: date) -> set[float]:
        found = set()
        for minute in self.minutes:
            shown = datetime(day.year, day.month, day.day, minute // 60, minute % 60)
            for fold in (0, 1):
                at = shown.replace(tzinfo=self.zone, fold=fold).timestamp()
                if datetime.fromtimestamp(at, self.zone).replace(tzinfo=None) == shown:
                    found.add(at)
        return found


@lru_cache(maxsize=1024)
def parsed(text: str, zone: str = "Etc/UTC", origin: float = 0.0) -> Times:
    """The times of a schedule; intervals that no day begins are counted from `origin`, in seconds since 1970.

    Raises ValueError, which says what is wrong, for a text that is no schedule.

    >>> parsed("1st,third monday of month 09:00").after(0.0)  # Thursday, 1970-01-01
    378000.0
    """
    return _Reader(text).schedule(zone, origin)


class _Reader:
    """Reads a text word by word."""

    def __init__(self, text: str) -> None:
        self._words: list[str] = _TOKEN.findall(text.lower())
        self._at = 0

    def schedule(self, zone: str, origin: float) -> Times:
        """All of it."""
        if self._peek() == "every" and self._peek(1).isdigit():
            self._at += 1
            made = self._interval(zone, origin)
        else:
            made = self._days(zone)
        if self._peek():
            raise self._unexpected("its end")
        return made

    def _interval(self, zone: str, origin: float) -> Times:
        count, unit = int(self._next()), self._next()
        if unit not in _UNITS:
            raise self._unexpected("hours or minutes", unit)
        step = count * _UNITS[unit]
        if not 0 < step <= 100 * _DAY_MINUTES:
            raise ValueError(f"'{count} {unit}' is no interval.")
        if not self._peek():
            return Interval(step * 60, origin)
        first, length = 0, _DAY_MINUTES - 1
        if not self._take("synchronized"):
            self._must("from")
            first = self._time()
            self._must("to")
            length = (self._time() - first) % _DAY_MINUTES
        if _DAY_MINUTES % step:
            raise ValueError(f"24 hours are no multiple of {count} {unit}.")
        minutes = sorted((first + passed) % _DAY_MINUTES for passed in range(0, length + 1, step))
        return Days(ZoneInfo(zone), tuple(minutes))

    def _days(self, zone: str) -> Times:
        ordinals: frozenset[int] = frozenset()
        monthdays: frozenset[int] = frozenset()
        weekdays, months = _EVERY_DAY, _EVERY_MONTH
        if not self._take("every"):
            begin = self._at
            numbers = self._list(_ordinal, "'every', an ordinal or a day of the month")
            if self._peek() == "of":  # 1st and 15 may be days of a month as well
                self._at = begin
                monthdays = self._list(_monthday, "a day of the month")
            else:
                if not numbers <= set(range(1, 6)):
                    raise self._unexpected("'of'")
                ordinals = numbers
        if not monthdays and not (not ordinals and self._take("day")):
            weekdays = self._list(_WEEKDAYS.get, "a day of the week")
        if monthdays or self._peek() == "of":
            self._must("of")
            months = self._months()
        return Days(ZoneInfo(zone), (self._time(),), weekdays, ordinals, monthdays, months)

    def _months(self) -> frozenset[int]:
        if self._take("month"):
            return _EVERY_MONTH
        if self._take("quarter"):
            return frozenset({1, 4, 7, 10})
        if self._peek() not in _ORDINALS:
            return self._list(_MONTHS.get, "a month")
        places = self._list(_ORDINALS.get, "an ordinal")
        if not places <= {1, 2, 3}:
            raise ValueError("A quarter has three months.")
        for word in ("month", "of", "quarter"):
            self._must(word)
        return frozenset(month for month in _EVERY_MONTH if (month - 1) % 3 + 1 in places)

    def _time(self) -> int:
        word = self._next()
        found = re.fullmatch(r"(\d?\d):(\d\d)", word)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise self._unexpected("a time such as 09:00", word)
        return int(found[1]) * 60 + int(found[2])

    def _list(self, value: Callable[[str], int | None], wanted: str) -> frozenset[int]:
        found = set()
        while True:
            word = self._next()
            number = value(word)
            if number is None:
                raise self._unexpected(wanted, word)
            found.add(number)
            if not self._take(","):
                return frozenset(found)

    def _peek(self, ahead: int = 0) -> str:
        return self._words[self._at + ahead] if self._at + ahead < len(self._words) else ""

    def _next(self) -> str:
        word = self._peek()
        self._at += 1
        return word

    def _take(self, word: str) -> bool:
        taken = self._peek() == word
        self._at += taken
        return taken

    def _must(self, word: str) -> None:
        if not self._take(word):
            raise self._unexpected(f"'{word}'")

    def _unexpected(self, wanted: str, found: str | None = None) -> ValueError:
        found = self._peek() if found is None else found
        return ValueError(f"{wanted} was expected {f'where it says {found!r}' if found else 'at its end'}.")


def _ordinal(word: str) -> int | None:
    """Of a weekday or, as it may turn out, of a month."""
    return _ORDINALS.get(word) or _monthday(word)


def _monthday(word: str) -> int | None:
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    number = _ORDINALS.get(word) if found is None else int(found[1])
    return number if number is not None and 1 <= number <= 31 else None

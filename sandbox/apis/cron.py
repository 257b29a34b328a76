"""Schedules as Cloud Scheduler reads them, in unix-cron form or in words, and the times they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.apis import cron_words
from sandbox.apis.cron_times import LONGEST, Times
from sandbox.control.errors import invalid_argument

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
# (lowest, highest, names) of minute, hour, day of month, month, day of week; 7 is Sunday too.
_FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, _MONTHS),
    (0, 7, _DAYS),
)
_ITEM = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)
# Clocks change at whole quarters of an hour everywhere.
_QUARTER = 15 * 60


def check(schedule: object) -> None:
    """400 for a schedule that is neither five fields of unix-cron nor one in words."""
    if isinstance(schedule, str) and is_cron(schedule):
        return
    problem = f"'{schedule}' is not five fields of unix-cron"
    if isinstance(schedule, str) and re.search("[a-z]{3}", schedule.lower()):
        try:
            cron_words.parsed(schedule)
            return
        except ValueError as error:
            problem += f", nor a schedule in words: {error}"
    raise invalid_argument("Schedule or time zone is invalid.", {"schedule": problem})


def is_cron(schedule: str) -> bool:
    """Whether the text is five valid fields.

    >>> is_cron("30 15 * * 1-5"), is_cron("61 * * * *")
    (True, False)
    """
    fields = schedule.lower().split()
    return len(fields) == 5 and all(_is_field(field, *rule) for field, rule in zip(fields, _FIELDS, strict=True))


def _is_field(field: str, lowest: int, highest: int, words: dict[str, int]) -> bool:
    return all(_is_item(item, lowest, highest, words) for item in field.split(","))


def _is_item(item: str, lowest: int, highest: int, words: dict[str, int]) -> bool:
    match = _ITEM.fullmatch(item)
    if match is None:
        return False
    if match["step"] is not None and int(match["step"]) < 1:
        return False
    values = [_value(text, words) for text in (match["first"], match["last"]) if text is not None]
    if any(value is None or not lowest <= value <= highest for value in values):
        return False
    numbers = [value for value in values if value is not None]
    return len(numbers) < 2 or numbers[0] <= numbers[1]


def _value(text: str, words: dict[str, int]) -> int | None:
    return int(text) if text.isdigit() else words.get(text)


def check_zone(zone: object) -> None:
    """400 for a time zone that the tz database does not have."""
    try:
        if isinstance(zone, str) and zone and not zone.startswith("/"):
            ZoneInfo(zone)
            return
    except (KeyError, ValueError, OSError):
        pass
    raise invalid_argument("Schedule or time zone is invalid.", {"time_zone": f"'{zone}' is not in the tz database"})


@dataclass(frozen=True, slots=True)
class Schedule(Times):
    """The times of a schedule: each minute whose time of day, on the clocks of the zone, fits.

    So a time that clocks leave out in spring is left out, and one that they show twice in autumn comes twice: Cloud
    Scheduler "runs on wall clock time".
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool
    zone: ZoneInfo

    def fits_day(self, day: date) -> bool:
        """Whether it has times on that day: where days of the month and of the week are given, one must fit."""
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return of_month or of_week if self.either else of_month and of_week

    def after(self, moment: float) -> float | None:
        """The first time later than `moment`, in seconds since 1970; None where there is none (30 February).

        >>> parsed("30 15 * * 1-5", "Asia/Kolkata").after(1_700_000_000)  # Wednesday, 2023-11-15 03:43:20
        1700042400
        """
        at, last = moment // 60 * 60 + 60, moment + LONGEST
        while at <= last:
            local = datetime.fromtimestamp(at, self.zone)
            if not self.fits_day(local.date()):
                midnight = datetime(local.year, local.month, local.day, tzinfo=self.zone) + timedelta(days=1)
                at = max(at + 60, midnight.timestamp())
            elif local.hour not in self.hours:
                at = at // _QUARTER * _QUARTER + _QUARTER
            elif local.minute not in self.minutes:
                at += 60
            else:
                return at
        return None


@lru_cache(maxsize=1024)
def parsed(schedule: str, zone: str) -> Times:
    """The schedule that a checked text stands for."""
    if not is_cron(schedule):
        return cron_words.parsed(schedule, zone)
    fields = schedule.lower().split()
    minutes, hours, days, months, weekdays = (
        frozenset(value for item in field.split(",") for value in _values(item, *rule))
        for field, rule in zip(fields, _FIELDS, strict=True)
    )
    return Schedule(
        minutes, hours, days, months, frozenset(day % 7 for day in weekdays), "*" not in fields[2:5:2], ZoneInfo(zone)
    )


def _values(item: str, lowest: int, highest: int, words: dict[str, int]) -> range:
    """What an item of a field stands for: `5/20` begins at 5 and goes on to the end."""
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(f"'{item}' was not checked")
    highest = min(highest, 6) if words is _DAYS else highest  # 7 only where it is written
    first = lowest if match["first"] is None else _value(match["first"], words) or 0
    if match["last"] is not None:
        highest = _value(match["last"], words) or 0
    elif match["first"] is not None and match["step"] is None:
        highest = first
    return range(first, max(first, highest) + 1, int(match["step"] or 1))

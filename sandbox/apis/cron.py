"""Schedules in unix-cron form, as Cloud Scheduler reads them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

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
_ITEM = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")


def check(schedule: object) -> None:
    """400 for a schedule that is not five fields of unix-cron.

    The older English-like form of App Engine is not read here.
    """
    if not isinstance(schedule, str) or not is_cron(schedule):
        raise invalid_argument(
            "Schedule or time zone is invalid.", {"schedule": f"'{schedule}' is not five fields of unix-cron"}
        )


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

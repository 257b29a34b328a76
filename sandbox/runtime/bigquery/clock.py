"""Times that are formatted and parsed by BigQuery's elements, each of them.

https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements#format_elements_date_time
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_ELEMENT = re.compile(r"%(?:E(?P<more>[1-6*]S|4Y|z)|-?(?P<one>[A-Za-z%]))")
_SHORT = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "R": "%H:%M",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "x": "%m/%d/%y",
    "r": "%I:%M:%S %p",
    "h": "%b",
    "n": "\n",
    "t": "\t",
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    "december",
)
_EPOCH = datetime(1970, 1, 1)
_PATTERNS = {
    "Y": r"\d{1,4}",
    "4Y": r"\d{4}",
    "y": r"\d{1,2}",
    "C": r"\d{1,2}",
    "m": r"\d{1,2}",
    "d": r"\s*\d{1,2}",
    "e": r"\s*\d{1,2}",
    "j": r"\d{1,3}",
    "H": r"\s*\d{1,2}",
    "k": r"\s*\d{1,2}",
    "I": r"\s*\d{1,2}",
    "l": r"\s*\d{1,2}",
    "M": r"\d{1,2}",
    "S": r"\d{1,2}",
    "s": r"-?\d+",
    "p": r"[AaPp]\.?[Mm]\.?",
    "P": r"[AaPp]\.?[Mm]\.?",
    "z": r"[+-]\d{2}:?\d{2}|[zZ]",
    "Ez": r"[+-]\d{2}(?::?\d{2})?|[zZ]",
    "Z": r"[A-Za-z][\w/+-]*",
    "a": "[A-Za-z]{3,9}",
    "A": "[A-Za-z]{3,9}",
    "b": "[A-Za-z]{3,9}",
    "B": "[A-Za-z]{3,9}",
    "G": r"\d{1,4}",
    "g": r"\d{2}",
    "u": r"[1-7]",
    "w": r"[0-6]",
    "U": r"\d{1,2}",
    "V": r"\d{1,2}",
    "W": r"\d{1,2}",
    "Q": r"[1-4]",
}


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """A zone by its name or offset. Raises ValueError.

    >>> zone_of("+5:30"), zone_of("Asia/Kolkata")
    (datetime.timezone(datetime.timedelta(seconds=19800)), zoneinfo.ZoneInfo(key='Asia/Kolkata'))
    """
    if name in ("", "UTC", "Z", "z"):
        return UTC
    if found := re.fullmatch(r"(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?", name):
        size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-size if found[1] == "-" else size)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"Invalid time zone: {name}") from None


def _whole(form: str) -> str:
    """A format whose short elements are said in full."""

    def said(found: re.Match[str]) -> str:
        return _SHORT.get(found["one"] or "", found[0])

    once = _ELEMENT.sub(said, form)
    return once if once == form else _whole(once)


def formatted(form: str, micros: int, zone: str) -> str:
    """The text of a time: microseconds since 1970, in a zone; without a zone its elements are empty. Raises ValueError.

    >>> formatted("%F %H:%M:%E3S%Ez %Z Q%Q %k|%l %P %J", 1_500_000, "Asia/Kolkata")
    '1970-01-01 05:30:01.500+05:30 IST Q1  5| 5 am 004'
    >>> formatted("%c %E*S %G-W%V-%u %U %W %C %s", 1_767_571_200_000_000, "UTC")
    'Mon Jan  5 00:00:00 2026 00 2026-W02-1 01 01 20 1767571200'
    """
    at = (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=UTC)
    if zone not in ("", "UTC"):
        at = at.astimezone(zone_of(zone))
    return "".join([each if isinstance(each, str) else each(at, zone) for each in _pieces(form)])


Say = Callable[[datetime, str], str]


@lru_cache(maxsize=512)
def _pieces(form: str) -> list[str | Say]:
    """What a format says: its texts, and what gives the text of an element. Raises ValueError."""
    pieces: list[str | Say] = []
    whole, end = _whole(form), 0
    for found in _ELEMENT.finditer(whole):
        pieces += [whole[end : found.start()], _say(found)]
        end = found.end()
    return [*pieces, whole[end:]]


def _say(found: re.Match[str]) -> Say:
    one, more = found["one"], found["more"]
    if more == "z":
        return lambda at, zone: f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:5] if zone else ""
    if more == "4Y":
        return lambda at, _: f"{at.year:04d}"
    if more == "*S":
        return lambda at, _: (
            f"{at.second:02d}.{at.microsecond:06d}".rstrip("0").rstrip(".") if at.microsecond else f"{at:%S}"
        )
    if more:
        return lambda at, _: f"{at.second:02d}." + f"{at.microsecond:06d}"[: int(more[0])]
    if one in _SAYS:
        return _SAYS[one]
    if one in "aAbBdHIjmMpSUwW":
        return lambda at, _: at.strftime(f"%{one}")
    raise ValueError(f"Invalid element of a format: {found[0]}")


def _iso_day(at: datetime) -> int:
    return (at.date() - date.fromisocalendar(at.isocalendar().year, 1, 1)).days + 1


_SAYS: dict[str, Say] = {
    "%": lambda at, _: "%",
    "Y": lambda at, _: str(at.year),
    "m": lambda at, _: f"{at.month:02d}",
    "d": lambda at, _: f"{at.day:02d}",
    "H": lambda at, _: f"{at.hour:02d}",
    "M": lambda at, _: f"{at.minute:02d}",
    "S": lambda at, _: f"{at.second:02d}",
    "C": lambda at, _: f"{at.year // 100:02d}",
    "y": lambda at, _: f"{at.year % 100:02d}",
    "e": lambda at, _: f"{at.day:2d}",
    "k": lambda at, _: f"{at.hour:2d}",
    "l": lambda at, _: f"{at.hour % 12 or 12:2d}",
    "P": lambda at, _: f"{at:%p}".lower(),
    "Q": lambda at, _: str((at.month + 2) // 3),
    "s": lambda at, _: str((at - _EPOCH.replace(tzinfo=UTC)) // timedelta(seconds=1)),
    "G": lambda at, _: str(at.isocalendar().year),
    "g": lambda at, _: f"{at.isocalendar().year % 100:02d}",
    "V": lambda at, _: f"{at.isocalendar().week:02d}",
    "u": lambda at, _: str(at.isoweekday()),
    "J": lambda at, _: f"{_iso_day(at):03d}",
    "z": lambda at, zone: f"{at:%z}"[:5] if zone else "",
    "Z": lambda at, zone: (at.tzname() or "").replace("UTC+00:00", "UTC") if zone else "",
}


@lru_cache(maxsize=512)
def _pattern(form: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """What a text of a format looks like, and its elements as they come. Raises ValueError."""
    said, elements, end = "", [], 0
    whole = _whole(form)
    for found in _ELEMENT.finditer(whole):
        said += _plain(whole[end : found.start()])
        end = found.end()
        name = found["one"] or ("Ez" if found["more"] == "z" else found["more"])
        if name == "%":
            said += "%"
            continue
        pattern = r"\d{1,2}(?:\.\d*)?" if name.endswith("S") and name != "S" else _PATTERNS.get(name)
        if pattern is None:
            raise ValueError(f"Invalid element of a format: {found[0]}")
        said += f"({pattern})"
        elements.append(name)
    return re.compile(rf"\s*{said}{_plain(whole[end:])}\s*", re.I), tuple(elements)


def _plain(text: str) -> str:
    return "".join(r"\s*" if part.isspace() else re.escape(part) for part in re.split(r"(\s+)", text) if part)


def parsed(form: str, text: str, zone: str) -> int:
    """The microseconds since 1970 that a text means; what it doesn't say is 1970's beginning. Raises ValueError.

    >>> parsed("%F %H:%M:%E*S%Ez", "1970-01-01 05:30:01.25+05:30", "UTC"), parsed("%s", "60", "Asia/Kolkata")
    (1250000, 60000000)
    >>> parsed("%A, %B %e, %Y", "Thursday, January  1, 1970", "UTC"), parsed("%I:%M:%S %p", "2:23:38 pm", "UTC")
    (0, 51818000000)
    """
    pattern, elements = _pattern(form)
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f'Failed to parse input string "{text}"')
    said = dict(zip(elements, (each.strip() for each in found.groups()), strict=True))
    if "s" in said:
        return int(said["s"]) * 1_000_000
    try:
        day, clock, there = _day(said), _clock(said), _zone(said) or zone
        at = datetime(day.year, day.month, day.day, tzinfo=zone_of(there)) + clock
    except (ValueError, OverflowError) as error:
        raise ValueError(f'Failed to parse input string "{text}": {error}') from None
    return (at.astimezone(UTC).replace(tzinfo=None) - _EPOCH) // timedelta(microseconds=1)


def _day(said: dict[str, str]) -> date:
    year = 1970
    for name, value in said.items():
        if name in ("Y", "4Y"):
            year = int(value)
        elif name == "y":
            year = int(value) + (1900 if int(value) >= 69 else 2000)
    month = int(said["m"]) if "m" in said else 1
    for name in "bB":
        if name in said:
            months = [i for i, each in enumerate(_MONTHS, 1) if said[name].lower() in (each, each[:3])]
            month = months[0] if months else 0
    for name in "aA":
        if name in said and not any(said[name].lower() in (each, each[:3]) for each in _DAYS):
            raise ValueError(f"{said[name]} is no day")
    if "j" in said:
        return date(year, 1, 1) + timedelta(days=int(said["j"]) - 1)
    if "G" in said or "V" in said:
        weekday = next((i for i, each in enumerate(_DAYS, 1) if _named_day(said) in (each, each[:3])), 1)
        return date.fromisocalendar(int(said.get("G", year)), int(said.get("V", 1)), int(said.get("u", weekday)))
    if "Q" in said and "m" not in said:
        month = int(said["Q"]) * 3 - 2
    return date(year, month, int(said.get("d") or said.get("e") or 1))


def _named_day(said: dict[str, str]) -> str:
    return (said.get("a") or said.get("A") or "").lower()


def _clock(said: dict[str, str]) -> timedelta:
    hour = int(said.get("H") or said.get("k") or 0)
    if twelve := said.get("I") or said.get("l"):
        if not 1 <= int(twelve) <= 12:
            raise ValueError(f"{twelve} is no hour of twelve")
        hour = int(twelve) % 12 + (12 if (said.get("p") or said.get("P") or "a")[0] in "pP" else 0)
    second = next((value for name, value in said.items() if name.endswith("S")), "0")
    whole, _, fraction = second.partition(".")
    if hour > 23 or int(said.get("M", 0)) > 59 or int(whole) > 60:
        raise ValueError("no such time of a day")
    micros = int(fraction[:6].ljust(6, "0") or 0)
    return timedelta(hours=hour, minutes=int(said.get("M", 0)), seconds=int(whole), microseconds=micros)


def _zone(said: dict[str, str]) -> str:
    return said.get("Ez") or said.get("z") or said.get("Z") or ""

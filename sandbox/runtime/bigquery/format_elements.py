"""Format elements of CAST: texts of times and bytes, and times and bytes of texts.

https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox.runtime.bigquery import number_formats, typed

_ELEMENT = re.compile(
    r'"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<name>YYYY|YYY|YY|Y|RRRR|RR|MONTH|MON|MM|MI|DDD|DAY|DY|DD|D|HH24|HH12|HH|SSSSS|SS|FF[1-9]'
    r"|A\.M\.|P\.M\.|AM|PM|TZH|TZM)|(?P<sign>[-./,';: ])",
    re.IGNORECASE,
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_OF_DATES = frozenset({"Y", "YY", "YYY", "YYYY", "RR", "RRRR", "MM", "MON", "MONTH", "D", "DD", "DDD", "DAY", "DY"})
_OF_ZONES = frozenset({"TZH", "TZM"})


def _elements(form: str) -> list[tuple[str, str]]:
    """The elements of a format: a name as it is written, or an empty one and a text that stands for itself."""
    found, at = [], 0
    while at < len(form):
        match = _ELEMENT.match(form, at)
        if match is None:
            raise ValueError(f"The format element at '{form[at:]}' is not served here, or is none")
        text = match["sign"] or re.sub(r"\\(.)", r"\1", match["quoted"] or "")
        found.append((match["name"] or "", text))
        at = match.end()
    return found


def text_of(text: str | None, kind: str, form: str, zone: str, safe: bool) -> str | None:
    """CAST of a time, a number or of bytes, as JSON beside its type's name, to STRING. Raises ValueError.

    >>> text_of('"2026-01-07"', "DATE", 'DAY, Dy DD "of" Month YYYY', "UTC", False)
    'WEDNESDAY, Wed 07 of January 2026'
    >>> form = "HH12:MI:SS.FF3 AM TZH:TZM"
    >>> text_of('"2026-01-07 20:05:06.5+00"', "TIMESTAMP WITH TIME ZONE", form, "Asia/Kolkata", False)
    '01:35:06.500 AM +05:30'
    """
    value = typed.read(text)
    if value is None:
        return None
    if kind == "BLOB":
        return _text_of_bytes(typed.blob(value), form, safe)
    if kind in ("BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        return number_formats.shown(Decimal(value), form)
    if kind not in ("DATE", "TIME") and not kind.startswith("TIMESTAMP"):
        raise ValueError(f"CAST of {kind} to STRING with a FORMAT is not served here")
    if kind == "TIME":
        at = datetime.fromisoformat(f"1970-01-01 {_six(value)}")
    else:
        at = datetime.fromisoformat(_six(value))
    if "ZONE" in kind:
        at = at.astimezone(_zone(zone))
    return "".join(_shown(name, at, kind) if name else plain for name, plain in _elements(form))


def _six(text: str) -> str:
    """A time that Python reads: a fraction has six digits, a zone its minutes."""
    text = re.sub(r"\.(\d{1,6})", lambda found: "." + found[1].ljust(6, "0"), text)
    return re.sub(r"([+-]\d\d)$", r"\1:00", text) if ":" in text else text


def _zone(name: str) -> timezone | ZoneInfo:
    if found := re.fullmatch(r"([+-])(\d\d?)(?::?(\d\d))?", name):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-offset if found[1] == "-" else offset)
    return ZoneInfo(name)


def _shown(name: str, at: datetime, kind: str) -> str:
    word = name.upper()
    if (kind == "TIME" and word in _OF_DATES) or (word in _OF_ZONES and at.tzinfo is None):
        raise ValueError(f"The format element '{name}' is none of {kind}")
    if kind == "DATE" and word not in _OF_DATES:
        raise ValueError(f"The format element '{name}' is none of DATE")
    if word.startswith(("Y", "R")):
        return f"{at.year:04d}"[-len(word) :] if len(word) < 4 else f"{at.year:04d}"
    if word in ("MON", "MONTH"):
        return _cased(_MONTHS[at.month - 1][: 3 if word == "MON" else None], name)
    if word in ("DY", "DAY"):
        return _cased(_DAYS[at.weekday()][: 3 if word == "DY" else None], name)
    if word[0] in "AP" and word[-1] in "M.":
        half = "PM" if at.hour >= 12 else "AM"
        return _cased(".".join((*half, "")) if "." in word else half, name)
    if word.startswith("FF"):
        return f"{at.microsecond:06d}000"[: int(word[2])]
    offset = int((at.utcoffset() or timedelta()).total_seconds()) // 60
    numbers = {
        "MM": (at.month, 2),
        "DD": (at.day, 2),
        "DDD": (at.timetuple().tm_yday, 3),
        "D": (at.isoweekday() % 7 + 1, 1),
        "HH24": (at.hour, 2),
        "HH": ((at.hour - 1) % 12 + 1, 2),
        "HH12": ((at.hour - 1) % 12 + 1, 2),
        "MI": (at.minute, 2),
        "SS": (at.second, 2),
        "SSSSS": (at.hour * 3600 + at.minute * 60 + at.second, 5),
        "TZM": (abs(offset) % 60, 2),
    }
    if word == "TZH":
        return f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}"
    number, digits = numbers[word]
    return f"{number:0{digits}d}"


def _cased(text: str, like: str) -> str:
    """
    >>> _cased("January", "MONTH"), _cased("January", "Month"), _cased("January", "month")
    ('JANUARY', 'January', 'january')
    """
    if like[0].islower():
        return text.lower()
    return text.upper() if like[1:2].isupper() or like[1:2] == "." else text.capitalize()


_READ = {"MM": r"\d\d?", "DD": r"\d\d?", "MI": r"\d\d?", "SS": r"\d\d?", "SSSSS": r"\d{1,5}", "HH24": r"\d\d?"}
_READ |= {"HH": r"\d\d?", "HH12": r"\d\d?", "TZH": r"[+-]\d\d?", "TZM": r"\d\d?", "YYYY": r"\d{1,5}", "YYY": r"\d{1,3}"}
_READ |= {"YY": r"\d\d?", "Y": r"\d", "MONTH": "|".join(_MONTHS), "MON": "|".join(each[:3] for each in _MONTHS)}
_READ |= {"AM": "AM|PM", "A.M.": r"A\.M\.|P\.M\."}
_READ["RR"] = r"\d\d"
_SAME = {"RRRR": "YYYY", "PM": "AM", "P.M.": "A.M.", "HH": "HH12"}


def micros_of(text: str, form: str, zone: str, safe: bool) -> int | None:
    """CAST of a text to a time: microseconds since 1970; of this year and month, if it doesn't say. Raises ValueError.

    >>> micros_of("07/Jan/1970 1:00:00.25 a.m.", "DD/MON/YYYY HH12:MI:SS.FF2 A.M.", "UTC", False)
    522000250000
    """
    try:
        return _micros_of(text, form, zone)
    except ValueError:
        if safe:
            return None
        raise


def _micros_of(text: str, form: str, zone: str) -> int:
    pattern, names = "", []
    for name, plain in _elements(form):
        word = _SAME.get(name.upper(), name.upper())
        read = rf"\d{{1,{word[2]}}}" if word.startswith("FF") else _READ.get(word, "")
        if name and (not read or word in names):
            raise ValueError(f"The format element '{name}' is not served here for reading, or is there twice")
        pattern += f"({read})" if name else re.escape(plain)
        names += [word] if name else []
    match = re.fullmatch(pattern, text.strip(), re.IGNORECASE)
    if match is None:
        raise ValueError(f"Failed to parse input string '{text}' by the format '{form}'")
    got = dict(zip(names, match.groups(), strict=True))
    now = datetime.now(UTC)
    year = next((value for name, value in got.items() if name.startswith("Y")), str(now.year))
    if len(year) < 4 and "YYYY" not in got:
        year = str(now.year)[: 4 - len(year)] + year
    if "RR" in got:
        year = str(_nearest(int(got["RR"]), now.year))
    starts = [each[:3].lower() for each in _MONTHS]
    named = got.get("MONTH") or got.get("MON")
    month = starts.index(named[:3].lower()) + 1 if named else int(got.get("MM", now.month))
    hour = int(got.get("HH24", 0))
    if "HH12" in got:
        half = (got.get("AM") or got.get("A.M.") or "AM").upper()
        if not 1 <= int(got["HH12"]) <= 12:
            raise ValueError(f"The hour {got['HH12']} is none of 1 to 12")
        hour = int(got["HH12"]) % 12 + (12 if half.startswith("P") else 0)
    fraction = next((value for name, value in got.items() if name.startswith("FF")), "")
    begin = datetime(int(year), month, int(got.get("DD", 1)), hour, int(got.get("MI", 0)), int(got.get("SS", 0)))
    begin += timedelta(seconds=int(got.get("SSSSS", 0)), microseconds=int(fraction[:6].ljust(6, "0")))
    offset = f"{got['TZH']}:{int(got.get('TZM', 0)):02d}" if "TZH" in got else zone
    at = begin.replace(tzinfo=_zone(offset)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (at.days * 86_400 + at.seconds) * 1_000_000 + at.microseconds


def _nearest(digits: int, year: int) -> int:
    """The year of two digits in the halves of centuries around a year.

    >>> _nearest(18, 2021), _nearest(18, 2050), _nearest(50, 2021), _nearest(50, 2050)
    (2018, 2118, 1950, 2050)
    """
    late = year % 100 >= 50
    return (year // 100 + (late and digits < 50) - (not late and digits >= 50)) * 100 + digits


_CODES: dict[str, tuple[Callable[[bytes], str], Callable[[str], bytes]]] = {
    "HEX": (bytes.hex, lambda text: bytes.fromhex(text.zfill(len(text) + len(text) % 2))),
    "BASE64": (lambda value: base64.b64encode(value).decode(), lambda text: base64.b64decode(text, validate=True)),
    "BASE32": (lambda value: base64.b32encode(value).decode(), base64.b32decode),
    "UTF8": (bytes.decode, str.encode),
    "ASCII": (lambda value: value.decode("ascii"), lambda text: text.encode("ascii")),
}


def _codes(form: str) -> tuple[Callable[[bytes], str], Callable[[str], bytes]]:
    name = {"BASE16": "HEX", "UTF-8": "UTF8"}.get(form.upper(), form.upper())
    if name not in _CODES:
        raise ValueError(f"The format '{form}' of BYTES is not served here, or is none")
    return _CODES[name]


def _text_of_bytes(value: bytes, form: str, safe: bool) -> str | None:
    code = _codes(form)[0]
    try:
        return code(value)
    except ValueError:
        if safe:
            return None
        raise


def bytes_of(text: str, form: str, safe: bool) -> bytes | None:
    """CAST of a text to BYTES. Raises ValueError.

    >>> bytes_of("616263", "HEX", False), bytes_of("YWJj", "base64", False), bytes_of("x", "HEX", True)
    (b'abc', b'abc', None)
    """
    code = _codes(form)[1]
    try:
        return code(text)
    except ValueError:
        if safe:
            return None
        raise

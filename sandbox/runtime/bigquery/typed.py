"""Values that DuckDB hands over as JSON beside their type's name, and BigQuery's texts of them.

https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions#json_encodings
https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#t_and_t_behavior
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any

_DECODER = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=list)
_PLAIN = json.JSONDecoder(parse_float=str, object_pairs_hook=list)
WHOLE = 2**53
"""Beyond it a number isn't exact in JSON."""
_TIME = re.compile(r"(?P<second>:\d\d)(?:\.(?P<digits>\d+))?(?P<zone>[+-]\d\d(?::\d\d)?)?$")
_INTERVAL = re.compile(r"(-?\d+) (year|month|day)s?|(-?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?")
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")

RANGE = ["start", "end"]
"""The fields of the struct that the engine has for a RANGE."""

Writer = Callable[[Any], str]
_NAMED_NUMBERS = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}
Kind = tuple[str, Any]
"""A type's name, and for `ARRAY` its elements' kind, for `STRUCT` its fields' names and kinds."""


@lru_cache(maxsize=1024)
def kind_of(text: str) -> Kind:
    """The kind that a name of DuckDB's means.

    >>> kind_of('STRUCT("a b" INTEGER, c DECIMAL(3,2)[])')
    ('STRUCT', (('a b', ('INTEGER', None)), ('c', ('ARRAY', ('DECIMAL(3,2)', None)))))
    >>> kind_of("STRUCT(INTEGER, VARCHAR)")[1][0]
    ('', ('INTEGER', None))
    """
    if text.endswith("]"):
        return "ARRAY", kind_of(text[: text.rindex("[")])
    if not text.startswith("STRUCT("):
        return text.strip('"'), None
    fields = []
    for field in _split(text[len("STRUCT(") : -1]):
        name, rest = "", field
        if found := re.match(r'"((?:[^"]|"")*)" (?=\S)|(\w+) (?!WITH TIME ZONE)(?=\S)', field):
            name, rest = (found[1] or "").replace('""', '"') or found[2] or "", field[found.end() :]
        fields.append((name, kind_of(rest)))
    return "STRUCT", tuple(fields)


def _split(text: str) -> list[str]:
    """What commas part, outside of brackets and quotes."""
    parts, depth, quoted, begin = [], 0, False, 0
    for place, sign in enumerate(text):
        quoted ^= sign == '"'
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if sign == "," and not depth and not quoted:
            parts.append(text[begin:place].strip())
            begin = place + 1
    return [*parts, text[begin:].strip()]


def read(text: str | None, *, plain: bool = False) -> Any:
    """What DuckDB wrote: numbers exactly, objects as lists of pairs, since a struct's names may be the same.

    Numbers with a fraction are their texts where `plain`: faster, and enough to write values that are no documents.
    """
    if text is None:
        return None
    return (_PLAIN if plain else _DECODER).decode(text)


def number_text(value: Any) -> str:
    """A FLOAT64 as CAST has it: 15 digits where they are enough, else 17.

    >>> [number_text(each) for each in (1.0, 0.1, 1 / 3, 1e15, 1e-7, float("-inf"))]
    ['1', '0.1', '0.33333333333333331', '1e+15', '1e-07', '-inf']
    """
    value = float(value)
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    short = f"{value:.15g}"
    return short if float(short) == value else f"{value:.17g}"


def decimal_text(value: Any) -> str:
    """A NUMERIC without zeros at its end.

    >>> decimal_text("1.50"), decimal_text("100"), decimal_text("-0.0")
    ('1.5', '100', '0')
    """
    text = str(value)
    text = f"{Decimal(text):f}" if "E" in text.upper() else text
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def quotient(value: Decimal, by: Decimal) -> Decimal:
    """One NUMERIC by another, rounded away from zero at half of a billionth. Raises ValueError.

    >>> quotient(Decimal("12345678901234567890"), Decimal("-7"))
    Decimal('-1763668414462081127.142857143')
    """
    with localcontext(prec=80):
        found = (value / by).quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP)
    if abs(found) >= 10**29:
        raise ValueError(f"numeric overflow: {value} / {by}")
    return found


def time_text(text: str) -> str:
    """A time, with no fraction of a second, or one of three or six digits.

    >>> time_text("2026-01-01 00:00:00.5+00"), time_text("10:11:12.000250"), time_text("2026-01-01")
    ('2026-01-01 00:00:00.500+00', '10:11:12.000250', '2026-01-01')
    """
    found = _TIME.search(text) if "." in text else None
    if found is None:
        return text
    digits = (found["digits"] or "").rstrip("0")
    fraction = "." + digits.ljust(3 if len(digits) <= 3 else 6, "0") if digits else ""
    return f"{text[: found.start()]}{found['second']}{fraction}{found['zone'] or ''}"


def interval_text(text: str) -> str:
    """An interval as BigQuery writes it, of what DuckDB wrote.

    >>> interval_text("1 year 2 months -3 days 04:05:06.789"), interval_text("-01:00:00")
    ('1-2 -3 4:5:6.789', '0-0 0 -1:0:0')
    """
    months = days = micros = 0
    for found in _INTERVAL.finditer(text):
        if found[2]:
            count = int(found[1])
            months += {"year": 12, "month": 1, "day": 0}[found[2]] * count
            days += count if found[2] == "day" else 0
        else:
            fraction = int((found[7] or "").ljust(6, "0"))
            size = ((int(found[4]) * 60 + int(found[5])) * 60 + int(found[6])) * 1_000_000 + fraction
            micros += -size if found[3] else size
    years, left = divmod(abs(months), 12)
    seconds, fraction = divmod(abs(micros), 1_000_000)
    clock = f"{seconds // 3600}:{seconds // 60 % 60}:{seconds % 60}"
    if fraction:
        digits = f"{fraction:06d}"
        clock += "." + (digits[:3] if digits.endswith("000") else digits)
    return f"{'-' * (months < 0)}{years}-{left} {days} {'-' * (micros < 0)}{clock}"


def blob(text: str) -> bytes:
    """The bytes that DuckDB's text of them means."""
    pieces = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    return pieces.encode("latin-1")


def string_text(text: str, name: str) -> str:
    """A value as CAST makes a STRING of it, from DuckDB's text. Raises UnicodeDecodeError (a ValueError).

    >>> string_text("1.0", "DOUBLE"), string_text("1.50", "DECIMAL(38,9)"), string_text(r"a\\xC3\\xA9", "BLOB")
    ('1', '1.5', 'aé')
    """
    if name in ("DOUBLE", "FLOAT"):
        return number_text(text)
    if name.startswith("DECIMAL"):
        return decimal_text(text)
    if name == "BLOB":
        return blob(text).decode()
    if name == "INTERVAL":
        return interval_text(text)
    return time_text(text) if name.startswith("TIME") else text


def safe_string_text(text: str, name: str) -> str | None:
    """The same for SAFE_CAST."""
    try:
        return string_text(text, name)
    except ValueError:
        return None


def is_range(kind: Kind) -> bool:
    """Whether it is what the engine has for a RANGE."""
    return kind[0] == "STRUCT" and [name for name, _ in kind[1]] == RANGE


def json_text(value: Any, kind: Kind, *, exact: bool = True) -> str:
    """A value in JSON, on one line, as TO_JSON_STRING has it; TO_JSON leaves wide numbers be (not `exact`).

    >>> json_text([2**53 + 1, Decimal("1.0")], ("ARRAY", ("DOUBLE", None)))
    '[9007199254740992,1]'
    >>> json_text("2026-01-01 00:00:00.5+00", ("TIMESTAMP WITH TIME ZONE", None))
    '"2026-01-01T00:00:00.500Z"'
    """
    return _json_writer(kind, exact)(value)


@lru_cache(maxsize=1024)
def _json_writer(kind: Kind, exact: bool) -> Writer:
    """What writes values of a kind: made once, as what there is to decide is the same for all rows."""
    name, inner = kind
    if name == "ARRAY":
        one = _json_writer(inner, exact)
        return lambda value: "null" if value is None else f"[{','.join(map(one, value))}]"
    if name != "STRUCT":
        leaf = _json_leaf(name, exact)
        return lambda value: "null" if value is None else leaf(value)
    fields = [(f"{_quoted(key)}:", _json_writer(each, exact)) for key, each in inner]

    def struct(value: Any) -> str:
        if value is None:
            return "null"
        texts = [before + write(each) for (before, write), (_, each) in zip(fields, pairs(value), strict=True)]
        return f"{{{','.join(texts)}}}"

    return struct


def _json_leaf(name: str, exact: bool) -> Writer:
    if name == "JSON":
        return document_text
    if name in _INTEGERS:
        return lambda value: f'"{value}"' if exact and abs(value) > WHOLE else str(value)
    if name in ("DOUBLE", "FLOAT"):
        return _json_number
    if name.startswith("DECIMAL"):
        return lambda value: _json_decimal(decimal_text(value), exact)
    if name == "BLOB":
        return lambda value: _quoted(base64.b64encode(blob(value)).decode())
    if name.startswith("TIMESTAMP"):
        zoned = "ZONE" in name
        return lambda value: _quoted(_json_time(time_text(value), zoned))
    if name == "TIME":
        return lambda value: _quoted(time_text(value))
    if name == "INTERVAL":
        return lambda value: _quoted(_iso_interval(interval_text(value)))
    return lambda value: str(value).lower() if isinstance(value, bool) else _quoted(str(value))


def _json_number(value: Any) -> str:
    text = number_text(value)
    return _NAMED_NUMBERS.get(text, text)


def _json_decimal(text: str, exact: bool) -> str:
    """As a number where a FLOAT64 has all its digits, which fifteen are."""
    wide = exact and len(text) > 15 and Decimal(number_text(text)) != Decimal(text)
    return f'"{text}"' if wide else text


def _json_time(text: str, zoned: bool) -> str:
    text = text.replace(" ", "T", 1)
    return re.sub(r"\+00(:00)?$", "Z", text) if zoned else text


def pairs(value: Any) -> list[tuple[str, Any]]:
    """The fields of a struct, named or not."""
    return (
        value if not value or (isinstance(value[0], tuple | list) and len(value[0]) == 2) else [("", v) for v in value]
    )


def document_text(value: Any) -> str:
    """A JSON value as BigQuery keeps it: the members of objects by their names, numbers as they are."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        members = sorted(dict(value).items())
        return f"{{{','.join(f'{_quoted(key)}:{document_text(each)}' for key, each in members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(document_text, value))}]"
    if isinstance(value, float | Decimal):
        text = number_text(value)
        return text if text not in ("nan", "inf", "-inf") else "null"
    return json.dumps(value, ensure_ascii=False)


def _iso_interval(text: str) -> str:
    """An interval by ISO 8601, as JSON has it.

    >>> _iso_interval("1-2 3 4:5:6.789"), _iso_interval("0-0 0 0:0:0")
    ('P1Y2M3DT4H5M6.789S', 'P0Y')
    """
    begun, days, clock = text.split(" ")
    sign, (years, months) = ("-" if begun.startswith("-") else ""), begun.lstrip("-").split("-")
    before, parts = ("-" if clock.startswith("-") else ""), clock.lstrip("-").split(":")
    said = [f"{sign}{n}{unit}" for n, unit in ((years, "Y"), (months, "M")) if n != "0"]
    said += [f"{days}D"] if days != "0" else []
    later = [f"{before}{n}{unit}" for n, unit in zip(parts, "HMS", strict=True) if n != "0"]
    return "P" + ("".join(said) + ("T" + "".join(later) if later else "") or "0Y")

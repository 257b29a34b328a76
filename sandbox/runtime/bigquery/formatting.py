"""FORMAT: a text with values in places, by BigQuery's rules.

https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#format_string
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from sandbox.runtime.bigquery import typed
from sandbox.runtime.bigquery.typed import Kind

_PLACE = re.compile(
    r"%(?P<flags>[-+ #0']*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+)?(?P<dot>))?(?P<sign>[diouxXfFeEgGstTpP%])"
)


def formatted(form: str | None, texts: list[str | None], names: list[str]) -> str | None:
    """The text of a format and of its values, in JSON beside the names of their types. Raises ValueError.

    >>> formatted("%s is %5.1f%% %T", ['"x"', "2.25", '["a"]'], ["VARCHAR", "DOUBLE", "VARCHAR[]"])
    'x is   2.2% ["a"]'
    >>> formatted("%'d|%-4s|%x", ["1234567", '"a"', "-255"], ["BIGINT", "VARCHAR", "BIGINT"])
    '1,234,567|a   |-ff'
    >>> formatted("%d", [None], ["BIGINT"]) is None, formatted("%t", [None], ["BIGINT"])
    (True, 'NULL')
    """
    if form is None:
        return None
    left = iter(zip(texts, names, strict=True))
    said, end = [], 0
    for found in _places(form):
        if "%" in form[end : found.start()]:
            break
        said.append(form[end : found.start()])
        end = found.end()
        if found["sign"] == "%":
            said.append("%")
            continue
        try:
            flags = found["flags"]
            width, precision = (
                int(next(left)[0] or 0) if found[n] == "*" else found[n] for n in ("width", "precision")
            )
            text, name = next(left)
        except StopIteration:
            raise ValueError(f"Too few arguments to FORMAT for pattern: {form}") from None
        value = typed.read(text, plain=found["sign"] in "tT" and "JSON" not in name)
        if value is None and found["sign"] not in "tT":
            return None
        size = int(width or 0)
        if size < 0:
            flags, size = flags + "-", -size
        digits = int(precision or 0) if found["dot"] is not None else None
        said.append(_one(found["sign"], flags, size, digits, value, typed.kind_of(name)))
    if "%" in form[end:]:
        raise ValueError(f"Invalid format specifier in FORMAT: {form[form.index('%', end) :]}")
    if next(left, None) is not None:
        raise ValueError(f"Too many arguments to FORMAT for pattern: {form}")
    return "".join([*said, form[end:]])


@lru_cache(maxsize=256)
def _places(form: str) -> list[re.Match[str]]:
    return list(_PLACE.finditer(form))


def _one(sign: str, flags: str, width: int, precision: int | None, value: Any, kind: Kind) -> str:
    name = kind[0]
    if sign in "diouxX":
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"Invalid type for FORMAT argument: %{sign} wants INT64, not {name}")
        text = _whole(sign, flags, value)
        text = text if precision is None else _filled(text, precision)
    elif sign in "fFeEgG":
        if name not in ("DOUBLE", "FLOAT") and not name.startswith("DECIMAL") and not isinstance(value, int):
            raise ValueError(f"Invalid type for FORMAT argument: %{sign} wants FLOAT64, not {name}")
        text = _real(sign, flags, 6 if precision is None else precision, value, name)
    elif sign in "pP":
        if name != "JSON":
            raise ValueError(f"Invalid type for FORMAT argument: %{sign} wants JSON, not {name}")
        text = typed.document_text(value)
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False) if sign == "P" else text
    else:
        if sign == "s" and name not in ("VARCHAR", "JSON", "NULL"):
            raise ValueError(f"Invalid type for FORMAT argument: %s wants STRING, not {name}")
        text = str(value) if sign == "s" else printed(value, kind, literal=sign == "T")
        text = text if precision is None else text[:precision]
    if "-" in flags:
        return text.ljust(width)
    return _filled(text, width, signed=True) if "0" in flags and sign not in "stTpP" else text.rjust(width)


def _filled(text: str, width: int, *, signed: bool = False) -> str:
    before = text[:1] if text[:1] in ("-", "+", " ") else ""
    return before + text[len(before) :].zfill(width - (len(before) if signed else 0))


def _whole(sign: str, flags: str, value: int) -> str:
    base = {"x": "x", "X": "X", "o": "o"}.get(sign, "," if "'" in flags else "d")
    prefix = {"x": "0x", "X": "0X", "o": "0"}.get(sign, "") if "#" in flags else ""
    return _before(flags, value < 0) + prefix + format(abs(value), base)


def _real(sign: str, flags: str, precision: int, value: Any, name: str) -> str:
    number = value if name.startswith("DECIMAL") and sign in "fF" else float(value)
    comma = "," if "'" in flags else ""
    return _before(flags, str(number).startswith("-")) + format(abs(number), f"{comma}.{precision}{sign}")


def _before(flags: str, negative: bool) -> str:
    return "-" if negative else "+" if "+" in flags else " " if " " in flags else ""


def printed(value: Any, kind: Kind, *, literal: bool) -> str:
    """A value as `%t` prints it, or `%T`: as a literal of its type.

    >>> printed([1, None], ("ARRAY", ("BIGINT", None)), literal=False)
    '[1, NULL]'
    >>> printed("2026-01-01 00:00:00+00", ("TIMESTAMP WITH TIME ZONE", None), literal=True)
    'TIMESTAMP "2026-01-01 00:00:00+00"'
    """
    return _printer(kind, literal)(value)


@lru_cache(maxsize=1024)
def _printer(kind: Kind, literal: bool) -> typed.Writer:
    """What prints values of a kind: made once, as what there is to decide is the same for all rows."""
    name, inner = kind
    if name == "ARRAY":
        one = _printer(inner, literal)
        return lambda value: "NULL" if value is None else f"[{', '.join(map(one, value))}]"
    if typed.is_range(kind):
        return lambda value: "NULL" if value is None else _range(value)
    if name != "STRUCT":
        leaf = _leaf(name, literal)
        return lambda value: "NULL" if value is None else leaf(value)
    fields = [_printer(each, literal) for _, each in inner]

    def struct(value: Any) -> str:
        if value is None:
            return "NULL"
        texts = [write(each) for write, (_, each) in zip(fields, typed.pairs(value), strict=True)]
        return f"({', '.join(texts)})"

    return struct


def _range(value: Any) -> str:
    ends = ["UNBOUNDED" if end is None else str(end) for _, end in typed.pairs(value)]
    return f"[{ends[0]}, {ends[1]})"


def _leaf(name: str, literal: bool) -> typed.Writer:
    if name in ("DOUBLE", "FLOAT"):
        return lambda value: _printed_number(value, literal)
    if name == "BLOB":
        return lambda value: f'b"{_printed_bytes(value)}"' if literal else _printed_bytes(value)
    if name == "VARCHAR":
        return json.encoder.encode_basestring if literal else str
    if name == "BOOLEAN":
        return lambda value: str(value).lower()
    text: typed.Writer = str
    before = after = ""
    if name == "JSON":
        text, before, after = typed.document_text, "JSON '", "'"
    elif name.startswith("DECIMAL"):
        text, before, after = typed.decimal_text, 'NUMERIC "', '"'
    elif name == "INTERVAL":
        text, before, after = typed.interval_text, 'INTERVAL "', '" YEAR TO SECOND'
    elif name.startswith(("TIMESTAMP", "DATE", "TIME")):
        word = "DATETIME" if name == "TIMESTAMP" else name.partition(" ")[0]
        text, before, after = typed.time_text, f'{word} "', '"'
    if not literal:
        return text
    return lambda value: f"{before}{text(value)}{after}"


def _printed_number(value: Any, literal: bool) -> str:
    text = typed.number_text(value)
    if text in ("nan", "inf", "-inf"):
        return f'CAST("{text}" AS FLOAT64)' if literal else text
    return text if "." in text or "e" in text else text + ".0"


def _printed_bytes(value: Any) -> str:
    return "".join(chr(b) if 32 <= b < 127 and b not in (34, 92) else f"\\x{b:02x}" for b in typed.blob(value))

"""CAST of numbers to STRING by a format.

https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements#format_numeric_type_as_string
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

_ELEMENT = re.compile(r"FM|MI|PR|RN|[09XDGSBVCL$.,]", re.IGNORECASE)
_ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
_ROMAN += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
_ROMAN_WIDTH, _HEX_DIGITS = 15, 16
_CURRENCY = {"$": "$", "L": "$", "C": "USD", "c": "usd", "l": "$"}


@dataclass
class Format:
    """What a format says: its elements of digits in their order, and the others by what they are."""

    whole: list[str] = field(default_factory=list)
    fraction: list[str] = field(default_factory=list)
    point: str = ""
    sign: str = ""
    signed_last: bool = False
    currency: str = ""
    flags: set[str] = field(default_factory=set)


def shown(value: Decimal, form: str) -> str:
    """The text of a number. Raises ValueError for a format that isn't one, or isn't served.

    >>> [shown(Decimal(12), each) for each in ("999", "000.000", "9999MI", "9999PR", "$999", "S99", "9")]
    ['  12', ' 012.000', '  12 ', '   12 ', '  $12', '+12', ' #']
    >>> [shown(Decimal("-1234.567"), each) for each in ("9,999.99", "C999,999", "9999.9PR", "FM9999.000")]
    ['-1,234.57', '  -USD1,235', '<1234.6>', '-1234.567']
    >>> shown(Decimal("0.23"), "B99.999S"), shown(Decimal(43981), "0X0x"), shown(Decimal("23.5"), "S000V00")
    ('       ', ' ABcd', '+02350')
    >>> shown(Decimal(2021), "FMRN"), shown(Decimal("0.5"), "99.99")
    ('MMXXI', '   .50')
    """
    if not value.is_finite():
        raise ValueError(f"CAST of {value} to STRING with a FORMAT is not served here")
    found = _read(form)
    if "RN" in found.flags or "rn" in found.flags:
        text = _roman(value)
        return _with_flags(text.lower() if "rn" in found.flags else text, found, _ROMAN_WIDTH)
    with localcontext(prec=100):
        places = 0 if found.point == "V" else len(found.fraction)
        scaled = abs(value).scaleb(len(found.fraction) if found.point == "V" else 0)
        rounded = scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    digits, _, after = f"{rounded:f}".partition(".")
    elements = [*found.whole, *(found.fraction if found.point == "V" else ())]
    if any(each in "xX" for each in elements):
        digits = f"{int(digits):x}"
    body = _body(elements, digits.lstrip("0"), after, found)
    return _signed(body, value, rounded, found)


def _read(form: str) -> Format:
    found, at, ended = Format(), 0, False
    while at < len(form):
        match = _ELEMENT.match(form, at)
        if match is None:
            raise ValueError(f"The format element at '{form[at:]}' is not served here, or is none")
        word, name = match[0], match[0].upper()
        if ended and name != "FM":
            raise ValueError(f"The format element '{word}' comes after what must be last in '{form}'")
        at = match.end()
        if name in ("FM", "B", "RN"):
            found.flags.add("rn" if word == "rn" else name)
        elif name in ("S", "MI", "PR"):
            ended = _take_sign(found, name, form)
        elif name in ("$", "L", "C"):
            _once(found.currency, word, form)
            found.currency = _CURRENCY[word]
        elif name in (".", "D", "V"):
            _once(found.point, word, form)
            found.point = "V" if name == "V" else "."
        elif name in (",", "G"):
            (found.fraction if found.point else found.whole).append(",")
        else:
            (found.fraction if found.point else found.whole).append(word)
    _check(found, form)
    return found


def _take_sign(found: Format, name: str, form: str) -> bool:
    """Note a sign; whether it is the last element."""
    _once(found.sign, name, form)
    found.sign = name
    found.signed_last = bool(found.whole or found.fraction or found.point or found.currency)
    return found.signed_last or name != "S"


def _once(before: str, word: str, form: str) -> None:
    if before:
        raise ValueError(f"The format '{form}' has '{word}' after an element that excludes it")


def _check(found: Format, form: str) -> None:
    elements = [*found.whole, *found.fraction]
    hexadecimal = any(each in "xX" for each in elements)
    if "," in found.fraction or found.whole[:1] == [","]:
        raise ValueError(f"The format '{form}' has a group separator where there is none")
    if hexadecimal and ("9" in elements or "," in elements or found.point or found.currency or "B" in found.flags):
        raise ValueError(f"The format '{form}' has X beside what it can't be with")
    if hexadecimal and len(elements) > _HEX_DIGITS:
        raise ValueError(f"The format '{form}' has more than {_HEX_DIGITS} hexadecimal digits")
    roman = {"RN", "rn"} & found.flags
    if roman and (elements or found.point or found.sign or found.currency or "B" in found.flags):
        raise ValueError(f"The format '{form}' has RN beside what it can't be with")
    if not elements and not roman:
        raise ValueError(f"The format '{form}' has no digits")


def _body(elements: list[str], digits: str, after: str, found: Format) -> str:
    """The digits, with spaces for those that aren't there; `#` for each where they are too few."""
    places = sum(each != "," for each in elements)
    point = "." if found.point == "." else ""
    if len(digits) > places:
        return "".join("," if each == "," else "#" for each in elements) + point + "#" * len(after)
    if not digits and not after and elements[-1:] != ["0"]:
        digits = "0"  # the number itself
    said, left, begun = "", places, False
    for place, element in enumerate(elements):
        if element == ",":
            said += "," if begun else " "
            continue
        begun = begun or element == "0" or left <= len(digits)
        digit = digits[len(digits) - left] if left <= len(digits) else "0"
        said += _cased(digit, elements[place:]) if begun else " "
        left -= 1
    return said + point + after


def _cased(digit: str, elements: list[str]) -> str:
    """A hexadecimal digit by the next X or x."""
    return digit if next((each for each in elements if each in "xX"), "X") == "x" else digit.upper()


def _signed(body: str, value: Decimal, rounded: Decimal, found: Format) -> str:
    number = body.lstrip(" ")
    before, number = body[: len(body) - len(number)], found.currency + number
    negative = value < 0
    if found.sign == "PR":
        text = f"{before}<{number}>" if negative else f" {before}{number} "
    elif found.sign == "MI":
        text = f"{before}{number}{'-' if negative else ' '}"
    elif found.sign == "S":
        sign = "-" if negative else "+" if value > 0 else " "
        text = f"{before}{number}{sign}" if found.signed_last else f"{before}{sign}{number}"
    else:
        text = f"{before}{'-' if negative else ' '}{number}"
    if "B" in found.flags and int(rounded) == 0:
        text = " " * len(text)
    return _with_flags(text, found, 0)


def _with_flags(text: str, found: Format, width: int) -> str:
    if "FM" not in found.flags:
        return text.rjust(width)
    text = text.replace(" ", "")
    trimmed = re.sub(r"(\.\d*?)0+(?=\D*$)", r"\1", text)
    if re.search(r"\.(?!\d)", trimmed):
        raise ValueError("FM of a number without a fraction, by a format with one, is not served here")
    return trimmed


def _roman(value: Decimal) -> str:
    left, said = int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)), ""
    if not 1 <= left <= 3999:
        raise ValueError(f"The format element RN wants a number between 1 and 3999, not {value}")
    for size, letters in _ROMAN:
        count, left = divmod(left, size)
        said += letters * count
    return said

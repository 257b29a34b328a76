"""Plain scalars, read as YAML 1.2's core schema reads them; what versions of YAML read differently is refused.

`no`, `on`, `22:22`, `2024-01-20` and `1_000` are text. `true`, `null`, `12` and `1.5` are what they look like.
"""

from __future__ import annotations

import math
import re

from .nodes import Value

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DIGITS = 18  # 10^18 fits in 64 bits, which is what JSON readers and Google's APIs hold


class Ambiguous(ValueError):
    """A plain scalar that people and parsers read differently. `hint` says how to write what is meant."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def resolve(text: str) -> Value:
    """The value of a plain (unquoted) scalar.

    >>> resolve("22:22"), resolve("no"), resolve("12"), resolve("")
    ('22:22', 'no', 12, None)

    Raises:
        Ambiguous: `010`, `0o10`, `.inf` and numbers that no 64-bit reader holds.
    """
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _OCTAL.fullmatch(text):
        raise Ambiguous(
            f"{_cut(text)} is text to YAML 1.1 and a number to 1.2", "write it in decimal, or put it in quotes"
        )
    if _HEXADECIMAL.fullmatch(text):
        if len(text) > 2 + 15:
            raise Ambiguous(f"{_cut(text)} is too large a number", "put it in quotes if it is text")
        return int(text, 16)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise Ambiguous(f"{_cut(text)} is too large a number", "put it in quotes if it is text")
        return number
    if _NOT_FINITE.fullmatch(text):
        raise Ambiguous(f"{text} is not a finite number", "put it in quotes if it is text")
    return text


def _integer(text: str) -> int:
    digits = text.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0":
        without = text.replace(digits, digits.lstrip("0") or "0")
        raise Ambiguous(
            f"{_cut(text)} has a leading zero: YAML 1.1 reads it in octal or as text, YAML 1.2 in decimal",
            f'write {_cut(without)} for the number, or "{_cut(text)}" for the text',
        )
    if len(digits) > _DIGITS:
        raise Ambiguous(f"{_cut(text)} is too large a number", "put it in quotes if it is text")
    return int(text)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}…"

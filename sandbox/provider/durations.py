"""Durations as Go writes them."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,  # the micro sign, and below the Greek letter
    "\N{GREEK SMALL LETTER MU}s": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PIECE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)")


def nanoseconds(text: str) -> int:
    """The length of a duration, without what is left over. Raises ValueError in Go's words.

    >>> nanoseconds("1h30m"), nanoseconds("-1.5s"), nanoseconds("0")
    (5400000000000, -1500000000, 0)
    """
    sign, bare = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if bare == "0":
        return 0
    pieces = _PIECE.findall(bare)
    if not pieces or _PIECE.sub("", bare):
        raise ValueError(f'time: invalid duration "{text}"')
    for _, unit in pieces:
        if not unit:
            raise ValueError(f'time: missing unit in duration "{text}"')
        if unit not in _UNITS:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
    return sign * int(sum((Fraction(number) * _UNITS[unit] for number, unit in pieces), Fraction()))

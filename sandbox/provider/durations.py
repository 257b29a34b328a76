"""Durations as Go writes them."""

from __future__ import annotations

import re

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PIECE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)")


def parsed(text: str) -> float:
    """The seconds of a duration. Raises ValueError in Go's words.

    >>> parsed("1h30m"), parsed("-1.5s"), parsed("0")
    (5400.0, -1.5, 0.0)
    """
    sign, bare = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if bare == "0":
        return 0.0
    pieces = _PIECE.findall(bare)
    if not pieces or _PIECE.sub("", bare):
        raise ValueError(f'time: invalid duration "{text}"')
    for _, unit in pieces:
        if not unit:
            raise ValueError(f'time: missing unit in duration "{text}"')
        if unit not in _UNITS:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
    return sign * sum(float(number) * _UNITS[unit] for number, unit in pieces)

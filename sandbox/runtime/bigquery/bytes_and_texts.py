"""Parts of BYTES and places in STRING.

https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions
"""

from __future__ import annotations

from importlib import import_module
from typing import TypeVar

_T = TypeVar("_T", str, bytes)


def part(value: bytes, position: int, length: int) -> bytes:
    """SUBSTR of BYTES. Raises ValueError.

    >>> part(b"apple", 2, 2), part(b"apple", -2, 9), part(b"apple", 0, 2)
    (b'pp', b'le', b'ap')
    """
    if length < 0:
        raise ValueError("Third argument in SUBSTR() cannot be negative")
    begin = max(position - 1, 0) if position >= 0 else max(len(value) + position, 0)
    return value[begin : begin + length]


def padded(value: bytes, length: int, fill: bytes, at_left: bool) -> bytes:
    """LPAD and RPAD of BYTES. Raises ValueError.

    >>> padded(b"abc", 5, b"de", True), padded(b"abc", 2, b"d", False)
    (b'deabc', b'ab')
    """
    if length < 0 or not fill:
        raise ValueError("LPAD and RPAD want a length that isn't negative and a pattern that isn't empty")
    missing = max(length - len(value), 0)
    more = (fill * missing)[:missing]
    return more + value if at_left and missing else (value + more)[:length]


def split(value: bytes, by: bytes) -> list[bytes]:
    """SPLIT of BYTES; by nothing, each by itself.

    >>> split(b"a-b", b"-"), split(b"ab", b""), split(b"", b"")
    ([b'a', b'b'], [b'a', b'b'], [b''])
    """
    if not by:
        return [bytes([each]) for each in value] or [b""]
    return value.split(by)


def translated(value: bytes, signs: bytes, others: bytes) -> bytes:
    """TRANSLATE of BYTES. Raises ValueError.

    >>> translated(b"This is a cookie", b"sco", b"z")
    b'Thiz iz a kie'
    """
    if len(set(signs)) < len(signs):
        raise ValueError("TRANSLATE wants each source character once")
    return value.translate(bytes.maketrans(signs[: len(others)], others[: len(signs)]), signs[len(others) :])


def place(value: _T, wanted: _T, position: int, occurrence: int) -> int:
    """INSTR, of STRING or BYTES: where an occurrence begins, from 1; 0 for none. A negative position is from the end.

    >>> place("banana", "an", 1, 2), place("banana", "an", -1, 1), place("banana", "an", -3, 1)
    (4, 4, 4)
    >>> place("helloooo", "oo", 1, 2), place("banana", "x", 1, 1), place("banana", "an", -4, 1)
    (6, 0, 2)
    """
    if position == 0 or occurrence <= 0:
        raise ValueError("INSTR wants a position that isn't 0 and an occurrence above 0")
    if not wanted:
        return 0
    found, begin = -1, position - 1
    if position < 0:
        last = len(value) + position
        places = [i for i in range(last, -1, -1) if value.startswith(wanted, i)]
        return places[occurrence - 1] + 1 if len(places) >= occurrence else 0
    for _ in range(occurrence):
        found = value.find(wanted, begin)
        if found < 0:
            return 0
        begin = found + 1
    return found + 1


def from_hex(text: str) -> bytes:
    """FROM_HEX, of an odd count of digits too.

    >>> from_hex("0AF")
    b'\\x00\\xaf'
    """
    return bytes.fromhex(text.zfill(len(text) + len(text) % 2))


def fingerprint(value: bytes) -> int:
    """FARM_FINGERPRINT of BYTES."""
    found = int(import_module("bqemulator.sql.builtin_udfs")._farm_fingerprint64(value))
    return found - 2**64 if found >= 2**63 else found

"""Functions of BYTES, which DuckDB has of STRING alone, as overloads of its own, so that types choose between them.

A type is known there of whatever it is: a column, an aggregate, a parameter, an element that a lambda sees.
https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.runtime.bigquery import bytes_and_texts

Overload = tuple[str, tuple[str, ...], Callable[..., Any], str]
"""A function's name, the types that it takes, what it does, and the type that it gives."""

_B, _LIST, _INT, _WORD = "BLOB", "BLOB[]", "BIGINT", "INTEGER"


def overloads() -> Iterator[Overload]:
    """All of them. NULL gives NULL.

    >>> {name: function(b"aBc") for name, takes, function, _ in overloads() if name in ("lower", "reverse")}
    {'lower': b'abc', 'reverse': b'cBa'}
    """
    yield "lower", (_B,), lambda x: x.lower(), _B
    yield "bqemu_upper_unicode", (_B,), lambda x: x.upper(), _B
    yield "reverse", (_B,), lambda x: x[::-1], _B
    yield "length", (_B,), lambda x: len(x), _INT
    yield "ascii", (_B,), lambda x: x[0] if x else 0, _INT
    yield "ord", (_B,), lambda x: x[0] if x else 0, _INT
    yield "encode", (_B,), lambda x: x, _B
    yield "bqemu_farm_fingerprint", (_B,), bytes_and_texts.fingerprint, _INT
    yield "left", (_B, _INT), lambda x, n: bytes_and_texts.part(x, 1, n), _B
    yield "right", (_B, _INT), lambda x, n: bytes_and_texts.part(x, max(len(x) - n, 0) + 1, n), _B
    yield "substring", (_B, _INT), lambda x, p: bytes_and_texts.part(x, p, len(x)), _B
    yield "substring", (_B, _INT, _INT), bytes_and_texts.part, _B
    yield "lpad", (_B, _WORD, _B), lambda x, n, p: bytes_and_texts.padded(x, n, p, True), _B
    yield "rpad", (_B, _WORD, _B), lambda x, n, p: bytes_and_texts.padded(x, n, p, False), _B
    yield "trim", (_B, _B), lambda x, y: x.strip(y), _B
    yield "ltrim", (_B, _B), lambda x, y: x.lstrip(y), _B
    yield "rtrim", (_B, _B), lambda x, y: x.rstrip(y), _B
    yield "starts_with", (_B, _B), lambda x, y: x.startswith(y), "BOOLEAN"
    yield "ends_with", (_B, _B), lambda x, y: x.endswith(y), "BOOLEAN"
    yield "replace", (_B, _B, _B), lambda x, y, z: x.replace(y, z) if y else x, _B
    yield "translate", (_B, _B, _B), bytes_and_texts.translated, _B
    for name in ("str_split", "string_split"):
        yield name, (_B, _B), bytes_and_texts.split, _LIST
    yield "bq_instr_py", (_B, _B, _INT, _INT), bytes_and_texts.place, _INT

"""A statement's tokens, for what is told or changed without its tree."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def tokens_of(sql: str) -> list[Any]:
    """The tokens of GoogleSQL; none where it can't be read.

    >>> [token.text for token in tokens_of("SELECT 'a b'")], tokens_of("SELECT 'a")
    (['SELECT', 'a b'], [])
    """
    sqlglot = import_module("sqlglot")
    try:
        found: list[Any] = sqlglot.tokenize(sql, read="bigquery")
    except sqlglot.errors.SqlglotError:
        return []
    return found

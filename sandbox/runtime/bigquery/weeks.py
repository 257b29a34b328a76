"""Weeks that begin on a day (`WEEK(MONDAY)`, `ISOWEEK`), and buckets of time.

The engine takes some for weeks that begin on Sunday, and doesn't know others. Here they are said by DuckDB's buckets.
https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.saying import said_otherwise, sql

_DAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_KINDS = {"Datetime": "DATETIME", "Date": "DATE", "Timestamp": "TIMESTAMP", "Ts": "TIMESTAMP"}
_BUCKETS = {"DATE_BUCKET": "DATE", "DATETIME_BUCKET": "DATETIME", "TIMESTAMP_BUCKET": "TIMESTAMP"}


def say_weeks(tree: Any) -> bool:
    """Replace what a tree says by such weeks and buckets; whether it said any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT DATE_TRUNC(d, WEEK(MONDAY))", read="bigquery")
    >>> say_weeks(tree), tree.sql(dialect="bigquery")
    (True, "SELECT CAST(TIME_BUCKET(INTERVAL '7' DAY, d, CAST('1950-01-02' AS DATE)) AS DATE)")
    """
    exp = import_module("sqlglot").exp
    dated = (exp.DateTrunc, exp.DatetimeTrunc, exp.TimestampTrunc, exp.DateDiff, exp.DatetimeDiff, exp.TimestampDiff)
    return said_otherwise(tree, dict.fromkeys((*dated, exp.LastDay, exp.Extract, exp.Anonymous), _said))


def _said(node: Any, exp: Any) -> str:
    name = type(node).__name__
    if isinstance(node, exp.Anonymous):
        kind = _BUCKETS.get(node.name.upper())
        return _bucket(kind, [sql(each) for each in node.expressions]) if kind else ""
    unit = node.this if isinstance(node, exp.Extract) else node.args.get("unit")
    first = _first_day(unit, exp)
    if first < 0 or (isinstance(node, exp.Extract) and unit.name.upper() == "ISOWEEK"):
        return ""  # the engine extracts the numbers of ISO's weeks
    if isinstance(node, exp.Extract):
        day = sql(node.expression)
        before = f"MOD(EXTRACT(DAYOFWEEK FROM {day}) - 1 - {first} + 7, 7)"
        return f"DIV((EXTRACT(DAYOFYEAR FROM {day}) + 6 - {before}), 7)"
    kind = next((word for begin, word in _KINDS.items() if name.startswith(begin)), "DATE")
    subject = sql(node.this)
    if name.endswith("Diff"):
        ends = (subject, sql(node.expression))
        begun = (_begun("DATE", f"DATE({each})", first) for each in ends)
        return f"DIV(DATE_DIFF({', '.join(begun)}, DAY), 7)"
    if isinstance(node, exp.LastDay):
        return f"DATE_ADD({_begun('DATE', f'DATE({subject})', first)}, INTERVAL 6 DAY)"
    zone = node.args.get("zone")
    if zone is None:
        return _begun(kind, subject, first)
    there = sql(zone)
    return f"TIMESTAMP({_begun('DATETIME', f'DATETIME({subject}, {there})', first)}, {there})"


def _first_day(unit: Any, exp: Any) -> int:
    """Which day a week begins with, Sunday's is 0; -1 for what is no week."""
    if isinstance(unit, exp.WeekStart):
        return _DAYS.index(unit.name.upper()) if unit.name.upper() in _DAYS else -1
    return {"WEEK": 0, "ISOWEEK": 1}.get(unit.name.upper(), -1) if unit is not None else -1


def _begun(kind: str, subject: str, first: int) -> str:
    """When the week began: 1950 began with a Sunday."""
    return _bucket(kind, [subject, "INTERVAL 7 DAY", f"{kind} '1950-01-0{first + 1}'"])


def _bucket(kind: str, arguments: list[str]) -> str:
    """DuckDB's function, from the beginning that BigQuery counts from unless another is given."""
    if len(arguments) not in (2, 3):
        return ""
    subject, width, *origin = arguments
    begin = origin[0] if origin else f"{kind} '1950-01-01'"
    return f"CAST(TIME_BUCKET({width}, {subject}, {begin}) AS {kind})"

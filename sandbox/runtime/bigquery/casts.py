"""Casts of floating-point numbers to INT64 round half away from zero; DuckDB rounds half to even.

https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_functions#cast_as_integer
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def round_casts(tree: Any) -> bool:
    """Have a tree's casts to INT64 round so, where what is cast may be such a number; whether it has any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT CAST('1' AS INT64), CAST(x AS INT64)", read="bigquery")
    >>> round_casts(tree)
    True
    >>> tree.sql(dialect="bigquery").partition(", ")[2].partition(" ELSE ")[0]
    "CASE WHEN TYPEOF(x) IN ('DOUBLE', 'FLOAT') THEN CAST(ROUND(SAFE_CAST(x AS FLOAT64)) AS INT64)"
    """
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp
    changed = False
    for cast in reversed(list(tree.find_all(exp.Cast))):  # from the innermost
        if cast.to.sql(dialect="bigquery") != "INT64" or isinstance(cast.this, exp.Literal | exp.Boolean | exp.Null):
            continue
        if cast.this.find(exp.Placeholder):  # said three times, it would be counted so often
            continue
        what, word = cast.this.sql(dialect="bigquery"), "SAFE_CAST" if isinstance(cast, exp.TryCast) else "CAST"
        rounded = f"{word}(ROUND(SAFE_CAST({what} AS FLOAT64)) AS INT64)"
        said = f"CASE WHEN TYPEOF({what}) IN ('DOUBLE', 'FLOAT') THEN {rounded} ELSE {word}({what} AS INT64) END"
        cast.replace(sqlglot.parse_one(said, read="bigquery"))
        changed = True
    return changed

"""Elements and slices of arrays are counted from 0, whatever their place is said by; DuckDB counts from 1.

The translator counts places that are numbers, in all arrays but quantiles, where it counts twice.
https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#array_subscript_operator
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.saying import said_otherwise, sql


def count_from_one(tree: Any) -> bool:
    """Say the places of a tree so that DuckDB finds them; whether it has any to be said otherwise.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT a[OFFSET(i)], a[SAFE_OFFSET(1)], ARRAY_SLICE(a, 1, -1)", read="bigquery")
    >>> count_from_one(tree), tree.sql(dialect="bigquery")
    (True, 'SELECT a[ORDINAL((i) + 1)], a[SAFE_OFFSET(1)], ARRAY_SLICE(a, 2, -1)')
    """
    exp = import_module("sqlglot").exp
    changed = False
    for bracket in list(tree.find_all(exp.Bracket)):
        if isinstance(bracket.this, exp.ApproxQuantiles):
            bracket.set("this", exp.paren(bracket.this.copy()))
            changed = True
        place = bracket.expressions[0] if len(bracket.expressions) == 1 else None
        if not bracket.args.get("offset") and place is not None and not _is_constant(place, exp):
            bracket.set("expressions", [exp.Add(this=exp.paren(place.copy()), expression=exp.Literal.number(1))])
            bracket.set("offset", 1)
            changed = True
    return said_otherwise(tree, {exp.ArraySlice: _slice}) or changed


def _slice(node: Any, exp: Any) -> str:
    ends = (node.args.get("start"), node.args.get("end"))
    said = (_ordinal(end, exp) for end in ends if end is not None)
    return f"ARRAY_SLICE({', '.join([sql(node.this), *said])})"


def _is_constant(place: Any, exp: Any) -> bool:
    return isinstance(place, exp.Literal) or (isinstance(place, exp.Neg) and isinstance(place.this, exp.Literal))


def _ordinal(place: Any, exp: Any) -> str:
    """A place from 1; one from the end (-1 is the last) is the same there."""
    if _is_constant(place, exp):
        return sql(place) if isinstance(place, exp.Neg) else str(int(place.name) + 1)
    said = f"({sql(place)})"
    return f"IF({said} < 0, {said}, {said} + 1)"

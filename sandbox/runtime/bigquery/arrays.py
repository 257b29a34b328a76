"""Elements and slices of arrays are counted from 0, whatever their place is said by; DuckDB counts from 1.

The translator counts places that are numbers, in all arrays but quantiles, where it counts twice.
https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#array_subscript_operator
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


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
    for part in list(tree.find_all(exp.ArraySlice)):
        for end in ("start", "end"):
            place = part.args.get(end)
            if place is not None and not place.find(exp.Placeholder):  # it would be counted three times
                part.set(end, _ordinal(place, exp))
                changed = True
    return changed


def _is_constant(place: Any, exp: Any) -> bool:
    return isinstance(place, exp.Literal) or (isinstance(place, exp.Neg) and isinstance(place.this, exp.Literal))


def _ordinal(place: Any, exp: Any) -> Any:
    """A place from 1; one from the end (-1 is the last) is the same there."""
    if _is_constant(place, exp):
        return place.copy() if isinstance(place, exp.Neg) else exp.Literal.number(int(place.name) + 1)
    said = f"({place.sql(dialect='bigquery')})"
    return import_module("sqlglot").parse_one(f"IF({said} < 0, {said}, {said} + 1)", read="bigquery")

"""Operators and functions whose result's type depends on what they are of, which DuckDB has otherwise.

A date less a date is an interval, a power or quotient of a NUMERIC is one, what is joined of BYTES is BYTES. They are
said by macros that see the types when DuckDB binds them (`macros_by_type.py`); functions of BYTES are overloads of
DuckDB's own (`overloads.py`), and aren't said otherwise.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.functions import PREFIX
from sandbox.runtime.bigquery.macros_by_type import ARGUMENTS, BY_TYPE
from sandbox.runtime.bigquery.saying import Say, said_otherwise, sql

_REAL, _WHOLE = ("DOUBLE", "FLOAT"), ("BIGINT", "INT")
_TIMES = ("DATE", "DATETIME", "TIMESTAMP", "TIMESTAMPTZ")
_DECIMALS = ("DECIMAL", "BIGDECIMAL")


def say_by_type(tree: Any) -> bool:
    """Replace such expressions in a tree; whether there was any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT a - MAX(b), a - 1, a / 2, 1 / 2, SQRT(n), s || 'x'", read="bigquery")
    >>> say_by_type(tree), tree.sql(dialect="bigquery").replace("bq_", "")
    (True, "SELECT minus(a, MAX(b)), a - 1, divided(a, 2), 1 / 2, as_numeric(SQRT(n), n), joined(s, 'x')")
    >>> tree = sqlglot.parse_one("SELECT a - LAG(a) OVER (ORDER BY a)", read="bigquery")
    >>> say_by_type(tree), tree.sql(dialect="bigquery")
    (True, 'SELECT bq_minus_once(a, LAG(a) OVER (ORDER BY a))')
    """
    exp = import_module("sqlglot").exp
    says: dict[Any, Say] = dict.fromkeys((exp.Sqrt, exp.Exp, exp.Ln, exp.Log, exp.Pow), _of_number)
    says |= {
        exp.Sub: _two("minus", _TIMES),
        exp.Mul: _two("times", _DECIMALS),
        exp.Div: _quotient("divided"),
        exp.SafeDivide: _quotient("safe_divided"),
        exp.IntDiv: _quotient("whole_quotient"),
        exp.DPipe: _joined,
        exp.Concat: _joined,
        exp.DateTrunc: _truncated,
        exp.Avg: _aggregate,
        exp.GroupConcat: _aggregate,
        exp.Window: _window,
    }
    return said_otherwise(tree, says)


def kind_of(node: Any, exp: Any) -> str:
    """The name of a node's type where it is seen by itself, without what it is of; else empty.

    >>> import sqlglot
    >>> texts = ("1.5", "DATE '2026-01-01'", "x", "2 * (1 + 1)")
    >>> [kind_of(sqlglot.parse_one(each, read="bigquery"), sqlglot.exp) for each in texts]
    ['DOUBLE', 'DATE', '', 'BIGINT']
    """
    inner = node.unnest()
    if isinstance(inner, exp.Literal):
        return "VARCHAR" if inner.is_string else "BIGINT" if inner.is_int else "DOUBLE"
    if isinstance(inner, exp.Neg | exp.Window | exp.IgnoreNulls | exp.RespectNulls):
        return kind_of(inner.this, exp)
    if isinstance(inner, exp.Cast):
        return str(inner.to.this.name)
    if isinstance(inner, exp.Add | exp.Sub | exp.Mul):
        return _number(kind_of(inner.this, exp), kind_of(inner.expression, exp))
    if isinstance(inner, exp.Count | exp.Extract | exp.DateDiff):
        return "BIGINT"
    if isinstance(inner, exp.DPipe | exp.Pow):  # whose type isn't what the translator's table says
        return ""
    known = import_module("sqlglot.dialects.bigquery").BigQuery.EXPRESSION_METADATA.get(type(inner)) or {}
    return str(known["returns"].name) if known.get("returns") else ""


def _number(first: str, second: str) -> str:
    if first in _REAL or second in _REAL:
        return "DOUBLE"
    return "BIGINT" if first in _WHOLE and second in _WHOLE else ""


def _call(name: str, exp: Any, *given: Any) -> str:
    """The macro, or the one that evaluates what it is given once: what mustn't or needn't be twice in a statement."""
    once = any(_singular(each, exp) for each in given)
    return f"{PREFIX}{name}{'_once' if once else ''}({', '.join(map(sql, given))})"


def _singular(node: Any, exp: Any) -> bool:
    """Whether an expression's value may be another each time, or it is dear: a query, a window, what has been said."""
    kinds = (exp.Query, exp.Window, exp.Rand, exp.Uuid)
    return node.find(*kinds) is not None or any(not _is_cheap(each.name) for each in node.find_all(exp.Anonymous))


def _is_cheap(name: str) -> bool:
    return name.startswith(PREFIX) and name.removeprefix(PREFIX).removesuffix("_once") not in BY_TYPE


def _two(name: str, kinds: tuple[str, ...]) -> Say:
    """An operator that is DuckDB's unless both sides are of some types."""

    def said(node: Any, exp: Any) -> str:
        sides = (node.this, node.expression)
        return _call(name, exp, *sides) if all(kind_of(each, exp) in ("", *kinds) for each in sides) else ""

    return said


def _quotient(name: str) -> Say:
    def said(node: Any, exp: Any) -> str:
        sides = (node.this, node.expression)
        plain = all(kind_of(each, exp) in (*_REAL, *_WHOLE) for each in sides)
        return "" if plain else _call(name, exp, *sides)

    return said


def _of_number(node: Any, exp: Any) -> str:
    """NUMERIC where an argument is one and none is a FLOAT64."""
    given = [node.this, *([node.expression] if node.args.get("expression") is not None else [])]
    kinds = [kind_of(each, exp) for each in given]
    if _is_said(node) or any(kind in _REAL for kind in kinds) or all(kind in _WHOLE for kind in kinds):
        return ""
    return _call("as_numeric_of_two" if len(given) > 1 else "as_numeric", exp, node, *given)


def _joined(node: Any, exp: Any) -> str:
    given = list(node.flatten()) if isinstance(node, exp.DPipe) else node.expressions
    if isinstance(node.parent, exp.DPipe) or all(kind_of(each, exp) == "VARCHAR" for each in given):
        return ""
    said = [sql(each) for each in given]
    while len(said) > 1:
        said = [f"{PREFIX}joined({', '.join(said[:ARGUMENTS])})", *said[ARGUMENTS:]]
    return said[0]


def _truncated(node: Any, exp: Any) -> str:
    """A DATE of a DATE; the engine has a DATETIME where it doesn't see the type."""
    return "" if _is_said(node) or kind_of(node.this, exp) else _call("as_date", exp, node, node.this)


def _aggregate(node: Any, exp: Any) -> str:
    """A mean, NUMERIC of a NUMERIC, or joined texts, which DuckDB would make of BYTES too."""
    if _is_said(node) or isinstance(node.parent, exp.Window | exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        return ""
    name = _seen_by(node, exp)
    return f"{PREFIX}{name}({sql(node)}, {sql(_greatest(node, exp))})" if name else ""


def _window(node: Any, exp: Any) -> str:
    name = _seen_by(node.this, exp) if isinstance(node.this, exp.Avg | exp.GroupConcat) and not _is_said(node) else ""
    if not name:
        return ""
    other = node.copy()
    other.set("this", _greatest(node.this, exp))
    return f"{PREFIX}{name}_once({sql(node)}, {sql(other)})"


def _seen_by(node: Any, exp: Any) -> str:
    """The macro for an aggregate whose type depends on what it is of; empty where that is seen."""
    inner = _operand(node, exp)
    known = (*_REAL, *_WHOLE) if isinstance(node, exp.Avg) else ("VARCHAR",)
    if isinstance(inner, exp.HavingMax) or kind_of(inner, exp) in known:
        return ""
    return "as_numeric" if isinstance(node, exp.Avg) else "as_text"


def _operand(node: Any, exp: Any) -> Any:
    inner = node.this
    while isinstance(inner, exp.Order | exp.Limit | exp.Distinct):
        inner = inner.expressions[0] if isinstance(inner, exp.Distinct) else inner.this
    return inner


def _greatest(node: Any, exp: Any) -> Any:
    """An aggregate of the type of what another is of."""
    return exp.Max(this=_operand(node, exp).copy())


def _is_said(node: Any) -> bool:
    return node.parent is not None and node.parent.name.startswith(f"{PREFIX}as_")

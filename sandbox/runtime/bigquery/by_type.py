"""Operators and functions whose kind depends on the types of columns: macros of DuckDB's, which it chooses by types.

A date less a date is an interval, a power of a NUMERIC is one, a function of BYTES is another than that of STRING. What
has no type yet where DuckDB chooses is left as it is: what an aggregate or a window gives, parameters of functions and
lambdas, and what may be the name of such a value.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.functions import PREFIX
from sandbox.runtime.bigquery.saying import Say, said_otherwise, sql

_LONGEST = 200  # letters of a text that is said more than once
_NUMBERS = ("Sqrt", "Exp", "Ln", "Log", "Pow")
_BYTES = {"Reverse": "reverse", "Lower": "lower", "Upper": "upper", "Left": "left", "Right": "right"}
_BYTES |= {"Substring": "substr", "ToCodePoints": "to_code_points", "FarmFingerprint": "farm_fingerprint"}
_BYTES |= {"BitwiseCount": "bit_count"}


def say_by_type(tree: Any) -> bool:
    """Replace such expressions in a tree; whether there was any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT a - b, a - 1, MAX(a) - b, LOWER(c), LOWER('A'), SQRT(n)", read="bigquery")
    >>> say_by_type(tree), tree.sql(dialect="bigquery")
    (True, "SELECT bq_minus(a, b), a - 1, MAX(a) - b, bq_any_lower(c), LOWER('A'), bq_as_numeric(SQRT(n), n)")
    """
    exp = import_module("sqlglot").exp
    says: dict[Any, Say] = {getattr(exp, name): _of_bytes for name in _BYTES}
    says |= {getattr(exp, name): _of_number for name in _NUMBERS}
    says |= {
        exp.Sub: lambda node, _: _pair("minus", node, exp),
        exp.DPipe: lambda node, _: _pair("joined", node, exp),
        exp.Div: _quotient,
        exp.SafeDivide: _quotient,
        exp.Concat: _joined,
        exp.Pad: _padded,
        exp.Trim: _trimmed,
    }
    return said_otherwise(tree, {kind: _where_types_are_known(say) for kind, say in says.items()})


def _where_types_are_known(say: Say) -> Say:
    def said(node: Any, exp: Any) -> str:
        if node.find_ancestor(exp.Lambda) is not None or _names_an_aggregate(node, exp):
            return ""
        return say(node, exp)

    return said


def _names_an_aggregate(node: Any, exp: Any) -> bool:
    """Whether an expression of HAVING, QUALIFY or ORDER BY has the name of what an aggregate or a window gives."""
    clause = node.find_ancestor(exp.Having, exp.Order, exp.Qualify)
    select = clause.find_ancestor(exp.Select) if clause is not None else None
    if select is None:
        return False
    names = {each.alias.lower() for each in select.expressions if each.alias and not _typed(each, exp)}
    return any(each.name.lower() in names for each in node.find_all(exp.Column))


def _typed(node: Any, exp: Any) -> bool:
    """Whether DuckDB knows the type of an expression where it chooses a macro."""
    if isinstance(node, exp.AggFunc | exp.Window | exp.Placeholder | exp.Parameter):
        return False
    return isinstance(node, exp.Query) or all(_typed(each, exp) for each in node.iter_expressions())


def _open(node: Any, exp: Any) -> bool:
    """Whether an expression is of a type that only its columns tell."""
    inner = node.unnest() if not isinstance(node, exp.Subquery) else node
    kinds = (exp.Column, exp.Dot, exp.Bracket, exp.Subquery, exp.Coalesce, exp.If, exp.Case, exp.Array)
    if isinstance(inner, exp.Anonymous):  # what was said already
        return inner.name in (f"{PREFIX}joined", f"{PREFIX}at") or inner.name.startswith(f"{PREFIX}any_")
    return isinstance(inner, kinds) and _typed(inner, exp)


def _pair(name: str, node: Any, exp: Any) -> str:
    sides = (node.this, node.expression)
    if not all(_open(each, exp) for each in sides):
        return ""
    return f"{PREFIX}{name}({', '.join(map(sql, sides))})"


def _joined(node: Any, exp: Any) -> str:
    if len(node.expressions) < 2 or not all(_open(each, exp) for each in node.expressions):
        return ""
    first, *rest = map(sql, node.expressions)
    for each in rest:
        first = f"{PREFIX}joined({first}, {each})"
    return first


def _of_number(node: Any, exp: Any) -> str:
    """NUMERIC where an argument is one and none is a FLOAT64."""
    given = [node.this, *([node.expression] if node.args.get("expression") is not None else [])]
    text = sql(node)
    repeated = len(text) > _LONGEST or node.parent.name in (f"{PREFIX}as_numeric", f"{PREFIX}float_if")
    if repeated or not all(_typed(each, exp) for each in given) or not any(each.find(exp.Column) for each in given):
        return ""
    said, columns = text, [sql(each) for each in given if not isinstance(each.unnest(), exp.Literal)]
    for each in columns:
        said = f"{PREFIX}as_numeric({said}, {each})"
    for each in columns if len(given) > 1 else ():
        said = f"{PREFIX}float_if({said}, {each}, {text})"
    return said


def _quotient(node: Any, exp: Any) -> str:
    """FLOAT64 where either side is one, however exact the other; else NUMERIC where one is."""
    first, second = node.this, node.expression
    long = len(sql(node)) > _LONGEST or node.parent.name in (f"{PREFIX}as_numeric", f"{PREFIX}float_if")
    if long or not all(_typed(each, exp) and each.find(exp.Column) for each in (first, second)):
        return ""
    real = node.copy()
    for name, each in (("this", first), ("expression", second)):
        real.set(name, exp.cast(each.copy(), "FLOAT64", dialect="bigquery"))
    said = f"{PREFIX}as_numeric({PREFIX}as_numeric({sql(node)}, {sql(first)}), {sql(second)})"
    for each in (first, second):
        said = f"{PREFIX}float_if({said}, {sql(each)}, {sql(real)})"
    return said


def _of_bytes(node: Any, exp: Any) -> str:
    first, *rest = node.iter_expressions()
    if not _open(first, exp) or any(not _typed(each, exp) for each in rest):
        return ""
    return f"{PREFIX}any_{_BYTES[type(node).__name__]}({', '.join(map(sql, (first, *rest)))})"


def _padded(node: Any, exp: Any) -> str:
    if not _open(node.this, exp):
        return ""
    given = [sql(node.args[name]) for name in ("this", "expression", "fill_pattern") if node.args.get(name) is not None]
    return f"{PREFIX}any_{'lpad' if node.args.get('is_left') else 'rpad'}({', '.join(given)})"


def _trimmed(node: Any, exp: Any) -> str:
    """With what is trimmed, which BYTES must have."""
    if node.args.get("expression") is None or not _open(node.this, exp):
        return ""
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or "").upper(), "trim")
    return f"{PREFIX}any_{name}({sql(node.this)}, {sql(node.expression)})"

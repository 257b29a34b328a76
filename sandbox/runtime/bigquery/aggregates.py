"""Aggregates that the engine has otherwise: APPROX_TOP_COUNT and _SUM, those of `HAVING MAX`, lists of some rows.

https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate-function-calls
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.functions import PREFIX
from sandbox.runtime.bigquery.saying import said_otherwise, sql

_LISTS = {"Sum": "sum", "Avg": "avg", "Max": "max", "Min": "min", "Count": "count", "LogicalAnd": "bool_and"}
_LISTS |= {"LogicalOr": "bool_or", "Stddev": "stddev_samp", "Variance": "var_samp", "BitwiseOrAgg": "bit_or"}
_LISTS |= {"BitwiseAndAgg": "bit_and", "BitwiseXorAgg": "bit_xor"}


def say_aggregates(tree: Any) -> bool:
    """Replace such aggregates in a tree; whether there was any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT SUM(x HAVING MAX y)", read="bigquery")
    >>> say_aggregates(tree), tree.sql(dialect="bigquery")[:55]
    (True, 'SELECT bq_list_sum(bq_having(ARRAY_AGG(STRUCT(y AS k, x')
    """
    exp = import_module("sqlglot").exp
    says = {getattr(exp, name): _of_the_most for name in _LISTS if hasattr(exp, name)}
    says |= {
        exp.ApproxTopK: _most_frequent,
        exp.ApproxTopSum: _greatest_sums,
        exp.IgnoreNulls: _some,
        exp.Window: _with_nulls,
    }
    return said_otherwise(tree, says)


def _of_the_most(node: Any, exp: Any) -> str:
    """An aggregate of the rows alone where another expression is greatest, or least."""
    most = node.this
    if not isinstance(most, exp.HavingMax):
        return ""
    key, order = sql(most.expression), "DESC" if most.args.get("max") else "ASC"
    rows = f"ARRAY_AGG(STRUCT({key} AS k, {sql(most.this)} AS v) ORDER BY {key} {order})"
    return f"{PREFIX}list_{_LISTS[type(node).__name__]}({PREFIX}having({rows}))"


def _most_frequent(node: Any, _exp: Any) -> str:
    what, count = sql(node.this), sql(node.expression)
    return f"{PREFIX}top_count(HISTOGRAM({what}), COUNTIF({what} IS NULL), {count})"


def _greatest_sums(node: Any, _exp: Any) -> str:
    rows = f"ARRAY_AGG(STRUCT({sql(node.this)} AS k, {sql(node.expression)} AS w))"
    return f"{PREFIX}top_sum({rows}, {sql(node.args['count'])})"


def _some(node: Any, exp: Any) -> str:
    """The first of a list without nulls: the limit is taken of what the aggregate without it gives."""
    listed = node.this
    limit = listed.this if isinstance(listed, exp.ArrayAgg) else None
    if not isinstance(limit, exp.Limit) or isinstance(node.parent, exp.Window):
        return ""
    whole = node.copy()
    inner = whole.this.this
    inner.replace(inner.this.copy())
    return f"{PREFIX}first({sql(whole)}, {sql(limit.expression)})"


def _with_nulls(node: Any, exp: Any) -> str:
    """Percentiles that count nulls, of the list of all values; the engine would leave nulls out."""
    percentile = node.this.this if isinstance(node.this, exp.RespectNulls) else None
    if not isinstance(percentile, exp.PercentileCont | exp.PercentileDisc):
        return ""
    name = "percentile_cont" if isinstance(percentile, exp.PercentileCont) else "percentile_disc"
    listed = node.copy()
    listed.set("this", exp.Anonymous(this="LIST", expressions=[percentile.this.copy()]))
    return f"{PREFIX}{name}({sql(listed)}, {sql(percentile.expression)})"

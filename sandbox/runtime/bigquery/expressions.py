"""Expressions whose value the engine has otherwise than BigQuery, without a word, said so that both have the same.

https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-all
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.functions import PREFIX
from sandbox.runtime.bigquery.saying import said_otherwise, sql

_MICROSECONDS = {
    "MICROSECOND": 1,
    "MILLISECOND": 1000,
    "SECOND": 1_000_000,
    "MINUTE": 60_000_000,
    "HOUR": 3_600_000_000,
    "DAY": 86_400_000_000,
}
_PARTS = {"MILLISECOND": 1000, "MICROSECOND": 1_000_000}


def say_values(tree: Any) -> bool:
    """Replace what a tree says of such expressions; whether it said any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT TIMESTAMP_DIFF(a, b, HOUR), EXTRACT(MILLISECOND FROM t)", read="bigquery")
    >>> say_values(tree), tree.sql(dialect="bigquery").partition(", EXT")[0]
    (True, 'SELECT DIV((UNIX_MICROS(a) - UNIX_MICROS(b)), 3600000000), MOD(EXTRACT(MILLISECOND FROM t), 1000)')
    """
    exp = import_module("sqlglot").exp
    return said_otherwise(
        tree,
        {
            exp.TimestampDiff: _difference,
            exp.Extract: _part,
            exp.Cast: _cast,
            exp.TryCast: _cast,
            exp.Like: _like,
            exp.JSONType: _kind,
            exp.String: _in_zone,
            exp.Anonymous: _of_array,
            exp.Div: _of_numeric,
            exp.Avg: _of_numeric,
        },
    )


def _difference(node: Any, _exp: Any) -> str:
    """Whole units between two timestamps; the engine counts their boundaries, as is right of dates."""
    size = _MICROSECONDS.get(node.args["unit"].name.upper()) if node.args.get("unit") is not None else None
    if size is None:
        return ""
    return f"DIV((UNIX_MICROS({sql(node.this)}) - UNIX_MICROS({sql(node.expression)})), {size})"


def _part(node: Any, exp: Any) -> str:
    """Of a second; the engine adds the seconds."""
    whole = _PARTS.get(node.name.upper()) if isinstance(node.this, exp.Var) else None
    return f"MOD({sql(node)}, {whole})" if whole else ""


def _cast(node: Any, exp: Any) -> str:
    """Casts of our own: what becomes INT64 is rounded away from zero, what becomes STRING has no zeros at its end."""
    what, to = sql(node.this), sql(node.to)
    if node.args.get("format") is not None or isinstance(node.this, exp.Null):
        return ""
    safe = "safe_" if isinstance(node, exp.TryCast) else ""
    literal = isinstance(node.this, exp.Literal)
    text = literal and node.this.is_string
    if to == "INT64" and (text or not (literal or isinstance(node.this, exp.Boolean))):
        return f"{PREFIX}{safe}int64({what})"
    if to == "NUMERIC" and not what.startswith(f"{PREFIX}numeric("):
        return f"{PREFIX}{safe}numeric({what})"
    if to == "BIGNUMERIC":
        return f"{PREFIX}{safe}bignumeric({what})"
    if to == "STRING" and not text:
        return f"{PREFIX}{safe}string({what})"
    return f"{PREFIX}bytes({what})" if to == "BYTES" else ""


def _of_numeric(node: Any, exp: Any) -> str:
    """What is divided of a NUMERIC is one; the engine sees it by the cast, which is said by a macro."""
    sides = (node.this.unnest(), *((node.expression.unnest(),) if isinstance(node, exp.Div) else ()))
    if not any(isinstance(each, exp.Anonymous) and each.name == f"{PREFIX}numeric" for each in sides):
        return ""
    if isinstance(node.parent, exp.Window) or node.parent.name == f"{PREFIX}numeric":
        return ""
    return f"{PREFIX}numeric({sql(node)})"


def _like(node: Any, exp: Any) -> str:
    r"""A backslash takes the meaning of `%` and `_`; DuckDB has no such sign unless it is named."""
    pattern = node.expression
    if (
        isinstance(node.parent, exp.Escape)
        or not isinstance(pattern, exp.Literal | exp.RawString)
        or "\\" not in pattern.name
    ):
        return ""
    return rf"{sql(node.this)} LIKE {sql(pattern)} ESCAPE '\\'"


def _kind(node: Any, _exp: Any) -> str:
    kinds = {"ubigint": "number", "bigint": "number", "double": "number", "varchar": "string"}
    cases = " ".join(f"WHEN '{theirs}' THEN '{ours}'" for theirs, ours in kinds.items())
    return f"CASE LOWER(JSON_TYPE({sql(node.this)})) {cases} ELSE LOWER(JSON_TYPE({sql(node.this)})) END"


def _of_array(node: Any, _exp: Any) -> str:
    """Functions of arrays that the engine lacks."""
    arguments = [sql(each) for each in node.expressions]
    name = f"{node.name.upper()}/{len(arguments)}"
    if name == "ARRAY_INCLUDES/2":
        return f"({arguments[1]} IN UNNEST({arguments[0]}))"
    if name == "ARRAY_AVG/1":
        return f"(SELECT AVG(e) FROM UNNEST({arguments[0]}) AS e)"  # noqa: S608 - what was parsed
    if name == "ARRAY_IS_DISTINCT/1":
        return f"(ARRAY_LENGTH({arguments[0]}) = (SELECT COUNT(DISTINCT e) FROM UNNEST({arguments[0]}) AS e))"  # noqa: S608
    return ""


def _in_zone(node: Any, _exp: Any) -> str:
    """A timestamp as text of a zone, whose minutes are said where it has some."""
    zone = node.args.get("zone")
    if zone is None:
        return ""
    said = f"{PREFIX}format_timestamp('%F %H:%M:%E*S%Ez', {sql(node.this)}, {sql(zone)})"
    return f"{PREFIX}time_text(REGEXP_REPLACE({said}, r':00$', ''))"

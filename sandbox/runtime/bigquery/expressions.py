"""Expressions whose value the engine has otherwise than BigQuery, without a word, said so that both have the same.

https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-all
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

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
_FORMATS = {
    "TsOrDsToTimestamp": "FORMAT_TIMESTAMP",
    "TsOrDsToDatetime": "FORMAT_DATETIME",
    "TsOrDsToDate": "FORMAT_DATE",
    "TsOrDsToTime": "FORMAT_TIME",
}
_SAME = {"%R": "%H:%M", "%D": "%m/%d/%y", "%h": "%b", "%r": "%I:%M:%S %p"}
_ALONE = re.compile(r"%(?:E(?P<digits>[1-6*])S|(?P<one>[Qes]|-d))")  # the parser has %-d for %e
_NO_ZEROS = r"r'(\.[0-9]*[1-9])0+$|\.0+$', r'\1'"


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
            exp.JSONFormat: _json,
            exp.TimeToStr: _formatted,
            exp.String: _in_zone,
            exp.Format: _grouped,
            exp.Anonymous: _of_array,
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
    """Casts to INT64 round half away from zero, DuckDB's half to even; a number as text has no zeros at its end."""
    what, whole = sql(node.this), sql(node)
    constant = exp.Literal | exp.Boolean | exp.Null
    if sql(node.to) == "INT64" and not isinstance(node.this, constant):
        word = "SAFE_CAST" if isinstance(node, exp.TryCast) else "CAST"
        rounded = f"{word}(ROUND(SAFE_CAST({what} AS FLOAT64)) AS INT64)"
        return f"CASE WHEN TYPEOF({what}) IN ('DOUBLE', 'FLOAT') THEN {rounded} ELSE {whole} END"
    text = isinstance(node.this, exp.Null) or (isinstance(node.this, exp.Literal) and node.this.is_string)
    if node.to.this != exp.DType.TEXT or text:
        return ""
    return (
        f"CASE WHEN TYPEOF({what}) IN ('DOUBLE', 'FLOAT') OR STARTS_WITH(TYPEOF({what}), 'DECIMAL') "
        f"THEN REGEXP_REPLACE({whole}, {_NO_ZEROS}) ELSE {whole} END"
    )


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


def _json(node: Any, _exp: Any) -> str:
    return f"COALESCE({sql(node)}, 'null')"


def _grouped(node: Any, exp: Any) -> str:
    """A number whose thousands are apart; the engine sets the flag's own sign between them."""
    form = node.this
    if not isinstance(form, exp.Literal) or "%'" not in form.name or "'" in form.name.replace("%'", ""):
        return ""
    return f"""REPLACE({sql(node)}, "'", ',')"""


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


def _in_zone(node: Any, exp: Any) -> str:
    """A timestamp as text of a zone, whose minutes are said where it has some."""
    zone = node.args.get("zone")
    if zone is None:
        return ""
    said = f"FORMAT_TIMESTAMP('%F %H:%M:%E*S%Ez', {sql(node.this)}, {sql(zone)})"
    whole = import_module("sqlglot").parse_one(said, read="bigquery")
    return f"REGEXP_REPLACE({_formatted(whole, exp)}, r':00$', '')"


def _formatted(node: Any, exp: Any) -> str:
    """A time by a format that has what DuckDB lacks: each of that by itself, between the rest."""
    function, form = _FORMATS.get(type(node.this).__name__), node.args.get("format")
    if function is None or not isinstance(form, exp.Literal):
        return ""
    text = re.sub(r"%[RDhr]", lambda found: _SAME[found[0]], form.name)
    places = list(_ALONE.finditer(text))
    if not places and text == form.name:
        return ""
    subject, zone = sql(node.this.this), node.args.get("zone")
    more = f", {sql(zone)}" if zone is not None else ""
    there = f"{subject} AT TIME ZONE {sql(zone)}" if zone is not None else subject

    def plain(part: str) -> str:
        return f"{function}({sql(exp.Literal.string(part))}, {subject}{more})"

    pieces, end = [], 0
    for place in places:
        pieces += [plain(text[end : place.start()])] if place.start() > end else []
        end = place.end()
        if place["one"] == "Q":
            pieces.append(f"CAST(EXTRACT(QUARTER FROM {there}) AS STRING)")
        elif place["one"] in ("e", "-d"):
            pieces.append(f"LPAD(CAST(EXTRACT(DAY FROM {there}) AS STRING), 2, ' ')")
        elif place["one"] == "s":
            pieces.append(f"CAST(UNIX_SECONDS(TIMESTAMP({subject})) AS STRING)")
        else:
            fraction = f"LPAD(CAST(MOD(EXTRACT(MICROSECOND FROM {subject}), 1000000) AS STRING), 6, '0')"
            if place["digits"] == "*":
                pieces.append(f"REGEXP_REPLACE(CONCAT({plain('%S')}, '.', {fraction}), {_NO_ZEROS})")
            else:
                pieces.append(f"CONCAT({plain('%S')}, '.', SUBSTR({fraction}, 1, {place['digits']}))")
    pieces += [plain(text[end:])] if end < len(text) else []
    return f"CONCAT({', '.join(pieces)})"

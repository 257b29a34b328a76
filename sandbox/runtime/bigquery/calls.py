"""Calls of functions whose value the engine has otherwise than BigQuery, said by our own (`functions.py`).

https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-all
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.functions import PREFIX
from sandbox.runtime.bigquery.saying import Say, said_otherwise, sql

_SAME = (
    *("Round", "Trunc", "Sign", "Mod", "BitwiseCount", "ParseNumeric", "Substring", "Unicode", "Format", "TimeToStr"),
    *("SafeConvertBytesToString", "UnixSeconds", "UnixMillis", "GenerateSeries", "StrPosition"),
    *("StrToTime", "ParseDatetime", "StrToDate", "ParseTime", "Pad", "Lower", "Upper", "Reverse", "Left", "Right"),
    *("StartsWith", "EndsWith", "Replace", "Split"),
)
_QUICK = re.compile(r"(?:[^%]|%[YmdHMSFTjbBaAy])*")
_JSON = {"Int64": "json_int64", "LaxInt64": "lax_int64", "LaxBool": "lax_bool", "LaxFloat64": "lax_float64"}
_JSON |= {"LaxString": "lax_string", "JSONBool": "json_bool", "Float64": "json_float64"}
_PLAIN = {
    "BOOL/1": "json_bool",
    "FLOAT64/1": "json_float64",
    "DOUBLE/1": "json_float64",
    "INT64/1": "json_int64",
    "JSON_ARRAY_APPEND/3": "json_append",
    "ST_ASTEXT/1": "st_astext",
    "RANGE_INTERSECT/2": "range_intersect",
    "ARRAY_INCLUDES_ANY/2": "has_any",
    "ARRAY_INCLUDES_ALL/2": "has_all",
}
for _name in ("BOOL", "INT64", "FLOAT64", "STRING"):
    _PLAIN |= {f"{_name}_ARRAY/1": f"json_{_name}_array", f"LAX_{_name}_ARRAY/1": f"lax_{_name}_array"}
_NET = {"HOST", "IP_FROM_STRING", "SAFE_IP_FROM_STRING", "IP_TO_STRING", "IP_NET_MASK", "IP_TRUNC"}
_NET |= {"IPV4_FROM_INT64", "IPV4_TO_INT64"}


def say_calls(tree: Any) -> bool:
    """Replace such calls in a tree; whether there was any.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT ROUND(a), TO_JSON_STRING(b), a[OFFSET(i)], NET.HOST(u)", read="bigquery")
    >>> say_calls(tree), tree.sql(dialect="bigquery")
    (True, 'SELECT bq_ROUND(a), bq_to_json_string(b), bq_at(a, i), bq_net_HOST(u)')
    """
    exp = import_module("sqlglot").exp
    fields_of_documents(tree, exp)
    for node in list(tree.find_all(exp.Contains)):
        if isinstance(node.this, exp.Lower):
            given = [node.this.this.copy(), node.expression.this.copy()]
            node.replace(exp.Anonymous(this=f"{PREFIX}contains_substr", expressions=given))
    for node in list(tree.find_all(exp.GenerateTimestampArray)):
        for end in ("start", "end"):
            if isinstance(node.args[end], exp.Literal):
                node.set(end, exp.cast(node.args[end].copy(), exp.DType.TIMESTAMPTZ))
    says: dict[Any, Say] = dict.fromkeys((getattr(exp, name) for name in _SAME), _same)
    says |= {getattr(exp, name): _json_kind for name in _JSON if hasattr(exp, name)}
    says |= {
        exp.Trim: _trimmed,
        exp.Unhex: lambda node, _: f"{PREFIX}from_hex({sql(node.this)})",
        exp.BitwiseLeftShift: lambda node, _: f"{PREFIX}shift_left({sql(node.this)}, {sql(node.expression)})",
        exp.BitwiseRightShift: lambda node, _: f"{PREFIX}shift_right({sql(node.this)}, {sql(node.expression)})",
        exp.JSONFormat: _document,
        exp.JSONKeysAtDepth: _keys,
        exp.JSONSet: _put,
        exp.String: lambda node, _: "" if node.args.get("zone") else f"{PREFIX}text_of({sql(node.this)})",
        exp.Collate: _collated,
        exp.Bracket: _element,
        exp.NetFunc: lambda node, _: _net(node.this),
        exp.Dot: lambda node, _: _net(node.expression) if sql(node.this).upper() == "NET" else "",
        exp.CurrentDatetime: lambda node, _: f"DATETIME(CURRENT_TIMESTAMP(){_more(node.this)})",
        exp.Extract: _extracted,
        exp.Anonymous: _plain,
        exp.JSONArrayAppend: _appended,
        exp.JustifyInterval: lambda node, _: f"JUSTIFY_DAYS(JUSTIFY_HOURS({sql(node.this)}))",
    }
    changed = _count_places(tree, exp)
    return said_otherwise(tree, says) or changed


def fields_of_documents(tree: Any, exp: Any) -> None:
    """`JSON '{…}'.a` is a field of the document, which the parser has for a document of a text's field."""
    for node in list(tree.find_all(exp.ParseJSON)):
        inner = node.this
        while isinstance(inner, exp.Dot | exp.Bracket):
            inner = inner.this
        if inner is node.this or not isinstance(inner, exp.Literal):
            continue
        outer = node.this
        document = exp.ParseJSON(this=inner.copy())
        inner.replace(document)
        node.replace(outer)


def _more(node: Any) -> str:
    return f", {sql(node)}" if node is not None else ""


def _call(text: str, more: str = "") -> str:
    """The same call of ours."""
    name, _, given = text.partition("(")
    known = {"POW": "POWER", "CHAR_LENGTH": "LENGTH", "SUBSTRING": "SUBSTR"}
    return f"{PREFIX}{known.get(name.upper(), name)}{more}({given}"


def _same(node: Any, exp: Any) -> str:
    form = node.args.get("format") if isinstance(node, exp.TimeToStr) and not node.args.get("zone") else None
    if isinstance(form, exp.Literal) and _QUICK.fullmatch(form.name):
        return ""  # the engine has it right, and much faster
    if isinstance(node.this, exp.Null):  # of no type, which is STRING, and is BYTES to DuckDB
        node.this.replace(exp.cast(exp.null(), "STRING", dialect="bigquery"))
    text = sql(node)
    return _call(text) if re.match(r"\w+\(", text) else ""


def _trimmed(node: Any, _exp: Any) -> str:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or "").upper(), "trim")
    return f"{PREFIX}{name}({sql(node.this)}{_more(node.args.get('expression'))})"


def _json_kind(node: Any, _exp: Any) -> str:
    return f"{PREFIX}{_JSON[type(node).__name__]}({sql(node.this)})"


def _document(node: Any, exp: Any) -> str:
    options = node.args.get("options")
    if node.args.get("to_json"):
        return "" if options is not None else f"{PREFIX}to_json({sql(node.this)})"
    if isinstance(options, exp.Kwarg):
        options = options.expression
    return f"{PREFIX}to_json_string({sql(node.this)}{_more(options)})"


def _keys(node: Any, exp: Any) -> str:
    depth, mode = node.expression, node.args.get("mode")
    if isinstance(depth, exp.Kwarg):
        depth, mode = (None, depth) if depth.name.lower() == "mode" else (depth.expression, mode)
    mode = mode.expression if isinstance(mode, exp.Kwarg) else mode
    if depth is None and mode is None:
        return f"{PREFIX}json_keys({sql(node.this)})"
    wanted = sql(depth) if depth is not None else str(2**62)
    return f"{PREFIX}json_keys({sql(node.this)}, {wanted}, {sql(mode) if mode is not None else repr('strict')})"


def _put(node: Any, exp: Any) -> str:
    given = list(node.expressions)
    made = "TRUE"
    if given and isinstance(given[-1], exp.Kwarg):
        made = sql(given.pop().expression)
    said = sql(node.this)
    for path, value in zip(given[::2], given[1::2], strict=True):
        said = f"{PREFIX}json_put({said}, {sql(path)}, {sql(value)}, {made})"
    return said


def _collated(node: Any, exp: Any) -> str:
    """Its text stays as it is and is compared without its case; functions other than comparisons would not."""
    if node.expression.name == "":
        return sql(node.this)
    holder = node.parent
    if isinstance(holder, exp.StartsWith | exp.EndsWith | exp.StrPosition | exp.Replace | exp.Split | exp.Like):
        return f"CAST({PREFIX}fail('{holder.key.upper()} of a collated text is not served here') AS STRING)"
    return f"{PREFIX}collate({sql(node.this)}, {sql(node.expression)})"


def _element(node: Any, exp: Any) -> str:
    """An element of an array, which must be there."""
    place = node.expressions[0] if len(node.expressions) == 1 else None
    if place is None or node.args.get("safe") or isinstance(place, exp.Slice):
        return ""
    if isinstance(place, exp.Literal) and place.is_string:
        return ""
    first = node.args.get("offset") or 0
    return f"{PREFIX}at({sql(node.this)}, {sql(place)}{' - 1' if first else ''})"


def _net(node: Any) -> str:
    text = sql(node)
    name = text.partition("(")[0].upper().removeprefix("NET.")
    if name not in _NET:
        return f"CAST({PREFIX}fail('NET.{name} is not served here') AS STRING)"
    return f"{PREFIX}net_{name}({text.partition('(')[2]}"


def _extracted(node: Any, exp: Any) -> str:
    if not isinstance(node.this, exp.Var) or node.name.upper() not in ("TIME", "DATETIME"):
        return ""
    subject = node.expression
    zone = ""
    if isinstance(subject, exp.AtTimeZone):
        subject, zone = subject.this, _more(subject.args.get("zone"))
    return f"{node.name.upper()}({sql(subject)}{zone})"


def _plain(node: Any, _exp: Any) -> str:
    name = _PLAIN.get(f"{node.name.upper()}/{len(node.expressions)}")
    return f"{PREFIX}{name}({', '.join(map(sql, node.expressions))})" if name else ""


def _appended(node: Any, _exp: Any) -> str:
    given, said = list(node.expressions), sql(node.this)
    for path, value in zip(given[::2], given[1::2], strict=True):
        said = f"{PREFIX}json_append({said}, {sql(path)}, {sql(value)})"
    return said


def _count_places(tree: Any, exp: Any) -> bool:
    """The second parameter of a lambda is counted from 0, in DuckDB from 1. Its name tells what has been said."""
    changed = False
    for node in list(tree.find_all(exp.Lambda)):
        second = node.expressions[1].name if len(node.expressions) == 2 else ""
        if not second or second.startswith(PREFIX):
            continue
        name = PREFIX + second

        def counted(each: Any, second: str = second, name: str = name) -> Any:
            inner = each.this if isinstance(each, exp.Column) else each
            if isinstance(inner, exp.Identifier) and inner.name == second and not isinstance(each.parent, exp.Dot):
                return exp.paren(exp.Sub(this=exp.to_identifier(name), expression=exp.Literal.number(1)))
            return each

        node.set("this", node.this.copy().transform(counted))
        node.set("expressions", [node.expressions[0], exp.to_identifier(name)])
        changed = True
    return changed

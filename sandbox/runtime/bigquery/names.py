"""Names of what a query doesn't name: columns are `f0_`, `f1_`; fields of a struct as its columns, or `_field_1`.

The engine calls such a column by DuckDB's expression for it, and answers a query for such a struct with an error of its
own, which clients ask again for ten minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.aggregates import say_aggregates
from sandbox.runtime.bigquery.arrays import count_from_one
from sandbox.runtime.bigquery.by_type import say_by_type
from sandbox.runtime.bigquery.calls import say_calls
from sandbox.runtime.bigquery.casts import say_casts
from sandbox.runtime.bigquery.expressions import say_values
from sandbox.runtime.bigquery.jobs import TEXTS, constant
from sandbox.runtime.bigquery.literals import plainly
from sandbox.runtime.bigquery.shapes import refuse_types, say_shapes, see_structs
from sandbox.runtime.bigquery.weeks import say_weeks


def give_names() -> None:
    """Let the engine name them so."""
    statements: Any = import_module("bqemulator.sql.inner_query")
    helpers: Any = import_module("bqemulator.sql.rewriter.struct_helpers")
    engine: Any = import_module("bqemulator.storage.engine").DuckDBEngine
    rewrite, fetch = helpers._rewrite_positional_structs, engine.fetch_arrow

    def rewritten(tree: Any) -> bool:
        # Where rows meet a table or other rows, fields go by their place; the engine's own way is right there.
        named = _by_columns(tree) if tree.key == "select" else False
        return bool(rewrite(tree)) or named

    def fetched(self: Any, *arguments: Any, **more: Any) -> Any:
        table = fetch(self, *arguments, **more)
        for position, field in enumerate(table.schema):
            if _unnamed(field.type):
                column = [_by_place(chunk) for chunk in table.column(position).chunks]
                table = table.set_column(position, field.name, column) if column else table
        return table

    quote_words()
    see_structs()
    say_bodies()
    types: Any = import_module("bqemulator.storage.type_map")
    split = types._split_name_type
    types._split_name_type = lambda field: _unquoted(field) or split(field)
    # One of the steps that statements go through, and bodies of functions don't.
    step = statements.rewrite_unnest_offset
    statements.rewrite_unnest_offset = lambda sql: step(_with_columns(sql))
    expand = statements.expand_information_schema
    statements.expand_information_schema = lambda sql, *more: _outside_texts(sql, lambda hidden: expand(hidden, *more))
    helpers._rewrite_positional_structs = rewritten
    schema: Any = import_module("bqemulator.sql.rewriter.information_schema")
    schema._sql_literal = lambda value: "NULL" if value is None else constant(value)
    aggregates: Any = import_module("bqemulator.sql.rewriter.aggregate_variants")
    aggregates._filter_target = _operand
    engine.fetch_arrow = fetched


def _outside_texts(sql: str, change: Callable[[str], str]) -> str:
    """A change of a statement that leaves its texts and comments: the engine looks for INFORMATION_SCHEMA in them too.

    >>> _outside_texts("'information_schema.x' y", lambda hidden: hidden.replace("x", "z").replace("y", "z"))
    "'information_schema.x' z"
    """
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        if "information_schema" not in found[0].lower():
            return found[0]
        kept.append(found[0])
        return f"'hidden.{len(kept)}'"

    changed = change(re.sub(TEXTS, hide, sql, flags=re.S))
    for number, text in enumerate(kept, 1):
        changed = changed.replace(f"'hidden.{number}'", text)
    return changed


def _operand(node: Any) -> Any:
    """What an aggregate is of: `x` in `ARRAY_AGG(DISTINCT x IGNORE NULLS ORDER BY x)`. The engine left the DISTINCT."""
    from sqlglot import exp

    while isinstance(node, (exp.Order, exp.Limit)):
        node = node.this
    return node.expressions[0] if isinstance(node, exp.Distinct) else node


def _unquoted(field: str) -> tuple[str, str] | None:
    """The name and the type of a struct's field that DuckDB quotes, as it does its words and what isn't one word.

    >>> _unquoted('"key" VARCHAR'), _unquoted("lots BIGINT")
    (('key', 'VARCHAR'), None)
    """
    found = re.fullmatch(r'"((?:[^"]|"")*)"\s+(.+)', field, re.S)
    return (found[1].replace('""', '"'), found[2]) if found else None


def quote_words() -> None:
    """Quote columns that DuckDB has as words and BigQuery doesn't, such as `at`; the translator knows some of them."""
    duckdb, dialect = import_module("duckdb"), import_module("sqlglot.dialects.duckdb").DuckDB
    sql = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')"
    with duckdb.connect() as connection:
        words = {word for (word,) in connection.execute(sql).fetchall()}
    dialect.Generator.RESERVED_KEYWORDS = {*dialect.Generator.RESERVED_KEYWORDS, *words}


def _with_columns(sql: str) -> str:
    """The query with its unnamed columns named, in each SELECT of it, and with quotes where DuckDB wants them."""
    import sqlglot
    from sqlglot import exp

    sql = plainly(sql)
    try:
        tree = sqlglot.parse_one(sql, read="bigquery")
    except sqlglot.errors.SqlglotError:
        return sql
    changed = False
    for select in tree.find_all(exp.Select):
        if select.args.get("kind"):  # SELECT AS STRUCT or VALUE makes no columns
            continue
        named = (exp.Alias, exp.Aliases, exp.Column, exp.Dot, exp.Star)
        unnamed = [each for each in select.expressions if not isinstance(each.unnest(), named) and not each.is_star]
        for place, each in enumerate(unnamed):
            each.replace(exp.alias_(each.copy(), f"f{place}_"))
            changed = True
    for table in tree.find_all(exp.Table):
        for part in table.parts:  # `my-project.dataset.table`, which BigQuery takes as it is
            if isinstance(part, exp.Identifier) and "-" in part.name and not part.args.get("quoted"):
                part.set("quoted", True)
                changed = True
    for parameter in tree.find_all(exp.Parameter):  # @`name`, as Google's DB-API writes it
        if isinstance(parameter.this, exp.Identifier) and parameter.this.args.get("quoted"):
            parameter.this.set("quoted", False)
            changed = True
    for insertion in tree.find_all(exp.Insert):
        if isinstance(tree, exp.Merge) and isinstance(insertion.this, exp.Var) and insertion.this.name.upper() == "ROW":
            insertion.set("this", exp.Star())  # INSERT ROW
            changed = True
    refuse_types(tree)
    changed = say_shapes(tree) or changed
    changed = _said(tree) or changed
    changed = _join_functions(tree) or changed
    changed = _keep_columns(tree) or changed
    return tree.sql(dialect="bigquery") if changed else sql


def _said(tree: Any) -> bool:
    """Say otherwise what the engine has otherwise; whether there was any."""
    changed = False
    for says in (say_by_type, say_weeks, say_aggregates, say_calls, count_from_one, say_values):
        changed = says(tree) or changed
    return changed


def say_bodies() -> None:
    """Let functions' bodies be said so too, which don't go through the steps of statements."""

    def saying(translate: Callable[..., Any], before: str) -> Callable[..., Any]:
        def translated(body: str, *rest: Any) -> Any:
            import sqlglot

            try:
                tree = sqlglot.parse_one(before + plainly(say_casts(body)), read="bigquery")
            except sqlglot.errors.SqlglotError:
                return translate(body, *rest)
            said = tree.sql(dialect="bigquery").removeprefix(before) if _said(tree) else body
            return translate(said, *rest)

        return translated

    scalar: Any = import_module("bqemulator.udf.sql_udf")
    tables: Any = import_module("bqemulator.udf.table_valued")
    scalar._translate_body = saying(scalar._translate_body, "SELECT ")
    tables._translate_tvf_body = saying(tables._translate_tvf_body, "")


def _join_functions(tree: Any) -> bool:
    """Write `project`.dataset.function(…) as one name, as which the engine knows it."""
    from sqlglot import exp

    changed = False
    for call in list(tree.find_all(exp.Anonymous)):
        dot = call.parent
        above = dot.this if isinstance(dot, exp.Dot) and dot.expression is call else None
        parts = [above.this, above.expression] if isinstance(above, exp.Dot) else []
        if parts and all(isinstance(part, exp.Identifier) for part in parts):
            name = ".".join([*(part.name for part in parts), call.name])
            whole = exp.Anonymous(this=exp.to_identifier(name, quoted=True), expressions=call.expressions)
            dot.replace(whole)
            changed = True
    return changed


def _keep_columns(tree: Any) -> bool:
    """Say the columns of `(VALUES …) AS t(a, b)` in structs, as BigQuery has them: written out, the others are lost.

    INFORMATION_SCHEMA is such a list to the engine.
    """
    from sqlglot import exp

    changed = False
    for values in list(tree.find_all(exp.Values)):
        holder = values if values.args.get("alias") else values.parent
        alias = holder.args.get("alias") if holder is not None else None
        if alias is None or not alias.columns:
            continue
        rows = [
            exp.Struct(
                expressions=[
                    exp.PropertyEQ(this=name.copy(), expression=value.copy())
                    for name, value in zip(alias.columns, row.expressions, strict=True)
                ]
            )
            for row in values.expressions
        ]
        named = exp.TableAlias(columns=[alias.this.copy()])
        holder.replace(exp.Unnest(expressions=[exp.Array(expressions=rows)], alias=named))
        changed = True
    return changed


def _by_columns(tree: Any) -> bool:
    from sqlglot import exp

    changed = False
    for node in list(tree.find_all(exp.Struct)):
        names = [child.name for child in node.expressions if isinstance(child, exp.Column)]
        if names and len({name.lower() for name in names}) == len(node.expressions):
            pairs = zip(names, node.expressions, strict=True)
            node.set("expressions", [exp.PropertyEQ(this=exp.to_identifier(n), expression=c.copy()) for n, c in pairs])
            changed = True
    return changed


def _unnamed(kind: Any) -> bool:
    import pyarrow

    if pyarrow.types.is_list(kind):
        return _unnamed(kind.value_type)
    return pyarrow.types.is_struct(kind) and any(not field.name or _unnamed(field.type) for field in kind)


def _by_place(array: Any) -> Any:
    import pyarrow

    if pyarrow.types.is_list(array.type):
        return pyarrow.ListArray.from_arrays(array.offsets, _by_place(array.values), mask=array.is_null())
    if not pyarrow.types.is_struct(array.type):
        return array
    names = [field.name or f"_field_{place}" for place, field in enumerate(array.type, 1)]
    fields = [_by_place(array.field(place)) for place in range(len(names))]
    return pyarrow.StructArray.from_arrays(fields, names=names, mask=array.is_null())

"""The columns of results: of PIVOT and UNPIVOT by BigQuery's names and order, of a query of structs by their fields.

https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def say_shapes(tree: Any) -> bool:
    """Give a tree's results such columns; whether any is otherwise in the engine.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT * FROM t UNPIVOT(v FOR k IN (a, b))", read="bigquery")
    >>> say_shapes(tree), tree.sql(dialect="bigquery")
    (True, 'SELECT * FROM (SELECT * EXCEPT (k), k FROM t UNPIVOT(v FOR k IN (a, b)))')
    """
    exp = import_module("sqlglot").exp
    changed = _fields(tree, exp)
    for pivot in list(tree.find_all(exp.Pivot)):
        source = pivot.parent
        columns = _of_unpivot(pivot, exp) if pivot.args.get("unpivot") else _of_pivot(pivot, exp)
        if not columns or not isinstance(source, exp.Table | exp.Subquery) or source.args.get("pivots") != [pivot]:
            continue
        alias = pivot.args.get("alias")
        pivot.set("alias", None)
        gone, said = columns
        star = exp.Star(except_=[exp.to_identifier(name) for name in gone])
        inner = exp.Select(expressions=[star, *said]).from_(source.copy())
        source.replace(exp.Subquery(this=inner, alias=alias.copy() if alias is not None else None))
        changed = True
    return changed


def refuse_types(tree: Any) -> None:
    """Raise the engine's error for columns of what it would keep otherwise: a BIGNUMERIC as a NUMERIC, rounded."""
    exp = import_module("sqlglot").exp
    for column in tree.find_all(exp.ColumnDef) if isinstance(tree, exp.Create | exp.Alter) else ():
        kind, error = column.args.get("kind"), import_module("bqemulator.domain.errors").InvalidQueryError
        if kind is not None and any(each.this == exp.DType.BIGDECIMAL for each in kind.find_all(exp.DataType)):
            raise error(f"The sandbox does not implement columns of BIGNUMERIC ({column.name}): use NUMERIC.")
        if column.find(exp.CollateColumnConstraint):
            raise error(f"The sandbox does not implement columns that are collated ({column.name}).")


def see_structs() -> None:
    """Let the parser see an array of structs though the type of a field, of a function of ours, isn't known to it."""
    parser: Any = import_module("sqlglot.parsers.bigquery").BigQueryParser
    exp = import_module("sqlglot").exp
    parse = parser._parse_unnest

    def parsed(self: Any, with_alias: bool = True) -> Any:
        unnest = parse(self, with_alias=with_alias)
        array = unnest.expressions[0] if unnest and unnest.expressions else None
        first = array.expressions[0] if isinstance(array, exp.Array) and array.expressions else None
        if isinstance(first, exp.Struct) or (isinstance(first, exp.Select) and first.args.get("kind") == "STRUCT"):
            unnest.set("explode_array", True)
        return unnest

    parser._parse_unnest = parsed


def _of_unpivot(pivot: Any, exp: Any) -> Any:
    """The column of names comes last."""
    name = pivot.args["fields"][0].this.name
    return [name], [exp.column(name)]


def _of_pivot(pivot: Any, exp: Any) -> Any:
    """An aggregate's name comes before the value's; the engine has it after."""
    aggregates = pivot.expressions
    if not aggregates or not all(isinstance(each, exp.Alias) for each in aggregates):
        return None
    pairs = []
    for value in pivot.args["fields"][0].expressions:
        named = value.alias if isinstance(value, exp.PivotAlias) else value.name
        if not named:
            return None
        pairs += [(f"{named}_{each.alias}", f"{each.alias}_{named}") for each in aggregates]
    said = [exp.alias_(exp.column(exp.to_identifier(old, quoted=True)), new) for old, new in pairs]
    return [old for old, _ in pairs], said


def _fields(tree: Any, exp: Any) -> bool:
    """A query of structs, or of values that are, has their fields as its columns where it is the whole statement."""
    if not isinstance(tree, exp.Select) or not tree.args.get("kind"):
        return False
    if tree.args["kind"] == "STRUCT":
        tree.set("kind", None)
        return True
    struct = tree.expressions[0] if len(tree.expressions) == 1 else None
    if tree.args["kind"] != "VALUE" or not isinstance(struct, exp.Struct):
        return False
    fields = [
        exp.alias_(each.expression.copy(), each.name) if isinstance(each, exp.PropertyEQ) else each.copy()
        for each in struct.expressions
    ]
    tree.set("kind", None)
    tree.set("expressions", fields)
    return True

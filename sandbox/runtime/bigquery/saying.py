"""Expressions of a statement's tree are said otherwise, each by a text in BigQuery's SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Say = Callable[[Any, Any], str]
_PARAMETER = "parameter_by_its_place_"
_PLACE = re.compile(rf"@{_PARAMETER}(\d+)")


def sql(node: Any) -> str:
    """A node's text."""
    return str(node.sql(dialect="bigquery"))


def said_otherwise(tree: Any, says: Mapping[Any, Say]) -> bool:
    """Replace the nodes of some types by what is said for them, and whether there was any.

    Parameters by their places (`?`) are counted as they come: what would count one twice, or another first, is left.

    Args:
        tree: of a statement; it is changed.
        says: by type, what gives the text for a node (and sqlglot's expressions); empty leaves the node.

    >>> import sqlglot
    >>> tree = sqlglot.parse_one("SELECT ABS(?), ABS(x)", read="bigquery")
    >>> said_otherwise(tree, {sqlglot.exp.Abs: lambda node, exp: f"IF({sql(node.this)} < 0, -{sql(node.this)}, 1)"})
    True
    >>> sql(tree)
    'SELECT ABS(?), IF(x < 0, -x, 1)'
    """
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp
    for place, each in enumerate(tree.find_all(exp.Placeholder)):
        each.set("this", f"{_PARAMETER}{place}")
    changed = False
    # From the innermost, as what is said of one may be part of another.
    for node in reversed([each for each in tree.find_all(*says) if type(each) in says]):
        said = says[type(node)](node, exp)
        if said and _PLACE.findall(said) == _PLACE.findall(sql(node)):
            node.replace(sqlglot.parse_one(said, read="bigquery"))
            changed = True
    for each in list(tree.find_all(exp.Placeholder, exp.Parameter)):
        if each.name.startswith(_PARAMETER):
            each.replace(exp.Placeholder())
    return changed

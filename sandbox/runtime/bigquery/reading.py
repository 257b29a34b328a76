"""Which columns of which tables a statement reads, and which partitions its conditions leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from itertools import repeat
from typing import Any

from sandbox.runtime.bigquery.casts import translatable
from sandbox.runtime.bigquery.jobs import TEXTS

# A table where a script that sqlglot can't read names one.
_NAMED = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|VIEW|MERGE|USING)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
    r"((?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))+)",
    re.IGNORECASE,
)
Place = tuple[str, str, str]


@dataclass(slots=True)
class Read:
    """What is read of a table.

    Args:
        columns: their names, in lower case.
        stars: for each `*`, the names that it leaves out.
        conditions: what each row that is read meets, as syntax trees.
    """

    columns: set[str] = field(default_factory=set)
    stars: list[frozenset[str]] = field(default_factory=list)
    conditions: list[Any] = field(default_factory=list)

    def reads(self, column: str) -> bool:
        """Whether a column is read."""
        name = column.lower()
        return name in self.columns or any(name not in left_out for left_out in self.stars)


@lru_cache(maxsize=512)
def parsed(sql: str) -> Any:
    """A statement's tree, which nobody may change; None where sqlglot doesn't know it, or it is no single statement."""
    sqlglot = import_module("sqlglot")
    try:
        trees = sqlglot.parse(translatable(sql), read="bigquery")
    except sqlglot.errors.SqlglotError:
        return None
    return trees[0] if len(trees) == 1 else None


def tables(sql: str, project: str) -> dict[Place, list[Any]]:
    """The tables and views that a statement reads, each with where it stands; not the one that it fills or makes."""
    exp, tree = import_module("sqlglot").exp, parsed(sql)
    if tree is None:
        return {}
    made = tree.this.find(exp.Table) if isinstance(tree, exp.Create | exp.Insert) and tree.this is not None else None
    standing = [table for table in tree.find_all(exp.Table) if table is not made and table.name]
    names = {table.alias_or_name for table in standing}  # `FROM t, t.items` has a column that looks like a table
    found: dict[Place, list[Any]] = {}
    for table in standing:
        if not table.db or (not table.catalog and table.db in names) or "INFORMATION_SCHEMA" in table.sql().upper():
            continue
        found.setdefault((table.catalog or project, table.db, table.name), []).append(table)
    return found


@lru_cache(maxsize=512)
def datasets(sql: str, project: str) -> tuple[tuple[str, str], ...]:
    """The datasets, each with its project, whose tables statements name, as they stand; those of scripts too.

    >>> datasets("INSERT INTO a.t SELECT * FROM `q.b.u`; SELECT x.y FROM x, x.items", "p")
    (('p', 'a'), ('q', 'b'))
    >>> datasets("IF TRUE THEN DELETE FROM a.t WHERE s = 'FROM b.t'; END IF;", "p")
    (('p', 'a'),)
    """
    sqlglot = import_module("sqlglot")
    exp, found = sqlglot.exp, dict[tuple[str, str], None]()
    try:
        trees = [tree for tree in sqlglot.parse(translatable(sql), read="bigquery") if tree is not None]
    except sqlglot.errors.SqlglotError:
        trees = []
    if not trees or any(isinstance(tree, exp.Command) for tree in trees):
        bare = re.sub(TEXTS, " ", sql, flags=re.DOTALL)
        paths = (match[1].replace("`", "").split(".") for match in _NAMED.finditer(bare))
        found |= {(path[-3] if len(path) > 2 else project, path[-2]): None for path in paths}
    for tree in trees:
        names = {table.alias_or_name for table in tree.find_all(exp.Table)}
        for table in tree.find_all(exp.Table):
            if table.db and (table.catalog or table.db not in names):
                found[table.catalog or project, table.db] = None
    return tuple(found)


def reads(sql: str, project: str) -> dict[Place, Read]:
    """What a statement reads of each table. What UPDATE, DELETE and MERGE change, they read whole.

    A name that stands alone is taken for a column of each table that has one of it, and a field of a record for the
    whole record: never less than BigQuery reads.

    >>> found = reads("SELECT t.a, b, COUNT(*) FROM d.t JOIN (SELECT * EXCEPT (c) FROM d.u) USING (k)", "p")
    >>> [(place[2], *(each.reads(name) for name in "abck")) for place, each in found.items()]
    [('t', True, True, False, True), ('u', True, True, False, True)]
    """
    exp, tree = import_module("sqlglot").exp, parsed(sql)
    found: dict[Place, Read] = {}
    for place, standing in tables(sql, project).items():
        read = found.setdefault(place, Read())
        for table in standing:
            if isinstance(tree, exp.Update | exp.Delete | exp.Merge) and table is tree.this:
                read.stars.append(frozenset())
            _read(tree, table, read)
        if len(standing) == 1:
            read.conditions = _conditions(standing[0])
    return found


def _read(tree: Any, table: Any, read: Read) -> None:
    exp = import_module("sqlglot").exp
    alias = table.alias_or_name.lower()
    for column in tree.find_all(exp.Column):
        first, *rest = [part.name.lower() for part in column.parts]
        if isinstance(column.this, exp.Star):
            if first == alias:
                read.stars.append(_left_out(column.this))
        elif isinstance(column.parent, exp.Star):
            continue  # it is left out, or replaced
        elif first == alias and not rest:
            read.stars.append(frozenset())  # the row as a value
        else:
            read.columns.add(rest[0] if first == alias else first)
    for join in tree.find_all(exp.Join):
        read.columns.update(each.name.lower() for each in join.args.get("using") or ())
    select = table.find_ancestor(exp.Select)
    stars = select.expressions if select is not None else ()
    read.stars.extend(_left_out(each) for each in stars if isinstance(each, exp.Star))


def _left_out(star: Any) -> frozenset[str]:
    return frozenset(each.name.lower() for each in star.args.get("except_") or ())


def _conditions(table: Any) -> list[Any]:
    """What all rows of a table that stands alone in FROM meet, its columns without its name; none with parameters."""
    exp = import_module("sqlglot").exp
    holder = table.find_ancestor(exp.Select, exp.Delete, exp.Update)
    where = holder.args.get("where") if holder is not None else None
    if where is None or holder.args.get("joins") or holder.args.get("from_") not in (None, table.parent):
        return []
    return [each for each in map(_alone, _all_of(where.this), repeat(table.alias_or_name)) if each is not None]


def _alone(condition: Any, alias: str) -> Any:
    exp = import_module("sqlglot").exp
    if condition.find(exp.Select, exp.Parameter, exp.Placeholder):
        return None
    copy = condition.copy()
    for column in copy.find_all(exp.Column):
        if column.table and column.table.lower() != alias.lower():
            return None
        column.set("table", None)
    return copy


def _all_of(condition: Any) -> Iterator[Any]:
    exp = import_module("sqlglot").exp
    if isinstance(condition, exp.And):
        yield from _all_of(condition.left)
        yield from _all_of(condition.right)
    elif isinstance(condition, exp.Paren):
        yield from _all_of(condition.this)
    else:
        yield condition

"""Keys in statements: `PRIMARY KEY (a) NOT ENFORCED`, `FOREIGN KEY … REFERENCES …`, of tables that are made or altered.

The engine's DuckDB can't read them, and would enforce what BigQuery doesn't. They are taken out of a statement, and
become the table's `tableConstraints`, as who asks the API for them has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from typing import Any

from sandbox.apis.bigquery import child
from sandbox.control.asking import ask
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument, unimplemented

_MEANT = re.compile(r"\b(?:PRIMARY\s+KEY|FOREIGN\s+KEY|REFERENCES|CONSTRAINT)\b", re.I)
_DROPPED = re.compile(
    r"(?P<table>\s*ALTER\s+TABLE\s.+?)\sDROP\s+(?:PRIMARY\s+KEY|CONSTRAINT)(?P<if>\s+IF\s+EXISTS)?(?P<name>[^,;]*);?\s*$",
    re.I | re.S,
)
_NOTHING = "SELECT 1 FROM UNNEST([1]) LIMIT 0"  # so that the statement's job is there
_Place = tuple[str, str, str]


@dataclass
class Keys:
    """What a statement says of a table's keys. `replaced`: there are no others, as where the table is made."""

    table: _Place
    replaced: bool
    primary: dict[str, Any] | None = None
    foreign: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)  # names of foreign keys, and "" for the primary one
    lenient: bool = False

    async def write(self, control: Control) -> None:
        """Make them the table's. Raises ApiError where it isn't there, or has such keys already."""
        project, dataset, table = self.table
        url = f"{child.BASE}/{child.table_path(project, dataset, table)}"
        found = await ask(control, "GET", url)
        known = {} if self.replaced else dict(found.get("tableConstraints") or {})
        foreign = list(known.get("foreignKeys") or [])
        for name in self.dropped:
            there = known.pop("primaryKey", None) if not name else [key for key in foreign if key.get("name") == name]
            if not there and not self.lenient:
                raise invalid_argument(f"Table {project}:{dataset}.{table} has no {name or 'primary key'}.")
            foreign = [key for key in foreign if not name or key.get("name") != name]
        if self.primary and "primaryKey" in known:
            raise invalid_argument(f"Table {project}:{dataset}.{table} has a primary key already.")
        if self.primary:
            known["primaryKey"] = self.primary
        for key in self.foreign:
            # As INFORMATION_SCHEMA tells one that was given no name.
            names = {each.get("name") for each in foreign}
            free = next(name for number in count(1) if (name := f"fk${number}") not in names)
            foreign.append({"name": free, **key})
        # What has gone is null: a change of a table leaves what it doesn't name.
        written = {"primaryKey": known.get("primaryKey"), "foreignKeys": foreign or None}
        await ask(control, "PATCH", url, {"tableConstraints": written if any(written.values()) else None})


async def taken_out(control: Control, project: str, query: dict[str, Any]) -> tuple[str, Keys | None]:
    """A statement without its keys, and these, to be written when it has been run; what only alters keys is done."""
    text = str(query.get("query", ""))
    if not _MEANT.search(text):
        return text, None
    default = query.get("defaultDataset") or {}
    here = (str(default.get("projectId") or project), str(default.get("datasetId") or ""))
    changed, keys = parsed(text, here)
    if keys is None:
        return text, None
    if not keys.replaced:
        if not query.get("dryRun"):
            await keys.write(control)
        return _NOTHING, None
    if keys.lenient and await child.find(control, child.table_path(*keys.table)) is not None:
        return _NOTHING, None  # `IF NOT EXISTS`, and it does
    return changed, keys


def parsed(text: str, here: tuple[str, str]) -> tuple[str, Keys | None]:
    """A statement without its keys, and these; names without a dataset are of the project and dataset `here`.

    >>> text, keys = parsed("CREATE TABLE d.t (a INT64, PRIMARY KEY (a) NOT ENFORCED)", ("p", ""))
    >>> text, keys.table, keys.primary
    ('CREATE TABLE d.t (a INT64)', ('p', 'd', 't'), {'columns': ['a']})
    >>> parsed("ALTER TABLE d.t DROP PRIMARY KEY", ("p", ""))[1].dropped
    ['']
    """
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp
    dropped = _DROPPED.match(text)
    try:
        # sqlglot knows no key that is dropped: a column stands for it.
        trees = sqlglot.parse(f"{dropped['table']} DROP COLUMN x" if dropped else text, read="bigquery")
    except sqlglot.errors.SqlglotError:
        return text, None  # the engine says what is wrong with it
    if len(trees) != 1 or not isinstance(trees[0], exp.Create | exp.Alter):
        return text, None
    tree = trees[0]
    table = tree.find(exp.Table)
    if dropped and table is not None:
        name = dropped["name"].strip(" `\n")
        return "", Keys(_place(table, here), False, dropped=[name], lenient=bool(dropped["if"]))
    if table is None or tree.find(*_kinds(exp)) is None:
        return text, None
    if isinstance(tree, exp.Alter) and not all(isinstance(each, exp.AddConstraint) for each in tree.args["actions"]):
        raise unimplemented("The sandbox alters a table's keys in a statement of their own, not with its columns.")
    keys = Keys(_place(table, here), isinstance(tree, exp.Create), lenient=bool(tree.args.get("exists")))
    for node in list(tree.find_all(exp.PrimaryKey, exp.ForeignKey)):
        _add(keys, node, [each.name for each in node.expressions], here, exp)
        (node.parent if isinstance(node.parent, exp.Constraint) else node).pop()
    for column in tree.find_all(exp.ColumnDef):
        for node in list(column.args.get("constraints") or ()):
            if isinstance(node.kind, exp.PrimaryKeyColumnConstraint | exp.Reference):
                _add(keys, node.kind, [column.name], here, exp)
                node.pop()
    return str(tree.sql(dialect="bigquery")), keys


def _kinds(exp: Any) -> tuple[Any, ...]:
    return (exp.PrimaryKey, exp.ForeignKey, exp.PrimaryKeyColumnConstraint, exp.Reference)


def _place(table: Any, here: tuple[str, str]) -> _Place:
    dataset = table.db or here[1]
    if not dataset:
        raise invalid_argument(f'Table "{table.name}" must be qualified with a dataset (e.g. dataset.table).')
    return table.catalog or here[0], dataset, table.name


def _add(keys: Keys, node: Any, columns: list[str], here: tuple[str, str], exp: Any) -> None:
    """A key of a node of the tree. Raises ApiError 400 where it would be enforced."""
    reference = node.args.get("reference") if isinstance(node, exp.ForeignKey) else node
    options = [*(node.args.get("options") or ()), *(reference.args.get("options") or ())]
    if "NOT ENFORCED" not in options:
        raise invalid_argument("Enforcement of keys is not supported: a key needs NOT ENFORCED.")
    if not isinstance(reference, exp.Reference):
        keys.primary = {"columns": columns}
        return
    schema = reference.this
    project, dataset, table = _place(schema.find(exp.Table), here)
    referenced = [each.name for each in schema.expressions]
    named = {"name": node.parent.name} if isinstance(node.parent, exp.Constraint) else {}
    pairs = zip(columns, referenced, strict=False)
    keys.foreign.append(
        {
            **named,
            "referencedTable": {"projectId": project, "datasetId": dataset, "tableId": table},
            "columnReferences": [{"referencingColumn": mine, "referencedColumn": its} for mine, its in pairs],
        }
    )

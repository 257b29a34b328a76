"""`ALTER TABLE`: the engine takes one action at a time, and its catalogue, by which rows are inserted, lags behind."""

from __future__ import annotations

import logging
import re
from importlib import import_module
from typing import Any

from sandbox.apis.bigquery import child
from sandbox.apis.bigquery.statements import place_of
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.runtime.bigquery.fields import Field

log = logging.getLogger("sandbox")
_ALTER = re.compile(r"\s*ALTER\s+TABLE\b", re.IGNORECASE)


async def follow(control: Control, project: str, query: dict[str, Any]) -> None:
    """Write the columns that a table has now into the catalogue. `query` has the text and a default dataset."""
    for names in altered(str(query.get("query", ""))):
        owner, dataset, table = place_of(names, query, project)
        try:
            await _refresh(control, owner, dataset, table)
        except ApiError as error:
            log.warning("the columns of %s.%s.%s are not known: %s", owner, dataset, table, error.message)


def steps(statement: str) -> list[str]:
    """An `ALTER TABLE` of several actions as one statement for each, since the engine refuses them together.

    >>> steps("ALTER TABLE `p.d.t` DROP COLUMN a, DROP COLUMN b")
    ['ALTER TABLE `p.d.t` DROP COLUMN a', 'ALTER TABLE `p.d.t` DROP COLUMN b']
    >>> steps("SELECT 1")
    ['SELECT 1']
    """
    if not _ALTER.match(statement) or "," not in statement:
        return [statement]
    sqlglot = import_module("sqlglot")
    trees = sqlglot.parse(statement, dialect="bigquery")
    if len(trees) != 1 or not isinstance(trees[0], sqlglot.exp.Alter) or len(trees[0].args["actions"]) < 2:
        return [statement]
    found = []
    for action in trees[0].args["actions"]:
        one = trees[0].copy()
        one.set("actions", [action.copy()])
        found.append(one.sql(dialect="bigquery"))
    return found


def altered(statement: str) -> list[tuple[str, ...]]:
    """The tables that statements alter, each as the parts of its name.

    >>> altered("ALTER TABLE `p.d.t` ADD COLUMN x STRING")
    [('p', 'd', 't')]
    """
    # Only here, as it takes a while to import.
    sqlglot = import_module("sqlglot")
    found = []
    for tree in sqlglot.parse(statement, dialect="bigquery"):
        for alter in tree.find_all(sqlglot.exp.Alter) if tree is not None else ():
            table = alter.find(sqlglot.exp.Table)
            if table is not None:
                found.append(tuple(part for part in (table.catalog, table.db, table.name) if part))
    return found


async def _refresh(control: Control, project: str, dataset: str, table: str) -> None:
    path = f"{child.BASE}/{child.table_path(project, dataset, table)}"
    known = await child.ask(control, "GET", path)
    required = {
        field["name"] for field in (known.get("schema") or {}).get("fields") or [] if field["mode"] == "REQUIRED"
    }
    rows = await child.run(control, project, f"SELECT * FROM {child.quoted(project, dataset, table)} LIMIT 0")  # noqa: S608
    columns: list[Field] = (rows.get("schema") or {}).get("fields") or []
    for column in columns:
        if column["name"] in required:
            column["mode"] = "REQUIRED"
    await child.ask(control, "PATCH", path, {"schema": {"fields": columns}})

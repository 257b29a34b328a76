"""What a session reads: which table, which of its columns, which of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sandbox.apis.bigquery import table_documents as tables
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument
from sandbox.runtime.bigquery.fields import Field

Place = tuple[str, str, str]
_MOST_BYTES = 1_048_576


async def table(control: Control, place: Place) -> tuple[dict[str, Any], str]:
    """The document of a table whose storage can be read, and its location. 400 for a view."""
    document = await tables.load(control, *place)
    if document["type"] == "EXTERNAL":
        raise invalid_argument(
            "request failed: Only external tables with connections can be read with the Storage API."
        )
    if document["type"] not in ("TABLE", "SNAPSHOT"):
        raise invalid_argument("request failed: non-table entities cannot be read with the storage API")
    return document, str(document.get("location", "US"))


def selected(fields: Sequence[Field], names: Sequence[str]) -> list[Field]:
    """The fields that names stand for, in the table's order; `a.b` is one member of a record. 400 for unknown ones.

    >>> [f["name"] for f in selected([{"name": "a", "type": "STRING"}, {"name": "b", "type": "DATE"}], ["B"])]
    ['b']
    """
    if not names:
        return list(fields)
    missing: list[str] = []
    found = _selected(fields, [(name, name.lower()) for name in names], missing)
    if missing:
        raise invalid_argument(
            f"request failed: The following selected fields do not exist in the table schema: {', '.join(missing)}"
        )
    return found


def _selected(fields: Sequence[Field], names: list[tuple[str, str]], missing: list[str]) -> list[Field]:
    """`names` are as they were given and what is left of them, in lower case."""
    known = {field["name"].lower(): field for field in fields}
    for given, rest in names:
        head, dot, _ = rest.partition(".")
        if head not in known or (dot and known[head]["type"] != "RECORD"):
            missing.append(given)
    found = []
    for name, field in known.items():
        of_it = [(given, rest.partition(".")[2]) for given, rest in names if rest.partition(".")[0] == name]
        if not of_it:
            continue
        if field["type"] == "RECORD" and all(rest for _, rest in of_it):
            field = {**field, "fields": _selected(field["fields"], of_it, missing)}
        found.append(field)
    return found


def restriction(text: str, document: dict[str, Any]) -> str:
    """A condition of rows. 400 for what isn't one: statements, queries inside it, aggregates."""
    if not text.strip():
        return ""
    if len(text.encode()) > _MOST_BYTES:
        raise invalid_argument(
            "read_session.read_options.row_restriction exceeded maximum allowed length. "
            f"Maximum bytes allowed: {_MOST_BYTES}"
        )
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp
    try:
        trees = sqlglot.parse(text, read="bigquery")
    except sqlglot.errors.SqlglotError:
        trees = []
    refused = (exp.Query, exp.AggFunc, exp.Window, exp.DDL, exp.DML, exp.Command)
    if len(trees) != 1 or trees[0] is None or trees[0].find(*refused) is not None:
        reference = document["tableReference"]
        name = f"{reference['projectId']}:{reference['datasetId']}.{reference['tableId']}"
        raise invalid_argument(f"request failed: Row filter for {name} is invalid. Filter is '{text}'")
    return text

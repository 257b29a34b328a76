"""Statements on files in Cloud Storage: `CREATE EXTERNAL TABLE`, `DROP EXTERNAL TABLE` and `LOAD DATA`.

The engine knows none of them. They are carried out here, as the request or the job that means the same; the engine is
then given a query without rows, so that its job is there. By
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_external_table_statement
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from sandbox.apis.bigquery import child
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Request

MEANT = re.compile(r"\b(?:(?:CREATE|DROP)\s+(?:OR\s+REPLACE\s+)?EXTERNAL\s+TABLE|LOAD\s+DATA)\b", re.I)

# Options of a statement by what they are of a request: of csvOptions, avroOptions, …, or of the whole.
_OPTIONS = {
    "format": "sourceFormat",
    "uris": "sourceUris",
    "compression": "compression",
    "ignore_unknown_values": "ignoreUnknownValues",
    "max_bad_records": "maxBadRecords",
    "decimal_target_types": "decimalTargetTypes",
    "allow_jagged_rows": "csvOptions.allowJaggedRows",
    "allow_quoted_newlines": "csvOptions.allowQuotedNewlines",
    "encoding": "csvOptions.encoding",
    "field_delimiter": "csvOptions.fieldDelimiter",
    "null_marker": "csvOptions.nullMarker",
    "null_markers": "csvOptions.nullMarkers",
    "quote": "csvOptions.quote",
    "skip_leading_rows": "csvOptions.skipLeadingRows",
    "enable_logical_types": "avroOptions.useAvroLogicalTypes",
    "enable_list_inference": "parquetOptions.enableListInference",
    "enum_as_string": "parquetOptions.enumAsString",
    "hive_partition_uri_prefix": "hivePartitioningOptions.sourceUriPrefix",
    "require_hive_partition_filter": "hivePartitioningOptions.requirePartitionFilter",
    "description": "description",
}


@dataclass
class Statement:
    """One of them, in its parts. `columns` and `keys` are the texts between their parentheses."""

    verb: str
    table: tuple[str, ...]
    lenient: bool = False
    replace: bool = False
    columns: str = ""
    keys: str | None = None
    connection: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def parsed(text: str) -> Statement | None:
    """A statement in its parts, None where it is none of these.

    >>> parsed("DROP EXTERNAL TABLE IF EXISTS d.t").table
    ('d', 't')

    Raises:
        ApiError: it is one of a script, has an option that is not served, or can't be read.
    """
    if not MEANT.search(text):
        return None
    tokens = import_module("sqlglot").tokenize(text, read="bigquery")
    reader = _Reader(text, tokens)
    if not MEANT.match(reader.rest()):
        if any(MEANT.match(reader.from_(position)) for position in range(1, len(tokens))):
            raise unimplemented("The sandbox runs statements on files only by themselves, not in a script.")
        return None
    return reader.statement()


class _Reader:
    def __init__(self, text: str, tokens: list[Any]) -> None:
        self._text, self._tokens, self._at = text, tokens, 0

    def from_(self, position: int) -> str:
        """The text from a token on."""
        return self._text[self._tokens[position].start :]

    def rest(self) -> str:
        return self.from_(self._at) if self._at < len(self._tokens) else ""

    def words(self, *one: str) -> bool:
        """Whether the next word is one of these."""
        return self._at < len(self._tokens) and self._tokens[self._at].text.upper() in one

    def take(self, *words: str) -> bool:
        """Go past these words, if they are next."""
        ahead = [token.text.upper() for token in self._tokens[self._at : self._at + len(words)]]
        if ahead != list(words):
            return False
        self._at += len(words)
        return True

    def statement(self) -> Statement:
        verb = self._tokens[self._at].text.upper()
        self._at += 1
        found = Statement(verb, ())
        if verb == "LOAD":
            self.take("DATA")
            found.replace = self.take("OVERWRITE")
            self.take("INTO")
            if self.words("TEMP", "TEMPORARY"):
                raise unimplemented("The sandbox does not load temporary tables.")
        else:
            found.replace = self.take("OR", "REPLACE")
            self.take("EXTERNAL", "TABLE")
            found.lenient = self.take("IF", "NOT", "EXISTS") or self.take("IF", "EXISTS")
        found.table = self._name()
        while self._at < len(self._tokens):
            self._clause(found)
        return found

    def _clause(self, found: Statement) -> None:
        if self.words("("):
            found.columns = self._parentheses()
        elif self.take("WITH", "PARTITION", "COLUMNS"):
            found.keys = self._parentheses() if self.words("(") else ""
        elif self.take("WITH", "CONNECTION"):
            found.connection = ".".join(self._name())
        elif self.take("OPTIONS") or self.take("FROM", "FILES"):
            found.options |= _values(self._parentheses())
        elif self.take(";"):
            if self.rest():
                raise unimplemented("The sandbox runs statements on files only by themselves, not in a script.")
        else:
            raise unimplemented(f"The sandbox does not implement this part of the statement: {self.rest()[:60]}")

    def _name(self) -> tuple[str, ...]:
        match = re.match(r"(?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))*", self.rest())
        if match is None:
            raise invalid_argument(f"Syntax error: Expected a name but got {self.rest()[:20]!r}", reason="invalidQuery")
        end = self._tokens[self._at].start + match.end()
        while self._at < len(self._tokens) and self._tokens[self._at].start < end:
            self._at += 1
        return tuple(match[0].replace("`", "").split("."))

    def _parentheses(self) -> str:
        start, depth = self._at, 0
        while self._at < len(self._tokens):
            depth += {"(": 1, ")": -1}.get(self._tokens[self._at].text, 0)
            self._at += 1
            if depth == 0:
                return self._text[self._tokens[start].end + 1 : self._tokens[self._at - 1].start]
        raise invalid_argument('Syntax error: Expected ")" but got end of statement', reason="invalidQuery")


def _values(text: str) -> dict[str, Any]:
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp

    def value(node: Any) -> Any:
        if isinstance(node, exp.Array):
            return [value(each) for each in node.expressions]
        if isinstance(node, exp.Boolean):
            return bool(node.this)
        if isinstance(node, exp.Literal):
            return str(node.this) if node.is_string else int(node.this)
        raise invalid_argument(f"An option is a constant, not {node.sql(dialect='bigquery')}.", reason="invalidQuery")

    found = {}
    try:
        tree = sqlglot.parse_one(f"SELECT STRUCT({_as_struct(text)})", read="bigquery")
    except sqlglot.errors.SqlglotError as error:
        raise invalid_argument(f"Syntax error in OPTIONS: {str(error)[:200]}", reason="invalidQuery") from error
    for each in tree.find(exp.Struct).expressions:
        name = each.this.name.lower()
        if name not in _OPTIONS:
            raise unimplemented(f"The sandbox does not implement the option {name} of statements on files.")
        found[name] = value(each.expression)
    return found


def _as_struct(text: str) -> str:
    """`a = 1, b = 2` as `1 AS a, 2 AS b`."""
    tokens = import_module("sqlglot").tokenize(text, read="bigquery")
    starts = [i for i in range(len(tokens) - 1) if tokens[i + 1].text == "=" and re.match(r"[A-Za-z_]", tokens[i].text)]
    parts = []
    for start, following in zip(starts, [*starts[1:], len(tokens)], strict=True):
        last = tokens[following - 1] if following == len(tokens) else tokens[following - 2]
        parts.append(f"{text[tokens[start + 2].start : last.end + 1]} AS {tokens[start].text}")
    return ", ".join(parts)


async def carry_out(control: Control, project: str, query: dict[str, Any]) -> str:
    """Do what a query's statement says, if it is one of these. Returns what the engine is to run, which may be nothing.

    Raises:
        ApiError: as the request or the job that means the same.
    """
    text = str(query.get("query", ""))
    statement = parsed(text)
    if statement is None:
        return text
    if not query.get("dryRun"):
        await _do(control, project, statement, query.get("defaultDataset") or {})
    return f"SELECT 1 AS done LIMIT 0 /* {text.replace('*/', '* /')} */"


async def _do(control: Control, project: str, statement: Statement, default: dict[str, Any]) -> None:
    table, dataset, owner = (*reversed(statement.table), "", "")[:3]
    owner, dataset = owner or str(default.get("projectId") or project), dataset or str(default.get("datasetId") or "")
    place = {"projectId": owner, "datasetId": dataset, "tableId": table}
    collection = f"/bigquery/v2/projects/{owner}/datasets/{dataset}/tables"
    if statement.verb == "DROP":
        await _send(control, "DELETE", f"{collection}/{table}", allowed=404 if statement.lenient else 0)
        return
    settings: dict[str, Any] = {}
    for name, value in statement.options.items():
        block, _, key = _OPTIONS[name].rpartition(".")
        (settings.setdefault(block, {}) if block else settings)[key] = value
    if settings.get("sourceFormat") == "JSON":
        settings["sourceFormat"] = "NEWLINE_DELIMITED_JSON"
    if statement.keys is not None:
        layout = settings.setdefault("hivePartitioningOptions", {})
        keys = [column.split() for column in statement.keys.split(",") if column.strip()]
        layout["mode"] = "CUSTOM" if keys else "AUTO"
        prefix = str(layout.get("sourceUriPrefix") or "").rstrip("/")
        layout["sourceUriPrefix"] = "/".join([prefix, *(f"{{{name}:{kind.upper()}}}" for name, kind, *_ in keys)])
    fields = await _fields(control, owner, dataset, statement.columns) if statement.columns else []
    schema = {"schema": {"fields": fields}} if fields else {}
    if statement.verb == "LOAD":
        csv, avro = settings.pop("csvOptions", {}), settings.pop("avroOptions", {})
        load = {**settings, **csv, **avro, **schema, "destinationTable": place, "autodetect": not fields}
        load["writeDisposition"] = "WRITE_TRUNCATE" if statement.replace else "WRITE_APPEND"
        await _load(control, project, load)
        return
    if statement.connection:
        settings["connectionId"] = statement.connection
    settings["autodetect"] = not fields
    if statement.replace:
        await _send(control, "DELETE", f"{collection}/{table}", allowed=404)
    described = {"description": settings.pop("description")} if "description" in settings else {}
    body = {"tableReference": place, "externalDataConfiguration": settings, **schema, **described}
    await _send(control, "POST", collection, body, allowed=409 if statement.lenient else 0)


async def _load(control: Control, project: str, load: dict[str, Any]) -> None:
    body = {"configuration": {"load": load}}
    answer = await _send(control, "POST", f"/bigquery/v2/projects/{project}/jobs", body)
    if error := answer["status"].get("errorResult"):
        raise child.failure(str(error["reason"]), str(error["message"]))


async def _fields(control: Control, project: str, dataset: str, columns: str) -> list[dict[str, Any]]:
    """The fields of columns in SQL, which the engine knows of a table that has them."""
    name = f"columns_{control.hex(16)}"
    target = child.quoted(project, dataset, name)
    await child.run(control, project, f"CREATE TABLE {target} ({columns})")
    try:
        made = await child.ask(control, "GET", f"{child.BASE}/{child.table_path(project, dataset, name)}")
    finally:
        await child.run(control, project, f"DROP TABLE {target}")
    fields: list[dict[str, Any]] = made["schema"]["fields"]
    return fields


async def _send(control: Control, method: str, path: str, body: Any = None, *, allowed: int = 0) -> dict[str, Any]:
    """An answer of this API's own; its error, but for one that is allowed."""
    data = json.dumps(body).encode() if body is not None else b""
    answer = await control.dispatch(Request(method, path, {}, {"content-type": "application/json"}, data))
    if answer.status < 400 or answer.status == allowed:
        found: dict[str, Any] = json.loads(answer.body) if answer.body else {}
        return found
    error = json.loads(answer.body)["error"]
    reason = str((error.get("errors") or [{}])[0].get("reason") or "")
    raise ApiError(
        str(error.get("status") or "INVALID_ARGUMENT"), str(error["message"]), code=answer.status, reason=reason
    )

"""Log entries of Cloud Logging v2: written, asked for by filter, listed by log, deleted by log.

They are kept as they are written, the newest of them; no sink passes them on.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.apis.logging_filter import SEVERITIES, compile_filter
from sandbox.apis.logging_tails import PARENT, Tails, prefixes
from sandbox.control import paging
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route

MOST = 200_000
"""Entries that are kept; beyond, the oldest go."""
_SCHEMA = """CREATE TABLE IF NOT EXISTS log_entries (
  moment TEXT NOT NULL, log TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (moment, log, id)) WITHOUT ROWID"""
_LOG = re.compile(rf"({PARENT})/logs/([A-Za-z0-9_.%-]+)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_PAYLOADS = ("textPayload", "jsonPayload", "protoPayload")
_ORDERS = {"": "ASC", "timestamp asc": "ASC", "timestamp": "ASC", "timestamp desc": "DESC"}


async def start(control: Control) -> None:
    """Make the table, and the place of those who follow."""
    control.store.schema(_SCHEMA)
    control.provide(Tails())


async def write(call: Call) -> Response:
    """`entries.write`: what the request says for all stands in for what an entry leaves out."""
    body = call.body()
    entries = body.get("entries")
    if not isinstance(entries, list) or not entries:
        raise invalid_argument("entries must be given.", {"entries": "required"})
    made = [_complete(at, entry, body, call) for at, entry in enumerate(entries)]
    if body.get("dryRun"):
        return Response.of({})
    store = call.store
    with store.transaction():
        for entry in made:
            values = (_key(entry["timestamp"]), entry["logName"], entry["insertId"], json.dumps(entry))
            store.execute("INSERT OR IGNORE INTO log_entries VALUES (?, ?, ?, ?)", values)
        count = store.rows("SELECT count(*) FROM log_entries")[0][0]
        if count > MOST:
            store.execute(
                "DELETE FROM log_entries WHERE (moment, log, id) IN "
                "(SELECT moment, log, id FROM log_entries ORDER BY moment LIMIT ?)",
                (count - MOST,),
            )
    call.control.part(Tails).tell(made)
    return Response.of({})


def _complete(at: int, entry: Any, body: dict[str, Any], call: Call) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise invalid_argument("An entry is an object.", {f"entries[{at}]": "not an object"})
    made = {**entry, "logName": entry.get("logName") or body.get("logName") or ""}
    if not _LOG.fullmatch(made["logName"]):
        raise invalid_argument(
            f"Log name '{made['logName']}' is none: PARENT/logs/LOG_ID, with a slash in the id as %2F.",
            {f"entries[{at}].logName": "no log name"},
        )
    made["resource"] = entry.get("resource") or body.get("resource")
    if not isinstance(made["resource"], dict) or not made["resource"].get("type"):
        raise invalid_argument("A log entry must have a resource.", {f"entries[{at}].resource": "required"})
    if len([name for name in _PAYLOADS if name in entry]) > 1:
        raise invalid_argument("A log entry has one payload at most.", {f"entries[{at}]": "several payloads"})
    if labels := {**(body.get("labels") or {}), **(entry.get("labels") or {})}:
        made["labels"] = labels
    severity = made.get("severity", "DEFAULT")
    if isinstance(severity, int):
        severity = next((name for name, number in SEVERITIES.items() if number == severity), "")
    if severity not in SEVERITIES:
        raise invalid_argument(f"'{severity}' is no severity.", {f"entries[{at}].severity": "unknown"})
    made["severity"] = severity
    made["receiveTimestamp"] = call.control.now()
    made["timestamp"] = entry.get("timestamp") or made["receiveTimestamp"]
    if not _MOMENT.fullmatch(str(made["timestamp"])):
        raise invalid_argument(f"'{made['timestamp']}' is no moment.", {f"entries[{at}].timestamp": "not RFC 3339"})
    made["insertId"] = str(entry.get("insertId") or call.control.hex(16))
    return made


def _key(moment: str) -> str:
    """A moment whose order is that of its text."""
    whole, _, part = moment.removesuffix("Z").partition(".")
    return f"{whole}.{part.ljust(9, '0')}"


async def list_entries(call: Call) -> Response:
    """`entries.list`: by filter, in the order of time, a page at a time."""
    body = call.body()
    parents = [*(body.get("resourceNames") or []), *(f"projects/{name}" for name in body.get("projectIds") or [])]
    places = prefixes(parents)
    order = _ORDERS.get(str(body.get("orderBy") or ""))
    if order is None:
        raise invalid_argument(f"Invalid orderBy '{body['orderBy']}': timestamp asc or desc.", {"orderBy": "unknown"})
    asked = compile_filter(str(body.get("filter") or ""))
    size = min(int(body.get("pageSize") or 50), 1000)
    logs = " OR ".join("substr(log, 1, ?) = ?" for _ in places)
    values: list[Any] = [value for place in places for value in (len(place), place)]
    sql = f"SELECT moment, log, id, document FROM log_entries WHERE ({logs})"  # noqa: S608
    if body.get("pageToken"):
        sql += f" AND (moment, log, id) {'>' if order == 'ASC' else '<'} (?, ?, ?)"
        values += json.loads(paging.after(str(body["pageToken"])))
    sql += f" ORDER BY moment {order}, log {order}, id {order}"
    found: list[tuple[Any, ...]] = []
    for row in call.store.execute(sql, values):
        if asked(json.loads(row[3])):
            found.append(row)
            if len(found) > size:
                break
    return Response.of(
        paging.page("entries", found, size, lambda row: json.dumps(list(row[:3])), lambda row: json.loads(row[3]))
    )


async def list_logs(call: Call) -> Response:
    """`logs.list`: the names of the logs that have entries."""
    parent = f"projects/{call.params['project']}/logs/"
    sql = "SELECT DISTINCT log FROM log_entries WHERE substr(log, 1, ?) = ? ORDER BY log"
    return Response.of({"logNames": [row[0] for row in call.store.rows(sql, (len(parent), parent))]})


async def delete_log(call: Call) -> Response:
    """`logs.delete`: all entries of a log."""
    name = f"projects/{call.params['project']}/logs/{call.params['log'].replace('/', '%2F')}"
    with call.store.transaction():
        call.store.execute("DELETE FROM log_entries WHERE log = ?", (name,))
    return Response.of({})


ROUTES = [
    Route("POST", "v2/entries", write, "write", data=True),
    Route("POST", "v2/entries", list_entries, "list", data=True),
    Route("GET", "v2/projects/{project}/logs", list_logs),
    Route("DELETE", "v2/projects/{project}/logs/{log}", delete_log),
]

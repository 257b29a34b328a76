"""Log entries of Cloud Logging v2: written, asked for by filter, listed by log, deleted by log."""

from __future__ import annotations

import json
from typing import Any

from sandbox.apis.logging.book import Asked, Book, Entry, Key, complete
from sandbox.apis.logging.counts import METRICS
from sandbox.apis.logging.filter import compile_filter, moments
from sandbox.apis.logging.metrics import describe
from sandbox.apis.logging.scopes import scopes
from sandbox.apis.logging.tails import Tails
from sandbox.control import paging
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route

_ORDERS = {"": False, "timestamp asc": False, "timestamp": False, "timestamp desc": True}


async def start(control: Control) -> None:
    """Make the table, and the place of those who follow."""
    control.provide(Tails(control))
    control.provide(Book(control))
    for metric in control.store.select(METRICS):  # a sandbox before may not have told Cloud Monitoring of them
        describe(control, metric)


async def ready(control: Control) -> None:
    """From now on sinks pass entries on."""
    control.part(Book).deliveries.begin()


async def write(call: Call) -> Response:
    """`entries.write`: what the request says for all stands in for what an entry leaves out."""
    body = call.body()
    entries = body.get("entries")
    if not isinstance(entries, list) or not entries:
        raise invalid_argument("entries must be given.", {"entries": "required"})
    made = [_with_common(at, entry, body) for at, entry in enumerate(entries)]
    if body.get("dryRun"):
        for at, entry in enumerate(made):
            complete(at, entry, call.control.now())
    else:
        call.control.part(Book).write(made)
    return Response.of({})


def _with_common(at: int, entry: Any, body: dict[str, Any]) -> Entry:
    if not isinstance(entry, dict):
        raise invalid_argument("An entry is an object.", {f"entries[{at}]": "not an object"})
    made = {**entry, "logName": entry.get("logName") or body.get("logName") or ""}
    made["resource"] = entry.get("resource") or body.get("resource")
    if labels := {**(body.get("labels") or {}), **(entry.get("labels") or {})}:
        made["labels"] = labels
    return made


async def list_entries(call: Call) -> Response:
    """`entries.list`: by filter, in the order of time, a page at a time."""
    body = call.body()
    parents = [*(body.get("resourceNames") or []), *(f"projects/{name}" for name in body.get("projectIds") or [])]
    places = scopes(call.control, parents)
    descending = _ORDERS.get(str(body.get("orderBy") or ""))
    if descending is None:
        raise invalid_argument(f"Invalid orderBy '{body['orderBy']}': timestamp asc or desc.", {"orderBy": "unknown"})
    text = str(body.get("filter") or "")
    asked = Asked(places, compile_filter(text), *moments(text))
    size = min(int(body.get("pageSize") or 50), 1000)
    after: Key | None = None
    if body.get("pageToken"):
        moment, log, identity = json.loads(paging.after(str(body["pageToken"])))
        after = (moment, log, identity)
    found: list[tuple[Key, Entry]] = []
    async for each in call.control.part(Book).read(asked, descending=descending, after=after):
        found.append(each)
        if len(found) > size:
            break
    return Response.of(
        paging.page("entries", found, size, lambda each: json.dumps(list(each[0])), lambda each: each[1])
    )


async def list_logs(call: Call) -> Response:
    """`logs.list`: the names of the logs that have entries."""
    return Response.of({"logNames": call.control.part(Book).logs(f"projects/{call.params['project']}")})


async def delete_log(call: Call) -> Response:
    """`logs.delete`: all entries of a log."""
    name = f"projects/{call.params['project']}/logs/{call.params['log'].replace('/', '%2F')}"
    call.control.part(Book).delete(name)
    return Response.of({})


ROUTES = [
    Route("POST", "v2/entries", write, "write", data=True),
    Route("POST", "v2/entries", list_entries, "list", data=True),
    Route("GET", "v2/projects/{project}/logs", list_logs),
    Route("DELETE", "v2/projects/{project}/logs/{log}", delete_log),
]

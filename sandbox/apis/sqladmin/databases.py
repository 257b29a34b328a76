"""Cloud SQL Admin: databases."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.sqladmin import settings
from sandbox.apis.sqladmin.common import DATABASES, found_instance, operation, route
from sandbox.apis.sqladmin.replicas import keeper
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

SYSTEM = {
    "POSTGRES": ("postgres",),
    "MYSQL": ("information_schema", "mysql", "performance_schema", "sys"),
    "SQLSERVER": ("master", "model", "msdb", "tempdb"),
}


def store_database(call: Call, instance: str, body: dict[str, Any], version: str) -> None:
    """Keep a database of an instance of that version."""
    name = f"projects/{call.project}/instances/{instance}/databases/{body['name']}"
    charset, collation = settings.CHARSETS[settings.engine(version)]
    document = {
        "kind": "sql#database",
        "name": body["name"],
        "instance": instance,
        "project": call.project,
        "charset": body.get("charset") or charset,
        "collation": body.get("collation") or collation,
        "selfLink": f"{call.control.url}/sqladmin/sql/v1beta4/{name}",
    }
    moment = call.control.clock()
    call.store.insert(Resource(DATABASES, name, document, moment, moment))


@route("POST", "instances/{instance}/databases")
async def insert_database(call: Call) -> Response:
    """`databases.insert`."""
    instance, body = keeper(call, changes=True), call.body()
    name = str(body.get("name", ""))
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$-]{0,63}", name):
        raise invalid_argument(f"Invalid request: Invalid database name ({name}).", {"name": "invalid"})
    if call.store.get(DATABASES, f"{instance.name}/databases/{name}") is not None:
        raise invalid_argument(f"Invalid request: failed to create database {name}. Detail: already exists", None)
    store_database(call, instance.id, body, instance.document["databaseVersion"])
    return operation(call, "CREATE_DATABASE", instance.id)


def _database(call: Call, *, changes: bool = False) -> Resource:
    name = f"{keeper(call, changes=changes).name}/databases/{call.params['database']}"
    found = call.store.get(DATABASES, name)
    if found is None:
        raise not_found(f"The database {call.params['database']} does not exist.")
    return found


@route("GET", "instances/{instance}/databases/{database}")
async def get_database(call: Call) -> Response:
    """`databases.get`."""
    return Response.of({**_database(call).document, "instance": call.params["instance"]})


@route("GET", "instances/{instance}/databases")
async def list_databases(call: Call) -> Response:
    """`databases.list`, all at once."""
    own = {"instance": call.params["instance"]}
    found = call.store.select(DATABASES, keeper(call).name)
    return Response.of({"kind": "sql#databasesList", "items": [{**each.document, **own} for each in found]})


@route("PUT", "instances/{instance}/databases/{database}")
async def update_database(call: Call) -> Response:
    """`databases.update`: character set and collation, which PostgreSQL keeps."""
    database, body, instance = _database(call, changes=True), call.body(), found_instance(call)
    changes: dict[str, Any] = {key: body[key] for key in ("charset", "collation") if key in body}
    differs = any(database.document[key] != value for key, value in changes.items())
    if differs and settings.engine(instance.document["databaseVersion"]) == "POSTGRES":
        raise invalid_argument("Invalid request: databases of PostgreSQL can't be changed.", {"charset": "immutable"})
    database.document.update(changes)
    call.store.put(database)
    return operation(call, "UPDATE_DATABASE", instance.id)


@route("DELETE", "instances/{instance}/databases/{database}")
async def delete_database(call: Call) -> Response:
    """`databases.delete`."""
    database = _database(call, changes=True)
    if database.id in SYSTEM[settings.engine(found_instance(call).document["databaseVersion"])]:
        raise invalid_argument(f"Invalid request: the system database {database.id} can't be deleted.", None)
    call.store.delete(DATABASES, database.name)
    return operation(call, "DELETE_DATABASE", call.params["instance"])

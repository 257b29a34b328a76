"""Cloud SQL Admin: users."""

from __future__ import annotations

from sandbox.apis.sqladmin import settings
from sandbox.apis.sqladmin.common import USERS, operation, route
from sandbox.apis.sqladmin.replicas import keeper
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.store import Resource


@route("POST", "instances/{instance}/users")
async def insert_user(call: Call) -> Response:
    """`users.insert`. Passwords are taken and not kept: nobody can log in here."""
    instance, body = keeper(call, changes=True), call.body()
    kind, engine = str(body.get("type") or "BUILT_IN"), settings.engine(instance.document["databaseVersion"])
    name, host = str(body.get("name", "")), str(body.get("host", ""))
    if kind not in ("BUILT_IN", "CLOUD_IAM_USER", "CLOUD_IAM_SERVICE_ACCOUNT", "CLOUD_IAM_GROUP"):
        raise unimplemented(f"The sandbox does not implement users of type {kind}.")
    if not name or (host and engine != "MYSQL"):
        raise invalid_argument("Invalid request: a user has a name; a host only with MySQL.", {"name": "required"})
    if kind != "BUILT_IN" and not settings.takes_iam(instance.document["settings"], engine):
        flag = settings.IAM_FLAGS.get(engine)
        message = "Invalid request: IAM authentication is off" + (f"; set the flag {flag} to on." if flag else ".")
        raise invalid_argument(message, {"type": "no IAM authentication"})
    document = {"kind": "sql#user", "name": name, "instance": instance.id, "project": call.project, "host": host}
    if kind != "BUILT_IN":
        document |= {"type": kind, "iamEmail": name}
        if kind == "CLOUD_IAM_SERVICE_ACCOUNT" and engine == "POSTGRES" and not name.endswith(".iam"):
            raise invalid_argument(
                f"Invalid request: {name} should be without .gserviceaccount.com.", {"name": "suffix"}
            )
        if engine == "MYSQL":
            document["name"] = name.partition("@")[0]
    if engine == "MYSQL":
        document["host"] = host or "%"
    if body.get("passwordPolicy"):
        document["passwordPolicy"] = body["passwordPolicy"]
    if body.get("databaseRoles"):
        document["databaseRoles"] = body["databaseRoles"]
    full = f"{instance.name}/users/{document['name']}"
    if call.store.get(USERS, full) is not None:
        raise invalid_argument(f"Invalid request: failed to create user {name}. Detail: already exists", None)
    moment = call.control.clock()
    call.store.insert(Resource(USERS, full, document, moment, moment))
    return operation(call, "CREATE_USER", instance.id)


@route("GET", "instances/{instance}/users")
async def list_users(call: Call) -> Response:
    """`users.list`, all at once."""
    own = {"instance": call.params["instance"]}
    found = call.store.select(USERS, keeper(call).name)
    return Response.of({"kind": "sql#usersList", "items": [{**each.document, **own} for each in found]})


@route("PUT", "instances/{instance}/users")
async def update_user(call: Call) -> Response:
    """`users.update`: a password, which is not kept."""
    _user(call)
    return operation(call, "UPDATE_USER", call.params["instance"])


@route("DELETE", "instances/{instance}/users")
async def delete_user(call: Call) -> Response:
    """`users.delete`."""
    call.store.delete(USERS, _user(call).name)
    return operation(call, "DELETE_USER", call.params["instance"])


def _user(call: Call) -> Resource:
    found = call.store.get(USERS, f"{keeper(call, changes=True).name}/users/{call.query('name')}")
    if found is None:
        raise not_found(f"User '{call.query('name')}' does not exist.")
    return found

"""Cloud SQL Admin, v1 and v1beta4: instances, databases and users. No database server runs behind them.

Its operations are of the older kind: `kind: sql#operation`, a status, and a place of their own below the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.apis import sqladmin_settings as settings
from sandbox.control import names, paging, projects
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api, Handler
from sandbox.control.store import Resource

API = Api("sqladmin.googleapis.com", "sqladmin", error_style="legacy")
_VERSIONS = ("v1", "sql/v1beta4")
_INSTANCES, _DATABASES, _USERS = "sqladmin.instances", "sqladmin.databases", "sqladmin.users"
_REFUSED = (
    "masterInstanceName",
    "replicaConfiguration",
    "replicationCluster",
    "onPremisesConfiguration",
    "failoverReplica",
)
_SYSTEM = {"POSTGRES": ("postgres",), "MYSQL": ("information_schema", "mysql", "performance_schema", "sys")}


def _route(method: str, path: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for version in _VERSIONS:
            API.route(method, f"{version}/projects/{{project}}/{path}")(handler)
        return handler

    return register


def _instance(call: Call) -> Resource:
    found = call.store.get(_INSTANCES, f"projects/{call.project}/instances/{call.params['instance']}")
    if found is None:
        raise not_found("The Cloud SQL instance does not exist.")
    return found


def _operation(call: Call, kind: str, instance: str) -> Response:
    """An operation that is done, kept where it can be asked for."""
    name = call.control.uid()
    moment = call.control.now()
    link = f"{call.control.url}/sqladmin/sql/v1beta4/projects/{call.project}"
    document = {
        "kind": "sql#operation",
        "name": name,
        "operationType": kind,
        "status": "DONE",
        "targetProject": call.project,
        "targetId": instance,
        "targetLink": f"{link}/instances/{instance}",
        "selfLink": f"{link}/operations/{name}",
        "insertTime": moment,
        "startTime": moment,
        "endTime": moment,
    }
    place = f"projects/{call.project}/sql"
    call.store.put_operation(f"{place}/operations/{name}", place, document, call.control.clock())
    return Response.of(document)


@_route("GET", "operations/{operation}")
async def get_operation(call: Call) -> Response:
    """`operations.get`."""
    document = call.store.operation(f"projects/{call.project}/sql/operations/{call.params['operation']}")
    if document is None:
        raise not_found("The operation does not exist.")
    return Response.of(document)


@_route("GET", "operations")
async def list_operations(call: Call) -> Response:
    """`operations.list`: of one instance where it is named, the newest first."""
    found = call.store.operations(f"projects/{call.project}/sql", limit=-1)
    wanted = call.query("instance")
    found = [each for each in found if not wanted or each["targetId"] == wanted]
    found.sort(key=lambda each: str(each["insertTime"]), reverse=True)
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    rest = paging.rest(found, after, lambda each: str(each["name"]))
    page = paging.page("items", rest[: size + 1], size, lambda each: str(each["name"]))
    return Response.of({"kind": "sql#operationsList", **page})


@_route("POST", "instances")
async def insert_instance(call: Call) -> Response:
    """`instances.insert`."""
    body = call.body()
    for field in _REFUSED:
        if body.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of Cloud SQL instances.")
    name, region = str(body.get("name", "")), str(body.get("region") or "us-central1")
    if not re.fullmatch(r"[a-z](?:[a-z0-9-]{0,95}[a-z0-9])?", name):
        raise invalid_argument(f"Invalid request: Invalid instance name ({name}).", {"name": "invalid"})
    names.check_location(region)
    full = f"projects/{call.project}/instances/{name}"
    if call.store.get(_INSTANCES, full) is not None:
        raise ApiError("ALREADY_EXISTS", "The Cloud SQL instance already exists.", reason="instanceAlreadyExists")
    version = str(body.get("databaseVersion") or "MYSQL_8_0")
    document = {
        **{key: value for key, value in body.items() if key not in ("rootPassword", "settings", "state")},
        "kind": "sql#instance",
        "project": call.project,
        "region": region,
        "databaseVersion": version,
        "databaseInstalledVersion": version,
        "settings": settings.completed(body.get("settings"), version, region),
        "state": "RUNNABLE",
        "instanceType": "CLOUD_SQL_INSTANCE",
        "backendType": "SECOND_GEN",
        "sqlNetworkArchitecture": "NEW_NETWORK_ARCHITECTURE",
        "connectionName": f"{call.project}:{region}:{name}",
        "selfLink": f"{call.control.url}/sqladmin/sql/v1beta4/{full}",
        "gceZone": f"{region}-a",
        "createTime": call.control.now(),
        "maintenanceVersion": f"{version}.R20260101.00_00",
        "serviceAccountEmailAddress": f"p{projects.number(call.project)}-{call.control.hex(6)}"
        "@gcp-sa-cloud-sql.iam.gserviceaccount.com",
        "serverCaCert": {
            "kind": "sql#sslCert",
            "instance": name,
            "cert": "-----BEGIN CERTIFICATE-----\nthe sandbox has no server\n-----END CERTIFICATE-----",
            "commonName": "C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA",
            "sha1Fingerprint": call.control.hex(40),
            "createTime": call.control.now(),
            "expirationTime": "2036-01-01T00:00:00.000Z",
        },
    }
    document["ipAddresses"] = settings.addresses(document["settings"], full)
    moment = call.control.clock()
    call.store.insert(Resource(_INSTANCES, full, document, moment, moment))
    for database in _SYSTEM[settings.engine(version)]:
        _store_database(call, name, {"name": database}, version)
    return _operation(call, "CREATE", name)


@_route("GET", "instances/{instance}")
async def get_instance(call: Call) -> Response:
    """`instances.get`."""
    return Response.of(_instance(call).document)


@_route("GET", "instances")
async def list_instances(call: Call) -> Response:
    """`instances.list`, all at once."""
    found = call.store.select(_INSTANCES, f"projects/{call.project}")
    return Response.of({"kind": "sql#instancesList", "items": [each.document for each in found]})


async def _change(call: Call, *, whole: bool) -> Response:
    instance, body = _instance(call), call.body()
    given = body.get("settings") or {}
    current = instance.document["settings"]
    version = given.get("settingsVersion")
    if version is not None and str(version) != current["settingsVersion"]:
        raise ApiError("FAILED_PRECONDITION", "The settings version does not match.", code=412, reason="staleData")
    for field in ("region", "project", "name"):
        if body.get(field) not in (None, instance.document[field]):
            raise invalid_argument(f"Invalid request: {field} can't be changed.", {field: "immutable"})
    engine_version = str(body.get("databaseVersion") or instance.document["databaseVersion"])
    if settings.engine(engine_version) != settings.engine(instance.document["databaseVersion"]):
        raise invalid_argument(
            "Invalid request: the engine of an instance can't be changed.", {"databaseVersion": "engine"}
        )
    instance.document["databaseVersion"] = instance.document["databaseInstalledVersion"] = engine_version
    instance.document["settings"] = settings.changed(current, given, engine_version, instance.document["region"], whole)
    instance.document["ipAddresses"] = settings.addresses(instance.document["settings"], instance.name)
    instance.updated = call.control.clock()
    call.store.put(instance)
    return _operation(call, "UPDATE", instance.id)


@_route("PATCH", "instances/{instance}")
async def patch_instance(call: Call) -> Response:
    """`instances.patch`: only what is given."""
    return await _change(call, whole=False)


@_route("PUT", "instances/{instance}")
async def update_instance(call: Call) -> Response:
    """`instances.update`: all settings."""
    return await _change(call, whole=True)


@_route("DELETE", "instances/{instance}")
async def delete_instance(call: Call) -> Response:
    """`instances.delete`, with its databases and users."""
    instance = _instance(call)
    if instance.document["settings"].get("deletionProtectionEnabled"):
        raise failed_precondition("The instance is protected. Please disable the deletion protection and try again.")
    with call.store.transaction():
        for collection in (_DATABASES, _USERS):
            for each in call.store.select(collection, instance.name):
                call.store.delete(collection, each.name)
        call.store.delete(_INSTANCES, instance.name)
    return _operation(call, "DELETE", instance.id)


def _database_name(call: Call) -> str:
    return f"projects/{call.project}/instances/{call.params['instance']}/databases/{call.params['database']}"


def _store_database(call: Call, instance: str, body: dict[str, Any], version: str) -> None:
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
    call.store.insert(Resource(_DATABASES, name, document, moment, moment))


@_route("POST", "instances/{instance}/databases")
async def insert_database(call: Call) -> Response:
    """`databases.insert`."""
    instance, body = _instance(call), call.body()
    name = str(body.get("name", ""))
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$-]{0,63}", name):
        raise invalid_argument(f"Invalid request: Invalid database name ({name}).", {"name": "invalid"})
    if call.store.get(_DATABASES, f"{instance.name}/databases/{name}") is not None:
        raise invalid_argument(f"Invalid request: failed to create database {name}. Detail: already exists", None)
    _store_database(call, instance.id, body, instance.document["databaseVersion"])
    return _operation(call, "CREATE_DATABASE", instance.id)


def _database(call: Call) -> Resource:
    _instance(call)
    found = call.store.get(_DATABASES, _database_name(call))
    if found is None:
        raise not_found(f"The database {call.params['database']} does not exist.")
    return found


@_route("GET", "instances/{instance}/databases/{database}")
async def get_database(call: Call) -> Response:
    """`databases.get`."""
    return Response.of(_database(call).document)


@_route("GET", "instances/{instance}/databases")
async def list_databases(call: Call) -> Response:
    """`databases.list`, all at once."""
    found = call.store.select(_DATABASES, _instance(call).name)
    return Response.of({"kind": "sql#databasesList", "items": [each.document for each in found]})


@_route("PUT", "instances/{instance}/databases/{database}")
async def update_database(call: Call) -> Response:
    """`databases.update`: character set and collation, which PostgreSQL keeps."""
    database, body, instance = _database(call), call.body(), _instance(call)
    changes: dict[str, Any] = {key: body[key] for key in ("charset", "collation") if key in body}
    differs = any(database.document[key] != value for key, value in changes.items())
    if differs and settings.engine(instance.document["databaseVersion"]) == "POSTGRES":
        raise invalid_argument("Invalid request: databases of PostgreSQL can't be changed.", {"charset": "immutable"})
    database.document.update(changes)
    call.store.put(database)
    return _operation(call, "UPDATE_DATABASE", instance.id)


@_route("DELETE", "instances/{instance}/databases/{database}")
async def delete_database(call: Call) -> Response:
    """`databases.delete`."""
    database = _database(call)
    if database.id in _SYSTEM[settings.engine(_instance(call).document["databaseVersion"])]:
        raise invalid_argument(f"Invalid request: the system database {database.id} can't be deleted.", None)
    call.store.delete(_DATABASES, database.name)
    return _operation(call, "DELETE_DATABASE", call.params["instance"])


@_route("POST", "instances/{instance}/users")
async def insert_user(call: Call) -> Response:
    """`users.insert`. Passwords are taken and not kept: nobody can log in here."""
    instance, body = _instance(call), call.body()
    kind, engine = str(body.get("type") or "BUILT_IN"), settings.engine(instance.document["databaseVersion"])
    name, host = str(body.get("name", "")), str(body.get("host", ""))
    if kind not in ("BUILT_IN", "CLOUD_IAM_USER", "CLOUD_IAM_SERVICE_ACCOUNT", "CLOUD_IAM_GROUP"):
        raise unimplemented(f"The sandbox does not implement users of type {kind}.")
    if not name or (host and engine == "POSTGRES"):
        raise invalid_argument("Invalid request: a user has a name; a host only with MySQL.", {"name": "required"})
    if kind != "BUILT_IN" and not settings.takes_iam(instance.document["settings"], engine):
        message = f"Invalid request: IAM authentication is off; set the flag {settings.IAM_FLAGS[engine]} to on."
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
    if call.store.get(_USERS, full) is not None:
        raise invalid_argument(f"Invalid request: failed to create user {name}. Detail: already exists", None)
    moment = call.control.clock()
    call.store.insert(Resource(_USERS, full, document, moment, moment))
    return _operation(call, "CREATE_USER", instance.id)


@_route("GET", "instances/{instance}/users")
async def list_users(call: Call) -> Response:
    """`users.list`, all at once."""
    found = call.store.select(_USERS, _instance(call).name)
    return Response.of({"kind": "sql#usersList", "items": [each.document for each in found]})


@_route("PUT", "instances/{instance}/users")
async def update_user(call: Call) -> Response:
    """`users.update`: a password, which is not kept."""
    _user(call)
    return _operation(call, "UPDATE_USER", call.params["instance"])


@_route("DELETE", "instances/{instance}/users")
async def delete_user(call: Call) -> Response:
    """`users.delete`."""
    call.store.delete(_USERS, _user(call).name)
    return _operation(call, "DELETE_USER", call.params["instance"])


def _user(call: Call) -> Resource:
    found = call.store.get(_USERS, f"{_instance(call).name}/users/{call.query('name')}")
    if found is None:
        raise not_found(f"User '{call.query('name')}' does not exist.")
    return found

"""Databases of Spanner: their DDL is kept and checked, and there are no rows, so sessions and queries answer 501."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.spanner import configs, schedules, wrapped
from sandbox.apis.spanner.ddl import Schema, Statement, parse
from sandbox.apis.spanner.instances import instances
from sandbox.apis.spanner.options import set_options
from sandbox.control import crud, names, shapes
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
PACKAGE = "google.spanner.admin.database.v1"
_DIALECTS = ("DATABASE_DIALECT_UNSPECIFIED", "GOOGLE_STANDARD_SQL", "POSTGRESQL")
_CREATE = re.compile(r"\s*CREATE\s+DATABASE\s+(`[^`]+`|\"[^\"]+\"|[\w-]+)\s*;?\s*", re.IGNORECASE)
_HIDDEN = ("statements",)
_ROLES = ("public", "spanner_info_reader", "spanner_sys_reader")

databases = Collection(
    path="v1/projects/{project}/instances/{instance}/databases/{database}",
    type=f"{PACKAGE}.Database",
    id_rule=r"(?=.{2,30}$)[a-z][a-z0-9_-]*[a-z0-9]",
    id_message="It must be 2 to 30 lowercase letters, digits, underscores or hyphens, a letter first.",
    create=None,
    update=(),
    labels=(),
    mask="required",
    shape={"enableDropProtection": bool},
    immutable=("databaseDialect", "encryptionConfig", "defaultLeader"),
    output_only=("state", "versionRetentionPeriod", "earliestVersionTime", "reconciling", *_HIDDEN),
    enums={"databaseDialect": _DIALECTS},
    on_create_set={"createTime": now},
    parents=(instances,),
    iam=True,
)
schedules.belong_to(databases)


@databases.shown_by
def show(database: Resource, call: Call) -> Json:
    """Without its statements, which are asked for by themselves."""
    return {key: value for key, value in database.document.items() if key not in _HIDDEN}


def _postgres(document: Json) -> bool:
    return bool(document.get("databaseDialect") == "POSTGRESQL")


async def _create(call: Call) -> Response:
    """`databases.create`: what `createStatement` names, with `extraStatements`, all or nothing."""
    body = call.body()
    shapes.check(body, {"extraStatements": [str], "encryptionConfig": schedules.ENCRYPTION})
    instance = instances.must(call.control, databases.parent(call.params))
    match = _CREATE.fullmatch(str(body.get("createStatement") or ""))
    if match is None:
        raise invalid_argument("createStatement is CREATE DATABASE and the database's id.", {"createStatement": ""})
    name = match[1].strip('`"')
    databases.check_id(name)
    full = names.fill(databases.template, {**call.params, "database": name})
    if databases.find(call.control, full) is not None:
        raise databases.exists(full)
    document: Json = {"name": full, "state": "READY", "createTime": call.control.now()}
    document["databaseDialect"] = _dialect(body.get("databaseDialect"))
    quote = '"' if _postgres(document) else "`"
    if match[1][0] in '`"' and match[1][0] != quote:
        raise invalid_argument(f"In {document['databaseDialect']} a name stands in {quote}.", {"createStatement": name})
    _encrypt(document, body.get("encryptionConfig"), call)
    document |= {"versionRetentionPeriod": "1h", "enableDropProtection": False, "statements": []}
    document["earliestVersionTime"] = document["createTime"]
    leaders = configs.find(call, instance.document["config"])
    if leaders["quorumType"] != "REGION":
        document["defaultLeader"] = leaders["replicas"][0]["location"]
    statements = body.get("extraStatements") or []
    if statements and _postgres(document):
        raise invalid_argument("Extra statements can't be given with a database of PostgreSQL's dialect.")
    _carry_out(document, [parse(str(text), postgres=_postgres(document)) for text in statements], call)
    moment = call.control.clock()
    database = Resource(databases.key, full, document, moment, moment)
    with call.store.transaction():
        call.store.insert(database)
        schedules.make_default(instance, full, call)
    shown = show(database, call)
    return Response.of(wrapped.ended(call, databases, shown, "CreateDatabaseMetadata", {"database": full}))


def _dialect(given: object) -> str:
    dialect = _DIALECTS[given] if isinstance(given, int) and given < len(_DIALECTS) else str(given or _DIALECTS[1])
    if dialect not in _DIALECTS:
        raise invalid_argument(f"databaseDialect is one of {', '.join(_DIALECTS)}.", {"databaseDialect": dialect})
    return _DIALECTS[1] if dialect == _DIALECTS[0] else dialect


def _encrypt(document: Json, config: Any, call: Call) -> None:
    """By keys that are there; Google's own otherwise."""
    keys = [config["kmsKeyName"]] if config and config.get("kmsKeyName") else (config or {}).get("kmsKeyNames") or []
    for key in keys:
        if call.store.get("cloudkms.cryptoKeys", key) is None:
            raise not_found(f"The key '{key}' was not found.")
    if keys:
        document["encryptionConfig"] = {**config, "kmsKeyNames": keys}
        document["encryptionInfo"] = [
            {"encryptionType": "CUSTOMER_MANAGED_ENCRYPTION", "kmsKeyVersion": f"{key}/cryptoKeyVersions/1"}
            for key in keys
        ]
    else:
        document["encryptionInfo"] = [{"encryptionType": "GOOGLE_DEFAULT_ENCRYPTION"}]


def _carry_out(document: Json, statements: list[Statement], call: Call) -> ApiError | None:
    """Each statement in turn; those before one that fails stay carried out."""
    postgres = _postgres(document)
    schema = Schema.of(document["statements"], postgres=postgres)
    error = None
    for statement in statements:
        try:
            if statement.kind == "DATABASE":
                set_options(document, statement, bool(schema.tables), call)
            schema.apply(statement)
        except ApiError as found:
            error = found
            break
    document["statements"] = schema.statements
    return error


async def _get_ddl(call: Call) -> Response:
    """`getDdl`: the statements as they were given, without what was dropped."""
    database = databases.must(call.control, databases.name(call.params))
    return Response.of({"statements": database.document["statements"]} if database.document["statements"] else {})


async def _roles(call: Call) -> Response:
    """`databaseRoles.list`: those that every database has, and those that its statements made."""
    database = databases.must(call.control, databases.name(call.params))
    schema = Schema.of(database.document["statements"], postgres=_postgres(database.document))
    own = sorted(name for (kind, _), (name, _) in schema.others.items() if kind == "ROLE")
    every = [*_ROLES, *own]
    return Response.of({"databaseRoles": [{"name": f"{database.name}/databaseRoles/{name}"} for name in every]})


async def _update_ddl(call: Call) -> Response:
    """`updateDdl`: an operation, which ends with the error of a statement that can't be carried out."""
    body = call.body()
    shapes.check(body, {"statements": [str]})
    database = databases.must(call.control, databases.name(call.params))
    texts = [str(text) for text in body.get("statements") or []]
    if not texts:
        raise invalid_argument("No statements were given.", {"statements": "required"})
    document = {**database.document}
    error = _carry_out(document, [parse(text, postgres=_postgres(document)) for text in texts], call)
    call.store.put(Resource(databases.key, database.name, document, database.created, call.control.clock()))
    told = {
        "database": database.name,
        "statements": texts,
        "commitTimestamps": [call.control.now()] * (0 if error else len(texts)),
    }
    return Response.of(wrapped.ended(call, databases, show(database, call), "UpdateDatabaseDdlMetadata", told, error))


async def _update(call: Call) -> Response:
    """`databases.patch`: whether it may be dropped."""
    shown = (await crud.update(databases, call)).json()
    told = {"request": {"database": {"name": shown["name"]}, "updateMask": call.query("updateMask")}}
    return Response.of(wrapped.ended(call, databases, shown, "UpdateDatabaseMetadata", told))


@databases.on_delete
async def keep_protected(database: Resource, call: Call) -> None:
    """Not one that may not be dropped."""
    if database.document.get("enableDropProtection"):
        raise failed_precondition(f"The database {database.name} has drop protection: switch it off first.")


ROUTES = [
    Route("POST", databases.path.rpartition("/")[0], _create),
    Route("PATCH", databases.path, _update),
    Route("GET", f"{databases.path}/ddl", _get_ddl),
    Route("PATCH", f"{databases.path}/ddl", _update_ddl),
    Route("GET", f"{databases.path}/databaseRoles", _roles),
]

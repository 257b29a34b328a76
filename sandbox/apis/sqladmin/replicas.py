"""Read replicas and read pools of Cloud SQL: what they have of their primary."""

from __future__ import annotations

from typing import Any

from sandbox.apis.sqladmin import settings
from sandbox.apis.sqladmin.common import INSTANCES, found_instance
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
PRIMARY, REPLICA, POOL = "CLOUD_SQL_INSTANCE", "READ_REPLICA_INSTANCE", "READ_POOL_INSTANCE"


def primary_of(body: Json, call: Call) -> Resource | None:
    """The primary that a new instance is a replica of. Raises what Google refuses."""
    given, kind = str(body.get("masterInstanceName") or ""), str(body.get("instanceType") or "")
    if kind not in ("", PRIMARY, REPLICA, POOL):
        raise unimplemented(f"The sandbox makes no instances of the type {kind}.")
    if kind and (kind == PRIMARY) == bool(given):
        raise invalid_argument(
            f"Invalid request: whether it is a {kind} is said by masterInstanceName too.", {"instanceType": "differs"}
        )
    if not given:
        if body.get("replicaConfiguration"):
            raise invalid_argument("Invalid request: a replica has a masterInstanceName.", {"masterInstanceName": ""})
        return None
    found = instance_of(given, call)
    if found is None:
        raise not_found(f"The Cloud SQL instance '{given}' does not exist.")
    known = found.document
    if str(body.get("databaseVersion") or known["databaseVersion"]).upper() != known["databaseVersion"]:
        message = f"Invalid request: a replica has its primary's version, {known['databaseVersion']}."
        raise invalid_argument(message, {"databaseVersion": "differs"})
    engine = settings.engine(known["databaseVersion"])
    if engine == "MYSQL" and not known["settings"]["backupConfiguration"].get("binaryLogEnabled"):
        raise failed_precondition("The primary needs backups and binaryLogEnabled before it can have replicas.")
    if engine == "SQLSERVER" and "_ENTERPRISE" not in known["databaseVersion"]:
        raise failed_precondition("Only the edition Enterprise of SQL Server has read replicas.")
    if known["instanceType"] == REPLICA and engine == "SQLSERVER":
        raise failed_precondition("A replica of SQL Server has no replicas.")
    if kind == POOL and int(body.get("nodeCount") or 0) < 1:
        raise invalid_argument("Invalid request: a read pool has a nodeCount from 1.", {"nodeCount": "required"})
    return found


def document_of(body: Json, primary: Resource) -> Json:
    """What is kept of a replica beside what every instance has."""
    project = primary.name.split("/")[1]
    kind = body.get("instanceType") or REPLICA
    document: Json = {"instanceType": kind, "masterInstanceName": f"{project}:{primary.id}"}
    if given := body.get("replicaConfiguration"):
        told = {key: bool(given.get(key)) for key in ("cascadableReplica", "failoverTarget")}
        # What MySQL is to dial is used once, and not kept.
        document["replicaConfiguration"] = {"kind": "sql#replicaConfiguration", **told}
    return document


def instance_of(name: str, call: Call) -> Resource | None:
    """The instance that `PROJECT:NAME` or `NAME` is; none where the name is empty."""
    project, _, id_ = name.rpartition(":")
    return call.store.get(INSTANCES, f"projects/{project or call.project}/instances/{id_}") if id_ else None


def followers(call: Call) -> dict[str, list[str]]:
    """The names of all replicas, by the full name of their primary."""
    found: dict[str, list[str]] = {}
    for each in call.store.select(INSTANCES):
        if master := each.document.get("masterInstanceName"):
            project, _, name = str(master).rpartition(":")
            found.setdefault(f"projects/{project}/instances/{name}", []).append(each.id)
    return found


def shown(instance: Resource, names: dict[str, list[str]]) -> Json:
    """An instance with those of its replicas."""
    own = names.get(instance.name)
    return {**instance.document, **({"replicaNames": own} if own else {})}


def keeper(call: Call, *, changes: bool = False) -> Resource:
    """The instance whose databases and users one has: a replica has its primary's, and changes none."""
    instance = found_instance(call)
    while master := instance.document.get("masterInstanceName"):
        if changes:
            raise failed_precondition("The instance is a read replica: its primary is changed instead.")
        instance = instance_of(str(master), call) or instance
    return instance

"""How a replica of Cloud SQL becomes an instance by itself, or takes its primary's place: disaster recovery."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.apis.sqladmin import settings
from sandbox.apis.sqladmin.common import DATABASES, INSTANCES, USERS, copy_parts, found_instance, operation, route
from sandbox.apis.sqladmin.replicas import PRIMARY, REPLICA, followers, instance_of, keeper
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.store import Resource

Json = dict[str, Any]


def designate(primary: Resource, given: Any, call: Call) -> None:
    """Have a replica be the one for disaster recovery, or none."""
    asked = given if isinstance(given, dict) else {}
    if asked.get("psaWriteEndpoint"):
        raise unimplemented("The sandbox does not implement psaWriteEndpoint of Cloud SQL instances.")
    if primary.document.get("masterInstanceName"):
        if asked.get("failoverDrReplicaName"):
            message = "Invalid request: a primary names its DR replica, and the instance is a replica."
            raise invalid_argument(message, {"replicationCluster.failoverDrReplicaName": "replica"})
        return
    wanted = str(asked.get("failoverDrReplicaName") or "")
    replica = _checked(primary, wanted, call) if wanted else None
    _forget(primary, call)
    if replica is not None:
        primary.document["replicationCluster"] = {"failoverDrReplicaName": _full(replica)}
        replica.document["replicationCluster"] = {"drReplica": True}
        call.store.put(replica)


def _checked(primary: Resource, wanted: str, call: Call) -> Resource:
    """The replica of that name, which can be one for disaster recovery."""
    replica = instance_of(wanted, call)
    if replica is None or replica.id not in followers(call).get(primary.name, ()):
        message = f"Invalid request: '{wanted}' is no replica of the instance."
        raise invalid_argument(message, {"replicationCluster.failoverDrReplicaName": "no replica"})
    if _of_sql_server(primary):
        raise invalid_argument(
            "Invalid request: replicationCluster is for MySQL and PostgreSQL: a cascadable replica of SQL Server is "
            "switched over to without.",
            {"replicationCluster": "SQLSERVER"},
        )
    if any(each.document["settings"]["edition"] != "ENTERPRISE_PLUS" for each in (primary, replica)):
        raise failed_precondition("A primary with a DR replica, and the replica, are of the edition ENTERPRISE_PLUS.")
    if replica.document["region"] == primary.document["region"] or replica.document["instanceType"] != REPLICA:
        raise failed_precondition("A DR replica is a read replica in another region than its primary's.")
    return replica


def _forget(primary: Resource, call: Call) -> None:
    cluster = primary.document.pop("replicationCluster", None) or {}
    before = instance_of(str(cluster.get("failoverDrReplicaName") or ""), call)
    if before is not None:
        before.document.pop("replicationCluster", None)
        call.store.put(before)


def leave(replica: Resource, call: Call) -> None:
    """A replica that is none any more, or goes, recovers nobody."""
    replica.document.pop("replicationCluster", None)
    primary = instance_of(str(replica.document.get("masterInstanceName") or ""), call)
    cluster = (primary.document.get("replicationCluster") if primary is not None else None) or {}
    if primary is not None and cluster.get("failoverDrReplicaName") == _full(replica):
        primary.document.pop("replicationCluster")
        call.store.put(primary)


def _of_sql_server(instance: Resource) -> bool:
    return settings.engine(instance.document["databaseVersion"]) == "SQLSERVER"


def _full(instance: Resource) -> str:
    return f"{instance.name.split('/')[1]}:{instance.id}"


def _stand_alone(replica: Resource) -> None:
    for field in ("masterInstanceName", "replicaConfiguration"):
        replica.document.pop(field, None)
    replica.document["instanceType"] = PRIMARY


@route("POST", "instances/{instance}/promoteReplica")
async def promote(call: Call) -> Response:
    """`instances.promoteReplica`: with what its primary has now."""
    replica, primary = found_instance(call), keeper(call)
    if replica.document["instanceType"] != REPLICA:
        raise failed_precondition("The instance is no read replica.")
    with call.store.transaction():
        copy_parts(call, primary, replica.id)
        leave(replica, call)
        _stand_alone(replica)
        replica.updated = call.control.clock()
        call.store.put(replica)
    return operation(call, "PROMOTE_REPLICA", replica.id)


@route("POST", "instances/{instance}/switchover")
async def switchover(call: Call) -> Response:
    """`instances.switchover`: the DR replica becomes the primary, and its primary the DR replica."""
    replica = found_instance(call)
    primary = instance_of(str(replica.document.get("masterInstanceName") or ""), call)
    if primary is None:
        raise failed_precondition("The instance is no replica.")
    if _of_sql_server(replica):
        if not (replica.document.get("replicaConfiguration") or {}).get("cascadableReplica"):
            raise failed_precondition("The instance is no cascadable replica.")
    elif not (replica.document.get("replicationCluster") or {}).get("drReplica"):
        raise failed_precondition("The instance is no DR replica: its primary designates one by replicationCluster.")
    with call.store.transaction():
        _switch(primary, replica, call)
    return operation(call, "SWITCHOVER", replica.id)


def _switch(primary: Resource, replica: Resource, call: Call) -> None:
    copy_parts(call, primary, replica.id)
    for collection in (DATABASES, USERS):
        for each in call.store.select(collection, primary.name):
            call.store.delete(collection, each.name)
    for name in followers(call).get(primary.name, ()):
        other = call.store.get(INSTANCES, f"{primary.parent}/instances/{name}")
        if other is not None and other.name != replica.name:
            other.document["masterInstanceName"] = _full(replica)
            call.store.put(other)
    of_sql_server = _of_sql_server(primary)
    backups = copy.deepcopy(primary.document["settings"]["backupConfiguration"])
    replica.document["settings"]["backupConfiguration"] = backups
    if not of_sql_server:  # its primary's logs are its own now
        off = {field: False for field in ("enabled", "pointInTimeRecoveryEnabled") if field in backups}
        primary.document["settings"]["backupConfiguration"] = {**backups, **off}
        replica.document["replicationCluster"] = {"failoverDrReplicaName": _full(primary)}
        primary.document["replicationCluster"] = {"drReplica": True}
    _stand_alone(replica)
    told = {"kind": "sql#replicaConfiguration", "cascadableReplica": of_sql_server, "failoverTarget": False}
    primary.document |= {
        "instanceType": REPLICA,
        "masterInstanceName": _full(replica),
        "replicaConfiguration": told,
    }
    for each in (primary, replica):
        version = int(each.document["settings"]["settingsVersion"]) + 1
        each.document["settings"]["settingsVersion"] = str(version)
        each.updated = call.control.clock()
        call.store.put(each)

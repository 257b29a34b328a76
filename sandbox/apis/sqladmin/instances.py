"""Cloud SQL Admin: instances."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.sqladmin import authorities, endpoints, maintenance, promotions, read_pools, replicas, settings
from sandbox.apis.sqladmin.common import CERTIFICATES, DATABASES, INSTANCES, USERS, found_instance, operation, route
from sandbox.apis.sqladmin.databases import SYSTEM, store_database
from sandbox.control import filters, names, payload, projects
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.store import Resource

_REFUSED = ("onPremisesConfiguration", "failoverReplica")
_SERVER = (
    *("rootPassword", "settings", "state", "masterInstanceName", "replicaConfiguration", "replicaNames"),
    *("serverCaCert", "replicationCluster"),
)


@route("POST", "instances")
async def insert_instance(call: Call) -> Response:
    """`instances.insert`."""
    body = call.body()
    for field in _REFUSED:
        if body.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of Cloud SQL instances.")
    if (body.get("replicationCluster") or {}).get("failoverDrReplicaName"):
        message = "Invalid request: a DR replica is designated once the instance and the replica are there."
        raise invalid_argument(message, {"replicationCluster": "not yet"})
    primary = replicas.primary_of(body, call)
    known = primary.document if primary else {}
    name, region = str(body.get("name", "")), str(body.get("region") or known.get("region") or "us-central1")
    full = check_name(call, name)
    names.check_location(region)
    version = str(body.get("databaseVersion") or known.get("databaseVersion") or "MYSQL_8_0").upper()
    if settings.engine(version) == "SQLSERVER" and not primary and not body.get("rootPassword"):
        raise invalid_argument("Invalid request: SQL Server needs a root password.", {"rootPassword": "required"})
    document = {
        **{key: value for key, value in body.items() if key not in _SERVER},
        "kind": "sql#instance",
        "project": call.project,
        "region": region,
        "databaseVersion": version,
        "databaseInstalledVersion": version,
        "settings": settings.completed(
            body.get("settings"),
            version,
            region,
            replica=primary is not None,
            edition=primary.document["settings"]["edition"] if primary else "",
        ),
        "state": "RUNNABLE",
        "instanceType": "CLOUD_SQL_INSTANCE",
        "backendType": "SECOND_GEN",
        "sqlNetworkArchitecture": "NEW_NETWORK_ARCHITECTURE",
        **identity(call, name, region, version, body.get("maintenanceVersion")),
    }
    if primary:
        document |= replicas.document_of(body, primary)
    read_pools.settle(document)
    authorities.check_pool(document["settings"]["ipConfiguration"], call)
    document["ipAddresses"] = settings.addresses(document["settings"], full)
    authority = await authorities.made(call, name)
    check_name(call, name)  # somebody else may have been quicker meanwhile
    document["serverCaCert"] = authority.shown
    moment = call.control.clock()
    instance = Resource(INSTANCES, full, document, moment, moment)
    with call.store.transaction():
        endpoints.publish(instance, call)
        call.store.insert(instance)
        authorities.keep(call, full, authority)
        for database in () if primary else SYSTEM[settings.engine(version)]:
            store_database(call, name, {"name": database}, version)
        return operation(call, "CREATE", name)


def check_name(call: Call, name: str) -> str:
    """The full name of a new instance. Raises 400 and 409."""
    if not re.fullmatch(r"[a-z](?:[a-z0-9-]{0,95}[a-z0-9])?", name):
        raise invalid_argument(f"Invalid request: Invalid instance name ({name}).", {"name": "invalid"})
    full = f"projects/{call.project}/instances/{name}"
    if call.store.get(INSTANCES, full) is not None:
        raise ApiError("ALREADY_EXISTS", "The Cloud SQL instance already exists.", reason="instanceAlreadyExists")
    return full


def identity(call: Call, name: str, region: str, version: str, release: str | None = None) -> dict[str, Any]:
    """What is a new instance's own: names, times, an account."""
    return {
        "connectionName": f"{call.project}:{region}:{name}",
        "selfLink": f"{call.control.url}/sqladmin/sql/v1beta4/projects/{call.project}/instances/{name}",
        "gceZone": f"{region}-a",
        "createTime": call.control.now(),
        "maintenanceVersion": maintenance.first(release, version),
        "serviceAccountEmailAddress": f"p{projects.number(call.project)}-{call.control.hex(6)}"
        "@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    }


@route("GET", "instances/{instance}")
async def get_instance(call: Call) -> Response:
    """`instances.get`."""
    return Response.of(replicas.shown(found_instance(call), replicas.followers(call)))


@route("GET", "instances")
async def list_instances(call: Call) -> Response:
    """`instances.list`, those that pass the filter, all at once."""
    followers, passes = replicas.followers(call), filters.compile_filter(call.query("filter"))
    found = [replicas.shown(each, followers) for each in call.store.select(INSTANCES, f"projects/{call.project}")]
    return Response.of({"kind": "sql#instancesList", "items": [each for each in found if passes(each)]})


async def _change(call: Call, *, whole: bool) -> Response:
    instance, body = found_instance(call), call.body()
    given = payload.document(call.request).get("settings") or {}  # with its nulls, which clear
    current = instance.document["settings"]
    version = given.get("settingsVersion")
    if version is not None and str(version) != current["settingsVersion"]:
        raise ApiError("FAILED_PRECONDITION", "The settings version does not match.", code=412, reason="staleData")
    for field in ("region", "project", "name"):
        if body.get(field) not in (None, instance.document[field]):
            raise invalid_argument(f"Invalid request: {field} can't be changed.", {field: "immutable"})
    maintenance.change(instance.document, body)
    engine_version = str(body.get("databaseVersion") or instance.document["databaseVersion"]).upper()
    if settings.engine(engine_version) != settings.engine(instance.document["databaseVersion"]):
        raise invalid_argument(
            "Invalid request: the engine of an instance can't be changed.", {"databaseVersion": "engine"}
        )
    instance.document["databaseVersion"] = instance.document["databaseInstalledVersion"] = engine_version
    maintenance.follow(instance.document)
    kind, region = instance.document["instanceType"], instance.document["region"]
    replica = kind != replicas.PRIMARY
    if kind == replicas.POOL and "nodeCount" in body:
        instance.document["nodeCount"] = int(body["nodeCount"])
    instance.document["settings"] = settings.changed(current, given, engine_version, region, whole, replica=replica)
    read_pools.settle(instance.document)
    authorities.check_pool(instance.document["settings"]["ipConfiguration"], call)
    instance.document["ipAddresses"] = settings.addresses(instance.document["settings"], instance.name)
    with call.store.transaction():
        if whole or "replicationCluster" in body:
            promotions.designate(instance, body.get("replicationCluster"), call)
        endpoints.publish(instance, call)
        instance.updated = call.control.clock()
        call.store.put(instance)
        return operation(call, "UPDATE", instance.id)


@route("PATCH", "instances/{instance}")
async def patch_instance(call: Call) -> Response:
    """`instances.patch`: only what is given."""
    return await _change(call, whole=False)


@route("PUT", "instances/{instance}")
async def update_instance(call: Call) -> Response:
    """`instances.update`: all settings."""
    return await _change(call, whole=True)


@route("DELETE", "instances/{instance}")
async def delete_instance(call: Call) -> Response:
    """`instances.delete`, with its databases and users."""
    instance = found_instance(call)
    if instance.document["settings"].get("deletionProtectionEnabled"):
        raise failed_precondition("The instance is protected. Please disable the deletion protection and try again.")
    if followers := replicas.followers(call).get(instance.name):
        raise failed_precondition(f"The instance has the read replica '{followers[0]}', which goes first.")
    with call.store.transaction():
        endpoints.withdraw(instance, call)
        promotions.leave(instance, call)
        authorities.forget(call, instance.name)
        for collection in (DATABASES, USERS, CERTIFICATES):
            for each in call.store.select(collection, instance.name):
                call.store.delete(collection, each.name)
        call.store.delete(INSTANCES, instance.name)
    return operation(call, "DELETE", instance.id)

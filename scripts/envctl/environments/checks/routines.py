"""Routines that BigQuery does not carry out itself: the connections that they need, and the services."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.bigquery_connections import BigQueryConnection
from ..models.bigquery_routines import RemoteFunction, SparkProcedure
from ..paths import Path, format_path
from ..problems import Problem
from ..references import Target
from .context import Context


def check_routines(context: Context) -> Iterator[Problem]:
    """A remote function's connection has no source of its own, that of a procedure for Spark is for Spark; both are
    where the dataset is.
    """
    for above, key, subproject in context.subprojects():
        for name, dataset in subproject.datasets.items():
            location = dataset.location or context.environment.region
            for id, routine in dataset.routines.items():
                path = (*above, "datasets", name, "routines", id)
                for field, outside in (("remote", routine.remote), ("spark", routine.spark)):
                    if outside is not None:
                        yield from _connection(context, key, (*path, field, "connection"), outside, location)
                if routine.remote is not None and routine.remote.service is not None:
                    yield from _service(context, key, (*path, "remote"), routine.remote, routine.remote.service)


def _connection(
    context: Context, key: str, path: Path, outside: RemoteFunction | SparkProcedure, location: str
) -> Iterator[Problem]:
    found = _declared(context, key, outside)
    if found is None:
        return
    _, connection = found
    wanted = "remote function" if isinstance(outside, RemoteFunction) else "procedure for Spark"
    if not _fits(connection, outside):
        needs = "one without cloud_sql and spark" if isinstance(outside, RemoteFunction) else "one with spark: {}"
        yield context.problem(path, f"{outside.connection} is no connection of a {wanted}", f"it needs {needs}")
    elif (connection.location or context.environment.region).lower() != location.lower():
        where = connection.location or context.environment.region
        message = f"{outside.connection} is in {where}, and the dataset in {location}"
        yield context.problem(path, message, "have both in one place")


def _service(context: Context, key: str, path: Path, remote: RemoteFunction, service_path: str) -> Iterator[Problem]:
    """Its address is the one that follows from its name, and the connection may call it."""
    target = context.index.find("services", service_path, key)
    owner = context.subproject_of(target)
    service = None if target is None or owner is None else owner.services.get(target.id)
    if target is None or service is None:
        return
    if not service.default_url:
        hint = "give the endpoint of its load balancer instead"
        yield context.problem((*path, "service"), f"{target.path} has no address of its own (default_url: false)", hint)
    found = _declared(context, key, remote)
    if found is None:
        return
    at, connection = found
    if all(context.index.find("services", called, at.subproject) != target for called in connection.calls):
        calls = format_path(("subprojects", at.subproject, "bigquery_connections", at.id, "calls"))
        message = f"the connection {at.path} may not call the service {target.path}"
        yield context.problem((*path, "connection"), message, f"name the service in {calls}")


def _declared(
    context: Context, key: str, outside: RemoteFunction | SparkProcedure
) -> tuple[Target, BigQueryConnection] | None:
    """The connection that is named, where it is valid."""
    target = context.index.find("bigquery_connections", outside.connection, key)
    owner = context.subproject_of(target)
    connection = None if target is None or owner is None else owner.bigquery_connections.get(target.id)
    return None if target is None or connection is None else (target, connection)


def _fits(connection: BigQueryConnection, outside: RemoteFunction | SparkProcedure) -> bool:
    if isinstance(outside, RemoteFunction):
        return connection.cloud_sql is None and connection.spark is None
    return connection.spark is not None

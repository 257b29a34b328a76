"""Routines that BigQuery does not carry out itself: the connections that they need."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.bigquery_connections import BigQueryConnection
from ..models.bigquery_routines import RemoteFunction, SparkProcedure
from ..paths import Path
from ..problems import Problem
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


def _connection(
    context: Context, key: str, path: Path, outside: RemoteFunction | SparkProcedure, location: str
) -> Iterator[Problem]:
    target = context.index.find("bigquery_connections", outside.connection, key)
    owner = context.subproject_of(target)
    connection = None if target is None or owner is None else owner.bigquery_connections.get(target.id)
    if connection is None:
        return
    wanted = "remote function" if isinstance(outside, RemoteFunction) else "procedure for Spark"
    if not _fits(connection, outside):
        needs = "one without cloud_sql and spark" if isinstance(outside, RemoteFunction) else "one with spark: {}"
        yield context.problem(path, f"{outside.connection} is no connection of a {wanted}", f"it needs {needs}")
    elif (connection.location or context.environment.region).lower() != location.lower():
        where = connection.location or context.environment.region
        message = f"{outside.connection} is in {where}, and the dataset in {location}"
        yield context.problem(path, message, "have both in one place")


def _fits(connection: BigQueryConnection, outside: RemoteFunction | SparkProcedure) -> bool:
    if isinstance(outside, RemoteFunction):
        return connection.cloud_sql is None and connection.spark is None
    return connection.spark is not None

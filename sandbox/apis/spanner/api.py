"""Spanner v1: its two administrative APIs, which are one over REST."""

from __future__ import annotations

from sandbox.apis.spanner import configs, databases, instances, schedules
from sandbox.control import operations
from sandbox.control.router import Api

_PLACES = [
    path.partition("/")[2]
    for path in (configs.configs.path, instances.instances.path, instances.partitions.path, databases.databases.path)
]
API = Api(
    "spanner.googleapis.com",
    "spanner",
    [configs.configs, instances.instances, instances.partitions, databases.databases, schedules.schedules],
    [*configs.ROUTES, *instances.ROUTES, *databases.ROUTES, *operations.routes("v1", *_PLACES)],
)

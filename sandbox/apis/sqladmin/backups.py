"""Cloud SQL Admin: backups. Nothing is backed up here, on a schedule or otherwise, so an instance has none."""

from __future__ import annotations

from sandbox.apis.sqladmin.common import found_instance, route
from sandbox.control.context import Call
from sandbox.control.errors import not_found
from sandbox.control.http import Response


@route("GET", "instances/{instance}/backupRuns")
async def list_backups(call: Call) -> Response:
    """`backupRuns.list`."""
    found_instance(call)
    return Response.of({"kind": "sql#backupRunsList"})


@route("GET", "instances/{instance}/backupRuns/{backup}")
async def get_backup(call: Call) -> Response:
    """`backupRuns.get`."""
    found_instance(call)
    raise not_found("The backup run does not exist.")

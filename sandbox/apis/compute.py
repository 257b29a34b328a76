"""Compute Engine v1: the project only, which other products' clients ask for its number."""

from __future__ import annotations

from sandbox.control import projects
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import not_found
from sandbox.control.http import Response
from sandbox.control.router import Api

API = Api("compute.googleapis.com", "compute", flat=False, error_style="legacy")


@API.route("GET", "v1/projects/{project}")
async def get_project(call: Call) -> Response:
    """`projects.get` by id or number."""
    project = call.project
    if project.isdigit():
        raise not_found(f"The resource 'projects/{project}' was not found")
    return Response.of(
        {
            "kind": "compute#project",
            "id": projects.number(project),
            "name": project,
            "creationTimestamp": timestamp(call.control.projects.created(project), 3),
            "defaultServiceAccount": f"{projects.number(project)}-compute@developer.gserviceaccount.com",
            "selfLink": f"{call.control.url}/compute/v1/projects/{project}",
            "xpnProjectStatus": "UNSPECIFIED_XPN_PROJECT_STATUS",
            "defaultNetworkTier": "PREMIUM",
        }
    )

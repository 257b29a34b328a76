"""Settings of Cloud Logging, to read: which accounts write what is routed, and encrypt what is kept."""

from __future__ import annotations

from sandbox.control import projects
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route

# Collection → its variable, and how its accounts are called.
_PARENTS = {"projects": ("project", ""), "folders": ("folder", "folder-"), "organizations": ("organization", "org-")}
_DOMAIN = "gcp-sa-logging.iam.gserviceaccount.com"


async def get(call: Call) -> Response:
    """`getSettings` of a project, a folder or an organization."""
    collection = next(name for name, (variable, _) in _PARENTS.items() if variable in call.params)
    variable, prefix = _PARENTS[collection]
    owner = call.params[variable]
    number = owner if prefix else projects.number(owner)
    return Response.of(
        {
            "name": f"{collection}/{owner}/settings",
            "kmsServiceAccountId": f"cmek-{prefix or 'p'}{number}@{_DOMAIN}",
            "loggingServiceAccountId": f"service-{prefix}{number}@{_DOMAIN}",
        }
    )


def routes() -> list[Route]:
    """The routes of settings."""
    return [Route("GET", f"v2/{name}/{{{variable}}}/settings", get) for name, (variable, _) in _PARENTS.items()]

"""Identity-Aware Proxy v1: who may pass to a Cloud Run or a backend service. Policies are kept; nothing is proxied."""

from __future__ import annotations

from sandbox.control import iam, projects
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Api

_PATH = "v1/projects/{project}/iap_web/{web}/services/{service}"

API = Api("iap.googleapis.com", "iap", [], [])


def _name(call: Call) -> str:
    project = call.params["project"]
    number = project if project.isdigit() else projects.number(project)
    return f"//iap.googleapis.com/projects/{number}/iap_web/{call.params['web']}/services/{call.params['service']}"


@API.route("POST", _PATH, verb="getIamPolicy")
async def get_policy(call: Call) -> Response:
    """`getIamPolicy`; a service needs no proxy to have one."""
    return Response.of(iam.get_policy(call.control, _name(call), iam.requested_version(call)))


@API.route("POST", _PATH, verb="setIamPolicy")
async def set_policy(call: Call) -> Response:
    """`setIamPolicy`."""
    body = call.body()
    policy = iam.set_policy(call.control, _name(call), body.get("policy"), str(body.get("updateMask", "")))
    return Response.of(policy)

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
    return iam.answer(call, _name(call))


@API.route("POST", _PATH, verb="setIamPolicy")
async def set_policy(call: Call) -> Response:
    """`setIamPolicy`."""
    return iam.answer_set(call, _name(call))

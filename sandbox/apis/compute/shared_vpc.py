"""Shared VPC: host projects, and the service projects that are attached to one."""

from __future__ import annotations

from sandbox.apis.compute import operations
from sandbox.apis.compute.errors import invalid, required
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_HOSTS, _SERVICES = "compute.xpnHosts", "compute.xpnResources"


def is_host(control: Control, project: str) -> bool:
    """Whether a project is a host."""
    return control.store.get(_HOSTS, f"projects/{project}") is not None


def _services(control: Control, host: str) -> list[str]:
    return [one.id for one in control.store.select(_SERVICES) if one.document["host"] == host]


def _done(call: Call, verb: str) -> Response:
    return operations.done(call, verb, f"projects/{call.project}", "0")


def _service(call: Call) -> str:
    given = call.body().get("xpnResource") or {}
    if not given.get("id"):
        raise required("xpnResource.id")
    if given.get("type", "PROJECT") != "PROJECT":
        raise invalid("xpnResource.type", given["type"], "Must be PROJECT.")
    return call.control.projects.resolve(str(given["id"]), call.control.clock())


async def enable_host(call: Call) -> Response:
    """`projects.enableXpnHost`."""
    if call.store.get(_SERVICES, f"projects/{call.project}") is not None:
        raise invalid_argument(f"Project {call.project} is a service project, and can't be a host.")
    moment = call.control.clock()
    call.store.keep(Resource(_HOSTS, f"projects/{call.project}", {}, moment, moment))
    return _done(call, "enableXpnHost")


async def disable_host(call: Call) -> Response:
    """`projects.disableXpnHost`: of one that nothing is attached to."""
    if attached := _services(call.control, call.project):
        raise invalid_argument(f"Project {call.project} has service projects, such as {attached[0]}.")
    call.store.delete(_HOSTS, f"projects/{call.project}")
    return _done(call, "disableXpnHost")


async def attach(call: Call) -> Response:
    """`projects.enableXpnResource`."""
    service = _service(call)
    if not is_host(call.control, call.project):
        raise invalid_argument(f"Project {call.project} is not a shared VPC host project.")
    if is_host(call.control, service):
        raise invalid_argument(f"Project {service} is a host, and can't be a service project.")
    found, moment = call.store.get(_SERVICES, f"projects/{service}"), call.control.clock()
    if found is not None and found.document["host"] != call.project:
        raise invalid_argument(f"Project {service} is attached to {found.document['host']} already.")
    call.store.keep(Resource(_SERVICES, f"projects/{service}", {"host": call.project}, moment, moment))
    return _done(call, "enableXpnResource")


async def detach(call: Call) -> Response:
    """`projects.disableXpnResource`."""
    service = _service(call)
    found = call.store.get(_SERVICES, f"projects/{service}")
    if found is None or found.document["host"] != call.project:
        raise invalid_argument(f"Project {service} is not attached to {call.project}.")
    call.store.delete(_SERVICES, found.name)
    return _done(call, "disableXpnResource")


async def get_host(call: Call) -> Response:
    """`projects.getXpnHost`: nothing where there is none."""
    found = call.store.get(_SERVICES, f"projects/{call.project}")
    if found is None:
        return Response.of({})
    host = str(found.document["host"])
    return Response.of({"kind": "compute#project", "name": host, "xpnProjectStatus": "HOST"})


async def list_services(call: Call) -> Response:
    """`projects.getXpnResources`."""
    found = [{"id": service, "type": "PROJECT"} for service in _services(call.control, call.project)]
    return Response.of({"kind": "compute#projectsGetXpnResources", **({"resources": found} if found else {})})


ROUTES = [
    Route("POST", "v1/projects/{project}/enableXpnHost", enable_host),
    Route("POST", "v1/projects/{project}/disableXpnHost", disable_host),
    Route("POST", "v1/projects/{project}/enableXpnResource", attach),
    Route("POST", "v1/projects/{project}/disableXpnResource", detach),
    Route("GET", "v1/projects/{project}/getXpnHost", get_host),
    Route("GET", "v1/projects/{project}/getXpnResources", list_services),
]

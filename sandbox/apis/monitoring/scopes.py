"""Cloud Monitoring v1: metrics scopes, the projects that a project looks at besides itself.

They are kept and checked: what is asked of the scoping project is its own measurements alone.
"""

from __future__ import annotations

from typing import Any

from sandbox.control import operations, projects
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import ApiError, already_exists, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Exists, Resource

_KEY = "monitoring.monitoredProjects"
_SCOPES = "locations/global/metricsScopes"
_MOST = 375
_PACKAGE = "google.monitoring.metricsscope.v1"
_METADATA = f"{_PACKAGE}.OperationMetadata"


def _number(call: Call, project: str) -> str:
    """A project's number, by that or by its id."""
    return projects.number(call.control.projects.resolve(project, call.control.clock()))


def _scope(call: Call) -> str:
    return f"{_SCOPES}/{_number(call, call.params['scope'])}"


def _shown(scope: str, call: Call) -> dict[str, Any]:
    """A scope: it has its own project from the beginning."""
    owner = scope.rpartition("/")[2]
    created = call.control.projects.created(call.control.projects.resolve(owner, call.control.clock()))
    began = timestamp(created)
    found = call.store.select(_KEY, scope)
    own = {"name": f"{scope}/projects/{owner}", "createTime": began}
    return {
        "name": scope,
        "createTime": began,
        "updateTime": max([began, *(str(each.document["createTime"]) for each in found)]),
        "monitoredProjects": [own, *(each.document for each in found)],
    }


async def _get(call: Call) -> Response:
    """`metricsScopes.get`."""
    return Response.of(_shown(_scope(call), call))


async def _list(call: Call) -> Response:
    """`listMetricsScopesByMonitoredProject`."""
    container = call.query("monitoredResourceContainer")
    if not container.startswith("projects/") or container.count("/") != 1:
        raise _wrong("monitored_resource_container", f'"{container}" is no projects/PROJECT')
    number = _number(call, container.rpartition("/")[2])
    others = {each.parent for each in call.store.select(_KEY) if each.id == number}
    return Response.of({"metricsScopes": [_shown(scope, call) for scope in [f"{_SCOPES}/{number}", *sorted(others)]]})


async def _create(call: Call) -> Response:
    """`projects.create`: the project is told by the name."""
    scope, given = _scope(call), str(call.body().get("name") or "")
    above, _, project = given.rpartition("/projects/")
    if not project or f"{_SCOPES}/{_number(call, above.rpartition('/')[2])}" != scope:
        raise _wrong("monitored_project.name", f'"{given}" is no project of the scope {scope}')
    number = _number(call, project)
    name, now = f"{scope}/projects/{number}", call.control.clock()
    if number == scope.rpartition("/")[2]:
        raise already_exists(f"Resource '{name}' already exists: a scope has its own project.")
    if len(call.store.select(_KEY, scope)) >= _MOST:
        raise ApiError("RESOURCE_EXHAUSTED", f"A metrics scope monitors at most {_MOST} projects.")
    document = {"name": name, "createTime": call.control.now()}
    try:
        call.store.insert(Resource(_KEY, name, document, now, now))
    except Exists as error:
        raise already_exists(f"Resource '{name}' already exists.") from error
    return Response.of(_done(call, f"{_PACKAGE}.MonitoredProject", document))


async def _delete(call: Call) -> Response:
    """`projects.delete`."""
    scope, number = _scope(call), _number(call, call.params["monitored"])
    if number == scope.rpartition("/")[2]:
        raise invalid_argument(f"The project {number} can't leave its own metrics scope.", {"name": "its own"})
    if not call.store.delete(_KEY, f"{scope}/projects/{number}"):
        raise not_found(f"Resource '{scope}/projects/{number}' was not found.")
    return Response.of(_done(call, "google.protobuf.Empty", {}))


def _done(call: Call, kind: str, document: dict[str, Any]) -> dict[str, Any]:
    name, now = f"operations/{call.control.uid()}", call.control.now()
    metadata = {"state": "DONE", "createTime": now, "updateTime": now}
    return operations.done(call.control, "", kind, document, metadata_type=_METADATA, metadata=metadata, name=name)


def _wrong(field: str, why: str) -> ApiError:
    return invalid_argument(f"Field {field} had an invalid value: {why}.", {field: why})


ROUTES = [
    Route("GET", f"v1/{_SCOPES}/{{scope}}", _get),
    Route("GET", f"v1/{_SCOPES}", _list, verb="listMetricsScopesByMonitoredProject"),
    Route("POST", f"v1/{_SCOPES}/{{scope}}/projects", _create),
    Route("DELETE", f"v1/{_SCOPES}/{{scope}}/projects/{{monitored}}", _delete),
]

"""What instances, databases and users share: the API, the instance of a call, and operations of the older kind."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.control.context import Call
from sandbox.control.errors import not_found
from sandbox.control.http import Response
from sandbox.control.router import Api, Handler
from sandbox.control.store import Resource

API = Api("sqladmin.googleapis.com", "sqladmin", error_style="legacy")
_VERSIONS = ("v1", "sql/v1beta4")
INSTANCES, DATABASES, USERS = "sqladmin.instances", "sqladmin.databases", "sqladmin.users"
CERTIFICATES = "sqladmin.sslCerts"


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a handler below a project, in both versions."""

    def register(handler: Handler) -> Handler:
        for version in _VERSIONS:
            API.route(method, f"{version}/projects/{{project}}/{path}")(handler)
        return handler

    return register


def found_instance(call: Call) -> Resource:
    """The instance that a call is about. Raises 404."""
    found = call.store.get(INSTANCES, f"projects/{call.project}/instances/{call.params['instance']}")
    if found is None:
        raise not_found("The Cloud SQL instance does not exist.")
    return found


def operation(call: Call, kind: str, instance: str) -> Response:
    """An operation that is done, kept where it can be asked for."""
    name = call.control.uid()
    moment = call.control.now()
    link = f"{call.control.url}/sqladmin/sql/v1beta4/projects/{call.project}"
    document = {
        "kind": "sql#operation",
        "name": name,
        "operationType": kind,
        "status": "DONE",
        "targetProject": call.project,
        "targetId": instance,
        "targetLink": f"{link}/instances/{instance}",
        "selfLink": f"{link}/operations/{name}",
        "insertTime": moment,
        "startTime": moment,
        "endTime": moment,
    }
    place = f"projects/{call.project}/sql"
    call.store.put_operation(f"{place}/operations/{name}", place, document, call.control.clock())
    return Response.of(document)


def copy_parts(call: Call, source: Resource, name: str) -> None:
    """Give an instance the databases and users of another one."""
    full = f"projects/{call.project}/instances/{name}"
    for collection in (DATABASES, USERS):
        for each in call.store.select(collection, source.name):
            document = {**each.document, "instance": name}
            if "selfLink" in document:
                document["selfLink"] = document["selfLink"].replace(f"/{source.id}/", f"/{name}/")
            at = full + each.name.removeprefix(source.name)
            call.store.keep(Resource(collection, at, document, each.created, each.updated))

"""Service Usage v1: which APIs a project has enabled."""

from __future__ import annotations

import re
from typing import Any
from zlib import crc32

from sandbox.apis.compute import default_network
from sandbox.control import agents, operations, paging, projects
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api

API = Api(
    "serviceusage.googleapis.com", "serviceusage", routes=[*operations.routes("v1"), *operations.routes("v1beta1")]
)

_SCHEMA = """CREATE TABLE IF NOT EXISTS enabled_services (
  project TEXT NOT NULL, service TEXT NOT NULL, PRIMARY KEY (project, service)) WITHOUT ROWID"""
_NAME = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:googleapis\.com|goog|cloud\.goog)")
_RESPONSE = "google.api.serviceusage.v1."
# Enabling the first brings the others, and disabling the others needs the first gone.
_NEEDS = {
    "run.googleapis.com": ("artifactregistry.googleapis.com",),
    "bigquery.googleapis.com": ("bigquerystorage.googleapis.com",),
}


async def _start(control: Control) -> None:
    control.store.schema(_SCHEMA)


API.start = _start


def _enabled(call: Call) -> list[str]:
    rows = call.store.rows("SELECT service FROM enabled_services WHERE project = ? ORDER BY service", (call.project,))
    return [row[0] for row in rows]


def _check(service: str) -> str:
    if not _NAME.fullmatch(service):
        raise ApiError("PERMISSION_DENIED", f"Not found or permission denied for service(s): {service}.")
    return service


def _document(call: Call, service: str, enabled: bool) -> dict[str, Any]:
    number = projects.number(call.project)
    return {
        "name": f"projects/{number}/services/{service}",
        "config": {"name": service, "title": service},
        "state": "ENABLED" if enabled else "DISABLED",
        "parent": f"projects/{number}",
    }


def _operation(call: Call, kind: str, response: dict[str, Any]) -> Response:
    name = f"operations/acat.p2-{projects.number(call.project)}-{call.control.uid()}"
    return Response.of(operations.done(call.control, "", _RESPONSE + kind, response, name=name))


def _enable(call: Call, services: list[str]) -> None:
    with call.store.transaction():
        for service in services:
            for each in (service, *_NEEDS.get(service, ())):
                call.store.execute("INSERT OR IGNORE INTO enabled_services VALUES (?, ?)", (call.project, each))
        if "compute.googleapis.com" in services:
            default_network.made(call.control, call.project)


@API.route("GET", "v1/projects/{project}/services")
async def list_services(call: Call) -> Response:
    """`services.list`; the filter is `state:ENABLED`, without it the served APIs are listed too."""
    expression = call.query("filter").replace(" ", "")
    if expression not in ("", "state:ENABLED", "state:DISABLED"):
        raise unimplemented(f"The sandbox implements the filters state:ENABLED and state:DISABLED, not '{expression}'.")
    enabled = _enabled(call)
    known = sorted({*enabled, *SERVED}) if expression != "state:ENABLED" else enabled
    if expression == "state:DISABLED":
        known = [service for service in known if service not in enabled]
    size = call.integer("pageSize", 50, 200) or 50
    after = paging.after(call.query("pageToken"))
    found = [service for service in known if service > after][: size + 1]
    on = set(enabled)
    return Response.of(
        paging.page("services", found, size, lambda item: item, lambda item: _document(call, item, item in on))
    )


@API.route("GET", "v1/projects/{project}/services/{service}")
async def get_service(call: Call) -> Response:
    """`services.get`."""
    service = _check(call.params["service"])
    return Response.of(_document(call, service, service in _enabled(call)))


@API.route("GET", "v1/projects/{project}/services", verb="batchGet")
async def batch_get(call: Call) -> Response:
    """`services.batchGet`."""
    enabled = set(_enabled(call))
    names = [_check(name.rpartition("/")[2]) for name in call.request.query.get("names", [])]
    return Response.of({"services": [_document(call, name, name in enabled) for name in names]})


@API.route("POST", "v1/projects/{project}/services/{service}", verb="enable")
async def enable(call: Call) -> Response:
    """`services.enable`."""
    service = _check(call.params["service"])
    _enable(call, [service])
    return _operation(call, "EnableServiceResponse", {"service": _document(call, service, True)})


@API.route("POST", "v1/projects/{project}/services", verb="batchEnable")
async def batch_enable(call: Call) -> Response:
    """`services.batchEnable`, at most 20 at a time."""
    services = call.body().get("serviceIds")
    if not isinstance(services, list) or not services or len(services) > 20:
        raise invalid_argument("serviceIds must name 1 to 20 services.", {"serviceIds": "1 to 20 names"})
    services = [_check(str(service)) for service in services]
    _enable(call, services)
    shown = [_document(call, service, True) for service in services]
    return _operation(call, "BatchEnableServicesResponse", {"services": shown})


@API.route("POST", "v1/projects/{project}/services/{service}", verb="disable")
async def disable(call: Call) -> Response:
    """`services.disable`; refused while an enabled service needs it, unless dependants go too."""
    service, body = _check(call.params["service"]), call.body()
    enabled = set(_enabled(call))
    if service not in enabled:
        raise failed_precondition(f"The service {service} is not enabled in project {call.project}.")
    dependants = [other for other, needs in _NEEDS.items() if service in needs and other in enabled]
    if dependants and not body.get("disableDependentServices"):
        raise failed_precondition(
            f"The service {service} is depended on by the following active service(s): {','.join(dependants)}; "
            "Please specify disable_dependent_services=true if you want to proceed with disabling all services."
        )
    with call.store.transaction():
        for each in (service, *dependants):
            call.store.execute("DELETE FROM enabled_services WHERE project = ? AND service = ?", (call.project, each))
    return _operation(call, "DisableServiceResponse", {"service": _document(call, service, False)})


@API.route("POST", "v1beta1/projects/{project}/services/{service}", verb="generateServiceIdentity")
async def generate_identity(call: Call) -> Response:
    """`services.generateServiceIdentity`: the agent of an API, which is there from then on at the latest."""
    service = _check(call.params["service"])
    email = agents.email(service, call.project)
    identity = {"email": email, "uniqueId": str(crc32(email.encode()) + 10**20)}
    name = f"operations/finished.DONE_OPERATION.{call.control.uid()}"
    kind = "google.api.serviceusage.v1beta1.ServiceIdentity"
    return Response.of(operations.done(call.control, "", kind, identity, name=name))


SERVED = (
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "bigquerystorage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "compute.googleapis.com",
    "iam.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
    "workflowexecutions.googleapis.com",
    "workflows.googleapis.com",
)

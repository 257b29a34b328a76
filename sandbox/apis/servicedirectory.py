"""Service Directory v1: namespaces, services, endpoints, and how a client resolves one. Nothing is published by DNS."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import locations
from sandbox.control.collection import Collection, uid
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_PLACE = "v1/projects/{project}/locations/{location}/namespaces/{namespace}"
_COMMON: dict[str, Any] = {
    "id_rule": r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    "id_message": "It must be up to 63 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    "location": "region",
    "on_create_set": {"uid": uid},
}
_NETWORK = re.compile(r"projects/[^/]+/locations/global/networks/[^/]+")

namespaces = Collection(path=_PLACE, id_param="namespaceId", iam=True, **_COMMON)
services = Collection(
    path=f"{_PLACE}/services/{{service}}",
    id_param="serviceId",
    iam=True,
    labels=(),
    parents=(namespaces,),
    output_only=("endpoints",),
    **_COMMON,
)
endpoints = Collection(
    path=f"{_PLACE}/services/{{service}}/endpoints/{{endpoint}}",
    id_param="endpointId",
    labels=(),
    parents=(services,),
    immutable=("network",),
    **_COMMON,
)
API = Api(
    "servicedirectory.googleapis.com",
    "servicedirectory",
    [namespaces, services, endpoints],
    locations.routes("v1"),
    flat=False,
)
_MOST = 2000


def _check(annotations: object, most: int = _MOST) -> None:
    texts = annotations if isinstance(annotations, dict) else {}
    if sum(len(str(key)) + len(str(value)) for key, value in texts.items()) > most:
        raise invalid_argument(f"All annotations have at most {most} characters.", {"annotations": "too long"})


@services.on_create
async def check_service(service: Resource, call: Call) -> None:
    """Its annotations are short."""
    _check(service.document.get("annotations"))


@services.on_update
async def recheck_service(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _check(new.document.get("annotations"))


@endpoints.on_create
async def check_endpoint(endpoint: Resource, call: Call) -> None:
    """An address, a port, and a network by its project's number."""
    _endpoint(endpoint)


@endpoints.on_update
async def recheck_endpoint(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _endpoint(new)


def _endpoint(endpoint: Resource) -> None:
    document = endpoint.document
    _check(document.get("annotations"), 512)
    if not 0 <= int(document.get("port") or 0) <= 65_535:
        raise invalid_argument("The port must be between 0 and 65535.", {"endpoint.port": "out of range"})
    network = document.get("network")
    if network and not _NETWORK.fullmatch(str(network)):
        raise invalid_argument(
            f"The network '{network}' is not projects/NUMBER/locations/global/networks/NAME.", {"endpoint.network": ""}
        )


@services.verb("resolve")
async def resolve(service: Resource, call: Call) -> dict[str, Any]:
    """`services.resolve`: the service with its endpoints."""
    most = int(call.body().get("maxEndpoints") or 25)
    found = call.store.select(endpoints.key, service.name, limit=max(1, min(most, 100)))
    return {"service": {**service.document, "endpoints": [one.document for one in found]}}

"""What the kinds of Network Services share: where they are, and services that they name."""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.compute.references import find
from sandbox.apis.networksecurity.common import WORDS as WORDS
from sandbox.apis.networksecurity.common import only_global as only_global
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.located import located
from sandbox.control.referring import relative
from sandbox.control.store import Resource

Json = dict[str, Any]
collection = partial(located, "google.cloud.networkservices.v1")
ROUTES = tuple(f"networkservices.{kind}Routes" for kind in ("http", "grpc", "tcp", "tls"))


def self_link(resource: Resource, call: Call) -> str:
    """For `on_create_set`: the URL of a resource."""
    return f"https://networkservices.googleapis.com/v1/{resource.name}"


def check_service(text: object, field: str, call: Call) -> None:
    """That a backend service is there, named as Compute Engine does or below a location. Raises 400 and 404."""
    name = relative(links.relative(str(text or ""), call.project), call)
    name = name.replace("/locations/global/", "/global/").replace("/locations/", "/regions/")
    if "/backendServices/" not in name:
        raise invalid_argument(f"'{text}' is no name of a backend service.", {field: str(text)})
    if find(call.control, name) is None:
        raise not_found(f"The backend service '{text}' was not found.")

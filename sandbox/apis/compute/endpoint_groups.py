"""Network endpoint groups, global, regional and zonal, and their endpoints."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
# What a group of a type needs of each endpoint, by where the group is.
_TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "global": {"INTERNET_FQDN_PORT": ("fqdn",), "INTERNET_IP_PORT": ("ipAddress",)},
    "regions": {
        "SERVERLESS": (),
        "PRIVATE_SERVICE_CONNECT": (),
        "INTERNET_FQDN_PORT": ("fqdn",),
        "INTERNET_IP_PORT": ("ipAddress",),
        "GCE_VM_IP_PORTMAP": ("instance",),
    },
    "zones": {
        "GCE_VM_IP_PORT": ("instance", "ipAddress"),
        "GCE_VM_IP": ("instance",),
        "NON_GCP_PRIVATE_IP_PORT": ("ipAddress",),
    },
}
_WITHOUT_CHECKS = ("SERVERLESS", "PRIVATE_SERVICE_CONNECT", "INTERNET_FQDN_PORT", "INTERNET_IP_PORT")
_SERVERLESS = ("cloudRun", "appEngine", "cloudFunction", "serverlessDeployment")
_ENDPOINTS = "endpoints"


def serverless(group: Resource) -> bool:
    """Whether requests go to Cloud Run and the like."""
    return bool(group.document.get("networkEndpointType") == "SERVERLESS")


def checked(group: Resource) -> bool:
    """Whether a backend service has to check the health of what is in it."""
    return group.document.get("networkEndpointType") not in _WITHOUT_CHECKS


def _check(scope: str) -> Any:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        kind = document["networkEndpointType"]
        if kind not in _TYPES[scope]:
            raise invalid("networkEndpointType", kind, f"Must be one of {', '.join(_TYPES[scope])}.")
        if kind == "SERVERLESS":
            _check_serverless(document)
        if kind == "PRIVATE_SERVICE_CONNECT" and not document.get("pscTargetService"):
            raise required("pscTargetService")
        if scope == "zones" and not document.get("network"):
            raise required("network")
        if kind in ("GCE_VM_IP", "SERVERLESS", "PRIVATE_SERVICE_CONNECT") and document.get("defaultPort"):
            raise invalid("defaultPort", document["defaultPort"], f"A group of the type {kind} has none.")
        document[_ENDPOINTS], document["size"] = [], 0

    return check


def _check_serverless(document: Json) -> None:
    given = [key for key in _SERVERLESS if document.get(key)]
    if len(given) != 1:
        raise required("cloudRun") if not given else invalid_argument(f"A group has one of {', '.join(_SERVERLESS)}.")
    target = document[given[0]]
    named = {"cloudRun": "service", "cloudFunction": "function"}.get(given[0])
    if named and not (target.get(named) or target.get("urlMask")):
        raise required(f"{given[0]}.{named}")


def _shown(group: Resource, call: Call) -> Json:
    return {_ENDPOINTS: None}


def _attach(group: Resource, body: Json, call: Call) -> None:
    """`attachNetworkEndpoints`: what is there already stays as it is."""
    document = group.document
    needed = _TYPES[group.name.split("/")[2]][document["networkEndpointType"]]
    for endpoint in _given(body):
        for field in needed:
            if not endpoint.get(field):
                raise required(f"networkEndpoints.{field}")
        if document["networkEndpointType"] != "GCE_VM_IP" and "port" not in endpoint:
            if not document.get("defaultPort"):
                raise required("networkEndpoints.port")
            endpoint["port"] = document["defaultPort"]
        alone = document["networkEndpointType"] == "INTERNET_FQDN_PORT" and "/global/" in group.name
        if alone and document[_ENDPOINTS] not in ([], [endpoint]):
            raise invalid_argument("A global group with an FQDN has one endpoint.")
        if endpoint not in document[_ENDPOINTS]:
            document[_ENDPOINTS].append(endpoint)
    document["size"] = len(document[_ENDPOINTS])


def _detach(group: Resource, body: Json, call: Call) -> None:
    """`detachNetworkEndpoints`."""
    document = group.document
    for endpoint in _given(body):
        found = next((one for one in document[_ENDPOINTS] if _is(one, endpoint)), None)
        if found is None:
            raise invalid("networkEndpoints", endpoint, "The group has no such endpoint.")
        document[_ENDPOINTS].remove(found)
    document["size"] = len(document[_ENDPOINTS])


def _given(body: Json) -> list[Json]:
    endpoints = body.get("networkEndpoints") or []
    if not endpoints:
        raise required("networkEndpoints")
    return [_plain(endpoint) for endpoint in endpoints]


def _plain(endpoint: Json) -> Json:
    """An instance counts by its name, as Google tells it. hashicorp/google writes `ip_address` when it changes many."""
    known = {"ipAddress" if key == "ip_address" else key: value for key, value in endpoint.items() if value != ""}
    if "instance" in known:
        known["instance"] = str(known["instance"]).rpartition("/")[2]
    return known


def _is(known: Json, endpoint: Json) -> bool:
    return all(known.get(key) == value for key, value in endpoint.items() if value not in ("", 0, None))


def _kind(scope: str, default: str) -> Kind:
    return Kind(
        "networkEndpointGroups",
        "network_endpoint_group",
        "compute#networkEndpointGroup",
        scope=scope,
        defaults={"networkEndpointType": default},
        output_only=("size", _ENDPOINTS),
        methods=(),
        check=_check(scope),
        view=_shown,
        verbs={"attachNetworkEndpoints": _attach, "detachNetworkEndpoints": _detach},
    )


GROUPS = {
    "global": _kind("global", "INTERNET_FQDN_PORT"),
    "regions": _kind("regions", "SERVERLESS"),
    "zones": _kind("zones", "GCE_VM_IP_PORT"),
}


def _listing(kind: Kind) -> Route:
    async def serve(call: Call) -> Response:
        """`listNetworkEndpoints`."""
        group = kind.must(call.control, kind.name(call))
        size = call.integer("maxResults", 500, 500) or 500
        first = int(paging.after(call.query("pageToken")) or 0)
        every = [{"networkEndpoint": one, "at": f"{at:09}"} for at, one in enumerate(group.document[_ENDPOINTS], 1)][
            first:
        ]
        page = paging.page("items", every[: size + 1], size, lambda item: str(item["at"]))
        items = [{"networkEndpoint": item["networkEndpoint"]} for item in page.pop("items", [])]
        head = {"kind": "compute#networkEndpointGroupsListNetworkEndpoints"}
        return Response.of({**head, **({"items": items} if items else {}), **page})

    return Route("POST", kind.place + "/{name}/listNetworkEndpoints", serve)


ROUTES = [_listing(kind) for kind in GROUPS.values()]

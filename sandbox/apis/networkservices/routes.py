"""Routes of a mesh or a gateway: by HTTP, gRPC, TCP and TLS."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networksecurity.common import compute, must
from sandbox.apis.networkservices.common import WORDS, check_service, collection, only_global, self_link
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.names import check_location
from sandbox.control.store import Resource

Json = dict[str, Any]
_HTTP_MATCHES = ("fullPathMatch", "prefixMatch", "regexMatch")
_HEADER_MATCHES = ("exactMatch", "regexMatch", "prefixMatch", "presentMatch", "suffixMatch", "rangeMatch")
_QUERY_MATCHES = ("exactMatch", "regexMatch", "presentMatch")


def _routes(kind: str, *required: str) -> Collection:
    return collection(
        f"{kind.lower()}Routes/{{route}}",
        f"{kind}Route",
        f"{kind.lower()}RouteId",
        required=("rules", *required),
        on_create_set={"selfLink": self_link},
        **WORDS,
    )


http_routes = _routes("Http", "hostnames")
grpc_routes = _routes("Grpc", "hostnames")
tcp_routes = _routes("Tcp")
tls_routes = _routes("Tls")


@http_routes.checked
async def check_http(route: Resource, call: Call) -> None:
    """Of some hosts: what a rule matches is sent on, or redirected."""
    only_global(call)
    _check(route.document, call)
    for rule in route.document["rules"]:
        for match in rule.get("matches") or []:
            _at_most_one(match, _HTTP_MATCHES, "rules.matches")
            for header in match.get("headers") or []:
                _at_most_one(header, _HEADER_MATCHES, "rules.matches.headers")
            for parameter in match.get("queryParameters") or []:
                _at_most_one(parameter, _QUERY_MATCHES, "rules.matches.queryParameters")
        action = rule.get("action") or {}
        if action.get("redirect") and action.get("destinations"):
            raise invalid_argument("A rule either redirects or has destinations.", {"rules.action.redirect": ""})
        if action.get("redirect"):
            _at_most_one(action["redirect"], ("pathRedirect", "prefixRewrite"), "rules.action.redirect")
        mirrored = (action.get("requestMirrorPolicy") or {}).get("destination")
        if mirrored:
            check_service(mirrored.get("serviceName"), "rules.action.requestMirrorPolicy", call)


@grpc_routes.checked
async def check_grpc(route: Resource, call: Call) -> None:
    """Of some hosts: by methods and headers."""
    only_global(call)
    _check(route.document, call)


@tcp_routes.checked
async def check_tcp(route: Resource, call: Call) -> None:
    """By addresses and ports, to services or to where it was to go."""
    only_global(call)
    _check(route.document, call)
    for rule in route.document["rules"]:
        action = rule.get("action") or {}
        if bool(action.get("originalDestination")) == bool(action.get("destinations")):
            raise invalid_argument("An action has destinations or originalDestination.", {"rules.action": "one"})


@tls_routes.checked
async def check_tls(route: Resource, call: Call) -> None:
    """By names of servers and protocols."""
    if call.params["location"] != "global":
        check_location(call.params["location"])
    _check(route.document, call)
    for rule in route.document["rules"]:
        if not rule.get("matches") or not all(one.get("sniHost") or one.get("alpn") for one in rule["matches"]):
            raise invalid_argument("A match has one of sniHost and alpn at least.", {"rules.matches": "required"})
    for name in route.document.get("targetProxies") or []:
        compute(name, "targetTcpProxies", call, "target proxy")


def _check(document: Json, call: Call) -> None:
    """The meshes, gateways and services are there."""
    for field, noun in (("meshes", "mesh"), ("gateways", "gateway")):
        for name in document.get(field) or []:
            must(name, f"networkservices.{field}", call, noun)
    for rule in document["rules"]:
        action = rule.get("action") or {}
        for destination in action.get("destinations") or []:
            check_service(destination.get("serviceName"), "rules.action.destinations.serviceName", call)
            if int(destination.get("weight") or 0) < 0:
                raise invalid_argument("A weight is 0 or more.", {"rules.action.destinations.weight": "negative"})
        fault = action.get("faultInjectionPolicy") or {}
        for part in ("delay", "abort"):
            if not 0 <= int((fault.get(part) or {}).get("percentage") or 0) <= 100:
                raise invalid_argument("A percentage is 0 to 100.", {f"faultInjectionPolicy.{part}": "percentage"})


def _at_most_one(document: Json, fields: tuple[str, ...], where: str) -> None:
    given = [field for field in fields if document.get(field) is not None]
    if len(given) > 1:
        raise invalid_argument(f"Of {', '.join(given)} one at most may be set.", {where: ", ".join(given)})

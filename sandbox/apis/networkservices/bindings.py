"""Endpoint policies and service bindings of meshes, and extensions of load balancers, which call out to services."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networksecurity.common import compute, must, one_of
from sandbox.apis.networkservices.common import WORDS, check_service, collection, only_global
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.names import check_location
from sandbox.control.referring import keep_used
from sandbox.control.store import Resource

Json = dict[str, Any]
_SCHEMES = ("INTERNAL_MANAGED", "EXTERNAL_MANAGED")
_EVENTS = tuple(f"{side}_{part}" for side in ("REQUEST", "RESPONSE") for part in ("HEADERS", "BODY", "TRAILERS"))
_FORMATS = ("EXT_PROC_GRPC", "EXT_AUTHZ_GRPC")

endpoint_policies = collection(
    "endpointPolicies/{policy}", "EndpointPolicy", "endpointPolicyId", required=("type", "endpointMatcher"), **WORDS
)
service_bindings = collection(
    "serviceBindings/{binding}",
    "ServiceBinding",
    "serviceBindingId",
    required=("service",),
    immutable=("service",),
    output_only=("serviceId",),
    **WORDS,
)


def _extensions(kind: str) -> Collection:
    return collection(
        f"lb{kind}Extensions/{{extension}}",
        f"Lb{kind}Extension",
        f"lb{kind}ExtensionId",
        required=("loadBalancingScheme", "forwardingRules", "extensionChains"),
        immutable=("loadBalancingScheme",),
        **WORDS,
    )


route_extensions, traffic_extensions = _extensions("Route"), _extensions("Traffic")
authz_extensions = collection(
    "authzExtensions/{extension}",
    "AuthzExtension",
    "authzExtensionId",
    required=("service", "timeout"),
    defaults={"failOpen": False, "wireFormat": "EXT_PROC_GRPC"},
    **WORDS,
)


@endpoint_policies.checked
async def check_endpoints(policy: Resource, call: Call) -> None:
    """For sidecars or servers whose labels match."""
    only_global(call)
    document = policy.document
    one_of(document, "type", ("SIDECAR_PROXY", "GRPC_SERVER"))
    matcher = document["endpointMatcher"].get("metadataLabelMatcher") or {}
    one_of(matcher, "metadataLabelMatchCriteria", ("MATCH_ANY", "MATCH_ALL"))
    for field, noun in (
        ("serverTlsPolicy", "server TLS policy"),
        ("clientTlsPolicy", "client TLS policy"),
        ("authorizationPolicy", "authorization policy"),
    ):
        if document.get(field):
            must(document[field], f"networksecurity.{field[:-1]}ies", call, noun)


@service_bindings.checked
async def check_binding(binding: Resource, call: Call) -> None:
    """Of a service of Service Directory."""
    only_global(call)
    must(binding.document["service"], "servicedirectory.services", call, "service")


@route_extensions.checked
async def check_route(extension: Resource, call: Call) -> None:
    """Called out to before a route is chosen: with the headers of requests."""
    _check(extension.document, call)
    for one in _each(extension.document):
        if set(one.get("supportedEvents") or []) - {"REQUEST_HEADERS", "REQUEST_BODY", "REQUEST_TRAILERS"}:
            raise invalid_argument("A route extension has events of requests only.", {"supportedEvents": "responses"})


@traffic_extensions.checked
async def check_traffic(extension: Resource, call: Call) -> None:
    """Called out to with what passes."""
    _check(extension.document, call)
    for one in _each(extension.document):
        if not one.get("supportedEvents"):
            raise invalid_argument("supportedEvents are required.", {"supportedEvents": "required"})


def _each(document: Json) -> list[Json]:
    return [one for chain in document["extensionChains"] for one in chain.get("extensions") or []]


def _check(document: Json, call: Call) -> None:
    location = call.params["location"]
    if location != "global":
        check_location(location)
    scheme = one_of(document, "loadBalancingScheme", _SCHEMES)
    for name in document["forwardingRules"]:
        rule = compute(name, "forwardingRules", call, "forwarding rule")
        place = rule.name.split("/")[3] if "/regions/" in rule.name else "global"
        if rule.document.get("loadBalancingScheme") != scheme or place != location:
            raise invalid_argument(
                f"'{rule.name}' is not of the scheme {scheme} in '{location}'.", {"forwardingRules": rule.name}
            )
    chains = document["extensionChains"]
    if len(chains) > 5 or len({chain.get("name") for chain in chains}) < len(chains):
        raise invalid_argument("There are 5 chains at most, with names of their own.", {"extensionChains": "1 to 5"})
    for chain in chains:
        if not (chain.get("matchCondition") or {}).get("celExpression"):
            raise invalid_argument("A chain has a match condition.", {"matchCondition.celExpression": "required"})
        if not 1 <= len(chain.get("extensions") or []) <= 3:
            raise invalid_argument("A chain has 1 to 3 extensions.", {"extensions": "1 to 3"})
    for one in _each(document):
        _check_one(one, call)
        for event in one.get("supportedEvents") or []:
            one_of({"supportedEvents": event}, "supportedEvents", _EVENTS)


def _check_one(extension: Json, call: Call) -> None:
    service = str(extension.get("service") or "")
    if "/wasmPlugins/" in service:
        raise unimplemented("The sandbox does not implement plugins in WebAssembly.")
    if "/backendServices/" not in service:  # a Google API by its host, such as Model Armor's
        if not service.endswith(".googleapis.com"):
            raise invalid_argument(f"'{service}' is no backend service.", {"service": service})
        return
    check_service(service, "service", call)
    if not extension.get("authority"):
        raise invalid_argument("authority is required with a backend service.", {"authority": "required"})
    text = str(extension.get("timeout") or "")
    seconds = float(text[:-1]) if text.endswith("s") and text[:-1].replace(".", "", 1).isdigit() else -1.0
    if not 0.01 <= seconds <= 10:
        raise invalid_argument("timeout must be 0.01s to 10s.", {"timeout": text})


@authz_extensions.checked
async def check_authz(extension: Resource, call: Call) -> None:
    """Asked who may: for authorization policies."""
    if call.params["location"] != "global":
        check_location(call.params["location"])
    document = extension.document
    if document.get("loadBalancingScheme"):
        one_of(document, "loadBalancingScheme", _SCHEMES)
    one_of(document, "wireFormat", _FORMATS)
    _check_one(document, call)


@authz_extensions.on_delete
async def keep_authz(extension: Resource, call: Call) -> None:
    """One that a policy asks can't go."""
    keep_used(extension, call, "networksecurity.authzPolicies")

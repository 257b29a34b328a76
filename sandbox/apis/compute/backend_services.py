"""Backend services, global and regional, and backend buckets."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import endpoint_groups
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_SCHEMES = {
    "global": ("EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"),
    "regions": ("EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL", "INTERNAL_MANAGED"),
}
# Which port of an instance group is meant, where nothing says so: that of the protocol's name.
_PORT_NAMES = {"HTTP": "http", "HTTPS": "https", "SSL": "ssl", "TCP": "tcp"}
_PROXIED = ("HTTP", "HTTPS", "HTTP2", "H2C", "GRPC", "SSL", "TCP")
_PASSED = ("TCP", "UDP", "UNSPECIFIED")
_PROXY_ONLY = ("capacityScaler", "maxRate", "maxRatePerInstance", "maxRatePerEndpoint", "maxUtilization")
_MODES = ("UTILIZATION", "RATE", "CONNECTION", "CUSTOM_METRICS", "IN_FLIGHT")
_PROXY_DEFAULTS: Json = {"enableCDN": False, "affinityCookieTtlSec": 0, "iap": {"enabled": False}}


def passes_through(scope: str, scheme: str) -> bool:
    """Whether packets reach the backends as they are, without a proxy in between."""
    return scope == "regions" and scheme in ("INTERNAL", "EXTERNAL")


def _check(scope: str) -> Any:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        scheme, protocol = document["loadBalancingScheme"], document.get("protocol")
        if scheme not in _SCHEMES[scope]:
            raise invalid("loadBalancingScheme", scheme, f"Must be one of {', '.join(_SCHEMES[scope])}.")
        through = passes_through(scope, scheme)
        protocol = document.setdefault("protocol", "TCP" if through else "HTTP")
        if protocol not in (_PASSED if through else _PROXIED):
            raise invalid("protocol", protocol, f"Must be one of {', '.join(_PASSED if through else _PROXIED)}.")
        groups = [_backend(backend, call, through=through) for backend in document.get("backends") or []]
        _check_health(document, groups)
        if through:
            _pass_through(document)
        else:
            for key, value in _PROXY_DEFAULTS.items():
                document.setdefault(key, dict(value) if isinstance(value, dict) else value)
            if protocol in _PORT_NAMES:
                document.setdefault("portName", _PORT_NAMES[protocol])
        _logs(document)
        document["usedBy"] = document.get("usedBy") or []

    return check


def _backend(backend: Json, call: Call, *, through: bool) -> Resource:
    """Complete one backend; its group."""
    name = str(backend.get("group") or "")
    group = find(call.control, name) if name.count("/") == 5 or "/global/" in name else None
    if group is None:
        raise missing(name)
    if through:
        if given := next((field for field in _PROXY_ONLY if backend.get(field)), None):
            raise invalid(f"backends[].{given}", backend[given], "A load balancer that passes packets on has none.")
        if backend.setdefault("balancingMode", "CONNECTION") != "CONNECTION":
            raise invalid("backends[].balancingMode", backend["balancingMode"], "Must be CONNECTION.")
        return group
    if backend.setdefault("balancingMode", "UTILIZATION") not in _MODES:
        raise invalid("backends[].balancingMode", backend["balancingMode"], f"Must be one of {', '.join(_MODES)}.")
    backend.setdefault("capacityScaler", 1.0)
    return group


def _check_health(document: Json, groups: list[Resource]) -> None:
    """What is serverless or on the internet isn't checked; everything else has to be."""
    serverless = any(map(endpoint_groups.serverless, groups))
    if serverless and document.get("healthChecks"):
        raise invalid("healthChecks", document["healthChecks"], "Serverless backends take none.")
    if serverless and document["protocol"] not in ("HTTP", "HTTPS", "H2C"):
        raise invalid("protocol", document["protocol"], "Serverless backends speak HTTP.")
    if any(map(endpoint_groups.checked, groups)) and not (document.get("healthChecks") or document.get("haPolicy")):
        raise required("healthChecks")


def _pass_through(document: Json) -> None:
    for field in ("enableCDN", "iap", "cdnPolicy", "localityLbPolicy"):
        value = document.get(field)
        if value and value != {"enabled": False}:
            raise invalid_argument(f"A load balancer that passes packets on has no {field}.")
    tracking = document.get("connectionTrackingPolicy")
    if tracking:
        tracking.setdefault("trackingMode", "PER_CONNECTION")
        tracking.setdefault("connectionPersistenceOnUnhealthyBackends", "DEFAULT_FOR_PROTOCOL")
        tracking.setdefault("idleTimeoutSec", 600)
    failover = document.get("failoverPolicy")
    if failover:
        failover.setdefault("disableConnectionDrainOnFailover", False)
        failover.setdefault("dropTrafficIfUnhealthy", False)
        failover.setdefault("failoverRatio", 0.0)


def _logs(document: Json) -> None:
    if not document.get("logConfig"):
        document["logConfig"] = {"enable": False}
    elif document["logConfig"].get("enable"):
        document["logConfig"].setdefault("sampleRate", 1.0)
        document["logConfig"].setdefault("optionalMode", "EXCLUDE_ALL_OPTIONAL")


def _protect(field: str) -> Any:
    def change(service: Resource, body: Json, call: Call) -> None:
        service.document.pop(field, None)
        if body.get("securityPolicy"):
            service.document[field] = body["securityPolicy"]

    return change


def _kind(scope: str) -> Kind:
    return Kind(
        "backendServices",
        "backend_service",
        "compute#backendService",
        scope=scope,
        defaults={
            "loadBalancingScheme": "EXTERNAL",
            "sessionAffinity": "NONE",
            "timeoutSec": 30,
            "connectionDraining": {"drainingTimeoutSec": 300},
        },
        output_only=("usedBy", "securityPolicy"),
        methods=("PUT", "PATCH"),
        fingerprint=True,
        check=_check(scope),
        verbs={"setSecurityPolicy": _protect("securityPolicy")},
    )


backend_services, region_backend_services = _kind("global"), _kind("regions")


def _bucket(document: Json, call: Call, old: Resource | None) -> None:
    bucket = document["bucketName"]
    if call.store.get("storage.buckets", bucket) is None:
        raise missing(bucket)
    if not document.get("loadBalancingScheme"):
        document.pop("loadBalancingScheme", None)
    elif document["loadBalancingScheme"] != "INTERNAL_MANAGED":
        raise invalid("loadBalancingScheme", document["loadBalancingScheme"], "Must be INTERNAL_MANAGED.")
    policy = document.get("cdnPolicy")
    if document.get("enableCdn"):
        policy = document.setdefault("cdnPolicy", {})
    if policy is None:
        return
    mode = policy.setdefault("cacheMode", "CACHE_ALL_STATIC")
    if mode not in _CACHED:
        raise invalid("cdnPolicy.cacheMode", mode, f"Must be one of {', '.join(_CACHED)}.")
    for field, value in _CACHED[mode].items():
        policy.setdefault(field, value)
    policy.setdefault("negativeCaching", mode != "USE_ORIGIN_HEADERS")


# How long things are kept, in seconds, where nothing says so.
_CACHED: dict[str, dict[str, int]] = {
    "USE_ORIGIN_HEADERS": {},
    "FORCE_CACHE_ALL": {"defaultTtl": 3600, "clientTtl": 3600},
    "CACHE_ALL_STATIC": {"defaultTtl": 3600, "clientTtl": 3600, "maxTtl": 86400},
}

backend_buckets = Kind(
    "backendBuckets",
    "backend_bucket",
    "compute#backendBucket",
    defaults={"enableCdn": False},
    required=("bucketName",),
    output_only=("usedBy", "edgeSecurityPolicy"),
    methods=("PUT", "PATCH"),
    check=_bucket,
    verbs={"setEdgeSecurityPolicy": _protect("edgeSecurityPolicy")},
)

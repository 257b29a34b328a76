"""Health checks, global and regional. Nothing is checked: no machine runs behind the load balancers."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

# Type → the field that says how, and its port.
_TYPES = {
    "HTTP": ("httpHealthCheck", 80),
    "HTTPS": ("httpsHealthCheck", 443),
    "HTTP2": ("http2HealthCheck", 443),
    "TCP": ("tcpHealthCheck", 80),
    "SSL": ("sslHealthCheck", 443),
    "GRPC": ("grpcHealthCheck", 0),
    "GRPC_WITH_TLS": ("grpcTlsHealthCheck", 0),
}
_PORTS = ("USE_FIXED_PORT", "USE_NAMED_PORT", "USE_SERVING_PORT")
DEFAULTS = {"checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2}


def within_interval(document: dict[str, Any]) -> None:
    """400 where a check waits for longer than until the next one."""
    if int(document["timeoutSec"]) > int(document["checkIntervalSec"]):
        raise invalid("timeoutSec", document["timeoutSec"], "It must be at most the interval.")


def _check(document: dict[str, Any], call: Call, old: Resource | None) -> None:
    kind = document.get("type")
    if kind not in _TYPES:
        raise invalid("type", kind, f"Must be one of {', '.join(_TYPES)}.")
    field, port = _TYPES[kind]
    if others := [name for name, _ in _TYPES.values() if name != field and document.get(name) is not None]:
        raise invalid_argument(f"A health check of the type {kind} has no {others[0]}.")
    how = document.setdefault(field, {})
    chosen = how.get("portSpecification")
    if chosen not in (None, *_PORTS):
        raise invalid(f"{field}.portSpecification", chosen, f"Must be one of {', '.join(_PORTS)}.")
    if chosen == "USE_NAMED_PORT" and not how.get("portName"):
        raise required(f"{field}.portName")
    if chosen in ("USE_NAMED_PORT", "USE_SERVING_PORT") and how.get("port"):
        raise invalid(f"{field}.port", how["port"], f"{chosen} has none.")
    if chosen in (None, "USE_FIXED_PORT") and not how.get("portName") and not how.get("port"):
        if not port:
            raise required(f"{field}.port")
        how["port"] = port
    if field not in ("grpcHealthCheck", "grpcTlsHealthCheck"):
        how.setdefault("proxyHeader", "NONE")
    if kind.startswith("HTTP"):
        how.setdefault("requestPath", "/")
    within_interval(document)


def _kind(scope: str) -> Kind:
    return Kind(
        "healthChecks",
        "health_check",
        "compute#healthCheck",
        scope=scope,
        defaults=DEFAULTS,
        methods=("PUT", "PATCH"),
        check=_check,
    )


health_checks, regional_health_checks = _kind("global"), _kind("regions")

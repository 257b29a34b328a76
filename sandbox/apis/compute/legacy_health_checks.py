"""Health checks of the older kind, one collection for HTTP and one for HTTPS: what target pools are checked by.

Backend services and managed instance groups take them as well.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid
from sandbox.apis.compute.health_checks import DEFAULTS, within_interval
from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call
from sandbox.control.store import Resource

_BOUNDS = {
    "checkIntervalSec": (1, 300),
    "timeoutSec": (1, 300),
    "healthyThreshold": (1, 10),
    "unhealthyThreshold": (1, 10),
    "port": (1, 65535),
}


def _check(document: dict[str, Any], call: Call, old: Resource | None) -> None:
    for name, (low, high) in _BOUNDS.items():
        if not low <= int(document[name]) <= high:
            raise invalid(name, document[name], f"Must be between {low} and {high}.")
    if not str(document["requestPath"]).startswith("/"):
        raise invalid("requestPath", document["requestPath"], "It must begin with '/'.")
    within_interval(document)


def _kind(protocol: str, port: int) -> Kind:
    return Kind(
        f"{protocol}HealthChecks",
        f"{protocol}_health_check",
        f"compute#{protocol}HealthCheck",
        defaults={**DEFAULTS, "port": port, "requestPath": "/"},
        methods=("PUT", "PATCH"),
        check=_check,
    )


http_health_checks, https_health_checks = _kind("http", 80), _kind("https", 443)

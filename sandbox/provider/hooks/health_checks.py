"""Health checks: their type is that of the block that is given, and a port that is left out is the server's."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.compute import short_region
from sandbox.provider.hooks.registry import Context, hook

_CHECKS = ("google_compute_health_check", "google_compute_region_health_check")
_CHECK_TYPES = {
    "httpHealthCheck": "HTTP",
    "httpsHealthCheck": "HTTPS",
    "http2HealthCheck": "HTTP2",
    "tcpHealthCheck": "TCP",
    "sslHealthCheck": "SSL",
    "grpcHealthCheck": "GRPC",
    "grpcTlsHealthCheck": "GRPC_WITH_TLS",
}


@hook("plan", *_CHECKS)
def plan_health_check(ctx: Context) -> None:
    """A port that the server filled in goes where the check is told to use another one."""
    for name in (name for name in ctx.planned if name.endswith("_health_check")):
        blocks, given = ctx.planned[name], ctx.config.get(name)
        if not (isinstance(blocks, list) and isinstance(given, list)):
            continue
        for block, said in zip(blocks, given, strict=False):
            if UNKNOWN in (block, said) or said.get("port_specification") in (None, "", UNKNOWN, "USE_FIXED_PORT"):
                continue
            if said.get("port") is None and block.get("port"):
                block["port"] = None


@hook("expand", *_CHECKS)
def health_check(ctx: Context, document: Json) -> Json:
    """The type is that of the block that is given; the region is in the URL."""
    document.pop("region", None)
    kind = next((kind for field, kind in _CHECK_TYPES.items() if document.get(field) is not None), "")
    return {**document, "type": kind}


@hook("flatten", *_CHECKS)
def health_check_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What isn't logged has a block that says so; the region by name."""
    state["log_config"] = [{"enable": bool((document.get("logConfig") or {}).get("enable"))}]
    return short_region(state)

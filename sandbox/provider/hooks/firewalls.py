"""Firewall rules of VPC networks."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.flatten import lookup
from sandbox.provider.hooks.compute import in_full, patch
from sandbox.provider.hooks.registry import Context, hook

_FIREWALL = "google_compute_firewall"
_SOURCES = ("source_tags", "source_ranges", "source_service_accounts")


@hook("plan", _FIREWALL)
def needs_a_source(ctx: Context) -> None:
    """Who may come in is said; an empty list says it too."""
    given = [ctx.config.get(name) for name in _SOURCES] + [(ctx.prior or {}).get(name) for name in _SOURCES]
    if ctx.planned.get("direction") != "EGRESS" and all(value is None for value in given):
        raise ProviderError("one of source_tags, source_ranges, or source_service_accounts must be defined")
    if ctx.config.get("log_config") and ctx.config.get("enable_logging") is False:
        raise ProviderError("log_config cannot be defined when enable_logging is false")


@hook("expand", _FIREWALL)
def firewall(ctx: Context, document: Json) -> Json:
    """Logging is on where its block is, or the older switch."""
    logs, switch = document.pop("logConfig", None), document.pop("enableLogging", None)
    document["logConfig"] = {"enable": True, **logs} if logs else {"enable": bool(switch)}
    return in_full(ctx, document)


@hook("flatten", _FIREWALL)
def firewall_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The older switch stays as it was said; the block is there while logging is on."""
    switch = ctx.planned.get("enable_logging")
    state["enable_logging"] = None if switch is UNKNOWN else switch
    if not lookup(document, ("logConfig", "enable")):
        state["log_config"] = []
    return state


@hook("update", _FIREWALL)
async def update_firewall(ctx: Context) -> None:
    """A PATCH of what changed."""
    document = firewall(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config))
    document.setdefault("disabled", False)
    await patch(ctx, document, but=frozenset(("enable_logging",)))

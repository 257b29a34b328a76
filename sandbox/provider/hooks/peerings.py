"""Which routes go through a network's peering: a part of the network, that stays when it is no longer declared."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_ROUTES = "google_compute_network_peering_routes_config"


@hook("expand", _ROUTES)
def expand(ctx: Context, document: Json) -> Json:
    """Both switches are said, off or on."""
    for name, key in (("export_custom_routes", "exportCustomRoutes"), ("import_custom_routes", "importCustomRoutes")):
        document[key] = bool(ctx.planned[name])
    return document


@hook("read", _ROUTES)
async def read(ctx: Context) -> Json | None:
    """The network's peering of that name."""
    network = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    peerings: list[Json] = (network or {}).get("peerings") or []
    return next((one for one in peerings if one["name"] == ctx.planned["peering"]), None)


@hook("flatten", _ROUTES)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What Google leaves out is off."""
    off = {name: False for name, field in ctx.kind.fields.items() if field.kind == "bool" and state.get(name) is None}
    return {**state, **off}


@hook("delete", _ROUTES)
async def forget(ctx: Context) -> None:
    """Nothing is deleted: the peering goes on as it is."""

"""Reading the data sources of regions, zones and subnetworks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider import resource
from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context
from sandbox.provider.suppress import relative_name

State = dict[str, Any]


async def _items(ctx: Context, what: str) -> list[Json]:
    """The regions or zones of a project, of a status if one is wanted."""
    resource.settle(ctx)
    wanted = f"(status eq {ctx.planned['status']})" if ctx.planned["status"] else ""
    found = await ctx.api.get(f"{ctx.kind.base}projects/{ctx.planned['project']}/{what}?filter={quote(wanted)}")
    return list((found or {}).get("items") or [])


async def regions(ctx: Context) -> State:
    """The names of all regions."""
    names = sorted(region["name"] for region in await _items(ctx, "regions"))
    return ctx.planned | {"id": f"projects/{ctx.planned['project']}", "names": names}


async def zones(ctx: Context) -> State:
    """The names of a region's zones."""
    region = ctx.planned["region"] or ctx.settings.region or ""
    names = sorted(zone["name"] for zone in await _items(ctx, "zones") if zone["region"].endswith(f"/{region}"))
    place = f"projects/{ctx.planned['project']}/regions/{region}"
    return ctx.planned | {"id": place, "region": region, "names": names}


async def subnetwork(ctx: Context) -> State:
    """By its link, or by its name in a region."""
    if link := ctx.planned["self_link"]:
        parts = relative_name(str(link)).split("/")
        if len(parts) != 6:
            raise ProviderError(f"Invalid self link {link}")
        ctx.planned |= {"project": parts[1], "region": parts[3], "name": parts[5]}
    elif not ctx.planned["name"]:
        raise ProviderError("must provide either `self_link` or `name`")
    resource.settle(ctx)
    place = {key: ctx.planned[key] or ctx.settings.get(key) for key in ("project", "region", "name")}
    name = resource.identity(ctx.kind.id, place)
    found = await ctx.api.get(ctx.kind.base + name)
    if found is None:
        raise ProviderError(f"Subnetwork Not Found : {place['name']} not found")
    return flatten(ctx.kind, found, ctx.planned) | place | {"id": name, "subnetwork_id": int(found["id"])}

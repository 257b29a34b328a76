"""Peerings of a network, and which routes go through one that stays when it is no longer declared."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import LINK, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

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


_PEERING = "google_compute_network_peering"


def _network(ctx: Context, argument: str) -> str:
    """The name that a link tells, or a network of the provider's project."""
    value = str(ctx.planned[argument])
    if "projects/" in value:
        return value[value.index("projects/") :]
    return f"projects/{ctx.settings.project}/global/networks/{value.rpartition('/')[2]}"


def _document(ctx: Context) -> Json:
    routes = {
        "exportCustomRoutes": "export_custom_routes",
        "importCustomRoutes": "import_custom_routes",
        "exportSubnetRoutesWithPublicIp": "export_subnet_routes_with_public_ip",
    }
    document: Json = {key: bool(ctx.planned[name]) for key, name in routes.items()}
    if ctx.planned.get("import_subnet_routes_with_public_ip"):
        document["importSubnetRoutesWithPublicIp"] = True
    return {
        **document,
        "exchangeSubnetRoutes": True,
        "name": ctx.planned["name"],
        "network": ctx.planned["peer_network"],
        "stackType": ctx.planned["stack_type"],
        "updateStrategy": ctx.planned["update_strategy"],
    }


async def _ask(ctx: Context, method: str, verb: str, body: Json, step: str) -> None:
    """One call at a time for each of the two networks, locked in one order."""
    network = _network(ctx, "network")
    async with AsyncExitStack() as held:
        for one in sorted({network, _network(ctx, "peer_network")}):  # one, where somebody peers a network with itself
            await held.enter_async_context(ctx.api.lock(f"{one}/peerings"))
        await waited(ctx, method, f"{network}/{verb}", body, step)


@hook("create", _PEERING)
async def add(ctx: Context) -> None:
    """`addPeering`."""
    await _ask(ctx, "POST", "addPeering", {"networkPeering": _document(ctx)}, "create")
    ctx.planned["id"] = f"{_network(ctx, 'network').rpartition('/')[2]}/{ctx.planned['name']}"


@hook("read", _PEERING)
async def read_peering(ctx: Context) -> Json | None:
    """The network's peering of that name."""
    network = await ctx.api.get(ctx.kind.base + _network(ctx, "network"))
    peerings: list[Json] = (network or {}).get("peerings") or []
    return next((one for one in peerings if one["name"] == ctx.planned["name"]), None)


@hook("update", _PEERING)
async def change(ctx: Context) -> None:
    """`updatePeering`."""
    await _ask(ctx, "PATCH", "updatePeering", {"networkPeering": _document(ctx)}, "update")


@hook("delete", _PEERING)
async def remove(ctx: Context) -> None:
    """`removePeering`."""
    await _ask(ctx, "POST", "removePeering", {"name": ctx.planned["name"]}, "delete")


@hook("identify", _PEERING)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """`project/network/name`."""
    parts = given.split("/")
    if len(parts) != 3:
        raise ProviderError("Error parsing network peering import format, expected: {project}/{network}/{name}")
    project, network, name = parts
    return {"name": name, "network": f"{LINK}projects/{project}/global/networks/{network}", "id": f"{network}/{name}"}
